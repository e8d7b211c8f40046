"""What clocks show: times of day, weekly times, and the moments when local clocks show them."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.errors import MemberError

_WEEK = timedelta(days=7)


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
    while (moment := moment_of(day, at, local)) <= after:
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
    raise MemberError("I don't understand that time. Write it as `20:00` or `8pm`.")


def moment_of(day: date, at: time, local: tzinfo) -> datetime:
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
