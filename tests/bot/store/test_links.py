"""Links: due in turn, failures counted, paused and told once, and never mistaken for the one before."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import Link, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def only(store: Store, user_id: int = 1) -> Link:
    [link] = await store.links.of_member(user_id)
    return link


async def test_a_link_is_kept_replaced_and_ended_by_member_and_site(store: Store) -> None:
    await store.links.link(1, "myanimelist", "ann", at=NOW, next_sync_at=NOW + DAY)
    await store.links.link(1, "anilist", "Ann", at=NOW)
    await store.links.link(2, "anilist", "bob", at=NOW)
    assert await store.links.of_member(1) == [
        Link(1, "anilist", "Ann", "active", None, NOW, 0, None),
        Link(1, "myanimelist", "ann", "active", None, NOW + DAY, 0, None),
    ]
    await store.links.failed(await only(store, 2), "no answer", retry_at=None)
    await store.links.link(2, "anilist", "bob", at=NOW + HOUR)
    assert await only(store, 2) == Link(2, "anilist", "bob", "active", None, NOW + HOUR, 0, None)
    await store.links.unlink(1, "anilist")
    await store.links.unlink(1, "anilist")  # a second time, nothing is left to do
    assert (await only(store)).site == "myanimelist"


async def test_those_that_waited_longest_are_due_first_and_no_more_than_asked_for(store: Store) -> None:
    for user_id, hours in ((1, 2), (2, 0), (3, 1), (4, 30)):
        await store.links.link(user_id, "anilist", "x", at=NOW, next_sync_at=NOW + hours * HOUR)
    assert [one.user_id for one in await store.links.due(NOW + 2 * HOUR, 10)] == [2, 3, 1]
    assert [one.user_id for one in await store.links.due(NOW + 2 * HOUR, 2)] == [2, 3]
    assert await store.links.due(NOW - HOUR, 10) == []


async def test_failures_are_counted_until_the_list_is_taken_again(store: Store) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW)
    for times in (1, 2):
        await store.links.failed(await only(store), f"no answer {times}", retry_at=NOW + times * HOUR)
    link = await only(store)
    assert (link.failures, link.last_error, link.next_sync_at, link.state) == (
        2,
        "no answer 2",
        NOW + 2 * HOUR,
        "active",
    )
    await store.links.synced(link, at=NOW + 3 * HOUR, next_sync_at=NOW + DAY)
    assert await only(store) == Link(1, "anilist", "ann", "active", NOW + 3 * HOUR, NOW + DAY, 0, None)


async def test_a_paused_link_is_never_due_and_its_member_is_told_once(store: Store) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW)
    await store.links.link(2, "anilist", "bob", at=NOW)
    await store.links.failed(await only(store), "the list is private", retry_at=None)
    assert [one.user_id for one in await store.links.due(NOW + 99 * DAY, 10)] == [2]
    told = await asyncio.gather(*(store.links.paused_news(1) for _ in range(5)))
    [[news]] = [one for one in told if one]
    assert (news.state, news.last_error, news.failures) == ("paused", "the list is private", 1)
    assert (await only(store)).state == "told"
    assert await store.links.due(NOW + 99 * DAY, 10) == [await only(store, 2)]
    assert await store.links.paused_news(2) == []


async def test_what_became_of_a_link_that_was_replaced_meanwhile_is_not_kept_of_the_new_one(
    store: Store,
) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW)
    old = await only(store)
    await store.links.link(1, "anilist", "someone else", at=NOW)
    new = await only(store)
    await store.links.failed(old, "no answer", retry_at=None)
    await store.links.synced(old, at=NOW, next_sync_at=NOW + DAY)
    assert await only(store) == new
    await store.links.unlink(1, "anilist")
    await store.links.synced(new, at=NOW, next_sync_at=NOW + DAY)
    assert await store.links.of_member(1) == []


async def test_a_site_that_is_not_known_is_refused_and_the_link_before_stays(store: Store) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW)
    with pytest.raises(IntegrityError):
        await store.links.link(1, "geocities", "ann", at=NOW)  # type: ignore[arg-type]
    assert await only(store) == Link(1, "anilist", "ann", "active", None, NOW, 0, None)


async def test_the_next_time_is_that_of_the_first_active_link(store: Store) -> None:
    assert await store.links.next_time() is None
    await store.links.link(1, "anilist", "ann", at=NOW)
    await store.links.link(2, "anilist", "bob", at=NOW, next_sync_at=NOW + 2 * HOUR)
    await store.links.link(3, "anilist", "cat", at=NOW, next_sync_at=NOW + HOUR)
    assert await store.links.next_time() == NOW
    await store.links.failed(await only(store, 1), "the list is private", retry_at=None)
    assert await store.links.next_time() == NOW + HOUR
    await store.links.failed(await only(store, 3), "no answer", retry_at=NOW + DAY)
    assert await store.links.next_time() == NOW + 2 * HOUR


async def test_what_is_paused_stays_so_whatever_becomes_of_a_reading_under_way(store: Store) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW)
    under_way = await only(store)
    await store.links.failed(under_way, "the list is private", retry_at=None)
    paused = await only(store)
    await store.links.failed(under_way, "no answer", retry_at=NOW + HOUR)
    await store.links.synced(under_way, at=NOW + HOUR, next_sync_at=NOW + DAY, known=[[10, 8]])
    assert await only(store) == paused
    assert await store.links.known(paused) is None


async def test_what_was_known_of_a_list_is_known_of_that_list_alone(store: Store) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW, known=[[10, 8]])
    await store.links.link(1, "myanimelist", "ann", at=NOW)
    await store.links.link(2, "anilist", "ann", at=NOW, known=[[20, 5]])
    [anilist, myanimelist] = await store.links.of_member(1)
    assert await store.links.known(anilist) == [[10, 8]]
    assert await store.links.known(myanimelist) is None
    await store.links.synced(anilist, at=NOW + DAY, next_sync_at=NOW + 2 * DAY, known=[[10, 9]])
    assert await store.links.known(anilist) == [[10, 9]]
    assert await store.links.known(await only(store, 2)) == [[20, 5]]
    await store.links.link(1, "anilist", "someone else", at=NOW, known=[[30, 1]])
    assert await store.links.known(anilist) is None
