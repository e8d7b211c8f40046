"""Computes, applies and undoes the changes of an import, kept as rows of `import_changes`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.batches import batches
from bot.store.feedback import ENDED_BY_A_SCORE
from bot.store.list_entries import Status
from bot.store.tables import feedback, import_changes, list_entries, ratings

Values = dict[str, Any]
"""A row by column."""


@dataclass(frozen=True, slots=True)
class Change:
    """An import's data for one anime."""

    anime_id: int
    score: int | None = None
    """1–10; None to leave the rating as it is."""
    status: Status | None = None
    """If status and both dates are None, the list entry stays as it is; otherwise they replace it."""
    started: date | None = None
    finished: date | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The member, the source and the time of an import."""

    user_id: int
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one table, and their counterparts in `import_changes`."""

    table: Table
    moment: str
    """The column with the time."""
    before: Mapping[str, str]
    after: Mapping[str, str]

    def moved(self, values: Values, held: Values | None) -> Values:
        """Return the columns of `import_changes` for an import's values; empty if they change nothing."""
        if all(value is None for value in values.values()) or (
            held and all(held[column] == value for column, value in values.items())
        ):
            return {}
        return {self.after[column]: value for column, value in values.items()} | self.kept(held)

    def kept(self, held: Values | None) -> Values:
        """Return the columns of `import_changes` for the row before the import."""
        return {name: held[column] for column, name in self.before.items()} if held else {}

    def row_before(self, change: Values) -> Values | None:
        """Return the row before the import; None if there was none."""
        if change[self.before[self.moment]] is None:
            return None
        return {column: change[name] for column, name in self.before.items()}

    def row_after(self, change: Values, origin: Origin) -> Values | None:
        """Return the row that the import wrote; None if it changed nothing."""
        row = {column: change[name] for column, name in self.after.items()}
        if all(value is None for value in row.values()):
            return None
        return row | {"source": origin.source, self.moment: origin.at}


_RATING = _Part(
    ratings,
    "rated_at",
    {"score": "before_score", "source": "before_score_source", "rated_at": "before_rated_at"},
    {"score": "after_score"},
)
_ENTRY = _Part(
    list_entries,
    "updated_at",
    {
        "status": "before_status",
        "started": "before_started",
        "finished": "before_finished",
        "source": "before_status_source",
        "updated_at": "before_updated_at",
    },
    {"status": "after_status", "started": "after_started", "finished": "after_finished"},
)
_FEEDBACK = _Part(feedback, "given_at", {"kind": "before_feedback", "given_at": "before_given_at"}, {})
_COLUMNS = [column.name for column in import_changes.c if column is not import_changes.c.import_id]


@dataclass(frozen=True, slots=True)
class Moved:
    """The actual changes of an import."""

    changes: list[Values]
    """Rows of `import_changes`, without the import's id; one for each changed anime."""
    rated: int
    """Number of anime that had no score."""
    rescored: int
    """Number of anime that had another score."""
    listed: int
    """Number of anime whose status or dates are new or changed."""


async def difference(
    connection: AsyncConnection, user_id: int, wanted: Iterable[Change], at: datetime
) -> Moved:
    """Return what an import would change in a member's data; for each anime its last entry counts.

    A score given after `at` stays, because the member chose the changes without knowing it.
    """
    scores, entries, words = [await _held(connection, one, user_id) for one in (_RATING, _ENTRY, _FEEDBACK)]
    changes = []
    rated = rescored = listed = 0
    for anime_id, one in {change.anime_id: change for change in wanted}.items():
        held = scores.get(anime_id)
        later = held is not None and held["rated_at"] > at
        score = {} if later else _RATING.moved({"score": one.score}, held)
        listing = {"status": one.status, "started": one.started, "finished": one.finished}
        entry = _ENTRY.moved(listing, entries.get(anime_id))
        word = words.get(anime_id)
        ended = _FEEDBACK.kept(word) if score and word and word["kind"] in ENDED_BY_A_SCORE else {}
        if score or entry:
            changes.append({**dict.fromkeys(_COLUMNS), "anime_id": anime_id, **score, **entry, **ended})
        rated += bool(score) and anime_id not in scores
        rescored += bool(score) and anime_id in scores
        listed += bool(entry)
    return Moved(changes, rated, rescored, listed)


async def apply(connection: AsyncConnection, changes: Sequence[Values], origin: Origin) -> None:
    """Change a member's ratings and list entries; a score removes the feedback 'planned' or 'seen'.

    The changes are rows of `import_changes`; within a transaction that writes.

    Raises:
        IntegrityError: a score is outside 1–10.
    """
    for part in (_RATING, _ENTRY):
        rows = {one["anime_id"]: part.row_after(one, origin) for one in changes}
        await _put(connection, part.table, origin.user_id, {key: row for key, row in rows.items() if row})
    ended = [one["anime_id"] for one in changes if _FEEDBACK.row_before(one)]
    await _put(connection, feedback, origin.user_id, dict.fromkeys(ended))


async def restore(connection: AsyncConnection, changes: Sequence[Values], origin: Origin) -> int:
    """Undo the changes of `apply`, except where the member has changed something since.

    Return the number of anime that keep a later change; within a transaction that writes.
    """
    rescored = await _put_back(connection, _RATING, changes, origin)
    relisted = await _put_back(connection, _ENTRY, changes, origin)
    said = await _held(connection, _FEEDBACK, origin.user_id)
    unsaid = {one["anime_id"]: _FEEDBACK.row_before(one) for one in changes if one["anime_id"] not in said}
    words = {anime_id: row for anime_id, row in unsaid.items() if row and anime_id not in rescored}
    await _put(connection, feedback, origin.user_id, words)
    return len(rescored | relisted)


async def _put_back(
    connection: AsyncConnection, part: _Part, changes: Sequence[Values], origin: Origin
) -> set[int]:
    """Restore one table's rows, and return the anime that keep a later change by the member."""
    held = await _held(connection, part, origin.user_id)
    after = {one["anime_id"]: part.row_after(one, origin) for one in changes}
    by_hand = {anime_id for anime_id, row in after.items() if row and held.get(anime_id) != row}
    rows = {
        one["anime_id"]: part.row_before(one)
        for one in changes
        if after[one["anime_id"]] and one["anime_id"] not in by_hand
    }
    await _put(connection, part.table, origin.user_id, rows)
    return by_hand


async def _held(connection: AsyncConnection, part: _Part, user_id: int) -> dict[int, Values]:
    table = part.table
    query = select(table.c.anime_id, *(table.c[name] for name in part.before)).where(
        table.c.user_id == user_id
    )
    rows = (await connection.execute(query)).mappings()
    return {row["anime_id"]: {name: row[name] for name in part.before} for row in rows}


async def _put(
    connection: AsyncConnection, table: Table, user_id: int, rows: Mapping[int, Values | None]
) -> None:
    """Replace rows by anime id; None only deletes the old row."""
    these = (table.c.user_id == bindparam("whose")) & (table.c.anime_id == bindparam("which"))
    for some in batches(rows.items()):
        await connection.execute(
            delete(table).where(these), [{"whose": user_id, "which": anime_id} for anime_id, _ in some]
        )
        new = [{"user_id": user_id, "anime_id": anime_id, **row} for anime_id, row in some if row]
        if new:
            await connection.execute(insert(table), new)
