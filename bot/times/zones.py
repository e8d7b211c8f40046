"""Time zones by name, by city, and by what people call them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz, process, utils

from bot.errors import MemberError

UTC_NAME = "UTC"
"""The default time zone of a server."""
_HINTS = 3
_LIKE_ENOUGH = 70
"""How similar a name must be to the typed text, out of 100."""
_ZONE_LIMIT = 64
"""Characters."""
_MISLEADING = re.compile(r"[A-Z]{3}(\d[A-Z]{3})?|(GMT[+-]?0|Etc/.+|SystemV/.+|Factory|localtime)")
"""Misleading names: 'EST' never has summer time, and 'Etc/GMT+5' is five hours behind UTC."""
_CLEAR = frozenset({"GMT", "UTC"})
_WRITE_ZONE = "Write the time zone as continent and city, such as `Europe/Berlin`."
_CALLED = {
    # The English names and abbreviations of the Unicode locale data. IST is missing: it has three meanings.
    "UTC": "utc gmt z",
    "Europe/London": "bst british uk",
    "Europe/Lisbon": "wet west",
    "Europe/Berlin": "cet cest central_european",
    "Europe/Helsinki": "eet eest eastern_european",
    "Europe/Moscow": "msk moscow",
    "America/St_Johns": "nst ndt newfoundland",
    "America/Halifax": "ast adt atlantic",
    "America/New_York": "et est edt eastern",
    "America/Chicago": "ct cst cdt central",
    "America/Denver": "mt mst mdt mountain",
    "America/Los_Angeles": "pt pst pdt pacific",
    "America/Anchorage": "akst akdt alaska",
    "Pacific/Honolulu": "hst hawaii",
    "America/Sao_Paulo": "brt brasilia",
    "Africa/Johannesburg": "sast",
    "Asia/Singapore": "sgt",
    "Asia/Hong_Kong": "hkt",
    "Asia/Tokyo": "jst japan",
    "Asia/Seoul": "kst korea",
    "Australia/Perth": "awst",
    "Australia/Adelaide": "acst acdt",
    "Australia/Sydney": "aet aest aedt",
    "Pacific/Auckland": "nzst nzdt",
}
_BY_CALL = {call: name for name, calls in _CALLED.items() for call in calls.split()}
_TIME = re.compile(r"(.+?)(?:_(?:standard|daylight|summer))?_time")
_OFFSET = re.compile(r"(?:utc|gmt)([+-])([0-9]{1,2})(?::?([0-5][0-9]))?")
_LARGEST_OFFSET = timedelta(hours=14)


def zone(name: str) -> ZoneInfo:
    """Find a time zone by its name, by what people call it, or by its city if only one zone has that city.

    Args:
        name: as in the IANA database, such as 'Europe/Berlin', or such as 'EST', 'Pacific Time' or 'Tokyo';
            case and spaces do not matter.

    Raises:
        MemberError: no zone has this name; the sentence names the nearest.
    """
    typed = _plain(name[: _ZONE_LIMIT + 1])
    if found := _by_name().get(typed) or _called(typed):
        return ZoneInfo(found)
    timed = _TIME.fullmatch(typed)
    if len(cities := _with_city(timed[1] if timed else typed)) == 1:
        return ZoneInfo(cities[0])
    nearest = cities[:_HINTS] or find_zones(name)[:_HINTS]
    if not nearest:
        raise MemberError(f"I don't know that time zone. {_WRITE_ZONE}")
    hints = " or ".join(f"`{one}`" for one in nearest)
    raise MemberError(f"I don't know that time zone. Did you mean {hints}? {_WRITE_ZONE}")


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


def spoken_zone(words: str, local: tzinfo) -> tzinfo | None:
    """Find the zone that these words of a sentence mean; None if they mean none.

    Args:
        words: such as 'EST', 'Pacific Time', 'Berlin time', 'Europe/Berlin' or 'UTC+2'.
        local: if its clocks show such an abbreviation, it is that zone's.
    """
    typed = _plain(words)
    if offset := _OFFSET.fullmatch(typed):
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(ahead if offset[1] == "+" else -ahead) if ahead <= _LARGEST_OFFSET else None
    if typed.upper() in abbreviations(local):
        return local
    name = _called(typed) or (_by_name().get(typed) if "/" in typed else None)
    # A city alone could be another word of the sentence, such as 'Easter'.
    if name is None and (city := _TIME.fullmatch(typed)) and len(cities := _with_city(city[1])) == 1:
        name = cities[0]
    return None if name is None else ZoneInfo(name)


@cache
def abbreviations(local: tzinfo) -> frozenset[str]:
    """Return what the clocks of a zone are said to show: 'EST' in winter and 'EDT' in summer."""
    year = datetime.now(UTC).year
    names = (datetime(year, month, 1, tzinfo=UTC).astimezone(local).tzname() for month in (1, 7))
    return frozenset(name for name in names if name)


def _called(typed: str) -> str | None:
    named = _TIME.fullmatch(typed)
    return _BY_CALL.get(named[1] if named else typed)


def _with_city(city: str) -> list[str]:
    return [one for one in _zones() if _plain(one.rpartition("/")[2]) == city]


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
