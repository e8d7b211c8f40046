"""What was kept for a while only: it goes by itself, though nobody uses the bot any more."""

from __future__ import annotations

import discord

from bot.due import DueCog


class ExpiryLoop(DueCog):
    """Drops answers, waiting lists and gatherings whose time is over: at the start, then once a day."""

    async def do_due(self) -> None:
        """Drop what has had its time."""
        now = discord.utils.utcnow()
        await self.bot.store.answers.drop_expired(now)
        await self.bot.store.imports.drop_expired(now)
        await self.bot.store.suggestions.drop_expired(now)
