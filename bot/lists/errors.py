"""What goes wrong with a list that a member brings."""

from bot.errors import MemberError


class ListError(MemberError):
    """A list that cannot be read or fetched; nothing of it is taken."""
