"""Servers that removed the bot: what was kept for them goes after a while, unless they come back."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.due import DueCog

log = logging.getLogger(__name__)


class DepartedGuildsLoop(DueCog):
    """Watches servers go and come back; looks once a day for what it missed."""

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note when a server removed the bot."""
        await self.bot.store.departed_guilds.left([guild.id], at=discord.utils.utcnow())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server that comes back keeps what it had."""
        await self.bot.store.departed_guilds.came_back([guild.id])

    async def do_due(self) -> None:
        """Note who went or came back while the bot was away; delete what has had its time."""
        # Not before the bot is ready: until then, every server looks like one that removed it.
        store, now = self.bot.store, discord.utils.utcnow()
        there = {guild.id for guild in self.bot.guilds}
        await store.departed_guilds.came_back(there)
        await store.departed_guilds.left(await store.personal_data.guilds() - there, at=now)
        for guild_id in await store.personal_data.guilds_to_forget(now):
            if self.bot.get_guild(guild_id) is None:
                await store.personal_data.forget_guild(guild_id)
                log.info("what was kept for a server that removed the bot is deleted")
