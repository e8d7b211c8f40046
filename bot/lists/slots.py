"""Few at once: what costs memory or a site's goodwill is done for some while the others wait a little."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.lists.errors import ListError


class Slots:
    """So many places; whoever finds none in time is told so instead of waiting on."""

    def __init__(self, at_once: int, seconds: float, crowded: Callable[[], ListError]) -> None:
        """All are free.

        Args:
            at_once: how many, 1 or more.
            seconds: how long one waits for a place, 0 or more.
            crowded: what to tell whoever gets none.
        """
        self._free = asyncio.Semaphore(at_once)
        self._seconds = seconds
        self._crowded = crowded

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a place, and give it back at the end of the block.

        Raises:
            ListError: none became free in time.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise self._crowded() from None
        try:
            yield
        finally:
            self._free.release()
