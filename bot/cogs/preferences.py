"""`/preferences`: how the bot answers a member."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.store import Preferences, Titles
from bot.ui.embeds import COLOUR, TITLES_IN_WORDS
from bot.ui.filters import in_words

_TITLES_UNLESS_CHOSEN = "As the server chose; elsewhere romaji, with English below"


class PreferencesCog(commands.Cog):
    """The command for a member's own preferences."""

    @app_commands.command()
    @app_commands.describe(
        titles="The language of titles",
        forget_filters="Forget your remembered filters for /recommend",
    )
    async def preferences(
        self,
        interaction: Interaction,
        titles: Titles | None = None,
        forget_filters: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """See or change how I answer you. Only you see it."""
        await interaction.response.defer(ephemeral=True)
        store, member = interaction.client.store.preferences, interaction.user.id
        if titles is not None:
            await store.choose_titles(member, titles, at=discord.utils.utcnow())
        if forget_filters:
            await store.forget(member)
        await interaction.edit_original_response(embed=preferences_embed(await store.of_member(member)))


def preferences_embed(preferences: Preferences) -> discord.Embed:
    """Show a member's choices in words."""
    words = in_words(preferences.filters) if preferences.filters else ""
    filters = (
        f"{words}\nTo forget them: `/preferences forget_filters:True`"
        if words
        else "None. To keep some: `/recommend remember:True`"
    )
    embed = discord.Embed(title="Your preferences", colour=COLOUR)
    titles = TITLES_IN_WORDS[preferences.titles] if preferences.titles else _TITLES_UNLESS_CHOSEN
    embed.add_field(name="Titles", value=titles, inline=False)
    return embed.add_field(name="Remembered filters", value=filters, inline=False)


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    await bot.add_cog(PreferencesCog())
