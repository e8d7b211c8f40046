"""What can go wrong between the bot and its database."""

from hakken import HakkenError


class StoreError(HakkenError):
    """The database cannot be opened; the sentence names it and the remedy."""
