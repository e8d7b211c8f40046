"""Deletes the data of servers that removed the bot, after a while, unless they come back."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.cogs.privacy.wiping import FORGOTTEN
from bot.due import DueCog

log = logging.getLogger(__name__)


class DepartedGuildsLoop(DueCog):
    """Notes when servers leave and come back; checks once a day what it missed."""

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note that a server removed the bot."""
        await self.bot.store.departed_guilds.left([guild.id], at=discord.utils.utcnow())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that a server came back, so that its data stays."""
        await self.bot.store.departed_guilds.came_back([guild.id])

    async def do_due(self) -> None:
        """Note servers that left or came back while the bot was down; delete expired data."""
        # Only once the bot is ready: before, every server seems to have removed it.
        store, now = self.bot.store, discord.utils.utcnow()
        there = {guild.id for guild in self.bot.guilds}
        await store.departed_guilds.came_back(there)
        await store.departed_guilds.left(await store.personal_data.guilds() - there, at=now)
        for guild_id in await store.personal_data.guilds_to_forget(now):
            if self.bot.get_guild(guild_id) is None:
                await store.personal_data.forget_guild(guild_id)
                self.bot.dispatch(FORGOTTEN)
                log.info("deleted the data of a server that removed the bot")
