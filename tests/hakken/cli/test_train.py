"""`python -m hakken train`: what it is told, and what an interruption leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from distributed import LocalCluster

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.catalogue.watch_order import WatchOrder
from hakken.files import open_unzipped, share_read
from hakken.model.parameters import SURPRISE, InterestParameters, Parameters
from tests.conftest import CATALOGUE
from tests.hakken.cli.test_command_line import ROOT, Ended, hakken

pytestmark = pytest.mark.usefixtures("sockets_collected")


@pytest.fixture(scope="module")
def rating_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("train") / "ratings.csv"
    size = ["--users", 2000, "--anime", 3000, "--ratings", 200_000]
    made = hakken("synthetic", *size, "--plain", "--out", path)
    assert made.returncode == 0, made.stderr
    return path


@pytest.fixture(scope="module")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("train") / "ratings.csv"
    size = ["--users", 500, "--anime", 1000, "--ratings", 30_000]
    made = hakken("synthetic", *size, "--plain", "--out", path)
    assert made.returncode == 0, made.stderr
    return path


def train(ratings: Path, out: Path, *options: object) -> Ended:
    return hakken("train", ratings, "--catalogue", CATALOGUE, "--out", out, "--holdout", 0, *options)


def parameters(directory: Path) -> dict[str, object]:
    return dict(json.loads((directory / "manifest.json").read_text())["parameters"])


def files(directory: Path) -> set[str]:
    return {path.name for path in directory.glob("*.*.*")}  # the names carry the checksums


def of_interest(told: InterestParameters) -> dict[str, object]:
    return {f"interest_{name}": value for name, value in asdict(told).items()}


def test_presets_are_parameters_and_options_outdo_them(small_file: Path, tmp_path: Path) -> None:
    assert train(small_file, tmp_path / "default").returncode == 0
    assert parameters(tmp_path / "default") == asdict(Parameters()) | of_interest(InterestParameters())
    options = ["--preset", "surprise", "--neighbours", 9, "--damping", 2]
    options += ["--interest-reg", 50, "--interest-kept", 20, "--rarity", 0.5, "--keenness", 2]
    told = train(small_file, tmp_path / "theirs", *options)
    assert told.returncode == 0, told.stderr
    assert parameters(tmp_path / "theirs") == {
        **asdict(SURPRISE),
        "neighbours": 9,
        "damping": 2.0,
        **of_interest(InterestParameters(reg=50.0, kept=20, rarity=0.5, keenness=2.0)),
    }


def test_it_chooses_what_to_ask_new_members_among_beginnings(small_file: Path, tmp_path: Path) -> None:
    assert train(small_file, tmp_path / "model").returncode == 0
    catalogue = Catalogue.read(CATALOGUE)
    model, order = ItemKNNBaseline.load(tmp_path / "model"), WatchOrder(catalogue)
    assert len(model.questions) == len(set(model.questions)) >= 10
    assert set(model.questions) <= set(model.anime_ids.tolist())
    assert all(order.entry(one, ()) == one for one in model.questions)
    assert (
        2018 <= (catalogue[model.questions[0]].year or 0) <= 2022
    )  # the catalogue knows little of later years


def second_stage(directory: Path) -> set[str]:
    return {name for name in files(directory) if name.startswith("second_stage_")}


def train_both(ratings: Path, out: Path, *options: object) -> Ended:
    """Train with users held out, as by default."""
    return hakken("train", ratings, "--catalogue", CATALOGUE, "--out", out, *options)


@pytest.fixture(scope="module")
def todays_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lists of 30 people of whom the rating set knows nothing, one of them of unknown anime only."""
    path = tmp_path_factory.mktemp("train") / "todays.tsv"
    ids = sorted(Catalogue.read(CATALOGUE))
    lines = [
        f"{user}\t{anime_id}\t{1 + (user * anime_id) % 10}"
        for user in range(1, 31)
        for anime_id in ids[user::3]
    ]
    path.write_text("\n".join(["user_id\tanime_id\tscore", *lines, "99\t7777777\t9", ""]))
    return path


def test_users_held_out_teach_the_second_stage_and_the_model_is_asked_by_it(
    small_file: Path, todays_file: Path, tmp_path: Path
) -> None:
    for name, options in (("plain", []), ("again", []), ("todays", ["--todays-lists", todays_file])):
        trained = train_both(small_file, tmp_path / name, *options)
        assert trained.returncode == 0, trained.stderr
        model = ItemKNNBaseline.load(tmp_path / name)
        assert len(model.second_stage.trees) > 0
        asked = hakken(
            "recommend", "--list", small_list(tmp_path), "--model", tmp_path / name, "--min-raters", 1
        )
        assert asked.returncode == 0, asked.stderr
    assert second_stage(tmp_path / "plain") == second_stage(tmp_path / "again")
    # No number of a single anime rests on today's lists.
    for of in (files(tmp_path / name) - second_stage(tmp_path / name) for name in ("plain", "todays")):
        assert of == files(tmp_path / "again") - second_stage(tmp_path / "again")


def small_list(directory: Path) -> Path:
    path = directory / "list.csv"
    path.write_text("mal_id,score\n1,9\n5,8\n16498,3\n")
    return path


def test_a_set_too_small_has_no_second_stage_and_works(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("user_id,anime_id,score\n1,1,9\n1,5,7\n2,1,8\n2,5,3\n")
    trained = train_both(tmp_path / "few.csv", tmp_path / "model")
    assert trained.returncode == 0, trained.stderr
    assert not second_stage(tmp_path / "model")
    assert (
        hakken(
            "recommend", "--list", small_list(tmp_path), "--model", tmp_path / "model", "--min-raters", 0
        ).returncode
        == 0
    )


def test_todays_lists_need_users_held_out(small_file: Path, todays_file: Path, tmp_path: Path) -> None:
    refused = train(small_file, tmp_path / "out", "--todays-lists", todays_file)
    assert refused.returncode == 2
    assert "leave out --holdout 0" in " ".join(refused.stderr.split())
    assert not (tmp_path / "out").exists()


def test_todays_lists_that_cannot_be_read_are_named_before_anything_is_learned(
    small_file: Path, tmp_path: Path
) -> None:
    refused = train_both(small_file, tmp_path / "out", "--todays-lists", tmp_path / "missing.tsv")
    assert refused.returncode == 2
    assert "missing.tsv" in refused.stderr
    assert "read 30,000 lines" not in refused.stderr


def test_where_lightgbm_cannot_be_loaded_it_is_said_before_anything_is_read(
    small_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "lightgbm.py").write_text("raise OSError('libgomp.so.1: cannot open shared object file')")
    command = [sys.executable, "-m", "hakken", "train", small_file, "--catalogue", CATALOGUE]
    told = subprocess.run(
        [*command, "--out", tmp_path / "out"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    assert "libgomp.so.1" in told.stderr
    assert "--holdout 0" in told.stderr


def test_threads_and_dask_train_the_same_model(small_file: Path, tmp_path: Path) -> None:
    assert train(small_file, tmp_path / "one", "--threads", 1).returncode == 0
    assert train(small_file, tmp_path / "three", "--threads", 3).returncode == 0
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,  # threads of this process: they need not import everything again
        protocol="tcp://",
        dashboard_address=":0",
        silence_logs=50,
    ) as cluster:
        on_cluster = train(
            small_file, tmp_path / "dask", "--backend", "dask", "--scheduler", cluster.scheduler_address
        )
    assert on_cluster.returncode == 0, on_cluster.stderr
    assert files(tmp_path / "one") == files(tmp_path / "three") == files(tmp_path / "dask")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--backend", "dask"], "Dask needs --scheduler ADDRESS"),
        (["--scheduler", "tcp://127.0.0.1:1"], "add --backend dask"),
        (["--backend", "spark"], "is not one of"),
        (["--same-score-from", 1], "a single rating is always one score"),
        (["--seed", -1], "'--seed': "),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    rating_file: Path, tmp_path: Path, options: list[object], sentence: str
) -> None:
    refused = train(rating_file, tmp_path / "out", *options)
    assert refused.returncode == 2
    assert sentence in " ".join(refused.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", ["there.csv", "there.csv/below"])
def test_a_place_that_cannot_be_saved_into_is_refused_before_anything_is_read(
    tmp_path: Path, out: str
) -> None:
    (tmp_path / "there.csv").write_text("a file")
    refused = train(tmp_path / "none.csv", tmp_path / out)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"hakken: {tmp_path / out}: the model cannot be saved there: ")
    assert refused.stderr.endswith("; choose another place\n")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["a file"]


def test_trying_a_new_place_leaves_nothing_where_the_ratings_cannot_be_read(tmp_path: Path) -> None:
    refused = train(tmp_path / "none.csv", tmp_path / "a" / "b")
    assert "none.csv: cannot be read" in refused.stderr
    assert not any(tmp_path.iterdir())


def moments() -> Iterator[float]:
    """Later and later, from before the first line of code to after the last."""
    seconds = 0.1
    while True:
        yield seconds
        seconds *= 2 if seconds < 0.8 else 1.5  # the imports alone take longer than that


def test_ctrl_c_at_any_moment_leaves_the_old_model_whole_or_the_new_one(
    small_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert train(small_file, out, "-k", 3).returncode == 0
    old = {path.name: path.read_bytes() for path in out.iterdir()}
    command = [sys.executable, "-m", "hakken", "train", small_file, "--catalogue", CATALOGUE, "--out", out]
    for seconds in moments():
        running = subprocess.Popen(map(str, command), cwd=ROOT, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        running.wait(timeout=60)
        # Struck after the new manifest and before the last word, it fails with the new model there.
        if running.returncode == 0 or {path.name: path.read_bytes() for path in out.iterdir()} != old:
            break
    assert ItemKNNBaseline.load(out).parameters == Parameters()


def test_reading_tells_how_far_it_is(rating_file: Path) -> None:
    shares: list[float] = []
    ratings = Ratings.read(rating_file, shares.append)
    assert len(ratings) == 200_000
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] == 1


def test_a_pipe_has_no_share_that_could_be_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'wb').write(b'x' * 99)"])
    with open_unzipped(pipe) as file:
        assert file.read() == b"x" * 99
        assert share_read(file) == 0
    assert writer.wait() == 0
