"""Reads times as people write them: time zones, weekly times across clock changes, moments in words."""

from __future__ import annotations

import re
from bisect import bisect_left
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import dateparser
from rapidfuzz import fuzz, process, utils

from bot.errors import MemberError

UTC_NAME = "UTC"
"""The default time zone of a server."""
_HINTS = 3
_LIKE_ENOUGH = 70
"""How similar a name must be to the typed text, out of 100."""
_ZONE_LIMIT, _MOMENT_LIMIT = 64, 100
"""Characters."""
_LONGEST = timedelta(days=365)
_WEEK = timedelta(days=7)
_MISLEADING = re.compile(r"[A-Z]{3}(\d[A-Z]{3})?|(GMT[+-]?0|Etc/.+|SystemV/.+|Factory|localtime)")
"""Misleading names: 'EST' never has summer time, and 'Etc/GMT+5' is five hours behind UTC."""
_CLEAR = frozenset({"GMT", "UTC"})
_WRITE_ZONE = "Write the time zone as continent and city, such as `Europe/Berlin`."
_ELAPSED = re.compile(r"\s*in\s+(?:an?|[\d.]+)\s*(?:hours?|hrs?|h|minutes?|mins?|m)\b", re.IGNORECASE)
_HALF_AN_HOUR = re.compile(r"\bhalf an hour\b", re.IGNORECASE)
_ON_A_WEEKDAY = re.compile(
    r"\s*(?:on\s+)?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,]+(?:at\s+)?"
    r"\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?|h)?\s*",
    re.IGNORECASE,
)
_MIDNIGHT = re.compile(r"midnight|(?<!\d)(?:0?0\s*(?:[:.]00|h)|12(?:[:.]00)?\s*a\.?m)", re.IGNORECASE)
_WRITE_MOMENT = "Say it as `tomorrow 8pm`, `Saturday 20:30` or `2027-03-28 20:00`."


def zone(name: str) -> ZoneInfo:
    """Find a time zone by its name, or by its city if only one zone has that city.

    Args:
        name: as in the IANA database, such as 'Europe/Berlin'; case and spaces do not matter.

    Raises:
        MemberError: no zone has this name; the sentence names the nearest.
    """
    typed = _plain(name[: _ZONE_LIMIT + 1])
    if found := _by_name().get(typed):
        return ZoneInfo(found)
    if len(cities := [one for one in _zones() if _plain(one.rpartition("/")[2]) == typed]) == 1:
        return ZoneInfo(cities[0])
    nearest = cities[:_HINTS] or find_zones(name)[:_HINTS]
    hint = f" Did you mean {' or '.join(f'`{one}`' for one in nearest)}?" if nearest else ""
    raise MemberError(f"I do not know that time zone. {_WRITE_ZONE}{hint}")


def find_zones(typed: str) -> list[str]:
    """Return at most 25 zone names similar to the typed text, the most similar first."""
    found = process.extract(
        typed[:_ZONE_LIMIT],
        _zones(),
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=25,
        score_cutoff=_LIKE_ENOUGH,
    )
    return [name for name, _, _ in found]


def next_weekly(weekday: int, hour: int, minute: int, local: ZoneInfo, after: datetime) -> datetime:
    """Return the next moment with this weekday and time.

    If the clocks skip that time, return the first moment after the gap; if they repeat it, the first one.

    Args:
        weekday: Monday is 0.
        hour: 0–23.
        minute: 0–59.
        local: the time zone.
        after: any moment with a zone; the result is later.

    Returns:
        The moment, in UTC.
    """
    at, today = time(hour, minute), after.astimezone(local).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    while (moment := _moment(day, at, local)) <= after:
        day += _WEEK
    return moment


def read_clock(text: str) -> time:
    """Read a time of day, such as '20:00', '8pm' or '8:30 pm'.

    Raises:
        MemberError: the text is not a time of day.
    """
    typed = text.strip().upper().replace(" ", "").replace(".", ":")
    for form in ("%H:%M", "%I%p", "%I:%M%p"):
        with suppress(ValueError):
            return datetime.strptime(typed, form).time()  # noqa: DTZ007  # a clock's face has no zone
    raise MemberError("I do not understand that time. Write it as `20:00` or `8pm`.")


def read_moment(text: str, local: ZoneInfo, now: datetime) -> datetime:
    """Read a moment from English words or a date.

    This takes milliseconds, the first time half a second: call it off the event loop.

    Args:
        text: such as 'tomorrow 8pm', 'in 2 hours', '2027-03-28 20:00'.
        local: the zone of a time that names none.
        now: with a zone.

    Returns:
        The moment, in UTC; later than now, and within a year.

    Raises:
        MemberError: the text cannot be understood, is a day without a time, is past, or too far away.
    """
    if len(text) > _MOMENT_LIMIT:
        raise MemberError(f"I do not understand that time. {_WRITE_MOMENT}")
    text = _HALF_AN_HOUR.sub("30 minutes", text)
    # Hours and minutes from now are elapsed time, so use UTC; days are counted on the local calendar.
    base = now.astimezone(UTC if _ELAPSED.match(text) else local)
    read = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": base.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "DMY",
            "PREFER_LOCALE_DATE_ORDER": False,
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )
    if read is None:
        raise MemberError(f"I do not understand that time. {_WRITE_MOMENT}")
    if read.time() == time(0) and not _MIDNIGHT.search(text):
        raise MemberError(f"Say at what time of that day, too. {_WRITE_MOMENT}")
    if _ON_A_WEEKDAY.fullmatch(text) and read - _WEEK > base.replace(tzinfo=None):
        read -= _WEEK  # 'Friday 20:00', said on a Friday afternoon, is tonight; dateparser takes the next one
    if read.tzinfo is not None:
        moment = read.astimezone(UTC)
    elif base.tzinfo is UTC:
        moment = read.replace(tzinfo=UTC)
    else:
        moment = _moment(read.date(), read.time(), local)
    if moment <= now:
        raise MemberError(f"That time is past. {_WRITE_MOMENT}")
    if moment > now + _LONGEST:
        raise MemberError("That is more than a year away. Choose a time within a year.")
    return moment


def _moment(day: date, at: time, local: ZoneInfo) -> datetime:
    """Return when local clocks first show this time, or first pass it if they skip it; in UTC."""
    shown = datetime.combine(day, at, local)
    moment = shown.astimezone(UTC)
    if moment.astimezone(local).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return moment
    # Within a gap, fold=1 reads the offset after it, which gives a moment before it (PEP 495).
    before = shown.replace(fold=1).astimezone(UTC)
    seconds = range(int((moment - before).total_seconds()) + 1)
    later = moment.astimezone(local).utcoffset()
    gone = bisect_left(
        seconds, x=True, key=lambda s: (before + timedelta(seconds=s)).astimezone(local).utcoffset() == later
    )
    return before + timedelta(seconds=gone)


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


@cache
def _zones() -> tuple[str, ...]:
    return tuple(
        sorted(one for one in available_timezones() if one in _CLEAR or not _MISLEADING.fullmatch(one))
    )


@cache
def _by_name() -> dict[str, str]:
    return {_plain(one): one for one in _zones()}
