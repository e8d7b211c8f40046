"""Interviews: each member's own, where it stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store import Interview, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_an_interview_goes_on_where_it_stopped_and_ends(store: Store) -> None:
    assert await store.interviews.of_member(1) is None
    await store.interviews.keep(1, [], at=NOW)
    assert await store.interviews.of_member(1) == Interview((), NOW)
    await store.interviews.keep(1, [5114, 1535], at=NOW + timedelta(minutes=1))
    await store.interviews.keep(2, (20,), at=NOW)
    assert await store.interviews.of_member(1) == Interview((5114, 1535), NOW + timedelta(minutes=1))
    await store.interviews.end(1)
    assert await store.interviews.of_member(1) is None
    assert await store.interviews.of_member(2) == Interview((20,), NOW)


async def test_ending_without_an_interview_changes_nothing(store: Store) -> None:
    await store.interviews.end(1)
    assert await store.interviews.of_member(1) is None


async def test_an_interview_is_there_after_a_restart(url: str, store: Store) -> None:
    await store.interviews.keep(1, [5114], at=NOW)
    again = await Store.open(url)
    found = await again.interviews.of_member(1)
    await again.close()
    assert found == Interview((5114,), NOW)
