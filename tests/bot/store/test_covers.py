"""Covers: addresses are kept for good, that there is none for 30 days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://s4.anilist.co/file/anilistcdn/media/anime/cover/medium/bx5114.jpg"


async def test_addresses_are_kept_and_only_of_what_was_asked(store: Store) -> None:
    await store.covers.keep({1: URL, 2: None, 3: URL + "?3"}, at=NOW)
    assert await store.covers.of([1, 2, 4], at=NOW) == {1: URL, 2: None}
    assert await store.covers.of([], at=NOW) == {}


async def test_that_there_is_none_is_believed_for_30_days_and_an_address_for_good(store: Store) -> None:
    await store.covers.keep({1: URL, 2: None}, at=NOW)
    nearly = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert await store.covers.of([1, 2], at=nearly) == {1: URL, 2: None}
    assert await store.covers.of([1, 2], at=NOW + timedelta(days=30)) == {1: URL}
    assert await store.covers.of([1, 2], at=NOW + timedelta(days=9999)) == {1: URL}


async def test_what_is_asked_again_replaces_what_was_known(store: Store) -> None:
    await store.covers.keep({1: URL, 2: None}, at=NOW)
    await store.covers.keep({1: None, 2: URL}, at=NOW + timedelta(days=31))
    assert await store.covers.of([1, 2], at=NOW + timedelta(days=32)) == {1: None, 2: URL}


async def test_more_anime_than_one_query_takes_are_kept_and_found(store: Store) -> None:
    told = {anime_id: f"{URL}?{anime_id}" if anime_id % 3 else None for anime_id in range(1, 1502)}
    await store.covers.keep(told, at=NOW)
    assert await store.covers.of(range(1, 40_000), at=NOW) == told


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://example.com/x.jpg", "", "x", "https://example.com/".ljust(2049, "x")],
)
async def test_an_address_that_embeds_cannot_show_is_refused_and_nothing_kept(
    store: Store, address: str
) -> None:
    with pytest.raises(IntegrityError):
        await store.covers.keep({1: URL, 2: address}, at=NOW)
    assert await store.covers.of([1, 2], at=NOW) == {}


async def test_the_longest_address_is_kept(store: Store) -> None:
    longest = "https://example.com/".ljust(2048, "x")
    await store.covers.keep({1: longest}, at=NOW)
    assert await store.covers.of([1], at=NOW) == {1: longest}
