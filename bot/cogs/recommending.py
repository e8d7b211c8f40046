"""`/recommend`: what a member will like."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from discord import app_commands
from discord.app_commands import Range, Transform
from discord.ext import commands

from bot.client import HakkenBot, Interaction
from bot.errors import MemberError
from bot.ui.genres import KnownGenre
from bot.ui.pages import recommendation_body
from bot.ui.paginator import send_pages

AnimeType = Literal["TV", "Movie", "OVA", "ONA", "Special", "Music"]


class Recommending(commands.Cog):
    """Anime for one member."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot

    @app_commands.command()
    @app_commands.describe(
        count="How many, 10 by default",
        type="Only series, films …",
        genre="Only anime of this genre",
        only_me="Show the answer to nobody else; it names some of your ratings",
    )
    async def recommend(
        self,
        interaction: Interaction,
        count: Range[int, 1, 25] = 10,
        type: AnimeType | None = None,  # noqa: A002  # the option's name as members see it
        genre: Transform[str, KnownGenre] | None = None,
        only_me: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """Get anime that you will like, by what you have rated."""
        await interaction.response.defer(ephemeral=only_me)
        ratings = await self.bot.store.ratings.of_member(interaction.user.id)
        among = self._among(type, genre)
        service, needed = self.bot.recommender, self.bot.settings.min_ratings
        if service.known(ratings) >= needed:
            kind, intro = "recommendation", f"For you, by your {len(ratings):,} ratings:"
            picks = await service.recommend(ratings, count, among)
        else:
            kind, intro = "popular", _how_to_start(len(ratings), needed)
            picks = await service.popular(count, ratings, among)
        if not picks:
            raise MemberError("I know no anime of that kind that you have not rated. Try a wider search.")
        await send_pages(interaction, kind, recommendation_body(intro, picks))

    def _among(self, wanted_type: str | None, genre: str | None) -> Collection[int] | None:
        if wanted_type is None and genre is None:
            return None
        return [
            anime.anime_id
            for anime in self.bot.recommender.catalogue.values()
            if wanted_type in (None, anime.type) and (genre is None or genre in anime.genres)
        ]


def _how_to_start(rated: int, needed: int) -> str:
    so_far = f"You have rated {rated} so far: " if rated else ""
    return (
        f"I don't know your taste yet. {so_far}rate at least {needed} anime with `/rate`, good and bad, "
        "and these become your own. Until then, here is what most people love:"
    )


async def setup(bot: HakkenBot) -> None:
    """Add the cog."""
    await bot.add_cog(Recommending(bot))
