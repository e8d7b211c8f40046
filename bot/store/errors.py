"""Errors of the database."""

from hakken import HakkenError


class StoreError(HakkenError):
    """The database cannot be opened; the message names it and the remedy."""
