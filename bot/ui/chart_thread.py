"""Where pictures are drawn: off the event loop, one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec

from bot.errors import MemberError

P = ParamSpec("P")

MOST_WAITING = 20
"""So many pictures, a tenth of a second each, are drawn or wait at once."""


class ChartRenderer:
    """One thread that draws; matplotlib is not made for several."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._waiting = 0

    async def draw(self, picture: Callable[P, bytes], *args: P.args, **kwargs: P.kwargs) -> bytes:
        """Draw a picture of `bot.ui.charts`.

        Raises:
            MemberError: too many others wait for theirs.
        """
        if self._waiting >= MOST_WAITING:
            raise MemberError("I am drawing for many others just now. Please ask again in a minute.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, lambda: picture(*args, **kwargs))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the thread end; what still waits is dropped. Once more does no harm."""
        self._thread.shutdown(wait=False, cancel_futures=True)
