"""Limits concurrency: work that costs memory or a site's goodwill runs only a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.lists.errors import ListError


class Slots:
    """A fixed number of slots; waiting for one ends with an error after a while."""

    def __init__(self, at_once: int, seconds: float, crowded: Callable[[], ListError]) -> None:
        """Start with all slots free.

        Args:
            at_once: number of slots, 1 or more.
            seconds: longest wait for a slot, 0 or more.
            crowded: makes the error for a caller that gets no slot.
        """
        self._free = asyncio.Semaphore(at_once)
        self._seconds = seconds
        self._crowded = crowded

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Take a slot, and release it at the end of the block.

        Raises:
            ListError: no slot became free in time.
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
