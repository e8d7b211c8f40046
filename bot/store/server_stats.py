"""What the members of a server rate together; no answer is about one of them."""

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
    """What those who take part in a server have rated."""

    mean: float | None
    """Of all their ratings, 1–10; None without any."""
    tallies: list[Tally]


@dataclass(frozen=True, slots=True)
class Activity:
    """How much a server rates."""

    members: int
    """Who take part."""
    raters: int
    """How many of them have rated anything."""
    ratings: int
    """All of theirs."""
    by_week: list[int]
    """How many of them were given in each week asked for."""


class ServerStatsStore:
    """Ratings by server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_guild(self, guild_id: int, *, at_least: int) -> ServerStats:
        """What a server has rated.

        Args:
            guild_id: the server.
            at_least: anime with fewer raters have no tally, for a mean of a few tells on people.
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
        """How much a server rates.

        Args:
            guild_id: the server.
            weeks: the moments between which ratings are counted, ascending, two or more; a rating given at
                one of them counts with what came before.
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
