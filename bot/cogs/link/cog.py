"""`/link`, and messages about links that stopped."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.importing.preview import offer
from bot.cogs.importing.progress import ProgressLine
from bot.cogs.link.changes import rows
from bot.cogs.link.loop import EVERY, fetch
from bot.cogs.link.stop_button import show_links, stop_view
from bot.cogs.link.texts import SITES, SiteName, linked_text, paused_text
from bot.errors import LOST_CONNECTION, MemberError
from bot.ui.context import context_of

log = logging.getLogger(__name__)


class LinkCog(commands.Cog):
    """Commands for lists on other sites that stay in sync."""

    @app_commands.command()
    @app_commands.describe(site="Where your list is", name="Your name there; the list must be public")
    async def link(
        self, interaction: Interaction, site: SiteName | None = None, name: Range[str, 1, 64] | None = None
    ) -> None:
        """Sync your list every day. Without options: see and stop your links."""
        await interaction.response.defer(ephemeral=True)
        if site is None and name is None:
            await show_links(interaction)
        elif site is None or name is None:
            raise MemberError("I need both `site:` and your `name:` there. `/link` alone shows your links.")
        else:
            await self._link(interaction, site, name.strip())

    async def _link(self, interaction: Interaction, site: SiteName, name: str) -> None:
        user_id, now = interaction.user.id, discord.utils.utcnow()
        interaction.client.limits.import_list(user_id, at=now)
        read = await fetch(interaction.client, SITES[site], name, ProgressLine(interaction))
        await offer(interaction, read)
        next_time = now + EVERY
        await interaction.client.store.links.link(
            user_id, SITES[site], name, at=now, next_sync_at=next_time, known=rows(read)
        )
        await interaction.followup.send(
            linked_text(site, name, next_time), view=stop_view(user_id, [SITES[site]]), ephemeral=True
        )

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: Interaction, _command: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Tell a member once about a stopped link, after a command that they used anyway."""
        if not (await context_of(interaction)).asker.link_news:
            return
        news = await interaction.client.store.links.paused_news(interaction.user.id)
        try:
            for link in news:
                await interaction.followup.send(paused_text(link), ephemeral=True)
        except LOST_CONNECTION as lost:
            log.info("a message about a stopped link did not reach Discord: %s", lost)
