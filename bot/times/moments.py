"""Moments as people write them: all readings of the words are tried, and only one may be left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import product
from zoneinfo import ZoneInfo

from bot.errors import MemberError
from bot.times.clock import moment_of
from bot.times.days import read_days
from bot.times.zones import abbreviations, spoken_zone

_LIMIT = 100
"""Characters."""
_MOST_CLOCKS = 4
"""Numbers of a text that may be a time of day; no moment has more."""
_DAY, _LONGEST = timedelta(days=1), timedelta(days=365)
_NUMBERS = {
    "a": 1.0,
    "an": 1.0,
    "half a": 0.5,
    "half an": 0.5,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
    "twelve": 12.0,
}
_AMOUNT = rf"({'|'.join(_NUMBERS)}|[0-9]{{1,3}}(?:[.,][0-9]{{1,2}})?)"
_MINUTES = r" ?(?:m|mins?|minutes?)"
_ELAPSED = re.compile(
    rf"(?:in )?(?:{_AMOUNT} ?(?:h|hrs?|hours?)( and a half)?"
    rf"(?:(?: and|) ?(?:([0-9]{{1,3}}){_MINUTES}|([0-5][0-9])))?|{_AMOUNT}{_MINUTES})( from now| ago)?"
)
_CLOCK = re.compile(
    r"(?<![\w.,:/+-])(?P<at>at |@ ?)?"
    r"(?:(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-5][0-9])(?::00)?)?"
    r" ?(?P<unit>[ap]\.?m\b\.?|h\b|o'?clock\b)?|(?P<word>noon|midday|midnight))"
    r"(?![\w:/+-]|[.,][0-9])"
)
_PART = re.compile(r"(?:in the |at )?\b(morning|afternoon|evening|night)\b")
_PARTS = {
    "morning": frozenset(range(4, 12)),
    "afternoon": frozenset(range(12, 18)),
    "evening": frozenset(range(17, 24)),
    "night": frozenset({*range(18, 24), 0}),
}
"""Hours that people call so."""
_ISO_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
"""Goes with hours up to 24."""
_ZONE_WORDS = 4
_WRITE_MOMENT = "Write it as `tomorrow 8pm`, `Saturday 20:30` or `2027-03-28 20:00`."


def read_moment(text: str, local: ZoneInfo, now: datetime) -> datetime:
    """Read a moment from English words or a date.

    This takes milliseconds, the first time half a second: call it off the event loop.

    Args:
        text: such as 'tomorrow 8pm', 'in 2 hours', '2027-03-28 20:00', 'Saturday 8pm EST'.
        local: the zone of a time that names none.
        now: with a zone.

    Returns:
        The moment, in UTC; later than now, and within a year.

    Raises:
        MemberError: the text cannot be understood as a whole, has several meanings, is a day without a time,
            is past, or too far away.
    """
    if len(text) > _LIMIT:
        raise MemberError(f"I don't understand that time. {_WRITE_MOMENT}")
    said = _plain(text)
    elapsed = list(_elapsed(said, now))
    # '20h' is in 20 hours or at 20:00, '2 hours' is no time of day.
    on_clocks = _on_clocks(said, local, now) if not elapsed or _CLOCK.fullmatch(said) else ()
    moments: list[datetime] = sorted({*elapsed, *on_clocks})
    future = [moment for moment in moments if moment > now]
    if len(future) > 1:
        one, other = (_in_words(moment.astimezone(local)) for moment in future[:2])
        raise MemberError(f"That could be {one} or {other}. Which one? {_WRITE_MOMENT}")
    if moments and not future:
        raise MemberError(f"That time has passed. {_WRITE_MOMENT}")
    if not future:
        raise MemberError(f"I don't understand that time. {_WRITE_MOMENT}")
    if future[0] > now + _LONGEST:
        raise MemberError("That is more than a year away. Choose a time within a year.")
    return future[0]


def _plain(text: str) -> str:
    """Return the words in small letters with single spaces, without what only separates them."""
    said = " ".join(re.sub(r"(?<![0-9]),|,(?![0-9])", " ", text.casefold()).split()).strip(" .!?")
    said = re.sub(r"(?<=[0-9])t(?=[0-9])", " ", said)  # 2026-11-28T20:00
    said = re.sub(r"(?<=:[0-9]{2})(?=[+-][0-9]{2}:?[0-9]{2}$|z$)", " utc", said).replace(" utcz", " utc")
    said = re.sub(r"\bthis (?=morning|afternoon|evening|night)", "today ", said)
    return re.sub(r"\btonight\b", "today night", said)


def _elapsed(said: str, now: datetime) -> Iterator[datetime]:
    """Read hours and minutes from now: they pass as they do, also while clocks change."""
    if match := _ELAPSED.fullmatch(said):
        hours, half, minutes, more, alone, which = match.groups()
        passed = timedelta(
            hours=_number(hours) + (0.5 if half else 0.0), minutes=_number(minutes or more or alone)
        )
        yield now - passed if which == " ago" else now + passed


def _number(amount: str | None) -> float:
    if amount is None:
        return 0.0
    return _NUMBERS[amount] if amount in _NUMBERS else float(amount.replace(",", "."))


def _on_clocks(said: str, local: tzinfo, now: datetime) -> Iterator[datetime]:
    """Read a time of day with its day, its part of the day and its zone, in any order."""
    said, zone, called = _without_zone(said, local)
    if part := _PART.search(said):
        said = _without(said, part)
    clocks = list(_CLOCK.finditer(said))
    todays = {now.astimezone(each).date() for each in (zone, local)}
    _refuse_day_alone(said, todays, clocks)
    for clock in clocks if len(clocks) <= _MOST_CLOCKS else ():
        day = _without(said, clock)
        if not day and not any(clock.group("at", "minute", "unit", "word")):
            continue  # a number alone
        for today in todays if day else {now.astimezone(zone).date()}:
            for days, at in product(read_days(day, today), _times(clock, part and part[1])):
                # Midnight of tonight, or of today, is where tomorrow begins; that of a day may be either end.
                at_its_end = at.hour == 0 and (part or (days, at) == ((today,), time()))
                either = clock["word"] == "midnight" and bool(day) and not at_its_end
                if not at_its_end:
                    yield _first_future(days, at, zone, called, now)
                if at_its_end or either:
                    yield _first_future([one + _DAY for one in days], at, zone, called, now)


def _refuse_day_alone(said: str, todays: Set[date], clocks: Sequence[re.Match[str]]) -> None:
    """Raise if all words together are a day, even if a number of it could be a time, as in '12.05'."""
    days = [days[-1] for today in todays for days in read_days(said, today) if said]
    if any(day >= min(todays) for day in days):
        raise MemberError(f"Add the time of day. {_WRITE_MOMENT}")
    if days and not clocks:
        raise MemberError(f"That time has passed. {_WRITE_MOMENT}")


def _without_zone(said: str, local: tzinfo) -> tuple[str, tzinfo, str]:
    """Take the zone out of the words; returns what is left, the zone, and what it was called."""
    words = said.split()
    for n in range(_ZONE_WORDS, 0, -1):
        for at in range(len(words) - n + 1):
            called = " ".join(words[at : at + n])
            if (zone := spoken_zone(called, local)) is not None:
                return " ".join(words[:at] + words[at + n :]), zone, called.upper()
    return said, local, ""


def _without(said: str, found: re.Match[str]) -> str:
    return " ".join(f"{said[: found.start()]} {said[found.end() :]}".split()).strip(" .")


def _times(clock: re.Match[str], part: str | None) -> set[time]:
    """Return the times that are meant: 8:30 is in the morning or in the evening, 08:30 and 20:30 are not."""
    if clock["word"]:
        return {time(0 if clock["word"] == "midnight" else 12)}
    hour, unit = int(clock["hour"]), (clock["unit"] or " ")[0]
    halves = {hour % 12, hour % 12 + 12} if hour <= 12 else {hour}
    if unit in "ap":
        halves = {hour % 12 + (12 if unit == "p" else 0)} if 1 <= hour <= 12 else set()
    elif part is None and (
        "h" in clock[0]
        or hour == 0
        or (clock["minute"] and (hour == 12 or clock["hour"][0] == "0" or _ISO_DAY.search(clock.string)))
    ):
        halves = {hour}
    fitting = {one for one in halves if one < 24 and (part is None or one in _PARTS[part])}
    return {time(one, int(clock["minute"] or 0)) for one in fitting}


def _first_future(days: Sequence[date], at: time, zone: tzinfo, called: str, now: datetime) -> datetime:
    """Return the first moment that is not past, or the last.

    Raises:
        MemberError: the clocks do not show the abbreviation that was said: 'EST' in summer.
    """
    moments = [moment_of(day, at, zone) for day in days]
    moment = next((one for one in moments if one > now), moments[-1])
    shown = moment.astimezone(zone).tzname()
    if called in abbreviations(zone) and shown != called:
        raise MemberError(
            f"That day the clocks show {shown}, not {called}. Name a city, such as `8pm Berlin time`."
        )
    return moment


def _in_words(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}, {moment:%H:%M}"
