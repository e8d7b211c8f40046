"""Tasks on a Dask cluster, through joblib; only imported where Dask is asked for."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any, TypeVar
from uuid import uuid4

from distributed import Client, KilledWorker, Worker, WorkerPlugin, get_worker
from distributed.comm.addressing import get_address_host_port
from joblib import Parallel, delayed, parallel_config
from numpy.typing import NDArray

from hakken.errors import HakkenError

CONNECT_SECONDS = 10

T = TypeVar("T")


class _Shared(WorkerPlugin):
    """Arrays that a worker holds for its tasks, whenever it joined.

    Scattered data would not do: Dask drops copies of it that it does not need at the moment, and the last
    copy is lost with the worker that has it.
    """

    def __init__(self, arrays: tuple[NDArray[Any], ...]) -> None:
        self.name = f"hakken-{uuid4()}"
        self.arrays = arrays

    def setup(self, worker: Worker) -> None:
        """Nothing to do: the worker keeps the plugin, and the plugin the arrays."""


def run(
    scheduler: str,
    compute: Callable[..., T],
    spans: Sequence[tuple[int, int]],
    shared: Sequence[NDArray[Any]],
) -> Iterator[tuple[int, T]]:
    """See `workers.Workers`. The arrays go to each worker once; one that is lost costs only its tasks.

    Args:
        scheduler: the scheduler's address.
        compute: see `workers.Workers`, as the others.
        spans: likewise.
        shared: likewise.

    Raises:
        HakkenError: no scheduler answers, it has no workers, or they keep dying.
    """
    try:
        # A client that fails to connect is left to the garbage collector, which may then wait for ever in the
        # next one's lock: who does not answer is not even asked by one.
        with socket.create_connection(get_address_host_port(scheduler), timeout=CONNECT_SECONDS):
            pass
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise HakkenError(
            f"no Dask scheduler answers at {scheduler}: start one with 'dask scheduler', give its address "
            "as tcp://HOST:PORT, and start workers with 'dask worker ADDRESS'"
        ) from error
    with client:
        if not client.scheduler_info()["workers"]:
            raise HakkenError(
                f"the Dask scheduler at {scheduler} has no workers: start some with "
                f"'dask worker {scheduler}' where Hakken is installed"
            )
        # Named by its place in the standard library: what is Hakken's own could not be called there.
        found = client.run(find_spec, "hakken")
        if not all(found.values()):
            lacking = ", ".join(address for address, spec in found.items() if spec is None)
            raise HakkenError(
                f"Hakken is not installed on workers of the Dask cluster at {scheduler} ({lacking}): start "
                "them where it is, with its folder in PYTHONPATH"
            )
        arrays = _Shared(tuple(shared))
        client.register_plugin(arrays)
        try:
            with parallel_config("dask", client=client):
                jobs = Parallel(return_as="generator_unordered")
            yield from jobs(
                delayed(_on_worker)(arrays.name, number, compute, span) for number, span in enumerate(spans)
            )
        except KilledWorker as error:
            raise HakkenError(
                f"workers of the Dask cluster at {scheduler} died again and again at the same task: "
                "give each more memory"
            ) from error
        finally:
            client.unregister_worker_plugin(arrays.name)  # type: ignore[no-untyped-call]


def _on_worker(name: str, number: int, compute: Callable[..., T], span: tuple[int, int]) -> tuple[int, T]:
    shared: Any = get_worker().plugins[name]
    return number, compute(*span, *shared.arrays)
