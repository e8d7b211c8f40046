"""What the recommender must know of the member who asked, and of where they asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from hakken.recommender import Member

if TYPE_CHECKING:
    from bot.client import Interaction


async def member_of(interaction: Interaction) -> Member:
    """The ratings of the member who asked, and what they or their list say of anime without a score."""
    store, user_id = interaction.client.store, interaction.user.id
    ratings, kept = await store.ratings.of_member(user_id), await store.feedback.of_member(user_id)
    entries = (await store.entries.of_member(user_id)).values()
    seen = kept.seen.union(one.anime_id for one in entries if one.begun and one.anime_id not in ratings)
    planned = kept.planned.union(one.anime_id for one in entries if not one.begun)
    return Member(ratings=ratings, seen=seen, dismissed=kept.dismissed, planned=planned - seen)


def server_of(interaction: discord.Interaction) -> int | None:
    """The server where it was asked, if the bot itself is installed there.

    Where only the member has installed the bot, the server has not asked for it: nothing is kept about it.
    """
    return interaction.guild_id if interaction.is_guild_integration() else None


def age_restricted(interaction: Interaction) -> bool:
    """Whether it was asked in an age-restricted channel of a server."""
    channel = interaction.channel
    if isinstance(
        channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
    ):
        return channel.is_nsfw()
    return False


async def allows_adult(interaction: Interaction) -> bool:
    """Whether 18+ may be shown here: in age-restricted channels of servers that do not forbid it."""
    if not age_restricted(interaction):
        return False
    guild_id = server_of(interaction)
    return guild_id is None or (await interaction.client.store.servers.of_guild(guild_id)).adult
