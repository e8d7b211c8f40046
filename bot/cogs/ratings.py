"""`/rate`, `/unrate` and `/ratings`: a member's own ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from discord import app_commands
from discord.app_commands import Range, Transform
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.errors import MemberError
from bot.store import Rated
from bot.ui.context import allows_adult, display_of
from bot.ui.embeds import Display, named
from bot.ui.pages import ratings_body
from bot.ui.paginator import send_pages
from bot.ui.paging import hidden_text
from bot.ui.rated import answer_embed, keep_rating
from bot.ui.titles import AnyAnime, RatedAnime
from hakken import Anime

Sort = Literal["newest", "oldest", "highest", "lowest", "title"]


class RatingsCog(commands.Cog):
    """Commands for a member's own ratings."""

    @app_commands.command()
    @app_commands.describe(anime="Type part of the title", score="From 1 (appalling) to 10 (masterpiece)")
    async def rate(
        self, interaction: Interaction, anime: Transform[Anime, AnyAnime], score: Range[int, 1, 10]
    ) -> None:
        """Rate an anime, or change your rating."""
        await interaction.response.defer(ephemeral=True)
        embed = await keep_rating(interaction, anime, score, source="rate")
        await interaction.edit_original_response(embed=embed)

    @app_commands.command()
    @app_commands.describe(anime="An anime that you have rated")
    async def unrate(self, interaction: Interaction, anime: Transform[Anime, RatedAnime]) -> None:
        """Remove your rating of an anime."""
        await interaction.response.defer(ephemeral=True)
        ratings, member = interaction.client.store.ratings, interaction.user.id
        display = await display_of(interaction)
        before = await ratings.unrate(member, anime.anime_id)
        if before is None:
            raise MemberError(f"You haven't rated {named(anime.anime_id, display)}.")
        left = await ratings.count(member)
        text = f"I removed your rating of {before}. You have rated {left:,} anime."
        await interaction.edit_original_response(
            embed=answer_embed(anime, display, text, adult=await allows_adult(interaction))
        )

    @app_commands.command()
    @app_commands.describe(sort="What comes first (default: the newest)")
    async def ratings(self, interaction: Interaction, sort: Sort = "newest") -> None:
        """See your ratings. Only you see the answer."""
        await interaction.response.defer(ephemeral=True)
        rated = await interaction.client.store.ratings.listed(interaction.user.id)
        if not rated:
            raise MemberError("You haven't rated anything yet. Try `/start`, or `/rate` an anime.")
        display = await display_of(interaction)
        adult = await allows_adult(interaction)
        shown = [one for one in rated if adult or not display.catalogue.anime(one.anime_id).adult]
        shown.sort(key=_key(sort, display))
        intro = _intro(rated, hidden=len(rated) - len(shown))
        await send_pages(interaction, "ratings", ratings_body(intro, shown, display.titles))


def _intro(rated: Sequence[Rated], *, hidden: int) -> str:
    mean = sum(one.score for one in rated) / len(rated)
    sentence = f"You have rated {len(rated):,} anime, {mean:.1f} on average."
    return f"{sentence} {hidden_text(hidden)}" if hidden else sentence


def _key(sort: Sort, display: Display) -> Callable[[Rated], tuple[float | str, ...]]:
    keys: dict[Sort, Callable[[Rated], tuple[float | str, ...]]] = {
        "newest": lambda one: (-one.rated_at.timestamp(),),
        "oldest": lambda one: (one.rated_at.timestamp(),),
        "highest": lambda one: (-one.score, display.title(one.anime_id).casefold()),
        "lowest": lambda one: (one.score, display.title(one.anime_id).casefold()),
        "title": lambda one: (display.title(one.anime_id).casefold(),),
    }
    return keys[sort]


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    await bot.add_cog(RatingsCog())
