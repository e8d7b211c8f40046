"""Failures of a site in a row: the pauses between tries grow, and each cause is logged once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """Times for work in the background, in seconds."""

    collect: float = 0.2
    """What is noted within this time is asked together."""
    first_pause: float = 15.0
    """Pause before the site is asked again after a failure; doubled after each further one."""
    longest_pause: float = 900.0

    def pause_after(self, failures: int) -> float:
        """Return the pause after this many failures in a row, 1 or more."""
        return min(self.first_pause * 2.0 ** min(failures - 1, 30), self.longest_pause)


class Outage:
    """Tracks a site's failures in a row."""

    def __init__(self, what: str, timing: Timing) -> None:
        """Start without a failure; `what` fails is for the log, in the plural."""
        self._what = what
        self._timing = timing
        self._failures = 0
        self._causes: set[str] = set()
        self._pause_until = 0.0

    async def pause(self) -> None:
        """Wait until the site may be asked again after the last failure."""
        await asyncio.sleep(self._pause_until - asyncio.get_running_loop().time())

    def failed(self, why: str, retry_after: float | None = None) -> None:
        """Record a failure, and pause; `retry_after` is the pause in seconds that the site wants."""
        self._failures += 1
        pause = max(retry_after or 0.0, self._timing.pause_after(self._failures))
        self._pause_until = asyncio.get_running_loop().time() + pause
        level = self._level(why, asked_to_wait=retry_after is not None)
        log.log(level, "no %s: %s; asked again in %.0f s", self._what, why, pause)
        self._causes.add(why)

    def end(self) -> None:
        """Record that the site has answered."""
        if self._failures:
            log.info("%s again", self._what)
        self._failures = 0
        self._causes.clear()

    def _level(self, why: str, *, asked_to_wait: bool) -> int:
        if why in self._causes:
            return logging.DEBUG
        if self._causes or asked_to_wait:
            return logging.INFO
        return logging.WARNING
