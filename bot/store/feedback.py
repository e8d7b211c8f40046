"""Stores members' feedback on anime without a score: planned, dismissed, seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select

from bot.store.database import TableStore
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


class FeedbackStore(TableStore):
    """Feedback by member and anime; for each anime only the latest is kept."""

    async def plan(self, user_id: int, anime_id: int, *, at: datetime) -> None:
        """Record that a member plans to watch an anime."""
        await self._keep(user_id, Feedback(anime_id, "planned", None, at))

    async def dismiss(self, user_id: int, anime_id: int, reason: DismissReason, *, at: datetime) -> None:
        """Record that a member never wants to be shown an anime.

        Raises:
            IntegrityError: the reason is not one of `DismissReason`.
        """
        await self._keep(user_id, Feedback(anime_id, "dismissed", reason, at))

    async def seen(self, user_id: int, anime_id: int, *, at: datetime) -> None:
        """Record that a member has seen an anime, without a score."""
        await self._keep(user_id, Feedback(anime_id, "seen", None, at))

    async def undo(self, user_id: int, anime_id: int, kind: FeedbackKind) -> bool:
        """Delete a member's feedback of this kind on an anime; return whether there was any."""
        this = (feedback.c.user_id == user_id) & (feedback.c.anime_id == anime_id) & (feedback.c.kind == kind)
        async with self._database.begin() as connection:
            return (await connection.execute(delete(feedback).where(this))).rowcount > 0

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

    async def _keep(self, user_id: int, given: Feedback) -> None:
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, given.given_at)
            await upsert(connection, feedback, {"user_id": user_id, **asdict(given)})
