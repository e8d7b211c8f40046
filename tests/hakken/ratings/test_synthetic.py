"""Made-up rating sets: as large as asked, the same for the same seed, and shaped like the real sample."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.errors import HakkenError
from hakken.evaluation import baseline_only, rmse, split_users
from hakken.ratings.synthetic import MadeUpSet, Shape, ShapeError, generate
from hakken.ratings.synthetic_catalogue import made_up_catalogue
from tests.hakken.cli.test_command_line import ROOT, Ended, hakken

# Figures of the real sample, printed by `python -m benchmarks.synthetic` (docs/synthetic.md).
SAMPLE = Shape(users=4389, anime=19_247, ratings=450_830)
LIST_LENGTHS = {25: 14, 50: 48, 75: 123, 95: 356.6, 99: 751.2}
RATERS = {25: 2, 50: 5, 75: 21, 95: 178, 99: 515.7}
SCORE_SHARES = [0.0042, 0.0050, 0.0084, 0.0187, 0.0502, 0.1053, 0.2148, 0.2504, 0.1888, 0.1542]
USER_MEANS = {5: 6.643, 25: 7.498, 50: 7.963, 75: 8.481, 95: 9.279}
USER_SPREADS = {5: 0.794, 25: 1.062, 50: 1.270, 75: 1.532, 95: 1.951}
ANIME_MEANS = {5: 6.453, 25: 7.125, 50: 7.545, 75: 7.945, 95: 8.527}


@pytest.fixture(scope="module")
def sample() -> Ratings:
    return generate(SAMPLE)


@pytest.fixture(scope="module")
def table(sample: Ratings) -> pd.DataFrame:
    entries = sample.matrix.tocoo()
    return pd.DataFrame({"user": entries.row, "anime": entries.col, "score": entries.data})


def test_the_same_seed_makes_the_same_ratings_with_any_number_of_threads() -> None:
    shape = Shape(users=300, anime=500, ratings=9000)

    prints = {generate(shape, 7, threads=threads).fingerprint() for threads in (1, 2, 5)}

    assert len(prints) == 1
    assert generate(shape, 8).fingerprint() not in prints


@given(st.integers(1, 150), st.integers(1, 40), st.floats(0, 1), st.integers(0, 99))
def test_there_are_as_many_ratings_as_asked_and_no_list_is_empty_or_longer_than_the_catalogue(
    users: int, anime: int, share: float, seed: int
) -> None:
    ratings = users + round(share * (users * anime - users))

    made_up = generate(Shape(users, anime, ratings), seed, threads=1)

    lists = np.diff(made_up.matrix.indptr)
    assert (len(lists), lists.sum(), len(made_up)) == (users, ratings, ratings)
    assert 1 <= lists.min() <= lists.max() <= anime
    assert set(np.unique(made_up.matrix.data)) <= set(range(1, 11))


def test_what_is_made_up_is_what_the_same_ratings_read_one_by_one_would_be(sample: Ratings) -> None:
    entries = sample.matrix.tocoo()

    told = Ratings.from_arrays(sample.user_ids[entries.row], sample.anime_ids[entries.col], entries.data)

    assert told.fingerprint() == sample.fingerprint()


def test_blocks_are_the_whole_set_in_order() -> None:
    made_up = MadeUpSet(Shape(users=200, anime=300, ratings=6000), 3)
    whole = made_up.ratings()

    blocks = list(made_up.blocks())

    anime = np.concatenate([made_up.anime.ids[block.anime] for block in blocks])
    assert np.array_equal(anime, whole.anime_ids[whole.matrix.indices])
    assert np.array_equal(np.concatenate([block.scores for block in blocks]), whole.matrix.data)
    assert np.array_equal(np.concatenate([block.lengths for block in blocks]), np.diff(whole.matrix.indptr))


@pytest.mark.parametrize("ratings", [9, 201])
def test_a_shape_that_cannot_be_says_what_can(ratings: int) -> None:
    with pytest.raises(ShapeError, match="from 10 to 200 ratings") as refused:
        Shape(users=10, anime=20, ratings=ratings)

    assert isinstance(refused.value, HakkenError)


def test_lists_are_as_long_as_in_the_real_sample(table: pd.DataFrame) -> None:
    lengths = table.groupby("user").size()

    for at, real in LIST_LENGTHS.items():
        assert np.percentile(lengths, at) == pytest.approx(real, rel=0.1, abs=1), at


def test_anime_are_as_popular_as_in_the_real_sample(table: pd.DataFrame) -> None:
    raters = table.groupby("anime").size()

    assert len(raters) == pytest.approx(12_479, rel=0.1)
    assert raters.max() == pytest.approx(2173, rel=0.2)
    for at, real in RATERS.items():
        assert np.percentile(raters, at) == pytest.approx(real, rel=0.3, abs=1), at


def test_scores_are_given_as_often_as_in_the_real_sample(table: pd.DataFrame) -> None:
    shares = table["score"].value_counts(normalize=True).sort_index()

    assert shares.index.tolist() == list(range(1, 11))
    assert np.abs(shares.to_numpy() - SCORE_SHARES).max() < 0.015


def test_users_differ_in_level_and_spread_as_in_the_real_sample(table: pd.DataFrame) -> None:
    users = table.groupby("user")["score"].agg(["mean", lambda scores: scores.std(ddof=0), "size"])
    means, spreads, sizes = users.to_numpy().T

    for at, real in USER_MEANS.items():
        assert np.percentile(means[sizes >= 20], at) == pytest.approx(real, abs=0.25), at
    for at, real in USER_SPREADS.items():
        assert np.percentile(spreads[sizes >= 20], at) == pytest.approx(real, abs=0.25), at
    assert np.corrcoef(means, np.log(sizes))[0, 1] == pytest.approx(-0.43, abs=0.1)


def test_anime_differ_in_quality_as_in_the_real_sample(table: pd.DataFrame) -> None:
    anime = table.groupby("anime")["score"].agg(["mean", "size"])
    known = anime[anime["size"] >= 20]

    for at, real in ANIME_MEANS.items():
        assert np.percentile(known["mean"], at) == pytest.approx(real, abs=0.3), at
    assert np.corrcoef(known["mean"], np.log(known["size"]))[0, 1] == pytest.approx(0.38, abs=0.12)


def test_tastes_are_shared_so_that_similar_anime_predict_better_than_the_baseline() -> None:
    split = split_users(generate(Shape(users=1200, anime=1000, ratings=100_000)))
    floor = baseline_only(reg_user=15, reg_item=10, epochs=10)(split.train)

    model = ItemKNNBaseline().fit(split.train)

    assert rmse(model.predict, split.unseen) < 0.95 * rmse(floor, split.unseen)


def test_the_catalogue_describes_every_anime_and_its_franchises() -> None:
    anime = MadeUpSet(Shape(users=10, anime=800, ratings=500)).anime

    made_up = made_up_catalogue(anime)

    facts = pd.DataFrame(
        [(one.anime_id, one.title, one.franchise, one.members, len(one.genres)) for one in made_up.values()],
        columns=["id", "title", "franchise", "members", "genres"],
    )
    assert facts["id"].tolist() == anime.ids.tolist()
    assert facts["title"].is_unique
    assert facts["genres"].min() >= 1
    assert (facts.groupby("franchise").size() >= 2).all()
    assert facts["members"].corr(pd.Series(anime.log_popularity), method="spearman") > 0.99
    assert made_up.genres


def synthetic(*args: object) -> Ended:
    return hakken("synthetic", "--users", 150, "--anime", 200, "--ratings", 3000, "--seed", 5, *args)


def test_a_file_holds_what_generate_gives_and_a_catalogue_of_it(tmp_path: Path) -> None:
    made = synthetic("--out", tmp_path / "r.csv.gz", "--plain", "--catalogue", tmp_path / "c.tsv.gz")

    assert made.returncode == 0, made.stderr
    wanted = generate(Shape(150, 200, 3000), 5)
    read = pd.read_csv(tmp_path / "r.csv.gz")
    assert read.columns.tolist() == ["user_id", "anime_id", "score"]
    assert Ratings.from_arrays(*read.to_numpy().T).fingerprint() == wanted.fingerprint()
    assert Ratings.read(tmp_path / "r.csv.gz").fingerprint() == wanted.fingerprint()
    assert set(wanted.anime_ids.tolist()) <= set(Catalogue.read(tmp_path / "c.tsv.gz"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.tsv.gz", "r.csv.gz"]


def test_lists_are_written_as_the_public_set_has_them_with_unrated_anime_on_them(tmp_path: Path) -> None:
    made = synthetic("--out", tmp_path / "UserAnimeList.csv", "--unrated", 0.3)

    assert made.returncode == 0, made.stderr
    rows = pd.read_csv(tmp_path / "UserAnimeList.csv")
    wanted = generate(Shape(150, 200, 3000), 5)
    rated = rows[rows["my_score"] > 0]
    assert ",".join(rows.columns) == (
        "username,anime_id,my_watched_episodes,my_start_date,my_finish_date,my_score,my_status,"
        "my_rewatching,my_rewatching_ep,my_last_updated,my_tags"
    )
    assert len(rated) == 3000
    assert (rows["my_score"] == 0).mean() == pytest.approx(0.3, abs=0.05)
    assert not rows.duplicated(["username", "anime_id"]).any()
    mine = rated[rated["username"] == "user42"]
    assert dict(zip(mine["anime_id"], mine["my_score"], strict=True)) == wanted.of_user(41)


def test_what_cannot_be_written_leaves_the_old_file_and_says_so_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "ratings.csv"
    old.write_text("old")
    asked = f"synthetic --users 150 --anime 200 --ratings 9000 --out {old}"
    command = f"ulimit -f 8; exec {sys.executable} -B -m hakken {asked}"

    made = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert made.returncode == 2
    assert made.stderr.strip().count("\n") == 0
    assert f"{old}: cannot be written: File too large" in made.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["ratings.csv"]
    assert old.read_text() == "old"


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("", "Is a directory; give the name of a file in it"),
        ("pipe", "is a device or a pipe, not a file; choose another place"),
        ("none/r.csv", "No such file or directory; make the directory first"),
    ],
)
@pytest.mark.parametrize("option", ["--out", "--catalogue"])
def test_what_is_no_file_is_refused_and_stays_what_it_is(
    tmp_path: Path, option: str, out: str, sentence: str
) -> None:
    os.mkfifo(tmp_path / "pipe")

    made = synthetic("--out", tmp_path / "other.csv", option, tmp_path / out)

    assert made.returncode == 2
    assert made.stderr == f"hakken: {tmp_path / out}: cannot be written: {sentence}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("out", ["", ".", "/"])
def test_a_name_that_is_no_name_is_refused(out: str) -> None:
    made = synthetic("--out", out)

    assert made.returncode == 2
    assert "Is a directory; give the name of a file in it" in made.stderr


def test_a_full_disk_is_told_of_the_file_that_was_being_written(tmp_path: Path) -> None:
    asked = (
        f"synthetic --users 150 --anime 200 --ratings 9000 --out {tmp_path}/r.csv --catalogue {tmp_path}/c.gz"
    )
    command = f"ulimit -f 32; exec {sys.executable} -B -m hakken {asked}"

    made = subprocess.run(["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert made.stderr == f"hakken: {tmp_path}/r.csv: cannot be written: File too large; make room\n"
    assert not any(tmp_path.iterdir())
