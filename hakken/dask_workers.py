"""Tasks on a Dask cluster, through joblib; only imported where Dask is asked for."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

from distributed import CancelledError, Client, KilledWorker, Security, Worker, WorkerPlugin, get_worker
from distributed.comm.addressing import get_address_host_port
from distributed.core import rpc
from distributed.utils import silence_logging_cmgr
from joblib import Parallel, delayed
from joblib._dask import DaskDistributedBackend
from numpy.typing import NDArray

from hakken.errors import HakkenError

CONNECT_SECONDS = 10.0
"""How long a scheduler may take to answer."""

NO_WORKERS_SECONDS = 60.0
"""How long a run waits for workers when all of them are gone."""

T = TypeVar("T")


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
        HakkenError: no scheduler answers, it has no workers or loses all of them for `NO_WORKERS_SECONDS`,
            they keep dying, or the connection to it is lost.
    """
    arrays = _Shared(tuple(shared))
    with _connected(scheduler) as client:
        try:
            try:
                _check_workers(client, scheduler)
                client.register_plugin(arrays)
                jobs = Parallel(backend=_Backend(client, scheduler), return_as="generator_unordered")
                results = jobs(
                    delayed(_on_worker)(arrays.name, number, compute, span)
                    for number, span in enumerate(spans)
                )
            except OSError as error:
                raise _lost(scheduler) from error
            yield from results
        finally:
            # Whatever goes wrong here is less than the error that may have led here, and must not hide it.
            with suppress(Exception):
                if client.status == "running":
                    forget = client.unregister_worker_plugin
                    client.sync(forget, arrays.name, callback_timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]


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


def _on_worker(name: str, number: int, compute: Callable[..., T], span: tuple[int, int]) -> tuple[int, T]:
    shared: Any = get_worker().plugins[name]
    return number, compute(*span, *shared.arrays)


class _Backend(DaskDistributedBackend):  # type: ignore[misc]
    """joblib's own for Dask, which waits for ever for a task that failed outside its function."""

    def __init__(self, client: Client, scheduler: str) -> None:
        super().__init__(client=client, wait_for_workers_timeout=0)
        self._scheduler = scheduler
        self._unfinished: dict[Future[Any], Callable[[object], None]] = {}

    def effective_n_jobs(self, n_jobs: int) -> int:
        """At least two: joblib would run the tasks of a single job in this process, which is no worker."""
        return max(int(super().effective_n_jobs(n_jobs)), 2)

    def start_call(self) -> None:
        """Begin to watch the cluster."""
        super().start_call()
        self._watching = asyncio.run_coroutine_threadsafe(self._watch(), self.client.loop.asyncio_loop)

    def stop_call(self) -> None:
        """Leave the cluster alone."""
        self._watching.cancel()
        super().stop_call()

    def submit(self, func: Callable[[], Any], callback: Callable[[object], None]) -> Future[Any]:
        """Start a task; unlike joblib's own, tell the callback of every end it may come to."""
        future: Future[Any] = super().submit(func, callback)
        self._unfinished[future] = callback
        future.add_done_callback(self._finish)
        return future

    def retrieve_result_callback(self, out: object) -> object:
        """The result of a task, or the error that ended it, in words for a person where one can mend it."""
        if isinstance(out, CancelledError):
            raise _lost(self._scheduler) from out
        if isinstance(out, KilledWorker):
            raise HakkenError(
                f"workers of the Dask cluster at {self._scheduler} died again and again at the same task: "
                "give each more memory"
            ) from out
        result: object = super().retrieve_result_callback(out)
        return result

    def _finish(self, future: Future[Any]) -> None:
        callback = self._unfinished.pop(future)
        if error := future.exception():
            callback(error)

    def _fail(self, error: HakkenError) -> None:
        for callback in tuple(self._unfinished.values()):
            callback(error)

    async def _watch(self) -> None:
        seen = monotonic()
        while True:
            try:
                cores, gone = await asyncio.wait_for(self.client.ncores(), NO_WORKERS_SECONDS), _no_workers
            except OSError:
                cores, gone = {}, _lost
            if cores:
                seen = monotonic()
            elif monotonic() - seen > NO_WORKERS_SECONDS:
                self._fail(gone(self._scheduler))
            await asyncio.sleep(min(1, NO_WORKERS_SECONDS))


@contextmanager
def _connected(scheduler: str) -> Iterator[Client]:
    try:
        with socket.create_connection(get_address_host_port(scheduler), timeout=CONNECT_SECONDS):
            pass
    except (OSError, ValueError) as error:
        raise HakkenError(
            f"no Dask scheduler answers at {scheduler}: start one with 'dask scheduler', give its address "
            "as tcp://HOST:PORT, and start workers with 'dask worker ADDRESS'"
        ) from error
    # A client that fails to connect is left to the garbage collector, which may then wait for ever in the
    # next one's lock, and a client waits for ever for the greeting of what is no scheduler: so only what has
    # shown itself to be one is given a client.
    if _who_answers(scheduler) != "Scheduler":
        raise HakkenError(
            f"what answers at {scheduler} is no Dask scheduler (is it the port of its dashboard or of a "
            "worker?): give the address that 'dask scheduler' prints as 'Scheduler at'"
        )
    try:
        client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise _lost(scheduler) from error
    try:
        yield client
    finally:
        # A lost connection cannot be closed in order, and Dask logs a traceback of that; the error that tells
        # of the loss is what is to be seen.
        with suppress(Exception), silence_logging_cmgr(logging.CRITICAL):
            client.close()  # type: ignore[no-untyped-call]


def _who_answers(address: str) -> str | None:
    """What kind of Dask server is at an address; None for whatever else, and for one that takes too long."""

    async def identity() -> dict[str, Any]:
        secured = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
        async with asyncio.timeout(CONNECT_SECONDS), rpc(address, connection_args=secured) as server:  # type: ignore[no-untyped-call]
            answer: dict[str, Any] = await server.identity()
            return answer

    # In a thread of its own, as a notebook's has a running event loop already.
    with ThreadPoolExecutor(1) as thread, suppress(Exception):  # anything may come from an unknown server
        return str(thread.submit(asyncio.run, identity()).result()["type"])
    return None


def _check_workers(client: Client, scheduler: str) -> None:
    if not client.ncores():  # type: ignore[no-untyped-call]
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


def _no_workers(scheduler: str) -> HakkenError:
    return HakkenError(
        f"the Dask scheduler at {scheduler} has lost all its workers: see in their logs why, start some "
        f"again with 'dask worker {scheduler}', then run this again"
    )


def _lost(scheduler: str) -> HakkenError:
    return HakkenError(
        f"the connection to the Dask scheduler at {scheduler} was lost: see in its log whether it "
        "still runs, start it and its workers again, then run this again"
    )
