"""Rate limiting for a site: spreads requests over the minute, and sends none while the site wants a pause."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_DAY = 86_400.0


def number_in(headers: Mapping[str, str], name: str) -> int | None:
    """Read a header's whole number; None if it is missing or something else."""
    text = headers.get(name, "").strip()
    # At most as many digits as a Unix time has; more are nonsense.
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("1502035959") else None


def seconds_to_wait(headers: Mapping[str, str], *, unsaid: float) -> float:
    """Return the seconds until the site may be asked again, 0.0 to a day; `unsaid` if no header tells.

    Reads ``Retry-After`` in seconds or as a date (RFC 9110, §10.2.3), otherwise AniList's
    ``X-RateLimit-Reset`` in Unix time (https://docs.anilist.co/guide/rate-limiting).
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


_MINUTE = 60.0


class RestError(Exception):
    """A site wants a longer pause than the caller would wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s are left")
        self.seconds = seconds
        """Seconds until the site may be asked again."""


class Pace:
    """Gives turns to send requests to a site, evenly spread because sites also refuse bursts.

    Within any minute there are at most as many turns as the limit at its end allows, even when the site
    lowers its limit.
    """

    def __init__(self, per_minute: int) -> None:
        """Give at most `per_minute` turns a minute, the first at once; fewer if the site's answers say so."""
        self._most = self._limit = per_minute
        self._turns: deque[float] = deque(maxlen=per_minute)
        """Times of the latest turns, on the event loop's clock."""
        self._rest_until = -math.inf
        self._line = asyncio.Lock()

    async def turn(self, longest_rest: float) -> None:
        """Wait for the next turn, behind earlier callers, while the site rests no longer than `longest_rest`.

        Raises:
            RestError: the site's pause is longer.
        """
        async with self._line:
            while (pause := self._pause()) > 0.0:
                # Checked after each wait, because a rest may have begun meanwhile.
                rest = self._rest_until - _now()
                if rest > longest_rest:
                    raise RestError(rest)
                await asyncio.sleep(pause)
            self._turns.append(_now())

    async def spare_turn(self) -> None:
        """Wait for a turn that no caller of `turn` is waiting for, however long the site rests."""
        while (pause := self._pause()) > 0.0 or self._line.locked():
            await asyncio.sleep(pause)
            async with self._line:
                pass  # callers that came meanwhile go first
        self._turns.append(_now())

    def heed(self, headers: Mapping[str, str]) -> None:
        """Adapt the limit to an answer's ``X-RateLimit-Limit``."""
        # AniList lowers its limit of 90 in bad times; it has been 30 for years.
        if limit := number_in(headers, "X-RateLimit-Limit"):
            self._limit = min(limit, self._most)

    def rest(self, seconds: float) -> None:
        """Give no turns for this many seconds; a longer rest that has begun goes on."""
        self._rest_until = max(self._rest_until, _now() + seconds)

    def _pause(self) -> float:
        """Return the seconds until the next turn; 0.0 or less: it may be taken now."""
        moment = self._rest_until
        if self._turns:
            moment = max(moment, self._turns[-1] + _MINUTE / self._limit)
        if len(self._turns) >= self._limit:
            moment = max(moment, self._turns[-self._limit] + _MINUTE)
        return moment - _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
