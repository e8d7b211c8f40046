"""Stores members' feedback on anime without a score: planned, dismissed, seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.tables import feedback
from bot.store.upsert import upsert

FeedbackKind = Literal["planned", "dismissed", "seen"]
DismissReason = Literal["not for me", "no time", "wrong order", "seen elsewhere"]
SEEN_ELSEWHERE: DismissReason = "seen elsewhere"
ENDED_BY_A_SCORE: tuple[FeedbackKind, ...] = ("planned", "seen")


@dataclass(frozen=True, slots=True)
class Feedback:
    """A member's feedback on one anime."""

    anime_id: int
    kind: FeedbackKind
    reason: DismissReason | None
    """Why it was dismissed; None for the other kinds."""
    given_at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackSets:
    """All feedback of a member, as anime ids grouped by their effect on recommendations."""

    planned: frozenset[int] = frozenset()
    dismissed: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    """Seen but not rated; includes dismissed anime that were seen elsewhere."""


class FeedbackStore:
    """Feedback by member and anime; for each anime only the latest is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, user_id: int, anime_id: int, *, at: datetime) -> Feedback | None:
        """Record that a member plans to watch an anime.

        Returns:
            The feedback that this replaces; None if there was none.
        """
        return await self._keep(user_id, Feedback(anime_id, "planned", None, at))

    async def dismiss(
        self, user_id: int, anime_id: int, reason: DismissReason, *, at: datetime
    ) -> Feedback | None:
        """Record that a member never wants to be shown an anime.

        Returns:
            The feedback that this replaces; None if there was none.

        Raises:
            IntegrityError: the reason is not one of `DismissReason`.
        """
        return await self._keep(user_id, Feedback(anime_id, "dismissed", reason, at))

    async def seen(self, user_id: int, anime_id: int, *, at: datetime) -> Feedback | None:
        """Record that a member has seen an anime, without a score.

        Returns:
            The feedback that this replaces; None if there was none.
        """
        return await self._keep(user_id, Feedback(anime_id, "seen", None, at))

    async def undo(self, user_id: int, anime_id: int, kind: FeedbackKind | None = None) -> Feedback | None:
        """Delete a member's feedback on an anime.

        Args:
            user_id: the member.
            anime_id: the anime.
            kind: the kind to delete; later feedback of another kind stays. None for any kind.

        Returns:
            The deleted feedback; None if nothing was deleted.
        """
        this = _of(user_id, anime_id)
        if kind is not None:
            this &= feedback.c.kind == kind
        async with self._database.begin() as connection:
            gone = await _find(connection, this)
            await connection.execute(delete(feedback).where(this))
        return gone

    async def listed(self, user_id: int) -> list[Feedback]:
        """Return all feedback of a member, the newest first."""
        query = (
            select(feedback.c.anime_id, feedback.c.kind, feedback.c.reason, feedback.c.given_at)
            .where(feedback.c.user_id == user_id)
            .order_by(feedback.c.given_at.desc(), feedback.c.anime_id)
        )
        async with self._database.read() as connection:
            return [Feedback(*row) for row in await connection.execute(query)]

    async def of_member(self, user_id: int) -> FeedbackSets:
        """Return all feedback of a member, grouped for recommending."""
        query = select(feedback.c.anime_id, feedback.c.kind, feedback.c.reason).where(
            feedback.c.user_id == user_id
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return FeedbackSets(
            planned=frozenset(row.anime_id for row in rows if row.kind == "planned"),
            dismissed=frozenset(row.anime_id for row in rows if row.kind == "dismissed"),
            seen=frozenset(
                row.anime_id for row in rows if row.kind == "seen" or row.reason == SEEN_ELSEWHERE
            ),
        )

    async def _keep(self, user_id: int, given: Feedback) -> Feedback | None:
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, given.given_at)
            before = await _find(connection, _of(user_id, given.anime_id))
            await upsert(connection, feedback, {"user_id": user_id, **asdict(given)})
        return before


def _of(user_id: int, anime_id: int) -> ColumnElement[bool]:
    return (feedback.c.user_id == user_id) & (feedback.c.anime_id == anime_id)


async def _find(connection: AsyncConnection, this: ColumnElement[bool]) -> Feedback | None:
    query = select(feedback.c.anime_id, feedback.c.kind, feedback.c.reason, feedback.c.given_at).where(this)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Feedback(*row)
