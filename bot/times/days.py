"""Days as people name them: every reading of the words that leaves none of them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import dateparser

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"(?:on )?(?:(this coming|coming|this|next) )?([a-z]+)")
_OTHER_BASE = timedelta(weeks=57)
"""Another day of the year, of the month, and another month, but the same weekday."""
_NO_DAY = re.compile(
    r"[0-9][:.][0-9]|[0-9] ?[ap]\.?m\b|\b(?:now|noon|midday|midnight)\b"
    r"|\b(?:next|this|last) (?:week|month|year)"
)
"""A time of day, or more than a day."""
_DOTTED = re.compile(r"\b([0-9]{1,2})\.(0?[1-9]|1[0-2])(?:\.([0-9]{4}))?(?![0-9.])")
_FILLERS = frozenset({"on", "the", "of", "in", "a", "an", "and", "from"})
"""Words without which a day is the same."""
_MOST_WORDS, _CENTURY = 8, 100


def read_days(words: str, today: date) -> list[tuple[date, ...]]:
    """Return the readings of a day's name: for each the days that it can be, to take the first future one.

    Args:
        words: in small letters; no words stand for today or tomorrow.
        today: the day on which it is said.
    """
    if not words:
        return [(today, today + _DAY)]
    named = _WEEKDAY.fullmatch(words)
    if named and (weekday := _weekday(named[2])) is not None:
        soonest = today + timedelta(days=(weekday - today.weekday()) % 7)
        if named[1] != "next":
            return [(soonest,) if named[1] else (soonest, soonest + _WEEK)]
        # Some mean the next that comes, some that of the next week.
        of_next_week = today + timedelta(days=7 - today.weekday() + weekday)
        return [
            (day,) for day in dict.fromkeys((soonest if soonest > today else soonest + _WEEK, of_next_week))
        ]
    words = _DOTTED.sub(lambda day: "/".join(filter(None, day.groups())), words)
    if _NO_DAY.search(words) or len(words.split()) > _MOST_WORDS:
        return []
    days = dict.fromkeys(_read(words, order, today) for order in ("DMY", "MDY"))
    return [_or_today(day, words, today) for day in days if day is not None]


def _read(words: str, order: str, today: date) -> date | None:
    """Read a day with dateparser, which fills in from its base what it does not understand."""
    read = day, other = _on_both_bases(words, order, today)
    if day is None or other is None:
        return None
    # Days from now move with the base, dates stay; what was filled in does neither.
    if other - day != _OTHER_BASE and (day.month, day.day) != (other.month, other.day):
        return None
    for word in re.finditer(r"\S+", words):
        weekday = _weekday(word[0])
        if weekday not in (None, day.weekday()):
            return None
        if weekday is None and word[0] not in _FILLERS and read in _without(word, order, today):
            return None
    return day


def _without(word: re.Match[str], order: str, today: date) -> Iterator[tuple[date | None, date | None]]:
    """Read a day with other numbers in one of its words, or without the word: it must be another day."""
    words = word.string
    numbers = list(re.compile("[0-9]+").finditer(words, word.start(), word.end()))
    for part in numbers or [word]:
        other = f"{int(part[0]) + 1:0{len(part[0])}}" if numbers else ""
        yield _on_both_bases(f"{words[: part.start()]}{other}{words[part.end() :]}", order, today)


def _on_both_bases(words: str, order: str, today: date) -> tuple[date | None, date | None]:
    return _parse(words, order, today), _parse(words, order, today + _OTHER_BASE)


def _or_today(day: date, words: str, today: date) -> tuple[date, ...]:
    """Add today where dateparser takes today's date, said without a year, for that of next year."""
    is_of_today = {int(number) for number in re.findall("[0-9]+", words)} <= {today.day, today.month}
    is_anniversary = (day.month, day.day) == (today.month, today.day) and day > today
    return (today, day) if is_of_today and is_anniversary else (day,)


def _parse(words: str, order: str, today: date) -> date | None:
    read = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time()),
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": order,
            "PREFER_LOCALE_DATE_ORDER": False,
            "PARSERS": ["relative-time", "absolute-time"],
        },
    )
    if read is None or read.time() != time() or read.tzinfo is not None:
        return None
    # dateparser takes a day of '26 that is past for one of 2126.
    return (
        read.date()
        if read.year - today.year < _CENTURY / 2
        else read.date().replace(year=read.year - _CENTURY)
    )


def _weekday(word: str) -> int | None:
    """Return the number of a weekday, Monday is 0, by its name or at least three letters of it."""
    return next((at for at, name in enumerate(_WEEKDAYS) if len(word) > 2 and name.startswith(word)), None)
