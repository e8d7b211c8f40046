"""Where a server's list can be asked for, and who may do what with it."""

from __future__ import annotations

from discord import app_commands

from bot.client import Interaction
from bot.errors import MemberError
from bot.store import TakenOff
from bot.ui.context import allows_adult, server_of
from hakken import Anime


def guild_of(interaction: Interaction) -> int:
    """The server whose list is meant.

    Raises:
        NoPrivateMessage: it was asked in no server.
        MemberError: in one that has not installed the bot.
    """
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    guild_id = server_of(interaction)
    if guild_id is None:
        raise MemberError(
            "This server has no list, for I am not a member of it. Who manages it can invite me."
        )
    return guild_id


def who_asks(interaction: Interaction) -> int | None:
    """The member whose votes decide what they may do; None for who manages the server and may do all."""
    return None if interaction.permissions.manage_guild else interaction.user.id


async def check_adult(interaction: Interaction, anime: Anime) -> None:
    """Refuse to name what must not be named here.

    Raises:
        MemberError: it is rated 18+, and here that is not shown.
    """
    if anime.adult and not await allows_adult(interaction):
        raise MemberError("That anime is rated 18+. Ask me about it in an age-restricted channel.")


def check_taken_off(became: TakenOff, title: str, why_not: str) -> None:
    """Say why an entry stays where it is.

    Args:
        became: what became of it.
        title: the anime's, as members read it.
        why_not: who may do what was asked, a sentence.

    Raises:
        MemberError: it is not on the list, or not theirs to take off.
    """
    if became == "not listed":
        raise not_listed(title)
    if became == "not allowed":
        raise MemberError(f"{title} stays on the list. {why_not}")


def not_listed(title: str) -> MemberError:
    """What is said of an anime that is not on the list, or no longer."""
    return MemberError(f"{title} is not on this server's list. `/watchlist server show` shows what is.")
