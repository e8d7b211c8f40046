"""A queue of background work; the task that works on it exists only while there is some."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

_Item = TypeVar("_Item")


class Backlog(Generic[_Item]):
    """A queue, and a task that works it off piece by piece."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start with an empty queue; `work` takes a `batch` and processes it."""
        self._work = work
        self._items: deque[_Item] = deque()
        self._task: asyncio.Task[None] | None = None

    def add(self, items: Iterable[_Item]) -> None:
        """Append these to the queue."""
        self._items.extend(items)
        if self._items and self._task is None:
            self._task = asyncio.create_task(self._work_off())

    def batch(self, most: int) -> list[_Item]:
        """Take the oldest of the queue, at most this many."""
        return [self._items.popleft() for _ in range(min(len(self._items), most))]

    async def close(self) -> None:
        """Clear the queue and cancel the task, even in the middle of its work."""
        self._items.clear()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _work_off(self) -> None:
        try:
            while self._items:
                await self._work()
        except Exception:  # a bug; no command is waiting here that could report it
            log.exception("work in the background has failed")
        finally:
            self._task = None
