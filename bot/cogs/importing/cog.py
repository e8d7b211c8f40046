"""`/import` and `/undo`."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.cogs.importing.progress import ProgressLine
from bot.cogs.importing.sources import source_of
from bot.cogs.importing.undoing import ask_to_undo
from bot.cogs.importing.views import offer

Name = Range[str, 1, 100]
"""On a site; the site tells more."""


class ImportCog(commands.Cog):
    """Members' lists from elsewhere."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot

    @app_commands.command(name="import")
    @app_commands.describe(
        file="An export of MyAnimeList (.xml, .xml.gz), one of mine, or a .csv of titles and scores",
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
        """Bring your list; you see what it would change before anything is taken."""
        await interaction.response.defer(ephemeral=True)
        read_from = source_of(self.bot, file=file, anilist=anilist, mal=mal)
        self.bot.limits.import_list(interaction.user.id, at=discord.utils.utcnow())
        await offer(interaction, await read_from(ProgressLine(interaction)))

    @app_commands.command()
    async def undo(self, interaction: Interaction) -> None:
        """Take back your last import whole; only you see it."""
        await interaction.response.defer(ephemeral=True)
        await ask_to_undo(interaction)
