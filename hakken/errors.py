"""Errors that users can cause and fix."""


class HakkenError(Exception):
    """An error that a user can fix; ``str(error)`` is one sentence to show them."""


class RatingsError(HakkenError, ValueError):
    """A rating set or list cannot be read; the message names the file, the line and the value."""


class CatalogueError(HakkenError, ValueError):
    """A catalogue cannot be read; the message names the file, the line and the value."""


class ParameterError(HakkenError, ValueError):
    """A parameter of the model is out of range; the message names it, the range and the value."""


class ArtefactError(HakkenError):
    """A saved model is missing, damaged or of another version; the message names the file and the remedy."""


class EvaluationError(HakkenError):
    """An evaluation cannot be run; the message says what is missing and the remedy."""


class FetchError(HakkenError):
    """A rating set cannot be downloaded; the message says why and how to get it by hand."""
