"""Errors about imported lists."""

from bot.errors import MemberError


class ListError(MemberError):
    """A list cannot be read or fetched; nothing of it is imported."""
