"""Context of a request: the member who asked, the server, what may be shown there, and the display."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.store import Titles
from bot.ui.embeds import Display
from hakken.recommend.recommender import Member

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction


async def member_of(interaction: Interaction) -> Member:
    """Return the member's profile: ratings, and what they or their list say of anime without a score."""
    return await interaction.client.store.profiles.of_member(interaction.user.id)


def server_of(interaction: discord.Interaction) -> int | None:
    """Return the id of the server where the command was used, if the bot itself is installed there.

    If only the member has installed the bot, the server has not asked for it, so nothing is stored about it.
    """
    return interaction.guild_id if interaction.is_guild_integration() else None


def age_restricted(interaction: Interaction) -> bool:
    """Return whether the interaction is in an age-restricted channel of a server."""
    channel = interaction.channel
    if isinstance(
        channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
    ):
        return channel.is_nsfw()
    return False


async def allows_adult(interaction: Interaction) -> bool:
    """Return whether 18+ may be shown here: in age-restricted channels of servers that do not forbid it."""
    if not age_restricted(interaction):
        return False
    guild_id = server_of(interaction)
    return guild_id is None or (await interaction.client.store.guild_settings.of_guild(guild_id)).adult


_UNLESS_CHOSEN: Titles = "both"


async def display_of(interaction: Interaction) -> Display:
    """Return the display that the member has chosen, or else the server's."""
    client, guild_id = interaction.client, server_of(interaction)
    preferences = await client.store.preferences.of_member(interaction.user.id)
    if preferences.titles is None and guild_id is not None:
        return await display_of_server(client, guild_id)
    return display_with(client, preferences.titles or _UNLESS_CHOSEN)


async def display_of_server(client: HakkenBot, guild_id: int) -> Display:
    """Return the display for messages that everyone in a server reads."""
    settings = await client.store.guild_settings.of_guild(guild_id)
    return display_with(client, settings.titles or _UNLESS_CHOSEN)


def display_with(client: HakkenBot, titles: Titles) -> Display:
    """Return the display with these titles and the known covers."""
    return Display(client.recommender.catalogue, titles, client.covers.known)
