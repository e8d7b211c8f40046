"""Whoever computes the similarities, and whatever happens to them: the same model."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from distributed import Client, LocalCluster

import hakken
from hakken import HakkenError, ItemKNNBaseline
from hakken.model.workers import DaskCluster, Threads, Workers
from tests.hakken.made_up import made_up_ratings

pytestmark = pytest.mark.usefixtures("sockets_collected")

RATINGS = made_up_ratings(400, 500, seed=1, density=0.2)
PATIENCE = 45.0
"""Seconds; enough for a busy machine, and less than Hakken waits by default."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as running:
        yield running


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a program of Dask's in a process of its own, with nobody to restart it."""
    root = str(Path(hakken.__file__).parents[1])
    with ExitStack() as stack:

        def started(*arguments: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments],
                env={**os.environ, "PYTHONPATH": root},
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield started


def slowly(first: int, last: int) -> int:
    sleep(0.2)
    return last - first


def die(_first: int, _last: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def web_server() -> Iterator[int]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            """Not on the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield server.server_port
        server.shutdown()
        serving.join()


@contextmanager
def silent_server() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening.getsockname()[1]


@contextmanager
def dashboard() -> Iterator[int]:
    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=50) as running:
        yield running.scheduler.services["dashboard"].port


def artefact(directory: Path, workers: Workers | None = None) -> set[str]:
    """The files' names, which carry their checksums."""
    ItemKNNBaseline().fit(RATINGS, workers=workers).save(directory)
    return {path.name for path in directory.glob("*.*.*")}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_any_number_of_threads_makes_the_same_artefact(tmp_path: Path, count: int) -> None:
    assert artefact(tmp_path / "some", Threads(count)) == artefact(tmp_path / "default")


def test_a_dask_cluster_makes_the_same_artefact(tmp_path: Path, cluster: LocalCluster) -> None:
    on_cluster = artefact(tmp_path / "cluster", DaskCluster(cluster.scheduler_address))
    assert on_cluster == artefact(tmp_path / "here")


def test_a_dask_cluster_of_one_thread_in_all_makes_the_same_artefact(tmp_path: Path) -> None:
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,  # a thread of this process: it need not import everything again
        protocol="tcp://",
        dashboard_address=":0",
        silence_logs=50,
    ) as single:
        on_cluster = artefact(tmp_path / "cluster", DaskCluster(single.scheduler_address))
    assert on_cluster == artefact(tmp_path / "here")


def test_a_worker_killed_in_mid_run_changes_nothing(tmp_path: Path, cluster: LocalCluster) -> None:
    killed: list[int] = []

    def kill_one(_step: str, share: float) -> None:
        if not killed and share > 0.2:
            killed.append(next(iter(cluster.workers.values())).process.pid)
            os.kill(killed[0], signal.SIGKILL)

    model = ItemKNNBaseline().fit(RATINGS, kill_one, DaskCluster(cluster.scheduler_address))
    model.save(tmp_path / "cluster")
    assert killed
    assert {path.name for path in (tmp_path / "cluster").glob("*.*.*")} == artefact(tmp_path / "here")


def test_a_task_that_kills_its_workers_is_given_up(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    with pytest.raises(HakkenError, match=r"died again and again at the same task: give each more memory$"):
        list(DaskCluster(cluster.scheduler_address).run(die, [(0, 1)], []))


def test_a_run_whose_workers_all_died_ends_with_a_remedy(
    start: Callable[..., subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakken.model.dask_workers.NO_WORKERS_SECONDS", 1)
    with LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as scheduler:
        worker = start(
            "worker", scheduler.scheduler_address, "--no-nanny", "--nthreads", "1", "--no-dashboard"
        )
        scheduler.wait_for_workers(1)
        results = DaskCluster(scheduler.scheduler_address).run(slowly, [(0, 1)] * 50, [])
        assert next(results)[1] == 1
        worker.kill()
        killed = monotonic()
        with pytest.raises(HakkenError, match=r"has lost all its workers: .* 'dask worker tcp://") as ended:
            list(results)
    assert monotonic() - killed < PATIENCE
    assert "\n" not in str(ended.value)


def test_a_run_whose_scheduler_died_ends_with_a_remedy(
    start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    file = str(tmp_path / "scheduler.json")
    scheduler = start(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file
    )
    start("worker", "--scheduler-file", file, "--no-nanny", "--nthreads", "1", "--no-dashboard")
    with Client(scheduler_file=file, set_as_default=False) as client:
        client.wait_for_workers(1)
        address = client.scheduler.address
    results = DaskCluster(address).run(slowly, [(0, 1)] * 50, [])
    assert next(results)[1] == 1
    scheduler.kill()
    killed = monotonic()
    with pytest.raises(HakkenError, match=r"the connection to the Dask scheduler at .* was lost: ") as ended:
        list(results)
    assert monotonic() - killed < PATIENCE
    assert "\n" not in str(ended.value)


@pytest.mark.parametrize("server", [web_server, silent_server, dashboard])
def test_what_is_no_scheduler_is_told_apart_in_time(
    server: Callable[[], contextmanager[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakken.model.dask_workers.CONNECT_SECONDS", 1)
    with server() as port:
        asked = monotonic()
        with pytest.raises(HakkenError, match=r"is no Dask scheduler \(is it the port of its dashboard"):
            list(DaskCluster(f"tcp://127.0.0.1:{port}").run(slowly, [(0, 1)], []))
    assert monotonic() - asked < PATIENCE


def test_a_cluster_without_workers_says_how_to_start_them() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as idle,
        pytest.raises(HakkenError, match=r"has no workers: start some with 'dask worker tcp://"),
    ):
        ItemKNNBaseline().fit(RATINGS, workers=DaskCluster(idle.scheduler_address))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "ftp://127.0.0.1:1"])
def test_no_scheduler_says_how_to_start_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakken.model.dask_workers.CONNECT_SECONDS", 1)
    with pytest.raises(HakkenError, match="no Dask scheduler answers at") as refused:
        ItemKNNBaseline().fit(RATINGS, workers=DaskCluster(address))
    assert "\n" not in str(refused.value)


def test_workers_without_hakken_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    scheduler = LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50)
    command = [sys.executable, "-m", "dask", "worker", scheduler.scheduler_address, "--no-nanny"]
    worker = subprocess.Popen([*command, "--nthreads", "1", "--no-dashboard"], stderr=subprocess.DEVNULL)
    try:
        scheduler.wait_for_workers(1)
        with pytest.raises(HakkenError, match=r"Hakken is not installed on workers .* in PYTHONPATH"):
            ItemKNNBaseline().fit(RATINGS, workers=DaskCluster(scheduler.scheduler_address))
    finally:
        worker.terminate()
        worker.wait()
        scheduler.close()
