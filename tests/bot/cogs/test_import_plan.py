"""Importing: what a list changes, held against what anyone would do by hand with the two lists before them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.cogs.importing.plan import Choice, changes, plan
from bot.lists import ListEntry, ReadList, Status, Unsure
from bot.store import Change, Entry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEBOP, AKIRA, EVA, NOWHERE = 1, 47, 30, 99_999
CATALOGUE = {BEBOP, AKIRA, EVA}


def on_list(
    anime_id: int,
    score: int | None = None,
    status: Status | None = "completed",
    started: date | None = None,
    finished: date | None = None,
) -> ListEntry:
    return ListEntry(anime_id, score, status, started, finished, None)


def read(*entries: ListEntry, unsure: tuple[Unsure, ...] = ()) -> ReadList:
    return ReadList(entries, "myanimelist", unsure, {}, ())


def held(status: Status, started: date | None = None, finished: date | None = None) -> Entry:
    """By whichever id it is kept; plans go by the key."""
    return Entry(0, status, started, finished, "myanimelist", NOW)


def test_what_the_member_does_not_have_is_new() -> None:
    found = plan(read(on_list(BEBOP, 9), on_list(AKIRA, None, "planned")), {}, {}, CATALOGUE)
    assert (found.found, len(found.new), found.unchanged, found.unrated) == (2, 2, 0, 1)
    assert changes(found, "keep mine") == [
        Change(BEBOP, 9, "completed", None, None),
        Change(AKIRA, None, "planned", None, None),
    ]


def test_another_score_waits_for_the_members_choice() -> None:
    found = plan(read(on_list(BEBOP, 6)), {BEBOP: 9}, {BEBOP: held("completed")}, CATALOGUE)
    assert len(found.changed) == 1
    assert found.mine == {BEBOP: 9}
    assert changes(found, "keep mine") == []
    assert changes(found, "take theirs") == [Change(BEBOP, 6, "completed", None, None)]


def test_mine_is_kept_with_the_status_of_the_list() -> None:
    found = plan(read(on_list(BEBOP, 6, "completed")), {BEBOP: 9}, {BEBOP: held("watching")}, CATALOGUE)
    assert changes(found, "keep mine") == [Change(BEBOP, None, "completed", None, None)]


def test_a_rating_by_hand_gets_the_status_of_the_list_without_being_asked_about() -> None:
    found = plan(read(on_list(BEBOP, 9, "completed")), {BEBOP: 9}, {}, CATALOGUE)
    assert (len(found.updated), len(found.changed), len(found.new)) == (1, 0, 0)


def test_a_list_that_says_less_takes_nothing_away() -> None:
    mine = held("watching", date(2020, 1, 2), None)
    silent = read(on_list(BEBOP, None, None, None, None), on_list(AKIRA, None, "completed"))
    found = plan(silent, {BEBOP: 9, AKIRA: 7}, {BEBOP: mine, AKIRA: held("completed")}, CATALOGUE)
    assert found.nothing_new
    assert found.unchanged == 2
    later = plan(read(on_list(BEBOP, finished=date(2020, 3, 4))), {BEBOP: 9}, {BEBOP: mine}, CATALOGUE)
    assert changes(later, "keep mine") == [
        Change(BEBOP, None, "completed", date(2020, 1, 2), date(2020, 3, 4))
    ]


def test_an_entry_that_says_nothing_at_all_changes_nothing() -> None:
    found = plan(read(on_list(BEBOP, None, None)), {}, {}, CATALOGUE)
    assert found.nothing_new
    assert found.unchanged == 1


def test_what_the_catalogue_lacks_is_counted_and_kept_all_the_same() -> None:
    found = plan(read(on_list(NOWHERE, 8), on_list(BEBOP, 8)), {}, {}, CATALOGUE)
    assert found.unknown == 1
    assert [change.anime_id for change in changes(found, "keep mine")] == [NOWHERE, BEBOP]


def test_unsure_titles_are_counted_apart() -> None:
    found = plan(read(unsure=(Unsure("Bebop", 9, (BEBOP, EVA)),)), {}, {}, CATALOGUE)
    assert (found.found, found.unsure, found.nothing_new) == (0, 1, True)


IDS = st.integers(1, 8)
SCORES = st.integers(1, 10)
DATES = st.none() | st.dates(date(2000, 1, 1), date(2026, 1, 1))
STATUSES: st.SearchStrategy[Status] = st.sampled_from(
    ["completed", "watching", "on hold", "dropped", "planned"]
)
LISTS = st.lists(
    st.builds(on_list, IDS, st.none() | SCORES, st.none() | STATUSES, DATES, DATES),
    unique_by=lambda entry: entry.anime_id,
)
HELD = st.dictionaries(IDS, st.builds(held, STATUSES, DATES, DATES))


@given(LISTS, st.dictionaries(IDS, SCORES), HELD, st.sampled_from(["keep mine", "take theirs"]))
def test_every_entry_is_counted_once_and_a_second_time_nothing_is_new(
    entries: list[ListEntry], ratings: dict[int, int], kept: dict[int, Entry], choice: Choice
) -> None:
    found = plan(read(*entries), ratings, kept, CATALOGUE)
    assert len(found.new) + len(found.changed) + len(found.updated) + found.unchanged == found.found
    taken = changes(found, choice)
    for change in taken:
        if change.score is not None:
            ratings[change.anime_id] = change.score
        if change.status:
            kept[change.anime_id] = held(change.status, change.started, change.finished)
    again = plan(read(*entries), ratings, kept, CATALOGUE)
    assert changes(again, "keep mine") == []
    if choice == "take theirs":
        assert again.nothing_new
