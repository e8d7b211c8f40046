"""What members plan: said by themselves or by their lists, listed once, and dropped singly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Change, Feedback, Status, Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANN, BOB = 1, 2


async def bring(
    store: Store, *changes: Change, user_id: int = ANN, at: datetime = NOW, source: str = "anilist"
) -> None:
    taken = await store.imports.take(user_id, source, changes, at=at)
    assert taken is not None


async def planned(store: Store, user_id: int = ANN) -> list[int]:
    return [one.anime_id for one in await store.plans.listed(user_id)]


async def test_what_a_list_plans_stands_beside_what_was_said_newest_first(store: Store) -> None:
    await bring(store, Change(10, status="planned"), Change(11, status="planned"))
    await store.feedback.plan(ANN, 20, at=LATER)
    await store.feedback.plan(BOB, 30, at=NOW)
    assert await store.plans.listed(ANN) == [
        Feedback(20, "planned", None, LATER),
        Feedback(10, "planned", None, NOW),
        Feedback(11, "planned", None, NOW),
    ]
    assert await planned(store, BOB) == [30]


async def test_what_both_say_is_planned_once_as_of_the_members_own_word(store: Store) -> None:
    await bring(store, Change(10, status="planned"))
    await store.feedback.plan(ANN, 10, at=LATER)
    assert await store.plans.listed(ANN) == [Feedback(10, "planned", None, LATER)]


@pytest.mark.parametrize("status", ["completed", "watching", "on hold", "dropped"])
async def test_no_other_status_is_a_plan(store: Store, status: Status) -> None:
    await bring(store, Change(10, status=status))
    assert await planned(store) == []


async def test_a_score_or_another_word_ends_what_the_list_plans(store: Store) -> None:
    await bring(store, *(Change(one, status="planned") for one in (10, 11, 12, 13)))
    await store.ratings.rate(ANN, 10, 8, source="rate", at=LATER)
    await store.feedback.seen(ANN, 11, at=LATER)
    await store.feedback.dismiss(ANN, 12, "no time", at=LATER)
    await store.ratings.rate(BOB, 13, 8, source="rate", at=LATER)  # another member's score ends nothing
    assert await planned(store) == [13]


async def test_a_dropped_plan_is_gone_whoever_said_it_and_nothing_else_is(store: Store) -> None:
    await bring(store, Change(10, status="planned"), Change(11, status="planned"))
    await bring(store, Change(10, status="planned"), user_id=BOB)
    await store.feedback.plan(ANN, 10, at=LATER)
    assert await store.plans.drop(ANN, 10)
    assert not await store.plans.drop(ANN, 10)
    assert await planned(store) == [11]
    assert await planned(store, BOB) == [10]
    assert set(await store.list_entries.of_member(ANN)) == {11}


async def test_dropping_what_is_no_plan_any_more_leaves_the_later_word_and_the_list(store: Store) -> None:
    await bring(store, Change(10, status="planned"), Change(11, status="completed"))
    await store.feedback.dismiss(ANN, 10, "no time", at=LATER)
    assert not await store.plans.drop(ANN, 10)
    assert not await store.plans.drop(ANN, 11)
    assert (await store.feedback.of_member(ANN)).dismissed == {10}
    assert set(await store.list_entries.of_member(ANN)) == {10, 11}


async def test_undoing_the_import_does_not_bring_a_dropped_plan_back(store: Store) -> None:
    await bring(store, Change(10, status="planned"), Change(11, status="planned"))
    await store.plans.drop(ANN, 10)
    undone = await store.imports.undo_last(ANN)
    assert undone is not None
    assert (undone.restored, undone.by_hand) == (1, 1)
    assert await planned(store) == []
