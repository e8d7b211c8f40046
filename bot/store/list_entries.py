"""Stores members' progress with anime, from their imported lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select

from bot.store.database import TableStore
from bot.store.tables import list_entries

Status = Literal["completed", "watching", "on hold", "dropped", "planned"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One anime of a member's list, without its score, which is stored in `ratings`."""

    anime_id: int
    status: Status | None
    """None if the list has only dates."""
    started: date | None
    finished: date | None
    source: str
    """The list that the entry came from."""
    updated_at: datetime

    @property
    def begun(self) -> bool:
        """Whether the member has seen at least a part of it."""
        return self.status != "planned"


class ListEntryStore(TableStore):
    """List entries by member and anime; `ImportStore` writes them."""

    async def of_member(self, user_id: int) -> dict[int, Entry]:
        """Return a member's list, by anime id."""
        query = (
            select(
                list_entries.c.anime_id,
                list_entries.c.status,
                list_entries.c.started,
                list_entries.c.finished,
                list_entries.c.source,
                list_entries.c.updated_at,
            )
            .where(list_entries.c.user_id == user_id)
            .order_by(list_entries.c.anime_id)
        )
        async with self._database.read() as connection:
            return {row.anime_id: Entry(*row) for row in await connection.execute(query)}
