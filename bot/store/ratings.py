"""Stores members' ratings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.store.database import TableStore
from bot.store.feedback import ENDED_BY_A_SCORE
from bot.store.members import ensure_member
from bot.store.participants import taking_part
from bot.store.tables import feedback, participants, ratings
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating of a member."""

    anime_id: int
    score: int
    """1–10."""
    source: str
    """Where the rating came from, such as ``rate`` for the command."""
    rated_at: datetime


class RatingStore(TableStore):
    """Ratings by member and anime."""

    async def rate(self, user_id: int, anime_id: int, score: int, *, source: str, at: datetime) -> int | None:
        """Store a rating, and return the one that it replaces, if any; it is on the disk when this returns.

        Feedback 'planned' or 'seen' is deleted; 'dismissed' stays.

        Raises:
            IntegrityError: the score is outside 1–10.
        """
        this = (ratings.c.user_id == user_id) & (ratings.c.anime_id == anime_id)
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            before = await connection.scalar(select(ratings.c.score).where(this))
            row = {"user_id": user_id, "anime_id": anime_id, "score": score, "source": source, "rated_at": at}
            await upsert(connection, ratings, row)
            await connection.execute(
                delete(feedback).where(
                    (feedback.c.user_id == user_id)
                    & (feedback.c.anime_id == anime_id)
                    & feedback.c.kind.in_(ENDED_BY_A_SCORE)
                )
            )
        return before

    async def unrate(self, user_id: int, anime_id: int) -> int | None:
        """Delete a rating, and return the score, if there was one."""
        this = (ratings.c.user_id == user_id) & (ratings.c.anime_id == anime_id)
        async with self._database.begin() as connection:
            before = await connection.scalar(select(ratings.c.score).where(this))
            await connection.execute(delete(ratings).where(this))
        return before

    async def of_member(self, user_id: int) -> dict[int, int]:
        """Return a member's scores by anime id."""
        query = select(ratings.c.anime_id, ratings.c.score).where(ratings.c.user_id == user_id)
        async with self._database.read() as connection:
            return {row.anime_id: row.score for row in await connection.execute(query)}

    async def listed(self, user_id: int) -> list[Rated]:
        """Return a member's ratings, the newest first."""
        query = (
            select(ratings.c.anime_id, ratings.c.score, ratings.c.source, ratings.c.rated_at)
            .where(ratings.c.user_id == user_id)
            .order_by(ratings.c.rated_at.desc(), ratings.c.anime_id)
        )
        async with self._database.read() as connection:
            return [Rated(*row) for row in await connection.execute(query)]

    async def of_guild(self, guild_id: int) -> dict[int, dict[int, int]]:
        """Return the scores by anime id of each member who takes part in a server and has any, by user id."""
        query = (
            select(ratings.c.user_id, ratings.c.anime_id, ratings.c.score)
            .join(participants, participants.c.user_id == ratings.c.user_id)
            .where(taking_part(guild_id))
            .order_by(ratings.c.user_id, ratings.c.anime_id)
        )
        found: dict[int, dict[int, int]] = defaultdict(dict)
        async with self._database.read() as connection:
            for user_id, anime_id, score in await connection.execute(query):
                found[user_id][anime_id] = score
        return dict(found)

    async def count(self, user_id: int) -> int:
        """Return how many anime a member has rated."""
        query = select(func.count()).select_from(ratings).where(ratings.c.user_id == user_id)
        async with self._database.read() as connection:
            return await connection.scalar(query) or 0
