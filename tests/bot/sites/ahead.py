"""A loop with a time of its own: it jumps to the next timer as soon as nothing else is left to wait for."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

_Result = TypeVar("_Result")


class _Selector(selectors.SelectSelector):
    def __init__(self, grace: float) -> None:
        super().__init__()
        self._grace = grace
        self.time = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else min(timeout, self._grace))
        if timeout and not ready:
            self.time += timeout
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, grace: float) -> None:
        self._waits = _Selector(grace)
        super().__init__(self._waits)

    def time(self) -> float:
        return self._waits.time


def run_ahead(work: Coroutine[object, object, _Result], *, grace: float = 0.0) -> _Result:
    """Run to the end in such a loop; how busy the machine is does not matter to its time.

    Args:
        work: what to run.
        grace: real seconds in which something may come over the network before time jumps; 0.0 where there
            is none.
    """
    with asyncio.Runner(loop_factory=lambda: _Loop(grace)) as runner:
        return runner.run(work)
