"""Whoever computes the similarities, and whatever happens to them: the same model."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from hakken import HakkenError, ItemKNNBaseline
from hakken.workers import DaskCluster, Threads, Workers
from tests.hakken.made_up import made_up_ratings

RATINGS = made_up_ratings(400, 500, seed=1, density=0.2)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as running:
        yield running


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


def test_a_cluster_without_workers_says_how_to_start_them() -> None:
    with (
        LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as idle,
        pytest.raises(HakkenError, match=r"has no workers: start some with 'dask worker tcp://"),
    ):
        ItemKNNBaseline().fit(RATINGS, workers=DaskCluster(idle.scheduler_address))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", "ftp://127.0.0.1:1"])
def test_no_scheduler_says_how_to_start_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakken.dask_workers.CONNECT_SECONDS", 1)
    with pytest.raises(HakkenError, match="no Dask scheduler answers at") as refused:
        ItemKNNBaseline().fit(RATINGS, workers=DaskCluster(address))
    assert "\n" not in str(refused.value)


def test_workers_without_hakken_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    scheduler = LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50)
    command = [sys.executable, "-m", "dask", "worker", scheduler.scheduler_address, "--no-dashboard"]
    worker = subprocess.Popen([*command, "--nthreads", "1"], stderr=subprocess.DEVNULL)
    try:
        scheduler.wait_for_workers(1)
        with pytest.raises(HakkenError, match=r"Hakken is not installed on workers .* in PYTHONPATH"):
            ItemKNNBaseline().fit(RATINGS, workers=DaskCluster(scheduler.scheduler_address))
    finally:
        worker.terminate()
        worker.wait()
        scheduler.close()
