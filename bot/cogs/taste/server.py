"""`/server`: what a server likes, without names."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.cogs.taste.embeds import (
    activity_description,
    activity_embed,
    taste_description,
    taste_embed,
    top_embed,
)
from bot.errors import MemberError
from bot.privacy import LEAST_RATERS, drawn_in
from bot.ui.chart_thread import ChartRenderer
from bot.ui.charts import activity_picture, genre_preference_picture
from bot.ui.context import allows_adult, display_of
from bot.ui.embeds import picture_file
from hakken.groups.server_taste import GenrePreference, Tally, best

_BEST = 10
_WEEKS = 12
_MOST_LIKED, _LEAST_LIKED = 6, 2


@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class ServerTasteCog(commands.GroupCog, name="server"):
    """What this server likes: from at least 5 members, without names."""

    def __init__(self, charts: ChartRenderer) -> None:
        self.charts = charts

    async def cog_unload(self) -> None:
        """Close the chart renderer."""
        self.charts.close()

    @app_commands.command()
    async def top(self, interaction: Interaction) -> None:
        """See this server's best anime, each rated by at least 5 members."""
        await interaction.response.defer()
        client, now = interaction.client, discord.utils.utcnow()
        means = await client.store.published_means.of_guild(_guild(interaction), at=now)
        catalogue, adult = client.recommender.catalogue, await allows_adult(interaction)
        tallies = [
            Tally(anime_id, one.raters, one.raters * one.mean)
            for anime_id, one in means.items()
            if adult or not catalogue.anime(anime_id).adult
        ]
        if not tallies:
            raise MemberError(
                f"No anime here has ratings from {LEAST_RATERS} members yet. `/rate` what you have seen."
            )
        mean = sum(each.total for each in tallies) / sum(each.raters for each in tallies)
        ranked = best(tallies, mean, _BEST)
        await interaction.edit_original_response(embed=top_embed(ranked, await display_of(interaction)))

    @app_commands.command()
    async def taste(self, interaction: Interaction) -> None:
        """See which genres this server likes more than the world does."""
        await interaction.response.defer()
        client, adult = interaction.client, await allows_adult(interaction)
        members = [
            {anime_id: drawn_in(score) for anime_id, score in scores.items()}
            for scores in (await client.store.ratings.of_guild(_guild(interaction))).values()
        ]
        found = await client.recommender.genre_preferences(members, adult=adult)
        if not found:
            raise _too_few()
        shown = _ends(found)
        drawn = await self.charts.draw(
            genre_preference_picture, [(each.genre, each.points) for each in shown]
        )
        picture = picture_file(drawn, "taste.png", taste_description(shown))
        embed = taste_embed(len(members)).set_image(url=picture.uri)
        await interaction.edit_original_response(embed=embed, attachments=[picture])

    @app_commands.command()
    async def activity(self, interaction: Interaction) -> None:
        """See how much this server has rated in the last 12 weeks, without names."""
        await interaction.response.defer()
        moments = _weeks(discord.utils.utcnow())
        activity = await interaction.client.store.server_stats.activity(_guild(interaction), moments)
        if activity.raters < LEAST_RATERS:
            raise _too_few()
        weeks = [
            (f"{day.day} {day:%b}", count) for day, count in zip(moments, activity.by_week, strict=False)
        ]
        drawn = await self.charts.draw(activity_picture, weeks)
        picture = picture_file(drawn, "activity.png", activity_description(weeks))
        embed = activity_embed(activity).set_image(url=picture.uri)
        await interaction.edit_original_response(embed=embed, attachments=[picture])


def _guild(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id


def _too_few() -> MemberError:
    return MemberError(
        f"I need ratings from at least {LEAST_RATERS} members here, so that nobody's own ratings show. "
        "`/rate` what you have seen. `/privacy` shows whether you count."
    )


def _ends(found: list[GenrePreference]) -> list[GenrePreference]:
    """Keep the most and least liked genres, if there are more than fit into a picture."""
    return found if len(found) <= _MOST_LIKED + _LEAST_LIKED else found[:_MOST_LIKED] + found[-_LEAST_LIKED:]


def _weeks(now: datetime) -> list[datetime]:
    """Get the boundaries of the last twelve weeks, up to now."""
    return [now - timedelta(weeks=_WEEKS - each) for each in range(_WEEKS + 1)]
