"""Shows the progress of reading a long list, in place of the answer."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import LOST_CONNECTION

if TYPE_CHECKING:
    from bot.client import Interaction

log = logging.getLogger(__name__)

_PAUSE = timedelta(seconds=2)


class ProgressLine:
    """Edits the deferred answer, at most every two seconds."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._last = discord.utils.utcnow()

    async def __call__(self, entries: int) -> None:
        """Show how many entries were read so far, unless the last update is less than two seconds old."""
        now = discord.utils.utcnow()
        if now - self._last < _PAUSE:
            return
        self._last = now
        try:
            await self._interaction.edit_original_response(content=f"Reading … {entries:,} anime so far.")
        except LOST_CONNECTION as lost:
            log.info("progress did not reach Discord: %s", lost)
