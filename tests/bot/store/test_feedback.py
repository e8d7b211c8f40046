"""What members said of anime without a score: the last word counts, and a score ends what it answers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store import DismissReason, Feedback, FeedbackSets, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def test_the_last_word_of_an_anime_replaces_the_one_before(store: Store) -> None:
    await store.feedback.plan(1, 20, at=NOW)
    assert await store.feedback.listed(1) == [Feedback(20, "planned", None, NOW)]
    await store.feedback.dismiss(1, 20, "no time", at=LATER)
    assert await store.feedback.listed(1) == [Feedback(20, "dismissed", "no time", LATER)]
    await store.feedback.seen(1, 20, at=LATER)
    assert await store.feedback.listed(1) == [Feedback(20, "seen", None, LATER)]


async def test_what_is_undone_is_told_once_and_gone(store: Store) -> None:
    await store.feedback.dismiss(1, 20, "wrong order", at=NOW)
    await store.feedback.plan(1, 30, at=NOW)
    await store.feedback.plan(2, 20, at=NOW)
    assert await store.feedback.undo(1, 20, "dismissed")
    assert not await store.feedback.undo(1, 20, "dismissed")
    assert await store.feedback.of_member(1) == FeedbackSets(planned=frozenset({30}))
    assert await store.feedback.of_member(2) == FeedbackSets(planned=frozenset({20}))


async def test_undoing_one_kind_leaves_a_later_word_of_another(store: Store) -> None:
    await store.feedback.plan(1, 20, at=NOW)
    await store.feedback.seen(1, 20, at=LATER)
    assert not await store.feedback.undo(1, 20, "planned")
    assert await store.feedback.listed(1) == [Feedback(20, "seen", None, LATER)]
    assert await store.feedback.undo(1, 20, "seen")
    assert await store.feedback.listed(1) == []


async def test_feedback_is_listed_newest_first_and_of_one_moment_by_anime(store: Store) -> None:
    for minutes, anime_id in ((0, 30), (1, 20), (1, 10), (2, 40)):
        await store.feedback.plan(1, anime_id, at=NOW + timedelta(minutes=minutes))
    assert [one.anime_id for one in await store.feedback.listed(1)] == [40, 10, 20, 30]


async def test_every_reason_is_kept_and_what_was_seen_elsewhere_counts_as_seen(store: Store) -> None:
    for anime_id, reason in enumerate(get_args(DismissReason), start=1):
        await store.feedback.dismiss(1, anime_id, reason, at=NOW)
    await store.feedback.seen(1, 50, at=NOW)
    await store.feedback.plan(1, 60, at=NOW)
    assert await store.feedback.of_member(1) == FeedbackSets(
        planned=frozenset({60}), dismissed=frozenset({1, 2, 3, 4}), seen=frozenset({4, 50})
    )


async def test_a_member_who_said_nothing_has_nothing_kept(store: Store) -> None:
    assert await store.feedback.of_member(1) == FeedbackSets()
    assert await store.feedback.listed(1) == []


async def test_a_reason_that_does_not_exist_is_refused_and_changes_nothing(store: Store) -> None:
    await store.feedback.plan(1, 20, at=NOW)
    with pytest.raises(IntegrityError):
        await store.feedback.dismiss(1, 20, "it is a Tuesday", at=LATER)  # type: ignore[arg-type]
    assert await store.feedback.listed(1) == [Feedback(20, "planned", None, NOW)]


async def test_moments_come_back_in_utc_and_need_a_time_zone(store: Store) -> None:
    await store.feedback.plan(1, 20, at=NOW.astimezone(timezone(timedelta(hours=9))))
    [kept] = await store.feedback.listed(1)
    assert (kept.given_at, kept.given_at.tzinfo) == (NOW, UTC)
    with pytest.raises(StatementError, match="time zone"):
        await store.feedback.seen(1, 20, at=NOW.replace(tzinfo=None))


async def test_a_score_ends_planned_and_seen_of_that_anime_and_member_alone(store: Store) -> None:
    for user_id in (1, 2):
        await store.feedback.plan(user_id, 10, at=NOW)
        await store.feedback.seen(user_id, 20, at=NOW)
        await store.feedback.dismiss(user_id, 30, "not for me", at=NOW)
        await store.feedback.plan(user_id, 40, at=NOW)
    for anime_id in (10, 20, 30):
        await store.ratings.rate(1, anime_id, 8, source="rate", at=LATER)
    everything = FeedbackSets(frozenset({10, 40}), frozenset({30}), frozenset({20}))
    assert await store.feedback.of_member(1) == FeedbackSets(frozenset({40}), frozenset({30}))
    assert await store.feedback.of_member(2) == everything


async def test_a_refused_score_ends_nothing(store: Store) -> None:
    await store.feedback.plan(1, 10, at=NOW)
    with pytest.raises(IntegrityError):
        await store.ratings.rate(1, 10, 11, source="rate", at=LATER)
    assert await store.feedback.of_member(1) == FeedbackSets(planned=frozenset({10}))


async def test_many_words_at_once_leave_one_of_them(store: Store) -> None:
    moments = [NOW + timedelta(seconds=one) for one in range(20)]
    await asyncio.gather(*(store.feedback.plan(1, 20, at=moment) for moment in moments))
    [kept] = await store.feedback.listed(1)
    assert kept.given_at in moments


PLAN_AND_DIE = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from bot.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    await store.feedback.plan(1, 5114, at=datetime.now(UTC))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_acknowledged_feedback_survives_the_processs_sudden_death(url: str, store: Store) -> None:
    died = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", PLAN_AND_DIE, url], check=False)
    assert died.returncode == -9
    assert await store.feedback.of_member(1) == FeedbackSets(planned=frozenset({5114}))
