"""How far a long list has come, told in place of the answer."""

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
        self._told = discord.utils.utcnow()

    async def __call__(self, entries: int) -> None:
        """Say how many entries have come so far, unless that was said just now."""
        now = discord.utils.utcnow()
        if now - self._told < _PAUSE:
            return
        self._told = now
        try:
            await self._interaction.edit_original_response(content=f"Reading … {entries:,} anime so far.")
        except LOST_CONNECTION as lost:
            log.info("progress did not reach Discord: %s", lost)
