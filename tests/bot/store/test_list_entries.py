"""What of a list has been begun."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.store import Change, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_only_what_is_planned_is_not_begun(store: Store) -> None:
    statuses = ("completed", "watching", "on hold", "dropped", "planned")
    changes = [Change(at, None, status) for at, status in enumerate(statuses)]
    await store.imports.take(1, "csv", [*changes, Change(9, None, None, date(2020, 1, 1))], at=NOW)
    begun = {key: entry.begun for key, entry in (await store.list_entries.of_member(1)).items()}
    assert begun == {0: True, 1: True, 2: True, 3: True, 4: False, 9: True}
