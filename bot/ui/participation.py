"""Who uses the bot in a server counts in its `/suggest`, unless they or the server want otherwise."""

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
"""In a command's `extras`: who uses it does not become a participant by that."""
_JOINS = "joins"
"""In an interaction's extras: whether it made a participant who is yet to be told so."""
_COUNTED = "You now count in this server's `/suggest`; nobody sees your ratings. `/privacy` changes that."
_NOT_COUNTED = "In this server `/suggest` counts only those who want it. `/privacy` lets you in."


async def take_part(interaction: discord.Interaction[HakkenBot]) -> None:
    """Make the member a participant of the server where they ask, where it has installed the bot."""
    context = await context_of(interaction)
    if context.guild_id is None or context.asker.participant or _JOINS in interaction.extras:
        return
    store = interaction.client.store.participants
    interaction.extras[_JOINS] = await store.join(
        context.guild_id, context.user_id, at=discord.utils.utcnow()
    )


async def tell_taking_part(interaction: discord.Interaction[HakkenBot]) -> None:
    """Tell who has just become a participant what that means; once, after the answer that they asked for."""
    if not interaction.extras.get(_JOINS, False):
        return
    interaction.extras[_JOINS] = False
    counted = (await context_of(interaction)).asker.takes_part
    try:
        await interaction.followup.send(_COUNTED if counted else _NOT_COUNTED, ephemeral=True)
    except LOST_CONNECTION as lost:
        log.info("a new participant could not be told: %s", lost)
