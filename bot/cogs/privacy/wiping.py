"""Wipes what deleted data left in the database's files, as soon as nobody reads them any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.due import DueCog

FORGOTTEN = "data_forgotten"
"""The event after data was deleted for good."""
_AGAIN = timedelta(minutes=1)


class WipingLoop(DueCog):
    """Tries again each minute while a first attempt has left something."""

    @commands.Cog.listener()
    async def on_data_forgotten(self) -> None:
        """Look whether something is left."""
        self.wake()

    async def do_due(self) -> datetime | None:
        """Wipe what is left."""
        database = self.bot.store.database
        if await database.is_wiped() or await database.wipe():
            return None
        return discord.utils.utcnow() + _AGAIN
