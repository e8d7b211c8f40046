"""`/import` and `/undo`."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.importing.preview import offer
from bot.cogs.importing.progress import ProgressLine
from bot.cogs.importing.sources import source_of
from bot.cogs.importing.undoing import ask_to_undo

Name = Range[str, 1, 100]
"""A user name on a site; the site knows whether it exists."""


class ImportCog(commands.Cog):
    """Commands for members' lists from other sites."""

    @app_commands.command(name="import")
    @app_commands.describe(
        file="Your export from MyAnimeList, AniList or another site, or a table of titles and scores",
        anilist="Your name on AniList; the list must be public",
        mal="Your name on MyAnimeList; the list must be public",
    )
    async def import_list(
        self,
        interaction: Interaction,
        file: discord.Attachment | None = None,
        anilist: Name | None = None,
        mal: Name | None = None,
    ) -> None:
        """Import your list. You see what would change before anything is saved."""
        await interaction.response.defer(ephemeral=True)
        read_from = source_of(interaction.client, file=file, anilist=anilist, mal=mal)
        interaction.client.limits.import_list(interaction.user.id, at=discord.utils.utcnow())
        await offer(interaction, await read_from(ProgressLine(interaction)))

    @app_commands.command()
    async def undo(self, interaction: Interaction) -> None:
        """Take back your whole last import. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        await ask_to_undo(interaction)
