"""Lists are taken whole or not at all, once, and taken back whole but for what was done by hand since."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot.store import Change, Entry, Feedback, FeedbackSets, Rated, Store, Taken, Undone

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(hours=2)
SPRING, SUMMER = date(2020, 4, 1), date(2020, 7, 1)


async def everything_of(store: Store, user_id: int) -> tuple[list[Rated], dict[int, Entry], list[Feedback]]:
    return (
        await store.ratings.listed(user_id),
        await store.list_entries.of_member(user_id),
        await store.feedback.listed(user_id),
    )


async def test_a_list_brings_scores_and_entries_of_this_member_alone(store: Store) -> None:
    await store.ratings.rate(2, 10, 5, source="rate", at=NOW)
    changes = [
        Change(10, 8, "completed", SPRING, SUMMER),
        Change(20, None, "planned"),
        Change(30, 6),
        Change(40, None, None, SPRING),
    ]
    taken = await store.imports.take(1, "myanimelist", changes, at=LATER)
    assert taken
    assert (taken.rated, taken.rescored, taken.listed) == (2, 0, 3)
    assert await store.ratings.listed(1) == [
        Rated(10, 8, "myanimelist", LATER),
        Rated(30, 6, "myanimelist", LATER),
    ]
    assert await store.list_entries.of_member(1) == {
        10: Entry(10, "completed", SPRING, SUMMER, "myanimelist", LATER),
        20: Entry(20, "planned", None, None, "myanimelist", LATER),
        40: Entry(40, None, SPRING, None, "myanimelist", LATER),
    }
    assert await everything_of(store, 2) == ([Rated(10, 5, "rate", NOW)], {}, [])


async def test_what_a_change_leaves_open_stays_as_it_is(store: Store) -> None:
    await store.imports.take(1, "csv", [Change(10, 8, "watching", SPRING)], at=NOW)
    taken = await store.imports.take(
        1, "anilist", [Change(10, None, "completed", SPRING, SUMMER), Change(10, None, "dropped")], at=LATER
    )
    assert taken
    assert (taken.rated, taken.rescored, taken.listed) == (0, 0, 1)
    await store.imports.take(1, "anilist", [Change(10, 9)], at=MUCH_LATER)
    assert await everything_of(store, 1) == (
        [Rated(10, 9, "anilist", MUCH_LATER)],
        {10: Entry(10, "dropped", None, None, "anilist", LATER)},
        [],
    )


async def test_a_score_ends_planned_and_seen_as_one_given_by_hand_does(store: Store) -> None:
    for user_id in (1, 2):
        await store.feedback.plan(user_id, 10, at=NOW)
        await store.feedback.seen(user_id, 20, at=NOW)
        await store.feedback.dismiss(user_id, 30, "not for me", at=NOW)
        await store.feedback.plan(user_id, 40, at=NOW)
    await store.imports.take(
        1, "csv", [Change(10, 8), Change(20, 8), Change(30, 8), Change(40, None, "planned")], at=LATER
    )
    for anime_id in (10, 20, 30):
        await store.ratings.rate(2, anime_id, 8, source="rate", at=LATER)
    assert await store.feedback.of_member(1) == FeedbackSets(frozenset({40}), frozenset({30}))
    assert await store.feedback.of_member(1) == await store.feedback.of_member(2)


async def test_taking_the_same_again_changes_nothing_and_leaves_the_first_to_be_undone(store: Store) -> None:
    changes = [Change(10, 8, "completed", SPRING, SUMMER), Change(20, None, "planned"), Change(30, 6)]
    await store.imports.take(1, "csv", changes, at=NOW)
    first = await everything_of(store, 1)
    assert await store.imports.take(1, "csv", changes, at=LATER) == Taken(None, 0, 0, 0)
    assert await everything_of(store, 1) == first
    undone = await store.imports.undo_last(1)
    assert undone == Undone("csv", NOW, restored=3, by_hand=0)


async def test_undoing_brings_back_scores_entries_and_words_as_they_were(store: Store) -> None:
    await store.ratings.rate(1, 10, 3, source="rate", at=NOW)
    await store.imports.take(1, "csv", [Change(20, 4, "watching", SPRING)], at=NOW)
    await store.feedback.plan(1, 30, at=NOW)
    await store.feedback.dismiss(1, 40, "no time", at=NOW)
    before = await everything_of(store, 1)
    changes = [Change(one, 9, "completed", SPRING, SUMMER) for one in (10, 20, 30, 40, 50)]
    await store.imports.take(1, "anilist", changes, at=LATER)
    assert await everything_of(store, 1) != before
    assert await store.imports.undo_last(1) == Undone("anilist", LATER, restored=5, by_hand=0)
    assert await everything_of(store, 1) == before


async def test_what_was_changed_by_hand_since_stays_and_is_counted(store: Store) -> None:
    await store.ratings.rate(1, 10, 3, source="rate", at=NOW)
    await store.ratings.rate(1, 20, 3, source="rate", at=NOW)
    await store.feedback.plan(1, 40, at=NOW)
    changes = [Change(one, 9, "completed") for one in (10, 20, 30, 40, 50)]
    await store.imports.take(1, "csv", changes, at=LATER)
    await store.ratings.rate(1, 10, 7, source="rate", at=MUCH_LATER)
    await store.ratings.rate(1, 20, 9, source="rate", at=MUCH_LATER)  # the same score, but their own now
    await store.ratings.unrate(1, 30)
    await store.feedback.dismiss(1, 40, "not for me", at=MUCH_LATER)
    assert await store.imports.undo_last(1) == Undone("csv", LATER, restored=2, by_hand=3)
    assert await store.ratings.of_member(1) == {10: 7, 20: 9}
    assert await store.feedback.listed(1) == [Feedback(40, "dismissed", "not for me", MUCH_LATER)]
    assert await store.list_entries.of_member(1) == {}


async def test_imports_are_undone_the_last_first_even_those_of_one_moment(store: Store) -> None:
    for score in (5, 6, 7):
        await store.imports.take(1, "csv", [Change(10, score, "watching")], at=NOW)
        await store.imports.take(2, "csv", [Change(10, score)], at=NOW)
    left = []
    while await store.imports.undo_last(1):
        left.append(await store.ratings.of_member(1))
    assert left == [{10: 6}, {10: 5}, {}]
    assert await store.list_entries.of_member(1) == {}
    assert await store.ratings.of_member(2) == {10: 7}
    assert await store.imports.last(1) is None


async def test_a_score_given_while_the_changes_were_chosen_stays(store: Store) -> None:
    await store.ratings.rate(1, 10, 2, source="rate", at=LATER)
    taken = await store.imports.take(1, "anilist", [Change(10, 9, "completed"), Change(20, 7)], at=NOW)
    assert taken
    assert (taken.rated, taken.rescored, taken.listed) == (1, 0, 1)
    assert await store.ratings.of_member(1) == {10: 2, 20: 7}
    await store.imports.undo_last(1)
    assert await store.ratings.of_member(1) == {10: 2}


async def test_an_import_that_is_no_longer_the_last_is_not_undone_nor_another_in_its_place(
    store: Store,
) -> None:
    await store.imports.take(1, "csv", [Change(10, 8)], at=NOW)
    await store.imports.take(1, "anilist", [Change(10, 9)], at=LATER)
    assert await store.imports.undo_last(1, taken_at=NOW) is None
    assert await store.ratings.of_member(1) == {10: 9}
    assert await store.imports.undo_last(1, taken_at=LATER) == Undone("anilist", LATER, 1, 0)
    assert await store.imports.undo_last(1, taken_at=NOW) == Undone("csv", NOW, 1, 0)


async def test_ten_imports_can_be_undone_and_older_ones_are_not_kept(store: Store) -> None:
    for score in range(1, 11):
        for anime_id in (10, 20):
            await store.imports.take(1, "csv", [Change(anime_id, score)], at=NOW)
    undone = 0
    while await store.imports.undo_last(1):
        undone += 1
    assert undone == 10
    assert await store.ratings.of_member(1) == {10: 5, 20: 5}
    assert "import_changes" not in await store.personal_data.counts(1)


async def test_a_waiting_list_is_taken_once_and_a_second_press_is_told_of_the_first(store: Store) -> None:
    pending_id = await store.imports.keep_pending(1, "csv", {"entries": [[10, 8]]}, at=NOW, expires_at=LATER)
    pressed = await asyncio.gather(
        *(store.imports.take(1, "csv", [Change(10, 8)], at=NOW, pending_id=pending_id) for _ in range(4))
    )
    assert pressed == [Taken(pending_id, 1, 0, 0)] * 4
    assert await store.imports.find_pending(pending_id, at=NOW) is None
    await store.ratings.rate(1, 10, 3, source="rate", at=LATER)
    again = await store.imports.take(1, "csv", [Change(10, 8)], at=LATER, pending_id=pending_id)
    assert again == Taken(pending_id, 1, 0, 0)
    assert await store.ratings.of_member(1) == {10: 3}
    await store.imports.undo_last(1)
    assert await store.imports.take(1, "csv", [Change(10, 8)], at=LATER, pending_id=pending_id) is None
    assert await store.ratings.of_member(1) == {10: 3}


@pytest.mark.parametrize("gone", ["unknown", "another's", "dropped", "forgotten"])
async def test_a_waiting_list_that_is_not_there_changes_nothing(store: Store, gone: str) -> None:
    pending_id = await store.imports.keep_pending(1, "csv", {}, at=NOW, expires_at=LATER)
    user_id = 1
    if gone == "unknown":
        pending_id = "no-such-id"
    elif gone == "another's":
        user_id = 2
    elif gone == "dropped":
        await store.imports.drop_pending(pending_id)
        await store.imports.drop_pending(pending_id)  # a second time, nothing is left to do
    else:
        await store.personal_data.forget(1)
    assert await store.imports.take(user_id, "csv", [Change(10, 8)], at=NOW, pending_id=pending_id) is None
    assert await store.personal_data.counts(2) == {}
    assert "ratings" not in await store.personal_data.counts(1)


async def test_waiting_lists_are_found_until_they_expire_and_then_dropped(store: Store) -> None:
    body = {"entries": [[10, None, "planned"]], "name": "進撃"}
    pending_id = await store.imports.keep_pending(1, "csv", body, at=NOW, expires_at=LATER)
    found = await store.imports.find_pending(pending_id, at=LATER - timedelta(seconds=1))
    assert found
    assert (found.user_id, found.source, found.body, found.expires_at) == (1, "csv", body, LATER)
    assert await store.imports.find_pending(pending_id, at=LATER) is None
    await store.imports.keep_pending(2, "csv", {}, at=LATER, expires_at=MUCH_LATER)
    assert "pending_imports" not in await store.personal_data.counts(1)


async def test_of_many_waiting_lists_of_a_member_the_newest_five_stay(store: Store) -> None:
    others = await store.imports.keep_pending(2, "csv", {}, at=NOW, expires_at=LATER)
    ids = [
        await store.imports.keep_pending(1, "csv", {}, at=NOW, expires_at=LATER + timedelta(minutes=one))
        for one in range(8)
    ]
    found = [await store.imports.find_pending(one, at=NOW) is not None for one in ids]
    assert found == [False] * 3 + [True] * 5
    assert await store.imports.find_pending(others, at=NOW)


async def test_what_a_link_fetched_is_not_taken_once_it_ended_or_was_replaced(store: Store) -> None:
    await store.links.link(1, "anilist", "ann", at=NOW)
    [link] = await store.links.of_member(1)
    assert await store.imports.take(1, "anilist", [Change(10, 8)], at=NOW, link=link)
    await store.links.link(1, "anilist", "someone else", at=NOW)
    assert await store.imports.take(1, "anilist", [Change(10, 9)], at=LATER, link=link) is None
    await store.links.link(1, "anilist", "ann", at=NOW)
    await store.personal_data.forget(1)
    assert await store.imports.take(1, "anilist", [Change(10, 9)], at=LATER, link=link) is None
    assert await store.personal_data.counts(1) == {}


@pytest.mark.parametrize("score", [0, 11])
async def test_a_score_off_the_scale_refuses_the_whole_list(store: Store, score: int) -> None:
    await store.feedback.plan(1, 10, at=NOW)
    before = await everything_of(store, 1)
    with pytest.raises(IntegrityError):
        await store.imports.take(1, "csv", [Change(10, 8, "completed"), Change(20, score)], at=LATER)
    assert await everything_of(store, 1) == before
    assert await store.imports.undo_last(1) is None


WRITES = [
    "INSERT ON imports",
    "INSERT ON import_changes",
    "INSERT ON ratings",
    "INSERT ON list_entries",
    "DELETE ON feedback",
    "DELETE ON pending_imports",
]


def break_off_at(path: Path, write: str) -> None:
    """Let the database fail at a write, as it does when the disk is full."""
    with sqlite3.connect(path) as raw:
        raw.execute(
            f"CREATE TRIGGER broken BEFORE {write} BEGIN SELECT RAISE(ABORT, 'the power failed'); END"
        )
    raw.close()


def mend(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER broken")
    raw.close()


@pytest.mark.parametrize("write", WRITES)
async def test_a_list_that_breaks_off_in_the_middle_leaves_nothing_and_can_be_taken_again(
    store: Store, tmp_path: Path, write: str
) -> None:
    await store.feedback.plan(1, 10, at=NOW)
    await store.ratings.rate(1, 20, 3, source="rate", at=NOW)
    pending_id = await store.imports.keep_pending(1, "csv", {}, at=NOW, expires_at=MUCH_LATER)
    before = await store.personal_data.held(1)
    changes = [Change(one, 9, "completed", SPRING) for one in (10, 20, 30)]
    break_off_at(tmp_path / "hakken.sqlite3", write)
    with pytest.raises(IntegrityError, match="the power failed"):
        await store.imports.take(1, "csv", changes, at=LATER, pending_id=pending_id)
    assert await store.personal_data.held(1) == before
    mend(tmp_path / "hakken.sqlite3")
    taken = await store.imports.take(1, "csv", changes, at=LATER, pending_id=pending_id)
    assert taken == Taken(pending_id, rated=2, rescored=1, listed=3)


@pytest.mark.parametrize(
    "write",
    [
        "DELETE ON ratings",
        "INSERT ON ratings",
        "INSERT ON feedback",
        "DELETE ON list_entries",
        "DELETE ON imports",
    ],
)
async def test_an_undoing_that_breaks_off_in_the_middle_leaves_the_import_as_it_was(
    store: Store, tmp_path: Path, write: str
) -> None:
    await store.feedback.plan(1, 10, at=NOW)
    await store.ratings.rate(1, 20, 3, source="rate", at=NOW)
    before = await everything_of(store, 1)
    await store.imports.take(1, "csv", [Change(one, 9, "completed") for one in (10, 20, 30)], at=LATER)
    taken = await store.personal_data.held(1)
    break_off_at(tmp_path / "hakken.sqlite3", write)
    with pytest.raises(IntegrityError, match="the power failed"):
        await store.imports.undo_last(1)
    assert await store.personal_data.held(1) == taken
    mend(tmp_path / "hakken.sqlite3")
    assert await store.imports.undo_last(1)
    assert await everything_of(store, 1) == before


TAKE_UNTIL_KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from bot.store import Change, Store

async def main():
    store = await Store.open(sys.argv[1])
    for score in range(1, 10_000):
        changes = [Change(one, score % 10 + 1, "completed") for one in range(3_000)]
        await store.imports.take(1, "csv", changes, at=datetime.now(UTC))
        print(score % 10 + 1, flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("milliseconds", [20, 90, 170])
async def test_a_process_killed_while_it_takes_a_list_leaves_whole_lists(url: str, milliseconds: int) -> None:
    taking = await asyncio.create_subprocess_exec(
        sys.executable, "-c", TAKE_UNTIL_KILLED, url, stdout=subprocess.PIPE
    )
    assert taking.stdout
    acknowledged = int(await taking.stdout.readline())
    await asyncio.sleep(milliseconds / 1000)
    taking.kill()
    rest, _ = await taking.communicate()
    assert taking.returncode == -signal.SIGKILL
    lines = rest.decode().split("\n")
    acknowledged = int(lines[-2]) if len(lines) > 1 else acknowledged
    store = await Store.open(url)
    scores = await store.ratings.of_member(1)
    assert len(scores) == len(await store.list_entries.of_member(1)) == 3_000
    [score] = set(scores.values())
    assert score in (acknowledged, acknowledged % 10 + 1)
    await store.close()


statuses = st.sampled_from([None, "completed", "watching", "on hold", "dropped", "planned"])
dates = st.none() | st.sampled_from([SPRING, SUMMER])
lists = st.lists(
    st.builds(Change, st.integers(1, 6), st.none() | st.integers(1, 10), statuses, dates, dates), max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lists, min_size=1, max_size=4), st.integers(10, 2**40))
async def test_whatever_lists_are_taken_undoing_them_brings_back_the_beginning(
    store: Store, taken: list[list[Change]], user_id: int
) -> None:
    await store.personal_data.forget(user_id)
    await store.feedback.plan(user_id, 1, at=NOW)
    await store.feedback.seen(user_id, 2, at=NOW)
    await store.ratings.rate(user_id, 3, 5, source="rate", at=NOW)
    states = [await everything_of(store, user_id)]
    for number, changes in enumerate(taken):
        at = NOW + timedelta(hours=number + 1)
        done = await store.imports.take(user_id, "csv", changes, at=at)
        assert done
        if done.import_id is not None:
            states.append(await everything_of(store, user_id))
    while len(states) > 1:
        assert await everything_of(store, user_id) == states.pop()
        assert await store.imports.undo_last(user_id)
    assert await everything_of(store, user_id) == states[0]
    assert await store.imports.undo_last(user_id) is None


async def test_of_a_list_that_was_taken_another_member_is_not_told(store: Store) -> None:
    pending_id = await store.imports.keep_pending(1, "csv", {}, at=NOW, expires_at=LATER)
    assert await store.imports.take(1, "csv", [Change(10, 8)], at=NOW, pending_id=pending_id)
    assert await store.imports.take(2, "csv", [Change(10, 8)], at=NOW, pending_id=pending_id) is None
    assert await store.ratings.of_member(2) == {}


async def test_one_members_many_imports_leave_anothers_to_be_undone(store: Store) -> None:
    await store.imports.take(2, "csv", [Change(10, 8)], at=NOW)
    for score in range(1, 11):
        for anime_id in (10, 20):
            await store.imports.take(1, "csv", [Change(anime_id, score)], at=NOW)
    assert await store.imports.undo_last(2) == Undone("csv", NOW, restored=1, by_hand=0)
    assert await store.ratings.of_member(2) == {}


async def test_a_score_of_just_before_the_changes_were_chosen_is_theirs_to_change(store: Store) -> None:
    await store.ratings.rate(1, 10, 2, source="rate", at=NOW - timedelta(microseconds=1))
    await store.ratings.rate(1, 20, 2, source="rate", at=NOW + timedelta(microseconds=1))
    taken = await store.imports.take(1, "csv", [Change(10, 9), Change(20, 9)], at=NOW)
    assert taken
    assert (taken.rated, taken.rescored) == (0, 1)
    assert await store.ratings.of_member(1) == {10: 9, 20: 2}
