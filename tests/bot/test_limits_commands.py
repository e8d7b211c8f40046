"""Limits against abuse: nobody gets more than their share, and the time to wait is true to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits as limits_module
from bot.limits import LimitError, Limits, Window, spoken

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ANN, BOB, SERVER = 1, 2, 10


def limits(*, commands: int = 3, server_commands: int = 100, imports: int = 2) -> Limits:
    return Limits(commands=commands, server_commands=server_commands, imports=imports)


@given(
    most=st.integers(1, 5),
    pauses=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 3)), max_size=60),
)
def test_a_window_lets_through_exactly_what_its_definition_says(
    most: int, pauses: list[tuple[int, int]]
) -> None:
    window, through, at = Window(most, MINUTE), dict[int, list[datetime]](), NOON
    for pause, key in pauses:
        at += pause * SECOND
        before = through.setdefault(key, [])
        in_the_last_minute = [one for one in before if one > at - MINUTE]
        wait = window.wait(key, at)
        assert (wait == timedelta(0)) == (len(in_the_last_minute) < most)
        if wait:
            assert window.wait(key, at + wait - timedelta(microseconds=1)) > timedelta(0)
            assert window.wait(key, at + wait) == timedelta(0)
        else:
            window.use(key, at)
            before.append(at)


def test_who_has_been_quiet_for_the_whole_span_is_forgotten() -> None:
    window = Window(3, MINUTE)
    for key in range(1000):
        window.use(key, NOON)
    assert len(window) == 1000
    window.use(5, NOON + MINUTE)
    assert len(window) == 1


def test_a_flood_of_members_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "MOST_KEYS", 50)
    window = Window(1, MINUTE)
    for key in range(200):
        window.use(key, NOON)
    assert len(window) == 50
    assert window.wait(199, NOON) == MINUTE
    assert window.wait(0, NOON) == timedelta(0)


def test_a_member_over_their_share_is_told_the_seconds_and_others_are_not_kept_waiting() -> None:
    shared = limits(commands=3)
    for second in (0, 10, 20):
        shared.command(ANN, SERVER, at=NOON + second * SECOND)
    with pytest.raises(
        LimitError, match=r"^I need a moment to catch up with you\. Try again in 12 seconds\.$"
    ):
        shared.command(ANN, SERVER, at=NOON + 48 * SECOND)
    shared.command(BOB, SERVER, at=NOON + 48 * SECOND)
    shared.command(ANN, SERVER, at=NOON + 60 * SECOND)


def test_what_is_refused_does_not_make_the_wait_longer() -> None:
    shared = limits(commands=1)
    shared.command(ANN, None, at=NOON)
    for second in range(1, 60):
        with pytest.raises(LimitError):
            shared.command(ANN, None, at=NOON + second * SECOND)
    shared.command(ANN, None, at=NOON + MINUTE)


def test_a_server_over_its_share_waits_as_a_whole_and_its_members_keep_their_own() -> None:
    shared = limits(commands=3, server_commands=4)
    for member in range(100, 104):
        shared.command(member, SERVER, at=NOON)
    for _ in range(5):
        with pytest.raises(
            LimitError, match=r"This server is asking me a lot right now\. Try again in 60 seconds"
        ):
            shared.command(ANN, SERVER, at=NOON)
    for _ in range(3):
        shared.command(ANN, None, at=NOON)
    shared.command(ANN, SERVER + 1, at=NOON + MINUTE)


def test_buttons_may_be_pressed_four_times_as_often_and_are_counted_apart() -> None:
    shared = limits(commands=3)
    for _ in range(3):
        shared.command(ANN, SERVER, at=NOON)
    for _ in range(12):
        shared.press(ANN, SERVER, at=NOON)
    with pytest.raises(LimitError, match="Try again in 60 seconds"):
        shared.press(ANN, SERVER, at=NOON)


def test_typing_costs_no_commands_and_ends_being_answered_far_over_them() -> None:
    shared = limits(commands=3)
    answered = [shared.lookup(ANN, at=NOON) for _ in range(40)]
    assert answered == [True] * 30 + [False] * 10
    shared.command(ANN, SERVER, at=NOON)
    assert shared.lookup(BOB, at=NOON)
    assert shared.lookup(ANN, at=NOON + MINUTE)


def test_lists_are_counted_by_the_hour() -> None:
    shared = limits(imports=2)
    shared.import_list(ANN, at=NOON)
    shared.import_list(ANN, at=NOON + 19 * MINUTE)
    with pytest.raises(LimitError, match=r"^2 imports an hour\. Try again in 41 minutes\.$"):
        shared.import_list(ANN, at=NOON + 19 * MINUTE)
    shared.import_list(BOB, at=NOON + 19 * MINUTE)
    shared.import_list(ANN, at=NOON + HOUR)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(microseconds=1), "1 second"),
        (timedelta(seconds=1.2), "2 seconds"),
        (timedelta(seconds=120), "120 seconds"),
        (timedelta(seconds=121), "3 minutes"),
        (timedelta(minutes=120), "120 minutes"),
        (timedelta(minutes=121), "3 hours"),
    ],
)
def test_a_wait_in_words_is_never_too_short(span: timedelta, words: str) -> None:
    assert spoken(span) == words
