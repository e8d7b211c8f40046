"""`/recommend`: anime that a member will like."""

from __future__ import annotations

from typing import Literal

import discord
from discord import app_commands
from discord.app_commands import Range, Transform
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.recommend.filters import (
    combined,
    not_to_be_remembered,
    nothing_fits,
    still_remembered,
    with_ecchi_decided,
)
from bot.cogs.recommend.intros import (
    FILTERS_KEPT,
    FILTERS_ON,
    filters_kept,
    filters_on,
    recommendation_intro,
)
from bot.ui.context import context_of
from bot.ui.genres import KnownGenres
from bot.ui.pages import recommendation_body
from bot.ui.paginator import send_pages
from hakken.recommend.filters import Adventure, Length, Sequels, Sort

AnimeType = Literal["TV", "Movie", "OVA", "ONA", "Special", "Music"]
Year = Range[int, 1900, 2100]


class RecommendCog(commands.Cog):
    """The command for one member's recommendations."""

    @app_commands.command()
    @app_commands.describe(
        count="How many (default: 10)",
        type="Only one kind, such as films",
        genre="Only anime with all of these genres, such as: Drama, Sports",
        without="No anime with any of these genres, such as: Horror, Ecchi",
        from_year="From this year on",
        to_year="Up to this year",
        length="How long: an evening, a season of up to 26 episodes, or longer",
        min_raters="Only anime rated by at least this many people",
        adventure="From famous anime to hidden gems",
        sequels="Begin each series at its first part, or include later parts",
        planned="Also show what you already plan to watch",
        sort="What comes first (default: the highest rating)",
        remember="Keep these filters for next time",
        only_me="Only you see the answer, which then names your scores",
    )
    async def recommend(
        self,
        interaction: Interaction,
        count: Range[int, 1, 25] = 10,
        type: AnimeType | None = None,  # noqa: A002  # the option's name as members see it
        genre: Transform[frozenset[str], KnownGenres] | None = None,
        without: Transform[frozenset[str], KnownGenres] | None = None,
        from_year: Year | None = None,
        to_year: Year | None = None,
        length: Length | None = None,
        min_raters: Range[int, 0, 10_000_000] | None = None,
        adventure: Adventure | None = None,
        sequels: Sequels | None = None,
        planned: bool | None = None,  # noqa: FBT001  # a command option
        sort: Sort | None = None,
        remember: bool = False,  # noqa: FBT001, FBT002  # a command option
        only_me: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """Get anime that you will like, based on your ratings."""
        await interaction.response.defer(ephemeral=only_me)
        given = {
            "types": None if type is None else frozenset({type}),
            "genres": genre,
            "without_genres": without,
            "from_year": from_year,
            "to_year": to_year,
            "length": length,
            "min_raters": min_raters,
            "adventure": adventure,
            "sequels": sequels,
            "planned": planned,
            "sort": sort,
        }
        context, client = await context_of(interaction), interaction.client
        if remember and not context.asker.switches.remember_filters:
            raise not_to_be_remembered()
        remembered = context.asker.preferences.filters
        filters = combined(remembered, adult=context.adult, **given)
        profile = await client.store.profiles.with_plans(context.user_id)
        scores = context.shows_scores(only_me=only_me)
        member = context.as_answered(profile.member, only_me=only_me)
        filters = with_ecchi_decided(filters, context, member.ratings)
        picks = await client.recommender.recommend(member, count, filters)
        if not picks:
            raise nothing_fits(filters)
        if remember:
            await client.store.preferences.remember(context.user_id, filters, at=discord.utils.utcnow())
        counting = client.recommender.counting(profile.member.ratings)
        about_filters = ""
        if remember:
            about_filters = filters_kept(filters) if only_me else FILTERS_KEPT
        elif words := still_remembered(remembered, **given):
            about_filters = filters_on(words) if only_me else FILTERS_ON
        intro = recommendation_intro(counting, client.settings.min_ratings, picks, about_filters)
        body = recommendation_body(intro, picks, context.display, adult=filters.adult, scores=scores)
        kind = "recommendation" if counting else "popular"
        await send_pages(interaction, kind, body, plans=profile.plans)
