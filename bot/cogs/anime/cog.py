"""`/similar`, `/anime` and `/why`: about one anime."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import Range, Transform
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.anime.embeds import Expected, Opinions, facts_embed, similar_embed
from bot.cogs.anime.similar import one_per_franchise
from bot.cogs.anime.why import why_embed
from bot.errors import MemberError
from bot.privacy import as_others_read
from bot.ui.context import check_adult, context_of, display_of, member_of, server_of
from bot.ui.embeds import named
from bot.ui.feedback import feedback_row
from bot.ui.titles import AnyAnime
from hakken import Anime
from hakken.catalogue.adult import ECCHI
from hakken.recommend.filters import likes_ecchi
from hakken.recommend.recommender import Member
from hakken.recommend.shown_ratings import shown_rating


class AnimeCog(commands.Cog):
    """Commands about one anime: similar ones, its facts, and reasons for and against it."""

    @app_commands.command()
    @app_commands.describe(anime="Type part of the title", count="How many (default: 10)")
    async def similar(
        self, interaction: Interaction, anime: Transform[Anime, AnyAnime], count: Range[int, 1, 10] = 10
    ) -> None:
        """Find anime like one that you know."""
        adult = await check_adult(interaction, anime)
        await interaction.response.defer()
        service = interaction.client.recommender
        ecchi = await _may_be_ecchi(interaction, anime)
        found = await service.similar(anime.anime_id, len(service.catalogue), adult=adult, ecchi=ecchi)
        similar = one_per_franchise(found, anime.anime_id, service.order)[:count]
        display = await display_of(interaction)
        if not similar:
            title = named(anime.anime_id, display)
            raise MemberError(f"Too few people have rated {title}, so I can't find anime like it.")
        embed = similar_embed(anime, similar, service.raters(anime.anime_id), display)
        await interaction.edit_original_response(embed=embed)

    @app_commands.command()
    @app_commands.describe(
        title="Type part of the title", only_me="Only you see the answer, which then shows your score"
    )
    async def anime(
        self,
        interaction: Interaction,
        title: Transform[Anime, AnyAnime],
        only_me: bool = False,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """See facts about an anime, and your rating or what I predict."""
        adult = await check_adult(interaction, title)
        await interaction.response.defer(ephemeral=only_me)
        context, member = await context_of(interaction), await member_of(interaction)
        display, order = context.display, interaction.client.recommender.order
        opinions = await _opinions(interaction, context.as_answered(member, only_me=only_me), title)
        before, after = (
            [one for one in related if adult or not display.catalogue.anime(one).adult]
            for related in (order.before(title.anime_id), order.after(title.anime_id))
        )
        await interaction.edit_original_response(
            embed=facts_embed(
                title, opinions, before, after, display, scores=context.shows_scores(only_me=only_me)
            ),
            view=_buttons(interaction.user.id, member, title),
        )

    @app_commands.command()
    @app_commands.describe(anime="Type part of the title", only_me="Only you see the answer (default: yes)")
    async def why(
        self,
        interaction: Interaction,
        anime: Transform[Anime, AnyAnime],
        only_me: bool = True,  # noqa: FBT001, FBT002  # a command option
    ) -> None:
        """See why you might like an anime or not, based on your ratings."""
        adult = await check_adult(interaction, anime)
        await interaction.response.defer(ephemeral=only_me)
        if not (await context_of(interaction)).shows_scores(only_me=only_me):
            raise MemberError(
                "`/why` shows your scores. If everyone may see them, switch that on in `/privacy` first."
            )
        member = await member_of(interaction)
        if not member.ratings:
            raise MemberError("You haven't rated anything yet. Try `/start`, or `/rate` an anime.")
        explanation, display = (
            await interaction.client.recommender.explain(member, anime.anime_id),
            await display_of(interaction),
        )
        if explanation is None:
            title = named(anime.anime_id, display)
            raise MemberError(f"Too few people have rated {title}, so I can't predict your rating.")
        own = _own(member, anime)
        await interaction.edit_original_response(
            embed=why_embed(anime, explanation, own, display, adult=adult)
        )


async def _opinions(interaction: Interaction, member: Member, anime: Anime) -> Opinions:
    client, guild = interaction.client, server_of(interaction)
    explanation = await client.recommender.explain(member, anime.anime_id)
    means = {}
    if guild is not None:
        means = await client.store.published_means.of_guild(
            guild, at=discord.utils.utcnow(), among=[anime.anime_id]
        )
    expected = None
    if explanation is not None:
        rating = shown_rating(explanation.predicted, explanation.confidence)
        expected = Expected(rating, explanation.confidence)
    return Opinions(
        own=_own(member, anime),
        expected=expected,
        of_server=means[anime.anime_id].mean if anime.anime_id in means else None,
    )


async def _may_be_ecchi(interaction: Interaction, anime: Anime) -> bool:
    """Whether anime like this one may be ecchi: if it is, or if the member has liked some."""
    context, member = await context_of(interaction), await member_of(interaction)
    ratings = as_others_read(member).ratings
    wanted = ECCHI in anime.genres or likes_ecchi(ratings, context.display.catalogue)
    return wanted and context.asker.settings.ecchi


def _buttons(user_id: int, member: Member, anime: Anime) -> discord.ui.View:
    """Make the feedback buttons, if the member has not rated the anime."""
    view = discord.ui.View(timeout=None)
    if anime.anime_id not in member.ratings:
        for button in feedback_row(user_id, anime.anime_id, planned=anime.anime_id in member.planned):
            view.add_item(button)
    return view


def _own(member: Member, anime: Anime) -> int | None:
    score = member.ratings.get(anime.anime_id)
    return None if score is None else round(score)
