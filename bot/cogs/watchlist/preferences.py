"""`/preferences`: how a member wants to be answered."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.cogs.watchlist.embeds import preferences_embed
from bot.store import Titles


class Preferring(commands.Cog):
    """A member's own preferences."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        titles="In which language you want to read titles",
        forget_filters="Forget the filters that /recommend remembers for you",
    )
    async def preferences(
        self,
        interaction: Interaction,
        titles: Titles | None = None,
        forget_filters: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """See or change how I answer you; only you see it."""
        await interaction.response.defer(ephemeral=True)
        store, member = self.bot.store.preferences, interaction.user.id
        if titles is not None:
            await store.choose_titles(member, titles, at=discord.utils.utcnow())
        if forget_filters:
            await store.forget(member)
        await interaction.edit_original_response(embed=preferences_embed(await store.of_member(member)))
