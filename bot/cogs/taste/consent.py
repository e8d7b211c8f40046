"""Checks consent: two members may be compared only if both allow it, in a server that they share."""

from __future__ import annotations

import discord

from bot.client import Interaction
from bot.errors import MemberError
from bot.ui.embeds import clip, escaped
from hakken.recommend.recommender import Member

_NAME_LIMIT = 32


def called(member: discord.abc.User) -> str:
    """Get a member's name here, escaped for use in a sentence."""
    return escaped(clip(member.display_name, _NAME_LIMIT))


async def two_who_agree(
    interaction: Interaction, friend: discord.User | discord.Member, refusal: str
) -> tuple[Member, Member]:
    """Get the profiles of the asker and the other member, if both allow it.

    Args:
        interaction: the command.
        friend: the other member.
        refusal: the sentence if the other member does not allow it; it must fit other causes, too, so that
            it does not reveal which one it is.

    Raises:
        MemberError: they may not be compared.
    """
    asker, privacy = interaction.user, interaction.client.store.privacy
    if friend.id == asker.id:
        raise MemberError("That's you. Choose another member of this server.")
    if friend.bot:
        raise MemberError("Bots don't watch anime. Choose a member of this server.")
    if not isinstance(friend, discord.Member):
        raise MemberError("That only works with members of this server.")
    if not (await privacy.of_member(asker.id)).compare:
        raise MemberError(
            "First let others compare with you: `/privacy` has a button for it. Then try again."
        )
    if not (await privacy.of_member(friend.id)).compare:
        raise MemberError(refusal)
    profiles = await interaction.client.store.profiles.of_members([asker.id, friend.id])
    return profiles[asker.id], profiles[friend.id]
