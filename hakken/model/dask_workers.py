"""Tasks on a Dask cluster; only imported where Dask is asked for."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import distributed

from hakken.errors import HakkenError

CONNECT_SECONDS = 10.0
NO_WORKERS_SECONDS = 60.0  # without a result; then a run ends if there are no workers

NO_SCHEDULER = "no Dask scheduler answers at {0}: start one with 'dask scheduler', give tcp://HOST:PORT"
OTHER_SERVER = "what answers at {0} is no Dask scheduler (is it the port of its dashboard or of a worker?)"
NO_WORKERS = "the Dask scheduler at {0} has no workers: start some with 'dask worker {0}' (Hakken installed)"
NO_HAKKEN = "Hakken is not installed on workers of the scheduler at {0} ({1}): add its folder in PYTHONPATH"
WORKERS_LOST = "the Dask scheduler at {0} has lost all its workers: see why, start 'dask worker {0}' again"
WORKERS_DIE = "workers of the scheduler at {0} died again and again at the same task: give each more memory"
LOST = "the connection to the Dask scheduler at {0} was lost: see its log, start it and its workers again"


class _Job(distributed.WorkerPlugin):
    """What all tasks share. Dask ships it to each worker once, also to one that joins late."""

    def __init__(self, compute: Callable[..., Any], arrays: Sequence[Any]) -> None:
        self.compute, self.arrays = compute, arrays


def run(
    scheduler: str, compute: Callable[..., Any], spans: Sequence[tuple[int, int]], arrays: Sequence[Any]
) -> Iterator[tuple[int, Any]]:
    """See `workers.DaskCluster.run`. A lost worker costs only its own tasks."""
    cores = _count_cores(scheduler)
    try:
        with distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False) as client:
            if lacking := [worker for worker, spec in client.run(find_spec, "hakken").items() if not spec]:
                raise HakkenError(NO_HAKKEN.format(scheduler, ", ".join(lacking)))
            client.register_plugin(_Job(compute, arrays), client.id)
            try:
                tasks = (client.submit(_compute, client.id, *task, pure=False) for task in enumerate(spans))
                running = distributed.as_completed(islice(tasks, 2 * cores), client.loop)
                results = (await future async for future in running)  # type: ignore[await-not-async]
                while not running.is_empty():
                    yield client.sync(_take, client, results, scheduler)
                    running.update(islice(tasks, 1))  # only now, so few results wait in memory
            finally:
                if client.status == "running":
                    client.sync(client.unregister_worker_plugin, client.id, callback_timeout=CONNECT_SECONDS)
                else:  # Dask would log a traceback on closing.
                    logging.getLogger("distributed.client").addFilter(lambda record: not record.exc_info)
    except distributed.KilledWorker as error:
        raise HakkenError(WORKERS_DIE.format(scheduler)) from error
    except (OSError, distributed.CancelledError) as error:
        raise HakkenError(LOST.format(scheduler)) from error


def _count_cores(scheduler: str) -> int:
    """Ask before a client does: it would wait for ever for the greeting of another server."""
    problem = NO_SCHEDULER
    try:
        place = urlsplit(scheduler if "://" in scheduler else f"tcp://{scheduler}")
        socket.create_connection((place.hostname, place.port or 0), CONNECT_SECONDS).close()
        problem = OTHER_SERVER
        with ThreadPoolExecutor(1) as thread:  # a notebook's own thread runs a loop already
            cores = thread.submit(asyncio.run, _total_threads(scheduler)).result()
    except Exception as error:
        raise HakkenError(problem.format(scheduler)) from error
    if not cores:
        raise HakkenError(NO_WORKERS.format(scheduler))
    return cores


async def _total_threads(scheduler: str) -> int:
    secured = distributed.Security().get_connection_args("client")
    async with asyncio.timeout(CONNECT_SECONDS), distributed.rpc(scheduler, connection_args=secured) as it:
        return int((await it.identity())["total_threads"])  # which only a scheduler has


async def _take(client: distributed.Client, results: AsyncIterator[object], scheduler: str) -> object:
    """Wait for the next result, but not for ever: neither for workers nor for the scheduler."""
    result = asyncio.ensure_future(anext(results))
    while not (await asyncio.wait([result], timeout=NO_WORKERS_SECONDS))[0]:
        if not await asyncio.wait_for(client.ncores(), NO_WORKERS_SECONDS):
            result.cancel()
            raise HakkenError(WORKERS_LOST.format(scheduler))
    return await result


def _compute(job: str, number: int, span: tuple[int, int]) -> tuple[int, Any]:
    shared: Any = distributed.get_worker().plugins[job]
    return number, shared.compute(*span, *shared.arrays)
