"""Who may be compared with whom: only two who both allow it, in a server that they share."""

from __future__ import annotations

import discord
from discord.utils import escape_markdown

from bot.client import Interaction
from bot.errors import MemberError
from bot.ui.embeds import clip
from hakken.recommend.recommender import Member

_NAME_LIMIT = 32


def called(member: discord.abc.User) -> str:
    """What a member is called here, safe within a sentence."""
    return escape_markdown(clip(member.display_name, _NAME_LIMIT))


async def two_who_agree(
    interaction: Interaction, friend: discord.User | discord.Member, refusal: str
) -> tuple[Member, Member]:
    """What is known of the member who asks and of the other, if both allow it.

    Args:
        interaction: the command.
        friend: the other.
        refusal: the sentence where the other does not allow it; it must hold for other causes, too, so that
            it does not tell which.

    Raises:
        MemberError: they may not be compared.
    """
    asker, privacy = interaction.user, interaction.client.store.privacy
    if friend.id == asker.id:
        raise MemberError("That is you. Name another member of this server.")
    if friend.bot:
        raise MemberError("Bots watch nothing. Name a member of this server.")
    if not isinstance(friend, discord.Member):
        raise MemberError("That works only with members of this server.")
    if not (await privacy.of_member(asker.id)).compare:
        raise MemberError(
            "First let others compare with you: press the button in `/privacy`, then ask again."
        )
    if not (await privacy.of_member(friend.id)).compare:
        raise MemberError(refusal)
    known = await interaction.client.store.profiles.of_members([asker.id, friend.id])
    return known[asker.id], known[friend.id]
