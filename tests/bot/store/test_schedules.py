"""Weekly picks: one for each channel, and each sending is one process's alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import Schedule, Store

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SOON, NEXT = NOW + timedelta(minutes=1), NOW + timedelta(days=7)


async def due_one(store: Store) -> Schedule:
    await store.schedules.set(7, 70, 2, time(20, 5), NOW)
    [one] = await store.schedules.due(NOW)
    return one


async def only(store: Store) -> Schedule:
    [one] = await store.schedules.of_guild(7)
    return one


async def test_a_channel_has_one_weekly_pick_and_the_last_word_counts(store: Store) -> None:
    await store.schedules.set(7, 70, 2, time(20, 5), NEXT)
    await store.schedules.set(7, 71, 3, time(8), SOON)
    await store.schedules.set(7, 70, 4, time(21), NEXT)
    await store.schedules.set(8, 70, 0, time(0), NEXT)
    assert await store.schedules.of_guild(7) == [
        Schedule(7, 71, 3, time(8), SOON),
        Schedule(7, 70, 4, time(21), NEXT),
    ]
    await store.schedules.stop(7, 70)
    await store.schedules.stop(7, 70)  # a second time, nothing is left to do
    assert [one.channel_id for one in await store.schedules.of_guild(7)] == [71]
    assert [one.guild_id for one in await store.schedules.of_guild(8)] == [8]


async def test_a_pick_is_due_from_its_time_on(store: Store) -> None:
    assert await store.schedules.next_time() is None
    await store.schedules.set(7, 70, 2, time(20), SOON)
    assert await store.schedules.due(SOON - timedelta(seconds=1)) == []
    assert [one.channel_id for one in await store.schedules.due(SOON)] == [70]
    assert await store.schedules.next_time() == SOON


async def test_of_two_that_found_it_due_one_sends_it(store: Store) -> None:
    found = await due_one(store)
    assert await store.schedules.claim(found, at=NOW, next_at=NEXT)
    assert not await store.schedules.claim(found, at=NOW, next_at=NEXT)
    assert await store.schedules.due(NEXT + timedelta(days=1)) == []
    await store.schedules.posted(replace(found, sending_since=NOW), at=SOON)
    kept = await only(store)
    assert (kept.sending_since, kept.posted_at, kept.next_at) == (None, SOON, NEXT)


async def test_what_was_interrupted_is_found_and_taken_over_once(store: Store) -> None:
    await store.schedules.claim(await due_one(store), at=NOW, next_at=NEXT)
    assert await store.schedules.interrupted(NOW - timedelta(seconds=1)) == []
    [open_claim] = await store.schedules.interrupted(NOW)
    assert await store.schedules.claim(open_claim, at=SOON, next_at=NEXT)
    assert not await store.schedules.claim(open_claim, at=SOON, next_at=NEXT)
    # Who lost the claim has no say any more in what became of it.
    await store.schedules.posted(open_claim, at=SOON)
    await store.schedules.skip(open_claim, "late", at=SOON, next_at=NOW)
    kept = await only(store)
    assert (kept.sending_since, kept.posted_at, kept.skipped_at, kept.next_at) == (SOON, None, None, NEXT)


async def test_a_skipped_pick_says_why_and_comes_again(store: Store) -> None:
    found = await due_one(store)
    await store.schedules.skip(found, "The channel is gone.", at=NOW, next_at=NEXT)
    kept = await only(store)
    assert (kept.skipped_at, kept.why_skipped, kept.next_at) == (NOW, "The channel is gone.", NEXT)
    assert [one.channel_id for one in await store.schedules.due(NEXT)] == [70]


async def test_a_day_set_while_the_old_one_was_found_due_counts(store: Store) -> None:
    found = await due_one(store)
    await store.schedules.set(7, 70, 4, time(9), NEXT)
    assert not await store.schedules.claim(found, at=NOW, next_at=SOON)
    assert await only(store) == Schedule(7, 70, 4, time(9), NEXT)


async def test_a_pick_that_is_stopped_while_it_is_sent_stays_stopped(store: Store) -> None:
    found = await due_one(store)
    await store.schedules.claim(found, at=NOW, next_at=NEXT)
    await store.schedules.stop(7, 70)
    await store.schedules.posted(replace(found, sending_since=NOW), at=SOON)
    assert await store.schedules.of_guild(7) == []


async def test_a_day_that_no_week_has_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.schedules.set(7, 70, 7, time(20), NOW)
    assert await store.schedules.of_guild(7) == []


async def test_what_is_being_sent_is_not_the_next_and_of_one_moment_the_lower_channel_comes_first(
    store: Store,
) -> None:
    found = await due_one(store)
    await store.schedules.set(7, 72, 2, time(20), SOON)
    await store.schedules.set(7, 71, 2, time(20), SOON)
    assert await store.schedules.next_time() == NOW
    await store.schedules.claim(found, at=NOW, next_at=NOW)
    assert await store.schedules.next_time() == SOON
    assert [one.channel_id for one in await store.schedules.due(SOON)] == [71, 72]
