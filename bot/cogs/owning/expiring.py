"""What was kept for a while only: it goes by itself, though nobody uses the bot any more."""

from __future__ import annotations

import discord
from discord.ext import commands, tasks
from sqlalchemy.exc import SQLAlchemyError

from bot.client import HakkenBot


class Expiring(commands.Cog):
    """Drops answers, waiting lists and gatherings whose time is over."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot
        self.sweep.add_exception_type(SQLAlchemyError)

    async def cog_load(self) -> None:
        """Sweep now, and then once a day."""
        self.sweep.start()

    async def cog_unload(self) -> None:
        """Stop sweeping."""
        self.sweep.cancel()

    @tasks.loop(hours=24)
    async def sweep(self) -> None:
        """Drop what has had its time."""
        now = discord.utils.utcnow()
        await self.bot.store.answers.drop_expired(now)
        await self.bot.store.imports.drop_expired(now)
        await self.bot.store.gatherings.drop_expired(now)
