"""What the recommender must know of the member who asked, and of where they asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from hakken.recommender import Member

if TYPE_CHECKING:
    from bot.client import Interaction


async def member_of(interaction: Interaction) -> Member:
    """The ratings of the member who asked, and what they or their list say of anime without a score."""
    return await interaction.client.store.known.of_member(interaction.user.id)


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
