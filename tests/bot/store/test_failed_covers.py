"""Covers that failed: remembered for a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import Store

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
A_WEEK = timedelta(days=7)
URL = "https://cdn.example.com/1.jpg"


async def test_a_failure_holds_for_a_week(store: Store) -> None:
    await store.failed_covers.keep(URL, at=NOW)
    assert await store.failed_covers.recent(at=NOW + A_WEEK - timedelta(seconds=1)) == {URL: NOW}
    assert await store.failed_covers.recent(at=NOW + A_WEEK) == {}


async def test_a_later_failure_counts_from_then_on_and_old_ones_are_deleted(store: Store) -> None:
    await store.failed_covers.keep(URL, at=NOW)
    await store.failed_covers.keep(URL + "?2", at=NOW)
    later = NOW + A_WEEK
    await store.failed_covers.keep(URL, at=later)
    assert await store.failed_covers.recent(at=NOW) == {URL: later}


async def test_an_address_that_no_embed_can_show_is_not_kept(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.failed_covers.keep(URL.ljust(2049, "x"), at=NOW)
    assert await store.failed_covers.recent(at=NOW) == {}
