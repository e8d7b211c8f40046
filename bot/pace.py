"""No faster than a site allows: requests evenly spread over the minute."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping

from bot.retry_after import number_in

_MINUTE = 60.0


class Pace:
    """Turns to ask a site, each at least as long after the one before as the site's limit wants."""

    def __init__(self, per_minute: int) -> None:
        """The first turn comes at once.

        Args:
            per_minute: the most requests a minute, at least 1; fewer where the site's answers say so.
        """
        self._per_minute = per_minute
        self._interval = _MINUTE / per_minute
        self._last = -math.inf

    async def turn(self) -> None:
        """Wait for the next turn, behind those who wait already.

        Requests are spread evenly, for sites refuse bursts, too.
        """
        now = asyncio.get_running_loop().time()
        self._last = moment = max(now, self._last + self._interval)
        await asyncio.sleep(moment - now)

    def heed(self, headers: Mapping[str, str]) -> None:
        """Slow down as an answer's ``X-RateLimit-Limit`` says, or go back to the usual pace."""
        # In bad times AniList lowers its limit from 90, to 30 for years now.
        limit = number_in(headers, "X-RateLimit-Limit") or self._per_minute
        self._interval = _MINUTE / min(limit, self._per_minute)
