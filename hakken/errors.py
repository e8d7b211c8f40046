"""Errors that people can cause and mend."""


class HakkenError(Exception):
    """Something a person can mend; ``str(error)`` is one sentence fit to show them."""


class RatingsError(HakkenError, ValueError):
    """A rating set or list that cannot be read as one: names the file, the line and the value."""


class CatalogueError(HakkenError, ValueError):
    """A catalogue that cannot be read as one: names the file, the line and the value."""


class ParameterError(HakkenError, ValueError):
    """A parameter of the model that is out of its range: names it, the range and the value."""


class ArtefactError(HakkenError):
    """A saved model that is missing, damaged or of another version: names the file and the remedy."""


class EvaluationError(HakkenError):
    """An evaluation that cannot be made: says what is missing and the remedy."""


class FetchError(HakkenError):
    """A rating set that cannot be downloaded: says why and how to get it by hand."""
