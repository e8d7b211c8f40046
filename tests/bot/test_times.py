"""Times: across daylight-saving changes by hand, zones by name, moments as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.errors import MemberError
from bot.times import find_zones, next_weekly, read_clock, read_moment, zone

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
    ("typed", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" europe/berlin ", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_goes_by_its_name_or_its_city(typed: str, name: str) -> None:
    assert zone(typed).key == name


@pytest.mark.parametrize("typed", ["", "EST", "PST8PDT", "Etc/GMT+5", "../../etc/passwd", "x" * 4_000, "\0"])
def test_what_names_no_place_is_refused_with_a_way_to_write_it(typed: str) -> None:
    with pytest.raises(MemberError, match=r"continent and city, such as `Europe/Berlin`"):
        zone(typed)


def test_a_mistyped_zone_brings_up_the_one_that_was_meant() -> None:
    assert find_zones("Europe/Berln")[0] == "Europe/Berlin"
    with pytest.raises(MemberError, match=r"Did you mean `Asia/Tokyo`"):
        zone("Asia/Tokio")


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


NOW = utc("2026-11-25 12:00")
"""A Wednesday; 07:00 in New York."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow 8pm", "2026-11-27 01:00"),
        ("Saturday 20:30", "2026-11-29 01:30"),
        ("friday at 8pm", "2026-11-28 01:00"),
        ("Wednesday 20:00", "2026-11-26 01:00"),
        ("on wed, at 8.30 pm", "2026-11-26 01:30"),
        ("Wednesday 6:30", "2026-12-02 11:30"),
        ("next wednesday 20:00", "2026-12-03 01:00"),
        ("Wednesday 2 December 20:00", "2026-12-03 01:00"),
        ("tonight at 9pm", "2026-11-26 02:00"),
        ("20:00", "2026-11-26 01:00"),
        ("6:00", "2026-11-26 11:00"),
        ("in 2 hours", "2026-11-25 14:00"),
        ("in 45 minutes", "2026-11-25 12:45"),
        ("in half an hour", "2026-11-25 12:30"),
        ("in 3 days", "2026-11-28 12:00"),
        ("2027-03-28 20:00", "2027-03-29 00:00"),
        ("3/4/2027 20:00", "2027-04-04 00:00"),
        ("24 December 20:00", "2026-12-25 01:00"),
        ("2027-03-14 02:30", "2027-03-14 07:00"),
        ("2026-11-28 20:00 UTC", "2026-11-28 20:00"),
    ],
)
def test_a_moment_is_read_by_the_clock_of_the_server(text: str, expected: str) -> None:
    assert read_moment(text, NEW_YORK, NOW) == utc(expected)


def test_hours_from_now_pass_as_they_do_while_the_clocks_change() -> None:
    saturday_night = utc("2027-03-27 23:30")  # 00:30 in Berlin; clocks go forward at 02:00
    assert read_moment("in 3 hours", BERLIN, saturday_night) == utc("2027-03-28 02:30")


@pytest.mark.parametrize("text", ["", "banana", "1796083200", "x" * 101, "32/13/2027", "25:99", "\0"])
def test_what_is_no_moment_is_refused_with_a_way_to_say_it(text: str) -> None:
    with pytest.raises(MemberError, match="tomorrow 8pm"):
        read_moment(text, BERLIN, NOW)


@pytest.mark.parametrize("text", ["saturday", "2026-11-28", "24 December", "2027"])
def test_a_day_without_a_time_is_not_taken_for_midnight(text: str) -> None:
    with pytest.raises(MemberError, match="at what time"):
        read_moment(text, BERLIN, NOW)


@pytest.mark.parametrize(
    "text", ["saturday 00:00", "saturday at midnight", "saturday 12am", "2026-11-28 0:00", "2026-11-28T00:00"]
)
def test_midnight_is_a_time_where_it_is_said(text: str) -> None:
    assert read_moment(text, BERLIN, NOW) == utc("2026-11-27 23:00")


@pytest.mark.parametrize("text", ["yesterday", "2020-01-01 20:00", "2 hours ago"])
def test_a_moment_that_is_past_is_refused(text: str) -> None:
    with pytest.raises(MemberError, match="past"):
        read_moment(text, BERLIN, NOW)


def test_a_moment_more_than_a_year_away_is_refused() -> None:
    with pytest.raises(MemberError, match="more than a year"):
        read_moment("2027-11-26 20:00", BERLIN, NOW)
    assert read_moment("2027-11-24 20:00", BERLIN, NOW) == utc("2027-11-24 19:00")
