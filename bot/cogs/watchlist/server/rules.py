"""Rules of a server's list: where it can be used, and who may do what."""

from __future__ import annotations

from discord import app_commands

from bot.client import Interaction
from bot.errors import MemberError
from bot.store import TakenOff
from bot.ui.context import server_of


def guild_of(interaction: Interaction) -> int:
    """Get the server whose list is meant.

    Raises:
        NoPrivateMessage: the command was used outside a server.
        MemberError: the server has not installed the bot.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    guild_id = server_of(interaction)
    if guild_id is None:
        raise MemberError("I'm not a member of this server, so it has no list. A moderator can invite me.")
    return guild_id


def who_asks(interaction: Interaction) -> int | None:
    """Get the member whose votes decide what they may do; None for moderators, who may do everything."""
    return None if interaction.permissions.manage_guild else interaction.user.id


def check_taken_off(became: TakenOff, title: str, why_not: str) -> None:
    """Raise if an entry was not removed, and say why.

    Args:
        became: the result of the removal.
        title: the anime's, as members read it.
        why_not: a sentence that says who may do it.

    Raises:
        MemberError: it is not on the list, or this member may not remove it.
    """
    if became == "not listed":
        raise not_listed(title)
    if became == "not allowed":
        raise MemberError(f"{title} stays on the list. {why_not}")


def not_listed(title: str) -> MemberError:
    """Make the error for an anime that is not, or no longer, on the list."""
    return MemberError(f"{title} is not on this server's list. `/watchlist server show` shows what is.")
