"""Adds members who use the bot in a server to its `/suggest`, unless they or the server opted out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.errors import LOST_CONNECTION
from bot.ui.context import server_of

if TYPE_CHECKING:
    from bot.client import HakkenBot

log = logging.getLogger(__name__)

NO_AUTO_JOIN = "onlooking"
"""Key in a command's `extras`: using this command does not make the member a participant."""
_JOINED = "joined"
_COUNTED = "You now count in this server's `/suggest`; nobody sees your ratings. `/privacy` changes that."
_NOT_COUNTED = "In this server `/suggest` counts only those who want it. `/privacy` lets you in."


async def take_part(interaction: discord.Interaction[HakkenBot]) -> None:
    """Make the member a participant of the current server, if it has installed the bot."""
    guild_id = server_of(interaction)
    if guild_id is None:
        return
    store = interaction.client.store.participants
    if await store.join(guild_id, interaction.user.id, at=discord.utils.utcnow()):
        interaction.extras[_JOINED] = guild_id


async def tell_taking_part(interaction: discord.Interaction[HakkenBot]) -> None:
    """Tell a new participant, once, what taking part means; after the answer to their command."""
    guild_id = interaction.extras.pop(_JOINED, None)
    if guild_id is None:
        return
    counted = await interaction.client.store.privacy.takes_part(guild_id, interaction.user.id)
    try:
        await interaction.followup.send(_COUNTED if counted else _NOT_COUNTED, ephemeral=True)
    except LOST_CONNECTION as lost:
        log.info("the notice to a new participant did not reach Discord: %s", lost)
