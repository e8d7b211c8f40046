"""Draws charts off the event loop, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec

from bot.errors import MemberError

P = ParamSpec("P")

MOST_WAITING = 20
"""The most charts that may be drawn or waiting at once; each takes a tenth of a second."""


class ChartRenderer:
    """A single thread that draws; matplotlib is not thread-safe."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._waiting = 0

    async def draw(self, picture: Callable[P, bytes], *args: P.args, **kwargs: P.kwargs) -> bytes:
        """Draw a chart of `bot.ui.charts`.

        Raises:
            MemberError: too many charts are waiting.
        """
        if self._waiting >= MOST_WAITING:
            raise MemberError("I am drawing for many people right now. Please try again in a minute.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, lambda: picture(*args, **kwargs))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Stop the thread and drop waiting charts. It is safe to call this twice."""
        self._thread.shutdown(wait=False, cancel_futures=True)
