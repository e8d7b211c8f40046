"""Workers that compute tasks: this machine's threads or a Dask cluster, through joblib and distributed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from joblib import Parallel, delayed
from numpy.typing import NDArray

from hakken.errors import HakkenError

Span = tuple[int, int]
T = TypeVar("T")


class Workers(Protocol):
    """Runs tasks in parallel."""

    def run(
        self, compute: Callable[..., T], spans: Sequence[Span], shared: Sequence[NDArray[Any]]
    ) -> Iterator[tuple[int, T]]:
        """Compute every span, and yield each result as soon as it is ready.

        Args:
            compute: called with the ends of a span and the shared arrays; defined at the top of a module.
            spans: the tasks.
            shared: arrays passed to every task; tasks do not change them.

        Yields:
            Each span's number and its result, in any order.
        """
        ...


@dataclass(frozen=True)
class Threads:
    """Runs tasks in threads of this process, which share its arrays: for work that releases the GIL."""

    count: int | None = None
    """Number of threads; by default the number of processors."""

    def run(
        self, compute: Callable[..., T], spans: Sequence[Span], shared: Sequence[NDArray[Any]]
    ) -> Iterator[tuple[int, T]]:
        """See `Workers`."""
        jobs = Parallel(self.count or os.cpu_count(), backend="threading", return_as="generator_unordered")
        yield from jobs(
            delayed(_numbered)(number, compute, span, shared) for number, span in enumerate(spans)
        )


@dataclass(frozen=True)
class DaskCluster:
    """Runs tasks on a Dask cluster whose workers have Hakken installed; needs the optional extra ``dask``."""

    scheduler: str
    """Address of the scheduler, such as ``tcp://10.0.0.5:8786``."""

    def run(
        self, compute: Callable[..., T], spans: Sequence[Span], shared: Sequence[NDArray[Any]]
    ) -> Iterator[tuple[int, T]]:
        """See `Workers`; raises a `HakkenError` that says what the cluster lacks or lost, and the remedy."""
        try:
            from hakken.model import dask_workers
        except ImportError:
            raise HakkenError("Dask is not installed here: pip install 'dask[distributed]'") from None
        return dask_workers.run(self.scheduler, compute, spans, shared)


def _numbered(
    number: int, compute: Callable[..., T], span: Span, shared: Sequence[NDArray[Any]]
) -> tuple[int, T]:
    return number, compute(*span, *shared)
