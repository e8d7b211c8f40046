"""Moments as people write them: read as a whole and with one meaning, or asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import MemberError
from bot.times import read_moment

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOW = utc("2026-11-25 12:00")
"""A Wednesday; 07:00 in New York, five hours behind UTC until 14 March 2027."""

# By hand, by a calendar.
ON_CLOCKS = [
    ("tomorrow 8pm", "2026-11-27 01:00"),
    ("8pm tomorrow", "2026-11-27 01:00"),
    ("Tomorrow, 8 PM!", "2026-11-27 01:00"),
    ("tomorrow 20.30", "2026-11-27 01:30"),
    ("tomorrow 20h", "2026-11-27 01:00"),
    ("tomorrow 20h30", "2026-11-27 01:30"),
    ("tomorrow 20", "2026-11-27 01:00"),
    ("tomorrow at 8 p.m.", "2026-11-27 01:00"),
    ("tomorrow noon", "2026-11-26 17:00"),
    ("Saturday 20:30", "2026-11-29 01:30"),
    ("friday at 8pm", "2026-11-28 01:00"),
    ("this friday 8pm", "2026-11-28 01:00"),
    ("sat 8pm", "2026-11-29 01:00"),
    ("8 pm on saturday", "2026-11-29 01:00"),
    ("Wednesday 20:00", "2026-11-26 01:00"),
    ("on wed, at 8.30 pm", "2026-11-26 01:30"),
    ("Wednesday 06:30", "2026-12-02 11:30"),
    ("next wednesday 20:00", "2026-12-03 01:00"),
    ("next monday 8pm", "2026-12-01 01:00"),
    ("Wednesday 2 December 20:00", "2026-12-03 01:00"),
    ("saturday 28 november 8pm", "2026-11-29 01:00"),
    ("tonight at 9pm", "2026-11-26 02:00"),
    ("tonight 8", "2026-11-26 01:00"),
    ("tonight 8:30", "2026-11-26 01:30"),
    ("this evening at 8", "2026-11-26 01:00"),
    ("tomorrow morning 8", "2026-11-26 13:00"),
    ("tomorrow at 7 in the evening", "2026-11-27 00:00"),
    ("saturday afternoon at 3", "2026-11-28 20:00"),
    ("20:00", "2026-11-26 01:00"),
    ("20:00:00", "2026-11-26 01:00"),
    ("at 20h", "2026-11-26 01:00"),
    ("06:00", "2026-11-26 11:00"),
    ("noon", "2026-11-25 17:00"),
    ("today 8pm", "2026-11-26 01:00"),
    ("in 3 days at 8pm", "2026-11-29 01:00"),
    ("in a week at 8pm", "2026-12-03 01:00"),
    ("in two weeks at 20:00", "2026-12-10 01:00"),
    ("the day after tomorrow at 20:00", "2026-11-28 01:00"),
    ("a week from tomorrow 8pm", "2026-12-04 01:00"),
    ("2027-03-28 20:00", "2027-03-29 00:00"),
    ("28 march 2027 8pm", "2027-03-29 00:00"),
    ("13/4/2027 20:00", "2027-04-14 00:00"),
    ("4/13/2027 20:00", "2027-04-14 00:00"),
    ("24.12. 20.30", "2026-12-25 01:30"),
    ("24/12 8pm", "2026-12-25 01:00"),
    ("6/6 8pm", "2027-06-07 00:00"),
    ("24 December 20:00", "2026-12-25 01:00"),
    ("12/1/26 8pm", "2026-12-02 01:00"),
    ("tomorrow 12:30", "2026-11-26 17:30"),
    ("tomorrow 8h30", "2026-11-26 13:30"),
    ("December 24th, 8pm", "2026-12-25 01:00"),
    ("on the 3rd of december at 8pm", "2026-12-04 01:00"),
    ("25 november 8pm", "2026-11-26 01:00"),
    ("2027-03-14 02:30", "2027-03-14 07:00"),  # skipped: the clocks go forward
    # Midnight is where its day begins; that of tonight is where tomorrow does.
    ("saturday 00:00", "2026-11-28 05:00"),
    ("saturday 12am", "2026-11-28 05:00"),
    ("2026-11-28T00:00", "2026-11-28 05:00"),
    ("midnight", "2026-11-26 05:00"),
    ("tonight at midnight", "2026-11-26 05:00"),
    ("tonight at 12", "2026-11-26 05:00"),
    # Zones.
    ("2026-11-28 20:00 UTC", "2026-11-28 20:00"),
    ("2026-11-28T20:00Z", "2026-11-28 20:00"),
    ("2026-11-28T20:00:00+01:00", "2026-11-28 19:00"),
    ("2026-11-28 20:00 UTC+2", "2026-11-28 18:00"),
    ("8pm EST", "2026-11-26 01:00"),
    ("tomorrow 8pm EST", "2026-11-27 01:00"),
    ("8pm EST tomorrow", "2026-11-27 01:00"),
    ("8pm CST", "2026-11-26 02:00"),
    ("8pm Pacific Time", "2026-11-26 04:00"),
    ("saturday 8pm PT", "2026-11-29 04:00"),
    ("20:00 CET", "2026-11-25 19:00"),
    ("Sunday 7pm JST", "2026-11-29 10:00"),
    ("20:00 Europe/Berlin", "2026-11-25 19:00"),
    ("20:00 Berlin time", "2026-11-25 19:00"),
    ("5 july 8pm ET", "2027-07-06 00:00"),
    ("5 july 8pm EDT", "2027-07-06 00:00"),
]
ELAPSED = [
    ("in 2 hours", 120),
    ("2 hours from now", 120),
    ("in two hours", 120),
    ("in 20h", 1200),
    ("in 45 minutes", 45),
    ("in 90 min", 90),
    ("in half an hour", 30),
    ("in an hour", 60),
    ("in an hour and a half", 90),
    ("in 1h30", 90),
    ("in 1 h 30 min", 90),
    ("in 1 hour and 30 minutes", 90),
    ("in 2,5h", 150),
    ("2,5h", 150),
    ("in 2.5 hours", 150),
]


@pytest.mark.parametrize(("text", "expected"), ON_CLOCKS)
def test_a_moment_is_read_by_the_clock_of_the_server(text: str, expected: str) -> None:
    assert read_moment(text, NEW_YORK, NOW) == utc(expected)


@pytest.mark.parametrize(("text", "minutes"), ELAPSED)
def test_hours_and_minutes_count_from_now(text: str, minutes: int) -> None:
    assert read_moment(text, NEW_YORK, NOW) == NOW + timedelta(minutes=minutes)


def test_hours_from_now_pass_as_they_do_while_the_clocks_change() -> None:
    saturday_night = utc("2027-03-27 23:30")  # 00:30 in Berlin; clocks go forward at 02:00
    assert read_moment("in 3 hours", BERLIN, saturday_night) == utc("2027-03-28 02:30")


@pytest.mark.parametrize("text", [text for text, _ in ON_CLOCKS])
def test_the_minute_of_asking_fills_in_nothing(text: str) -> None:
    """A second base, as far away as no time of day changes its meaning, gives the same moment."""
    later = NOW + timedelta(minutes=7, seconds=13, microseconds=21)
    assert read_moment(text, NEW_YORK, later) == read_moment(text, NEW_YORK, NOW)


WORDS = ["banana", "9:15", "or", "2031", "x2", "christmas", "7", "15", "20"]


@given(st.sampled_from([*ON_CLOCKS, *ELAPSED]), st.sampled_from(WORDS), st.randoms())
@settings(max_examples=150)
def test_a_word_that_is_not_understood_is_never_dropped(
    case: tuple[str, object], added: str, random: Random
) -> None:
    # 'in 2 hours 15' and 'in a 7 week' say what they mean.
    assume(not (added.isdecimal() and len(added) < 3 and (case in ELAPSED or "week" in case[0])))
    words = case[0].split()
    words.insert(random.randint(0, len(words)), added)
    with pytest.raises(MemberError):
        read_moment(" ".join(words), NEW_YORK, NOW)


FORMS = (
    "{0:%Y-%m-%d %H:%M}",
    "{0:%Y-%m-%dT%H:%M}",
    "{0:%H:%M} {0.day} {0:%B %Y}",
    "{0:%B} {0.day}, {0.year} {0:%I:%M%p}",
    "{0:%A} {0.day} {0:%b %Y} at {0:%I.%M %p}",
    "{0:%d %B} {0:%Hh%M}",
)


@given(
    st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None) + timedelta(days=364)),
    st.sampled_from(FORMS),
)
@settings(max_examples=200)
def test_what_says_one_moment_is_read_as_it(shown: datetime, form: str) -> None:
    shown = shown.replace(second=0, microsecond=0)
    moment = shown.replace(tzinfo=BERLIN).astimezone(UTC)
    assume(form != FORMS[2] or shown.hour not in (10, 11))  # could be in the evening
    assume(moment > NOW and moment.astimezone(BERLIN).replace(tzinfo=None) == shown)  # not skipped
    assert read_moment(form.format(shown), BERLIN, NOW) == moment


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 23))
def test_a_date_whose_day_could_be_its_month_is_asked_for(one: int, other: int, hour: int) -> None:
    assume(one != other)
    for said in (f"{one}/{other} {hour}:00", f"{one}.{other}. {hour}h", f"{one}/{other}/2027 {hour}:00"):
        with pytest.raises(MemberError, match="That could be"):
            read_moment(said, BERLIN, utc("2026-12-31 23:00"))


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("tomorrow 8", "Thursday 26 November 2026, 08:00", "Thursday 26 November 2026, 20:00"),
        ("saturday at 8 o'clock", "Saturday 28 November 2026, 08:00", "Saturday 28 November 2026, 20:00"),
        ("saturday 8:30", "Saturday 28 November 2026, 08:30", "Saturday 28 November 2026, 20:30"),
        ("8.30", "Wednesday 25 November 2026, 20:30", "Thursday 26 November 2026, 08:30"),
        ("saturday midnight", "Saturday 28 November 2026, 00:00", "Sunday 29 November 2026, 00:00"),
        ("tomorrow at midnight", "Thursday 26 November 2026, 00:00", "Friday 27 November 2026, 00:00"),
        ("at 8", "Wednesday 25 November 2026, 20:00", "Thursday 26 November 2026, 08:00"),
        ("tomorrow 12", "Thursday 26 November 2026, 00:00", "Thursday 26 November 2026, 12:00"),
        ("20h", "Wednesday 25 November 2026, 20:00", "Thursday 26 November 2026, 09:00"),
        ("1h30", "Wednesday 25 November 2026, 14:30", "Thursday 26 November 2026, 01:30"),
        ("12/05 8pm", "Saturday 5 December 2026, 20:00", "Wednesday 12 May 2027, 20:00"),
        ("3.4.2027 20:00", "Thursday 4 March 2027, 20:00", "Saturday 3 April 2027, 20:00"),
        ("next friday 8pm", "Friday 27 November 2026, 20:00", "Friday 4 December 2026, 20:00"),
    ],
)
def test_of_two_meanings_both_are_named(text: str, one: str, other: str) -> None:
    with pytest.raises(MemberError, match="tomorrow 8pm") as asked:
        read_moment(text, BERLIN, NOW)
    assert str(asked.value).startswith(f"That could be {one} or {other}. Which one?")


def test_a_meaning_that_is_past_is_none() -> None:
    assert read_moment("today 8", BERLIN, NOW) == utc("2026-11-25 19:00")
    assert read_moment("12/05/2026 8pm", BERLIN, NOW) == utc("2026-12-05 19:00")


def test_tomorrow_is_asked_for_where_it_differs_from_the_named_zone() -> None:
    """At 02:00 in Berlin it is still the day before in New York."""
    with pytest.raises(
        MemberError, match="Thursday 26 November 2026, 02:00 or Friday 27 November 2026, 02:00"
    ):
        read_moment("tomorrow 8pm EST", BERLIN, utc("2026-11-25 01:00"))


NO_MOMENT = [
    "",
    "banana",
    "1796083200",
    "x" * 101,
    "32/13/2027",
    "25:99",
    "\0",
    "2027",
    "december 8pm",
    "8",
    "20",
]
MORE_THAN_ONE = ["tomorrow 8pm or 9pm", "tomorrow 8-10pm", "tomorrow 8 20:00", "tomorrow tomorrow 8pm"]
CONTRADICTIONS = ["friday 28 november 8pm", "tomorrow morning 8pm", "13pm", "8pm UTC+99"]
NOT_READ = [
    "half past 8",
    "next week 8pm",
    "tomorrow at 8pm for 2 hours",
    "in 45",
    "8pm IST",
    "20:00:15",
    "now",
]
DIGITS = ["２０:００", "1 2 3 4 5 6 7 8 9"]


@pytest.mark.parametrize("text", [*NO_MOMENT, *MORE_THAN_ONE, *CONTRADICTIONS, *NOT_READ, *DIGITS])
def test_what_is_no_moment_is_refused_with_a_way_to_say_it(text: str) -> None:
    with pytest.raises(MemberError, match=r"I don't understand that time\. Write it as `tomorrow 8pm`"):
        read_moment(text, BERLIN, NOW)


DAYS = ["saturday", "2026-11-28", "24 December", "tomorrow", "in 3 days", "in a week", "saturday UTC"]
PERHAPS_DAYS = ["tomorrow evening", "12.05", "saturday 5.12"]


@pytest.mark.parametrize("text", [*DAYS, *PERHAPS_DAYS])
def test_a_day_without_a_time_is_asked_for_it(text: str) -> None:
    with pytest.raises(MemberError, match="Add the time of day"):
        read_moment(text, BERLIN, NOW)


@pytest.mark.parametrize(
    ("text", "shown"), [("5 july 8pm EST", "EDT"), ("5 july 20:00 CET", "CEST"), ("20:00 CEST", "CET")]
)
def test_an_abbreviation_of_the_other_season_is_asked_for(text: str, shown: str) -> None:
    with pytest.raises(MemberError, match=f"That day the clocks show {shown}"):
        read_moment(text, BERLIN, NOW)


@pytest.mark.parametrize(("local", "hours"), [("Asia/Shanghai", 12), ("America/Chicago", 26)])
def test_an_abbreviation_is_that_of_the_servers_zone_where_its_clocks_show_it(local: str, hours: int) -> None:
    """CST is eight hours ahead of UTC in China, six behind in Chicago."""
    assert read_moment("2026-11-26 20:00 CST", ZoneInfo(local), NOW) == utc("2026-11-26 00:00") + timedelta(
        hours=hours
    )


@pytest.mark.parametrize(
    "text", ["yesterday", "2020-01-01 20:00", "2 hours ago", "this morning at 8", "in 0 minutes"]
)
def test_a_moment_that_is_past_is_refused(text: str) -> None:
    with pytest.raises(MemberError, match="has passed"):
        read_moment(text, BERLIN, NOW)


def test_a_moment_more_than_a_year_away_is_refused() -> None:
    with pytest.raises(MemberError, match="more than a year"):
        read_moment("2027-11-26 20:00", BERLIN, NOW)
    assert read_moment("2027-11-24 20:00", BERLIN, NOW) == utc("2027-11-24 19:00")
