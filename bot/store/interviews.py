"""Stores members' progress in `/start`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import interviews
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Interview:
    """One member's interview."""

    asked: tuple[int, ...]
    """Ids of the anime that were asked about, answered or skipped, in this order."""
    at: datetime
    """Time of the last answer."""


class InterviewStore(TableStore):
    """Interviews by member, one each."""

    async def of_member(self, user_id: int) -> Interview | None:
        """Return a member's interview; None without one."""
        query = select(interviews.c.asked, interviews.c.at).where(interviews.c.user_id == user_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Interview(tuple(row.asked), row.at)

    async def keep(self, user_id: int, asked: Sequence[int], *, at: datetime) -> None:
        """Store a member's progress, replacing the earlier one."""
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await upsert(connection, interviews, {"user_id": user_id, "asked": list(asked), "at": at})

    async def end(self, user_id: int) -> None:
        """Delete a member's interview, if there is one."""
        async with self._database.begin() as connection:
            await connection.execute(delete(interviews).where(interviews.c.user_id == user_id))
