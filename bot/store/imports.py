"""Stores imported lists: pending until the member confirms, then applied and undone as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import pending_imports
from bot.store.batches import batches
from bot.store.database import TableStore
from bot.store.import_changes import Change, Moved, Origin, apply, difference, restore
from bot.store.links import Link
from bot.store.members import ensure_member
from bot.store.tables import import_changes, imports, links

_KEPT = 10
"""Number of a member's imports that can be undone, the last first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of an import."""

    import_id: str | None
    """None if nothing had to be changed: then there is nothing to undo."""
    rated: int
    rescored: int
    listed: int
    """The counts of `Moved`."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The result of undoing an import."""

    source: str
    """The import's source."""
    at: datetime
    """When the list was imported."""
    restored: int
    """Number of anime that are as they were before the import."""
    by_hand: int
    """Number of anime that keep something, because the member has changed it since."""


class ImportStore(TableStore):
    """Imports by member."""

    async def keep_pending(
        self, user_id: int, source: str, body: Mapping[str, Any], *, at: datetime, expires_at: datetime
    ) -> str:
        """Store a list until the member confirms or drops it, at most five for each member.

        Lists that have expired by now are deleted. Return the list's id, which cannot be guessed.
        """
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            return await pending_imports.keep(connection, user_id, source, body, at=at, expires_at=expires_at)

    async def find_pending(self, pending_id: str, *, at: datetime) -> pending_imports.Pending | None:
        """Return a pending list; None if it is unknown, imported, dropped or expired."""
        async with self._database.read() as connection:
            return await pending_imports.find(connection, pending_id, at)

    async def drop_pending(self, pending_id: str) -> None:
        """Delete a pending list, if it is still there."""
        async with self._database.begin() as connection:
            await pending_imports.take_out(connection, pending_id)

    async def drop_expired(self, at: datetime) -> None:
        """Delete the pending lists that have expired."""
        async with self._database.begin() as connection:
            await pending_imports.drop_expired(connection, at)

    async def take(
        self,
        user_id: int,
        source: str,
        changes: Iterable[Change],
        *,
        at: datetime,
        pending_id: str | None = None,
        link: Link | None = None,
    ) -> Taken | None:
        """Import a list: when this returns, either all of it is on the disk or nothing.

        Args:
            user_id: the member.
            source: where the list comes from, at most 20 characters.
            changes: one for each anime; those that change nothing are skipped.
            at: when the changes were chosen; a score that the member has given since stays.
            pending_id: the pending list. It is imported once: a second press returns the first result.
            link: the link that the list was fetched for.

        Returns:
            What was changed. None, and nothing is changed, if the pending list is gone or belongs to
            another member, or if the link ended or was replaced while the list was fetched.

        Raises:
            IntegrityError: a score is outside 1–10.
        """
        async with self._database.begin() as connection:
            if link is not None and not await _stands(connection, link):
                return None
            if pending_id is not None and not await pending_imports.take_out(connection, pending_id, user_id):
                return await _taken(connection, pending_id, user_id)
            moved = await difference(connection, user_id, changes, at)
            if not moved.changes:
                return Taken(None, 0, 0, 0)
            import_id = pending_id or pending_imports.new_id()
            origin = Origin(user_id, source, at)
            await ensure_member(connection, user_id, at)
            await _record(connection, import_id, moved, origin)
            await apply(connection, moved.changes, origin)
        return Taken(import_id, moved.rated, moved.rescored, moved.listed)

    async def undo_last(self, user_id: int, *, taken_at: datetime | None = None) -> Undone | None:
        """Undo a member's last import, except for what they have changed since; the next call undoes another.

        None if there is no import, or the last one was not taken at the expected time.
        """
        async with self._database.begin() as connection:
            last = await _last(connection, user_id)
            if last is None or taken_at not in (None, last[1].at):
                return None
            import_id, origin = last
            query = select(import_changes).where(import_changes.c.import_id == import_id)
            rows = [dict(row) for row in (await connection.execute(query)).mappings()]
            by_hand = await restore(connection, rows, origin)
            await connection.execute(delete(imports).where(imports.c.import_id == import_id))
        return Undone(origin.source, origin.at, len(rows) - by_hand, by_hand)

    async def last(self, user_id: int) -> Origin | None:
        """Return the import that `undo_last` would undo; None if there is none."""
        async with self._database.read() as connection:
            last = await _last(connection, user_id)
        return None if last is None else last[1]


async def _stands(connection: AsyncConnection, link: Link) -> bool:
    query = select(links.c.user_id).where(
        (links.c.user_id == link.user_id) & (links.c.site == link.site) & (links.c.name == link.name)
    )
    return await connection.scalar(query) is not None


async def _taken(connection: AsyncConnection, import_id: str, user_id: int) -> Taken | None:
    query = select(imports.c.import_id, imports.c.rated, imports.c.rescored, imports.c.listed).where(
        (imports.c.import_id == import_id) & (imports.c.user_id == user_id)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Taken(*row)


async def _last(connection: AsyncConnection, user_id: int) -> tuple[str, Origin] | None:
    query = (
        select(imports.c.import_id, imports.c.source, imports.c.at)
        .where(imports.c.user_id == user_id)
        .order_by(imports.c.number.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (row.import_id, Origin(user_id, row.source, row.at))


async def _record(connection: AsyncConnection, import_id: str, moved: Moved, origin: Origin) -> None:
    """Store what is needed to undo an import, and delete imports that are too old to undo."""
    of_member = imports.c.user_id == origin.user_id
    before = await connection.scalar(select(func.max(imports.c.number)).where(of_member)) or 0
    await connection.execute(
        insert(imports).values(
            import_id=import_id,
            user_id=origin.user_id,
            number=before + 1,
            source=origin.source,
            at=origin.at,
            rated=moved.rated,
            rescored=moved.rescored,
            listed=moved.listed,
        )
    )
    for some in batches(moved.changes):
        await connection.execute(insert(import_changes), [{"import_id": import_id, **one} for one in some])
    await connection.execute(delete(imports).where(of_member & (imports.c.number <= before + 1 - _KEPT)))
