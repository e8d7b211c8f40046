"""`/suggest`: what a whole server should watch."""

from __future__ import annotations

from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.errors import MemberError
from bot.ui.look import look_of
from bot.ui.pages import suggestion_body
from bot.ui.paginator import send_pages
from bot.ui.participation import take_part


class Together(commands.Cog):
    """Anime for all of a server's members."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.describe(count="How many, 5 by default")
    async def suggest(self, interaction: Interaction, count: Range[int, 1, 25] = 5) -> None:
        """See what this server should watch together: new to everyone, good for all."""
        await interaction.response.defer()
        guild = interaction.guild_id
        if guild is None:
            raise app_commands.NoPrivateMessage
        store = self.bot.store
        await take_part(interaction)
        members = list((await store.ratings.of_guild(guild)).values())
        if not members:
            raise MemberError(
                "Nobody who counts here has rated anything yet. Rate some anime with `/rate` and ask again; "
                "`/privacy` shows whether you count."
            )
        seen = await store.entries.seen_in_guild(guild)
        picks = await self.bot.recommender.suggest(members, count, exclude=seen)
        if not picks:
            raise MemberError(
                "I find nothing that is new to everyone here and good enough for each. More ratings may help."
            )
        look = await look_of(interaction)
        body = suggestion_body(_intro(len(members)), picks, len(members), look.titles)
        await send_pages(interaction, "suggestion", body)


def _intro(members: int) -> str:
    if members == 1:
        return "Only one member here has rated anime so far; for more of you, more of you must `/rate`."
    return f"For the {members} members here who rate, new to all of them, and nobody should dislike it:"


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    await bot.add_cog(Together(bot))
