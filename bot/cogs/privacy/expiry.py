"""Deletes expired data, even if nobody uses the bot any more."""

from __future__ import annotations

import discord

from bot.due import DueCog


class ExpiryLoop(DueCog):
    """Deletes expired answers, waiting lists and suggestions: at the start, then once a day."""

    async def do_due(self) -> None:
        """Delete what has expired."""
        now = discord.utils.utcnow()
        await self.bot.store.answers.drop_expired(now)
        await self.bot.store.imports.drop_expired(now)
        await self.bot.store.suggestions.drop_expired(now)
