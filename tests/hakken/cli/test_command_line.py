"""`python -m hakken`, as a reader without Discord uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import get_args

import pytest

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.cli import main
from hakken.recommend.filters import Filters, Sort
from hakken.recommend.recommender import Member, Recommender
from tests.conftest import CATALOGUE

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ended:
    """What `subprocess.run` would tell, but of this process: a new one takes a second to import all."""

    returncode: object
    stdout: str
    stderr: str


def hakken(*args: object) -> Ended:
    with (
        redirect_stdout(StringIO()) as stdout,
        redirect_stderr(StringIO()) as stderr,
        pytest.raises(SystemExit) as ended,
    ):
        main(list(map(str, args)))
    return Ended(ended.value.code, stdout.getvalue(), stderr.getvalue())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, ratings: Ratings) -> Path:
    directory = tmp_path_factory.mktemp("cli")
    lines = [
        f"{user},{anime_id},{score:g}"
        for row, user in enumerate(ratings.user_ids.tolist())
        for anime_id, score in ratings.of_user(row).items()
    ]
    (directory / "ratings.csv").write_text("\n".join(["user_id,anime_id,score", *lines, ""]))
    (directory / "list.csv").write_text("mal_id,score\n5114,10\n1535,9\n16498,3\n")
    trained = hakken(
        "train", directory / "ratings.csv", "--catalogue", CATALOGUE, "--out", directory / "model"
    )
    assert trained.returncode == 0, trained.stderr
    assert f"{len(ratings):,} ratings" in trained.stderr
    assert "RMSE" in trained.stderr
    return directory


def test_train_and_recommend_give_what_the_python_api_gives(files: Path) -> None:
    asked = hakken(
        "recommend",
        "--list",
        files / "list.csv",
        "-n",
        3,
        "--min-raters",
        3,
        "--json",
        "--model",
        files / "model",
    )
    api = Recommender(ItemKNNBaseline.load(files / "model"), Catalogue.of_model(files / "model"))
    picks = api.recommend(Member({5114: 10, 1535: 9, 16498: 3}), 3, Filters(min_raters=3))
    shown = json.loads(asked.stdout)
    assert [(one["anime_id"], one["predicted"], one["shown"], one["below_usual"]) for one in shown] == [
        (pick.anime_id, round(pick.predicted, 2), str(pick.shown), pick.below_usual) for pick in picks
    ]
    reasons = [[reason["anime_id"] for reason in one["because"]] for one in shown]
    assert reasons == [[reason.anime_id for reason in pick.because] for pick in picks]
    assert any(reasons)


def test_predict_similar_and_info_answer(files: Path) -> None:
    model = ItemKNNBaseline.load(files / "model")
    predicted = hakken(
        "predict",
        "--list",
        files / "list.csv",
        "--anime",
        1,
        "--anime",
        5,
        "--json",
        "--model",
        files / "model",
    )
    expected = model.predict({5114: 10, 1535: 9, 16498: 3}, [1, 5])
    assert [one["predicted"] for one in json.loads(predicted.stdout)] == expected.round(2).tolist()
    by_title = hakken("similar", "death note", "--json", "--model", files / "model")
    by_id = hakken("similar", 1535, "--json", "--model", files / "model")
    assert by_title.stdout == by_id.stdout
    assert [one["anime_id"] for one in json.loads(by_id.stdout)] == [
        one.anime_id for one in model.similar(1535)
    ]
    told = json.loads(hakken("info", "--json", "--model", files / "model").stdout)
    assert told["data"]["users"] == 200
    assert 0 < told["metrics"]["rmse"] < told["metrics"]["rmse_user_mean"]


def test_a_list_is_read_as_import_reads_it_and_what_is_left_out_is_said(files: Path) -> None:
    model = ItemKNNBaseline.load(files / "model")
    expected = model.predict({5114: 10, 1535: 9, 16498: 3}, [1]).round(2).tolist()
    forms = {
        "titles.csv": "Titel;Bewertung\nFullmetal Alchemist: Brotherhood;10\nDeath Note;9\nAttack on Titan;3\n",
        "rows.json": json.dumps(
            [
                {"mal_id": anime_id, "my_score": score, "status": "seen"}
                for anime_id, score in ((5114, "10/10"), (1535, 9), (16498, 3), (987_654, 4))
            ]
        ),
        "stars.csv": "mal_id,rating\n5114,5\n1535,4.5\n16498,1.5\n",
    }
    for name, content in forms.items():
        (files / name).write_text(content)
        scale = ["--out-of", 5] if name == "stars.csv" else []
        asked = hakken(
            "predict", "--list", files / name, "--anime", 1, "--json", "--model", files / "model", *scale
        )
        assert [one["predicted"] for one in json.loads(asked.stdout)] == expected
    (files / "odd.csv").write_text("title,score,status\nDeath Note,9,on the moon\nzzqqxx,8,\nTrigun,A+,\n")
    odd = hakken("predict", "--list", files / "odd.csv", "--anime", 1, "--model", files / "model")
    assert odd.stderr.splitlines() == [
        "left out: 1 × entries with neither a score nor a status",
        "statuses that mean nothing here, left out: 'on the moon'",
        "scores that mean nothing here, left out: 'A+'",
        "titles that name no anime for sure, left out: 'zzqqxx'",
    ]


def test_tables_are_for_people(files: Path) -> None:
    shown = hakken("recommend", "--list", files / "list.csv", "--min-raters", 3, "--model", files / "model")
    assert shown.returncode == 0
    assert "predicted" in shown.stdout
    assert "Fullmetal Alchemist: Brotherhood" in " ".join(shown.stdout.split())


@pytest.mark.parametrize("sort", get_args(Sort))
def test_the_order_is_the_bots_and_a_table_shows_half_points(files: Path, sort: Sort) -> None:
    options = ["--list", files / "list.csv", "-n", 5, "--min-raters", 3, "--model", files / "model"]
    asked = json.loads(hakken("recommend", *options, "--sort", sort, "--json").stdout)
    api = Recommender(ItemKNNBaseline.load(files / "model"), Catalogue.of_model(files / "model"))
    member = Member({5114: 10, 1535: 9, 16498: 3})
    picks = api.recommend(member, 5, Filters(min_raters=3, sort=sort, ecchi=False))
    assert [one["anime_id"] for one in asked] == [pick.anime_id for pick in picks]
    table = hakken("recommend", *options, "--sort", sort).stdout
    assert all(str(pick.shown) in table for pick in picks)
    assert not any(f"{pick.predicted:.2f}" in table for pick in picks)


def test_what_only_fills_up_the_list_is_counted(files: Path) -> None:
    options = ["--list", files / "list.csv", "-n", 300, "--min-raters", 0, "--model", files / "model"]
    asked = hakken("recommend", *options, "--json")
    below = sum(one["below_usual"] for one in json.loads(asked.stdout))
    assert 0 < below < len(json.loads(asked.stdout))
    assert asked.stderr == f"too few are as good as this member is used to: {below} of these are below it\n"


def test_the_starter_model_answers_by_default(files: Path) -> None:
    shown = hakken("recommend", "--list", files / "list.csv", "--json")
    assert shown.returncode == 0
    assert len(json.loads(shown.stdout)) == 10


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["recommend", "--list", "none.csv"], "none.csv: cannot be read"),
        (
            ["recommend", "--list", "{bad}"],
            "bad.csv: the scores may be out of 20 or 100; say which: --out-of 100",
        ),
        (["recommend", "--list", "{catalogue}"], "I found the columns “anime_id”, “title”, “english”"),
        (["predict", "--list", "{rated}", "--anime", "1"], "holds the lists of several users"),
        (["recommend", "--list", "{list}", "--model", "nowhere"], "there is no model here"),
        (
            ["recommend", "--list", "{list}", "--model", "{model}", "--min-raters", "9999"],
            "lower --min-raters",
        ),
        (["similar", "deth note", "--model", "{model}"], "did you mean Death Note (1535)"),
        (["similar", "59338", "--model", "{model}"], "knows nothing similar"),
        (["similar", "9" * 5000, "--model", "{model}"], "9…' is not an anime id, a whole number from 1"),
        (["similar", "x" * 5000, "--model", "{model}"], "x…': "),
        (["predict", "--list", "{list}", "--anime", "9" * 20], "'99999999999999999999' is not an anime id"),
        (["predict", "--list", "{list}", "--anime", "2147483648"], "from 1 to 2147483647"),
        (["predict", "--list", "{list}", "--anime", "-1"], "'-1' is not an anime id"),
        (["predict", "--list", "{list}", "--anime", "２０"], "'２０' is not an anime id"),
        (["train", "{bad}", "--catalogue", "{catalogue}", "--out", "{out}"], "line 2: '11' is not a score"),
        (["train", "{list}", "--catalogue", "none.tsv", "--out", "{out}"], "none.tsv: cannot be read"),
    ],
)
def test_errors_are_one_line_and_status_2(files: Path, args: list[str], sentence: str) -> None:
    (files / "bad.csv").write_text("user_id,anime_id,score\n1,2,11\n")
    places = {
        "bad": files / "bad.csv",
        "list": files / "list.csv",
        "model": files / "model",
        "catalogue": CATALOGUE,
        "rated": files / "ratings.csv",
        "out": files / "out",
    }
    asked = hakken(*(arg.format(**places) for arg in args))
    assert asked.returncode == 2
    assert asked.stderr.count("\n") == 1
    assert sentence in asked.stderr
    assert not (files / "out").exists()


@pytest.mark.parametrize("lines", ["1,5114,9", "1,5114,9\n2,5114,3\n2,1535,8"])
def test_a_rating_set_too_small_to_measure_on_is_trained_on(files: Path, lines: str) -> None:
    (files / "few.csv").write_text(f"user_id,anime_id,score\n{lines}\n")
    trained = hakken("train", files / "few.csv", "--catalogue", CATALOGUE, "--out", files / "few")
    assert trained.returncode == 0, trained.stderr
    assert "RMSE" not in trained.stderr
    assert hakken("info", "--json", "--model", files / "few").returncode == 0


def test_a_rating_set_without_a_single_score_is_refused_in_one_line(files: Path) -> None:
    (files / "none.csv").write_text("user_id,anime_id,score\n1,5114,0\n")
    refused = hakken("train", files / "none.csv", "--catalogue", CATALOGUE, "--out", files / "none")
    assert refused.returncode == 2
    assert refused.stderr == (
        f"hakken: {files / 'none.csv'}: holds no score from 1 to 10; there is nothing to learn from\n"
    )
    assert not (files / "none").exists()


def test_a_process_of_its_own_ends_with_the_same_line_and_status() -> None:
    command = [sys.executable, "-m", "hakken", "recommend", "--list", "none.csv"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr == "hakken: none.csv: cannot be read: No such file or directory\n"


def test_names_of_files_are_shown_as_they_are_though_they_look_like_markup(tmp_path: Path) -> None:
    few, model = tmp_path / "few.csv", tmp_path / "[b]x[" / "b]:smile:"
    few.write_text("user_id,anime_id,score\n1,5114,9\n")
    trained = hakken("train", few, "--catalogue", CATALOGUE, "--out", model)
    assert trained.returncode == 0
    anime = len(ItemKNNBaseline.load(model).anime_ids)
    assert trained.stderr.endswith(f"saved {anime} anime to {model}\n")
    refused = hakken("info", "--model", tmp_path / "[/b]")
    assert f"{tmp_path / '[/b]'}: there is no model here" in refused.stderr
    made = hakken("synthetic", "--users", 9, "--anime", 9, "--ratings", 20, "--out", tmp_path / "[i]:b:[")
    assert made.stderr.endswith(f"to {tmp_path / '[i]:b:['}\n")
