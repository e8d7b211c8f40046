"""Asks when a watch party starts: in words, in the server's time zone."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
from discord.utils import format_dt

from bot.cogs.watchparty import messages
from bot.cogs.watchparty.loop import watch_party_loop
from bot.errors import MemberError, answer_error
from bot.times import read_moment, zone

if TYPE_CHECKING:
    from bot.client import HakkenBot, Interaction

_WHEN_LIMIT = 100


class TimeModal(discord.ui.Modal, title="When do you watch?"):
    """Asks for the start time; the answer makes an event."""

    when: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="Day and time",
        custom_id="when",
        placeholder="tomorrow 8pm, Saturday 20:30, 2027-03-28 20:00",
        max_length=_WHEN_LIMIT,
    )

    def __init__(self, party_id: str) -> None:
        super().__init__()
        self._party_id = party_id

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]  # of our own bot
        """Make the event, and say when it starts."""
        client, now = interaction.client, discord.utils.utcnow()
        if interaction.guild_id is None:
            raise MemberError(messages.GONE)
        await interaction.response.defer()
        starts_at = await moment(client, interaction.guild_id, self.when.value, now)
        if not await client.store.parties.claim_event(self._party_id, starts_at, at=now):
            raise MemberError(messages.IS_DONE)
        await watch_party_loop(client).go_on(self._party_id)
        await interaction.followup.send(f"It starts {format_dt(starts_at, 'F')}.")

    async def on_error(self, interaction: discord.Interaction, error: Exception, /) -> None:  # type: ignore[override]  # discord.py's own is of a view
        """Tell the member what went wrong."""
        await answer_error(interaction, error)


async def moment(client: HakkenBot, guild_id: int, said: str, now: datetime) -> datetime:
    """Read the moment that the member means, in UTC; outside the event loop.

    Raises:
        MemberError: the text names no moment, or an impossible one.
    """
    settings = await client.store.guild_settings.of_guild(guild_id)
    return await asyncio.to_thread(read_moment, said, zone(settings.time_zone or "UTC"), now)
