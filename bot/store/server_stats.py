"""Counts of the ratings of a server's members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import func, select

from bot.store.database import TableStore
from bot.store.participants import taking_part
from bot.store.tables import participants, ratings


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


class ServerStatsStore(TableStore):
    """Rating activity by server."""

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
