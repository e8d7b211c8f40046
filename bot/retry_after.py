"""How long a site that was asked too often wants to be left alone, read from its answer's headers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_DAY = 86_400.0


def number_in(headers: Mapping[str, str], name: str) -> int | None:
    """A header's whole number; None where it is missing or something else."""
    text = headers.get(name, "").strip()
    # As long as a moment in Unix time; more digits are nonsense.
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("1502035959") else None


def seconds_to_wait(headers: Mapping[str, str], *, unsaid: float) -> float:
    """Seconds until the site may be asked again, 0.0 to a day.

    ``Retry-After`` in seconds or as a date (RFC 9110, §10.2.3), otherwise AniList's ``X-RateLimit-Reset``
    in Unix time (https://docs.anilist.co/guide/rate-limiting).

    Args:
        headers: the answer's.
        unsaid: what holds where neither header says.
    """
    seconds = number_in(headers, "Retry-After")
    if seconds is not None:
        return min(float(seconds), _DAY)
    moment = _date_in(headers, "Retry-After") or number_in(headers, "X-RateLimit-Reset")
    return unsaid if moment is None else min(max(moment - time.time(), 0.0), _DAY)


def _date_in(headers: Mapping[str, str], name: str) -> float | None:
    try:
        return parsedate_to_datetime(headers.get(name, "")).timestamp()
    except (ValueError, OverflowError):
        return None
