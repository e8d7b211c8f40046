"""Servers that removed the bot: what was kept for them goes after a while, unless they come back."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands, tasks
from sqlalchemy.exc import SQLAlchemyError

from bot.client import HakkenBot

log = logging.getLogger(__name__)


class Departing(commands.Cog):
    """Watches servers go and come back."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot
        self.tidy_up.add_exception_type(SQLAlchemyError)

    async def cog_load(self) -> None:
        """Begin to look once a day."""
        self.tidy_up.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.tidy_up.cancel()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note when a server removed the bot."""
        await self.bot.store.departures.left([guild.id], at=discord.utils.utcnow())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server that comes back keeps what it had."""
        await self.bot.store.departures.came_back([guild.id])

    @tasks.loop(hours=24)
    async def tidy_up(self) -> None:
        """Note who went or came back while the bot was away; delete what has had its time."""
        store, now = self.bot.store, discord.utils.utcnow()
        there = {guild.id for guild in self.bot.guilds}
        await store.departures.came_back(there)
        await store.departures.left(await store.everything.guilds() - there, at=now)
        for guild_id in await store.everything.guilds_to_forget(now):
            if self.bot.get_guild(guild_id) is None:
                await store.everything.forget_guild(guild_id)
                log.info("what was kept for a server that removed the bot is deleted")

    @tidy_up.before_loop
    async def _know_the_servers(self) -> None:
        # Before that, every server would look like one that removed the bot.
        await self.bot.wait_until_ready()
