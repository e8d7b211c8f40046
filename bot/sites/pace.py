"""No faster than a site allows: requests spread over the minute, and none while the site wants to rest."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
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


_MINUTE = 60.0


class RestError(Exception):
    """A site wants to be left alone for longer than the caller would wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s are left")
        self.seconds = seconds
        """Until the site may be asked again."""


class Pace:
    """Turns to ask a site: evenly spread, for sites refuse bursts, too.

    Within any minute there are at most as many turns as the limit at its end allows, also when the site
    lowers its limit.
    """

    def __init__(self, per_minute: int) -> None:
        """The first turn comes at once.

        Args:
            per_minute: the most requests a minute, at least 1; fewer where the site's answers say so.
        """
        self._most = self._limit = per_minute
        self._turns: deque[float] = deque(maxlen=per_minute)
        """Moments of the latest turns, in the loop's time."""
        self._rest_until = -math.inf
        self._line = asyncio.Lock()

    async def turn(self, longest_rest: float) -> None:
        """Wait for the next turn, behind those who wait already.

        Args:
            longest_rest: seconds of the site's rest that are waited out, 0.0 or more.

        Raises:
            RestError: the site rests for longer.
        """
        async with self._line:
            while (pause := self._pause()) > 0.0:
                # Looked at after each pause: a rest may have begun meanwhile.
                rest = self._rest_until - _now()
                if rest > longest_rest:
                    raise RestError(rest)
                await asyncio.sleep(pause)
            self._turns.append(_now())

    async def spare_turn(self) -> None:
        """Wait for a turn that nobody waits for in `turn`, however long the site rests."""
        while (pause := self._pause()) > 0.0 or self._line.locked():
            await asyncio.sleep(pause)
            async with self._line:
                pass  # those who came meanwhile go first
        self._turns.append(_now())

    def heed(self, headers: Mapping[str, str]) -> None:
        """Slow down, or go back to the usual pace, as an answer's ``X-RateLimit-Limit`` says."""
        # In bad times AniList lowers its limit from 90, to 30 for years now.
        if limit := number_in(headers, "X-RateLimit-Limit"):
            self._limit = min(limit, self._most)

    def rest(self, seconds: float) -> None:
        """Give no turn for this long; a longer rest that has begun goes on."""
        self._rest_until = max(self._rest_until, _now() + seconds)

    def _pause(self) -> float:
        """Seconds until the next turn; 0.0 or less: it may be taken now."""
        moment = self._rest_until
        if self._turns:
            moment = max(moment, self._turns[-1] + _MINUTE / self._limit)
        if len(self._turns) >= self._limit:
            moment = max(moment, self._turns[-self._limit] + _MINUTE)
        return moment - _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
