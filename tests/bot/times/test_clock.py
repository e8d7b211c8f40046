"""Times of day, and weekly times across daylight-saving changes, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.errors import MemberError
from bot.times import next_weekly, read_clock

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MONDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = 0, 2, 4, 5, 6


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# By hand. EU clocks change at 01:00 UTC on the last Sundays of March and October, those of the US at 02:00
# local time on the second Sunday of March and the first of November, those of Lord Howe by half an hour; Samoa
# left out Friday, 30 December 2011; Chile changes at midnight; Kathmandu and Tokyo never.
@pytest.mark.parametrize(
    ("name", "weekday", "hour", "minute", "after", "expected"),
    [
        # An evening stays at the same local time: an hour earlier in UTC from spring on, later from autumn on.
        ("Europe/Berlin", SATURDAY, 20, 0, "2027-03-15 00:00", "2027-03-20 19:00"),
        ("Europe/Berlin", SATURDAY, 20, 0, "2027-03-22 00:00", "2027-03-27 19:00"),
        ("Europe/Berlin", SATURDAY, 20, 0, "2027-03-29 00:00", "2027-04-03 18:00"),
        ("Europe/Berlin", SATURDAY, 20, 0, "2026-10-18 00:00", "2026-10-24 18:00"),
        ("Europe/Berlin", SATURDAY, 20, 0, "2026-10-25 12:00", "2026-10-31 19:00"),
        ("America/New_York", SUNDAY, 20, 0, "2027-03-13 12:00", "2027-03-15 00:00"),
        ("America/New_York", SUNDAY, 20, 0, "2026-10-31 12:00", "2026-11-02 01:00"),
        ("Australia/Sydney", MONDAY, 9, 30, "2026-10-04 12:00", "2026-10-04 22:30"),
        ("Asia/Kathmandu", MONDAY, 6, 0, "2026-11-22 12:00", "2026-11-23 00:15"),
        ("Asia/Tokyo", MONDAY, 6, 0, "2026-11-22 12:00", "2026-11-22 21:00"),
        # A time that is skipped: the first moment after the gap.
        ("Europe/Berlin", SUNDAY, 2, 30, "2027-03-27 12:00", "2027-03-28 01:00"),
        ("America/New_York", SUNDAY, 2, 0, "2027-03-13 12:00", "2027-03-14 07:00"),
        ("America/New_York", SUNDAY, 2, 59, "2027-03-13 12:00", "2027-03-14 07:00"),
        ("America/New_York", SUNDAY, 3, 0, "2027-03-13 12:00", "2027-03-14 07:00"),
        ("Australia/Lord_Howe", SUNDAY, 2, 10, "2026-10-03 00:00", "2026-10-03 15:30"),
        ("America/Santiago", SUNDAY, 0, 15, "2026-09-05 12:00", "2026-09-06 04:00"),
        ("Pacific/Apia", FRIDAY, 20, 0, "2011-12-29 12:00", "2011-12-30 10:00"),
        # A time that is shown twice: the first of the two.
        ("Europe/Berlin", SUNDAY, 2, 30, "2026-10-24 12:00", "2026-10-25 00:30"),
        ("America/New_York", SUNDAY, 1, 30, "2026-10-31 12:00", "2026-11-01 05:30"),
        ("Australia/Lord_Howe", SUNDAY, 1, 45, "2027-04-03 00:00", "2027-04-03 14:45"),
    ],
)
def test_a_weekly_time_is_what_clocks_there_show(
    name: str, weekday: int, hour: int, minute: int, after: str, expected: str
) -> None:
    assert next_weekly(weekday, hour, minute, ZoneInfo(name), utc(after)) == utc(expected)


def test_the_second_showing_of_a_repeated_time_is_not_another_week() -> None:
    first = utc("2026-10-25 00:30")
    assert next_weekly(SUNDAY, 2, 30, BERLIN, first) == utc("2026-11-01 01:30")


def test_the_next_is_later_than_now_even_when_it_is_just_that_time() -> None:
    now = utc("2026-11-25 19:00")
    assert next_weekly(WEDNESDAY, 20, 0, BERLIN, now) == now + timedelta(days=7)
    assert next_weekly(WEDNESDAY, 20, 0, BERLIN, now - timedelta(microseconds=1)) == now


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_a_year_of_weeks_has_each_week_once_at_that_time(name: str) -> None:
    local, moment = ZoneInfo(name), utc("2026-11-25 12:00")
    days = []
    for _ in range(53):
        moment = next_weekly(SATURDAY, 20, 0, local, moment)
        shown = moment.astimezone(local)
        assert (shown.weekday(), shown.hour, shown.minute) == (SATURDAY, 20, 0)
        days.append(shown.date())
    assert {later - day for day, later in pairwise(days)} == {timedelta(days=7)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("20:00", time(20)),
        ("8pm", time(20)),
        ("8:30 PM", time(20, 30)),
        ("7:05", time(7, 5)),
        ("20.15", time(20, 15)),
        ("12am", time(0)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, expected: time) -> None:
    assert read_clock(typed) == expected


@pytest.mark.parametrize("typed", ["", "25:00", "20:60", "13pm", "evening", "20:00:00", "２０：００x"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(MemberError, match=r"`20:00` or `8pm`"):
        read_clock(typed)
