"""Rows that are there or not, held against a plain dictionary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.store import Store
from bot.store.tables import members, participants, ratings, schedules
from bot.store.upsert import insert_missing, upsert

T0 = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = ("weekday", "at", "next_at", "why_skipped")
Key = tuple[int, int]

rows = st.fixed_dictionaries(
    {
        "guild_id": st.integers(1, 2),
        "channel_id": st.integers(1, 2),
        "weekday": st.integers(0, 6),
        "at": st.sampled_from(["20:00", "08:30"]),
        "next_at": st.integers(0, 5).map(lambda days: T0 + timedelta(days=days)),
        "why_skipped": st.none() | st.just("nobody is here"),
    }
)
steps = st.lists(
    st.tuples(st.booleans(), st.lists(rows, max_size=3), st.sets(st.sampled_from(COLUMNS), max_size=3))
)


@given(steps)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_rows_are_what_a_dictionary_would_hold(
    store: Store,
    steps: list[tuple[bool, list[dict[str, Any]], set[str]]],
) -> None:
    expected = dict[Key, dict[str, Any]]()
    for missing, some, keep in steps:
        for row in some:
            key = row["guild_id"], row["channel_id"]
            if key not in expected:
                expected[key] = {"posted_at": None, **row}
            elif not missing:
                expected[key] |= {name: value for name, value in row.items() if name not in keep}
    async with store.database.begin() as connection:
        await connection.execute(delete(schedules))
        for missing, some, keep in steps:
            if missing:
                await insert_missing(connection, schedules, *some)
            else:
                await upsert(connection, schedules, *some, keep=keep)
        found = (await connection.execute(select(schedules))).mappings().all()
    assert {(one["guild_id"], one["channel_id"]): {**one} for one in found} == {
        key: {"sending_since": None, "skipped_at": None, **row} for key, row in expected.items()
    }


async def test_columns_that_are_not_named_stay(store: Store) -> None:
    row = {"guild_id": 1, "channel_id": 2, "weekday": 0, "at": "20:00", "next_at": T0}
    async with store.database.begin() as connection:
        await connection.execute(insert(schedules).values(**row, posted_at=T0))
        await upsert(connection, schedules, {**row, "weekday": 3})
    [found] = await store.schedules.of_guild(1)
    assert (found.weekday, found.posted_at) == (3, T0)


async def test_what_the_table_does_not_allow_changes_nothing(store: Store) -> None:
    await store.ratings.rate(1, 2, 7, source="rate", at=T0)
    for anime_id in (2, 3):
        with pytest.raises(IntegrityError):
            await store.ratings.rate(1, anime_id, 11, source="rate", at=T0)
    assert await store.ratings.of_member(1) == {2: 7}
    with pytest.raises(IntegrityError):  # of nobody who is known
        async with store.database.begin() as connection:
            row = {"user_id": 9, "anime_id": 2, "score": 7, "source": "rate", "rated_at": T0}
            await upsert(connection, ratings, row)
    assert await store.ratings.of_member(9) == {}


async def test_what_hangs_on_a_row_survives_its_update(store: Store) -> None:
    """A row that was deleted and inserted again would take its hosts, votes and forecasts with it."""
    await store.ratings.rate(1, 2, 7, source="rate", at=T0)
    async with store.database.begin() as connection:
        await insert_missing(connection, participants, {"guild_id": 1, "user_id": 1, "joined_at": T0})
        await upsert(connection, members, {"user_id": 1, "first_seen": T0 + timedelta(days=1)})
    assert await store.ratings.of_member(1) == {2: 7}
    assert [*(await store.participants.roster(1)).here] == [1]
