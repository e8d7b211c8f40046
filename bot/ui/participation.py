"""Adds members who use the bot in a server to its `/suggest`, unless they or the server opted out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.errors import LOST_CONNECTION
from bot.ui.context import context_of

if TYPE_CHECKING:
    from bot.client import HakkenBot

log = logging.getLogger(__name__)

NO_AUTO_JOIN = "onlooking"
"""Key in a command's `extras`: using this command does not make the member a participant."""
_JOINS = "joins"
"""Key in an interaction's extras: whether its member is a new participant who does not know it yet."""
_COUNTED = (
    "You now count in this server's `/suggest`. Nobody sees your scores. You can change this in `/privacy`."
)
_NOT_COUNTED = "In this server, `/suggest` counts only members who say yes. You can do that in `/privacy`."


async def take_part(interaction: discord.Interaction[HakkenBot]) -> None:
    """Make the member a participant of the current server, if it has installed the bot."""
    context = await context_of(interaction)
    if context.guild_id is None or context.asker.participant or _JOINS in interaction.extras:
        return
    store = interaction.client.store.participants
    interaction.extras[_JOINS] = await store.join(
        context.guild_id, context.user_id, at=discord.utils.utcnow()
    )


async def tell_taking_part(interaction: discord.Interaction[HakkenBot]) -> None:
    """Tell a new participant, once, what taking part means; after the answer to their command."""
    if not interaction.extras.get(_JOINS, False):
        return
    interaction.extras[_JOINS] = False
    counted = (await context_of(interaction)).asker.takes_part
    try:
        await interaction.followup.send(_COUNTED if counted else _NOT_COUNTED, ephemeral=True)
    except LOST_CONNECTION as lost:
        log.info("the notice to a new participant did not reach Discord: %s", lost)
