"""Statistics over the ratings of a server's members; no result is about a single member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.participants import taking_part
from bot.store.tables import participants, ratings
from hakken.groups.server_taste import Tally


@dataclass(frozen=True, slots=True)
class ServerStats:
    """Ratings of the members who take part in a server."""

    mean: float | None
    """Mean of all their ratings, 1–10; None without any."""
    tallies: list[Tally]


@dataclass(frozen=True, slots=True)
class Activity:
    """A server's rating activity."""

    members: int
    """Number of members who take part."""
    raters: int
    """Number of them who have rated anything."""
    ratings: int
    """Number of their ratings."""
    by_week: list[int]
    """Number of ratings in each requested week."""


class ServerStatsStore:
    """Rating statistics by server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_guild(self, guild_id: int, *, at_least: int) -> ServerStats:
        """Return a server's mean and its tallies by anime.

        Args:
            guild_id: the server.
            at_least: anime with fewer raters have no tally, because a mean of a few reveals their scores.
        """
        here = taking_part(guild_id)
        of_those = participants.c.user_id == ratings.c.user_id
        whole = select(func.avg(ratings.c.score)).join(participants, of_those).where(here)
        by_anime = (
            select(ratings.c.anime_id, func.count(), func.sum(ratings.c.score))
            .join(participants, of_those)
            .where(here)
            .group_by(ratings.c.anime_id)
            .having(func.count() >= at_least)
            .order_by(ratings.c.anime_id)
        )
        async with self._database.read() as connection:
            mean = await connection.scalar(whole)
            tallies = [Tally(*row) for row in await connection.execute(by_anime)]
        return ServerStats(None if mean is None else float(mean), tallies)

    async def activity(self, guild_id: int, weeks: Sequence[datetime]) -> Activity:
        """Return a server's rating activity.

        Args:
            guild_id: the server.
            weeks: the boundaries of the weeks, ascending, two or more; a rating exactly at a boundary counts
                for the week before it.
        """
        here = taking_part(guild_id)
        counts = [
            func.count().filter((ratings.c.rated_at > begin) & (ratings.c.rated_at <= end))
            for begin, end in pairwise(weeks)
        ]
        given = (
            select(func.count(ratings.c.user_id.distinct()), func.count(), *counts)
            .select_from(ratings)
            .join(participants, participants.c.user_id == ratings.c.user_id)
            .where(here)
        )
        async with self._database.read() as connection:
            members = await connection.scalar(select(func.count()).select_from(participants).where(here))
            raters, of_all, *by_week = (await connection.execute(given)).one()
        return Activity(members or 0, raters, of_all, by_week)
