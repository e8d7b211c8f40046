"""`python -m hakken evaluate`, as a reader runs it."""

from __future__ import annotations

import json
import math
import struct
import sys
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.evaluation import Folds, ndcg, rmse
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Member, Recommender
from tests.conftest import CATALOGUE
from tests.hakken.cli.test_command_line import hakken


@pytest.fixture(scope="module")
def rating_file(tmp_path_factory: pytest.TempPathFactory, ratings: Ratings) -> Path:
    path = tmp_path_factory.mktemp("evaluate") / "ratings.csv"
    lines = [
        f"{user},{anime_id},{score:g}"
        for row, user in enumerate(ratings.user_ids.tolist())
        for anime_id, score in ratings.of_user(row).items()
    ]
    path.write_text("\n".join(["user_id,anime_id,score", *lines, ""]))
    return path


def test_the_rating_protocol_prints_what_the_python_api_measures(rating_file: Path) -> None:
    asked = hakken("evaluate", rating_file, "--folds", 2, "--seed", 3, "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    by_model = {row["model"]: row for row in told["models"]}
    squares = hidden = 0.0
    for split in Folds(Ratings.read(rating_file), folds=2, seed=3):
        count = sum(len(user.hidden) for user in split.unseen)
        squares += count * rmse(ItemKNNBaseline().fit(split.train).predict, split.unseen) ** 2
        hidden += count
    assert told["hidden_ratings"] == hidden
    assert by_model["Hakken"]["rmse"]["value"] == pytest.approx((squares / hidden) ** 0.5)
    assert by_model["Hakken"]["rmse"]["value"] < by_model["global mean"]["rmse"]["low"]
    assert set(by_model) == {"Hakken", "Surprise's defaults", "baseline only", "user mean", "global mean"}


def test_the_ranking_protocol_is_broken_down_by_length_and_year(rating_file: Path) -> None:
    asked = hakken(
        "evaluate", rating_file, "--protocol", "ranking", "--catalogue", CATALOGUE, "--folds", 2, "--json"
    )
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    names = ["popularity", "cosine", "EASE", "predicted", "match", "second stage", "as shown"]
    assert [row["model"] for row in told["models"]] == [row["model"] for row in told["lists"]] == names
    assert told["reference"] == "EASE"
    by_model = {row["model"]: row for row in told["models"]}
    ease, cosine = by_model["EASE"], by_model["cosine"]
    assert ease["ndcg_ratio"] is ease["recall_above_reference"] is None
    ratio = cosine["ndcg"]["value"] / ease["ndcg"]["value"]
    assert cosine["ndcg_ratio"]["value"] == pytest.approx(ratio)
    assert cosine["ndcg_ratio"]["low"] < ratio < cosine["ndcg_ratio"]["high"]
    assert all(0 < row["intra_list_similarity"]["value"] < 1 for row in told["lists"])
    assert sum(row["users"] for row in told["by_length"] if row["model"] == "popularity") == 200
    by_known = {(row["model"], row["known_ratings"]): row for row in told["by_known"]}
    assert set(by_known) == set(product(names, (5, 10, 20)))
    assert by_known["EASE", 5]["ndcg_ratio"] is None
    assert by_known["match", 5]["users"] >= by_known["match", 20]["users"]
    liked = [row["hidden_liked"] for row in told["by_period"] if row["model"] == "popularity"]
    assert sum(liked) > 0
    assert liked[-1] == 0  # the years of all are known


def test_the_choosing_protocol_measures_what_the_recommender_chooses(
    rating_file: Path, catalogue: Catalogue
) -> None:
    command = ("evaluate", rating_file, "--protocol", "choosing", "--catalogue", CATALOGUE, "--folds", 2)
    asked = hakken(*command, "--users", 60, "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert told["reference"] == told["models"][0]["model"] == "plain match"
    filters = {
        "balanced, sequels: include": Filters(sequels="include"),
        "hidden gems, sequels: first": Filters(adventure="hidden gems"),
    }
    ndcgs: dict[str, list[float]] = {name: [] for name in filters}
    for split in Folds(Ratings.read(rating_file), folds=2, users=60):
        model = ItemKNNBaseline().fit(split.train, catalogue=catalogue)
        recommender = Recommender(model, catalogue)
        for user, name in product(split.unseen, filters):
            picks = recommender.recommend(Member(user.given), 10, filters[name])
            scores = [user.hidden.get(pick.anime_id, math.nan) for pick in picks]
            ndcgs[name].append(ndcg(np.array(scores), user.hidden_scores))
    rows = {row["model"]: row for row in told["models"]}
    assert len(rows) == 1 + 3 * 2 * 2
    for name, expected in ndcgs.items():
        assert told["unseen_users"] == len(expected)
        assert rows[name]["ndcg"]["value"] == pytest.approx(np.nanmean(expected))
    alike = {one["model"]: one["intra_list_similarity"]["value"] for one in told["taste"]}
    diverse, not_diverse = "balanced, sequels: include", "balanced, sequels: include, not diverse"
    assert alike[diverse] < alike[not_diverse]
    (cost,) = (row for row in told["diversity"] if row["model"] == diverse)
    ratio = rows[diverse]["ndcg"]["value"] / rows[not_diverse]["ndcg"]["value"]
    assert cost["ndcg_ratio"]["value"] == pytest.approx(ratio)


def test_the_interview_protocol_compares_the_questions_of_start(rating_file: Path) -> None:
    command = ("evaluate", rating_file, "--protocol", "interviews", "--catalogue", CATALOGUE, "--folds", 2)
    asked = hakken(*command, "--users", 60, "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    by_list = {row["questions"]: row for row in told["questions"]}
    assert list(by_list) == [
        "most popular",
        "most popular first entries",
        "most telling",
        "as /start asks",
    ]
    assert told["unseen_users"] == 60
    for row in by_list.values():
        assert 0 < row["answered"]["value"] <= row["asked"]["value"] <= 20
    # Of what is best known most is answered.
    popular, telling = by_list["most popular"], by_list["most telling"]
    share = {name: row["answered"]["value"] / row["asked"]["value"] for name, row in by_list.items()}
    assert share["most popular"] >= share["most telling"]
    assert popular["ndcg_above_reference"] is None
    difference = telling["ndcg"]["value"] - popular["ndcg"]["value"]
    assert telling["ndcg_above_reference"]["value"] == pytest.approx(difference)


def test_the_cold_start_protocol_asks_for_anime_that_training_never_saw(
    rating_file: Path, ratings: Ratings
) -> None:
    command = ("evaluate", rating_file, "--protocol", "cold-start", "--catalogue", CATALOGUE, "--folds", 2)
    asked = hakken(*command, "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    rows = {row["known"]: row for row in told["hidden"] if row["hidden"] == "a tenth of the anime"}
    assert set(rows) == {"nothing", "the crowd", "facts", "Hakken"}
    assert {row["anime"] for row in rows.values()} == {round((ratings.raters >= 20).sum() / 10)}
    errors, nothing = rows["Hakken"]["rmse"]["value"], rows["nothing"]["rmse"]["value"]
    assert rows["Hakken"]["rmse_percent_against_nothing"]["value"] == pytest.approx(
        100 * (errors / nothing - 1)
    )
    assert errors != nothing  # it has heard of what it was not trained on


def test_the_thin_protocol_asks_for_anime_of_which_few_ratings_are_left(rating_file: Path) -> None:
    command = (
        "evaluate",
        rating_file,
        "--protocol",
        "thin",
        "--catalogue",
        CATALOGUE,
        "--folds",
        2,
        "--json",
    )
    asked = hakken(*command)
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    rows = told["thinned"]
    assert [row["raters_left"] for row in rows] == [0, 2, 6, 10, 20, 50]
    assert told["rounds"] == 2
    assert {row["users"] for row in rows} == {told["unseen_users"]}
    assert rows[0]["ndcg_above_before"] is None
    for before, row in pairwise(rows):
        difference = row["ndcg"]["value"] - before["ndcg"]["value"]
        assert row["ndcg_above_before"]["value"] == pytest.approx(difference)
    # Fifty ratings tell more than none; the seed decides which anime and whose ratings are left.
    assert rows[-1]["rmse"]["value"] < rows[0]["rmse"]["value"]
    assert json.loads(hakken(*command, "--seed", 1).stdout)["thinned"] != rows


def test_the_modern_protocol_measures_people_who_are_in_no_rating_set(
    rating_file: Path, tmp_path: Path, catalogue: Catalogue
) -> None:
    lines = rating_file.read_text().splitlines()
    lists, rest = tmp_path / "lists.tsv", tmp_path / "rest.csv"
    rows = [
        line.replace(",", "\t") + "\tcompleted\t2025-03" for line in lines[1:] if int(line.split(",")[0]) < 30
    ]
    lists.write_text("\n".join(["user_id\tanime_id\tscore\tstatus\tmonth", *rows, ""]))
    rest.write_text("\n".join([lines[0], *(line for line in lines[1:] if int(line.split(",")[0]) >= 30), ""]))
    command = ("evaluate", rest, "--protocol", "modern", "--lists", lists, "--catalogue", CATALOGUE)
    asked = hakken(*command, "--since", 2015, "--folds", 2, "--models", "match", "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert (told["unseen_users"], told["lists"], told["since"]) == (30, len(rows), 2015)

    new = {one for one, anime in catalogue.items() if anime.year and anime.year >= 2015}
    model = ItemKNNBaseline().fit(Ratings.read(rest), catalogue=catalogue)
    shown = liked = liked_new = shown_new = 0
    recalls, people = [], Ratings.read(lists)
    for split in Folds(people, folds=2):
        for user in split.unseen:
            ten = {pick.anime_id for pick in model.recommend(user.given, 10)}
            best = {one for one, score in user.hidden.items() if score >= 8}
            shown, shown_new = shown + len(ten), shown_new + len(ten & new)
            liked, liked_new = liked + len(best), liked_new + len(best & new)
            if best & new:
                recalls.append(len(best & new & ten) / len(best & new))
    (row,), (share,) = told["modern"], told["shares"]
    assert 0 < len(recalls) == row["people"] < 30
    assert row["recall"]["value"] == pytest.approx(np.mean(recalls))
    assert share["share_shown"]["value"] == pytest.approx(shown_new / shown)
    assert share["share_liked"]["value"] == pytest.approx(liked_new / liked)
    assert share["ratio"]["value"] == pytest.approx(shown_new / shown / (liked_new / liked))


def test_the_watch_parties_protocol_compares_ways_of_choosing_on_the_same_groups(
    rating_file: Path, tmp_path: Path
) -> None:
    command = ("evaluate", rating_file, "--protocol", "watch-parties", "--catalogue", CATALOGUE, "--folds", 2)
    asked = hakken(*command, "--users", 40, "--plots", tmp_path, "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert (told["reference"], told["groups"], told["unseen_users"]) == ("average", 2, 2 * (2 + 3 + 5 + 8))
    rows = {(row["people"], row["chosen_by"]): row for row in told["evenings"]}
    ways = ["average", "average without misery", "least misery"]
    ways += ["average without misery, with fairness", "proportional, with fairness", "random"]
    assert list(rows) == list(product((2, 3, 5, 8), ways))
    for (size, way), row in rows.items():
        assert 0 < row["least_served"]["value"] <= row["mean"]["value"] <= 1
        if way != "average":
            plain = rows[size, "average"]
            for figure in ("least_served", "mean", "gap"):
                difference = row[figure]["value"] - plain[figure]["value"]
                assert row[f"{figure}_above_reference"]["value"] == pytest.approx(difference)
    assert (tmp_path / "evenings.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    curves = told["curves"]["evenings"]
    assert {curve["model"] for curve in curves} == set(ways) - {"average", "random"}
    for curve in curves:
        assert [point["at"] for point in curve["points"]] == [2, 3, 5, 8]


def test_the_names_of_earlier_releases_still_work(rating_file: Path, tmp_path: Path) -> None:
    command = ("evaluate", rating_file, "--catalogue", CATALOGUE, "--folds", 2, "--users", 2, "--protocol")
    no_curves = hakken(*command, "newcomers", "--plots", tmp_path)
    assert "--protocol cold-start has no curves to draw" in no_curves.stderr
    assert "groups need 18 unseen users" in hakken(*command, "evenings").stderr


def test_the_help_names_every_protocol_by_its_present_name_alone(
    rating_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    shown = hakken("evaluate", "--help").stdout
    assert "rating|ranking|choosing|interviews|cold-start|thin|modern|watch-parties" in shown
    assert not any(former in shown for former in ("newcomers", "evenings"))
    refused = hakken("evaluate", rating_file, "--protocol", "learned")
    assert refused.returncode == 2
    assert "'learned' is not one of" in refused.stderr


def test_models_can_be_chosen(rating_file: Path) -> None:
    command = ("evaluate", rating_file, "--protocol", "ranking", "--folds", 2, "--users", 40, "--json")
    told = json.loads(hakken(*command, "--models", "ease", "--models", "popularity").stdout)
    assert [row["model"] for row in told["models"]] == ["popularity", "EASE"]
    alone = json.loads(hakken(*command, "--models", "popularity").stdout)
    assert alone["reference"] == "popularity"
    assert alone["models"][0]["ndcg"] == told["models"][0]["ndcg"]


def test_the_same_seed_prints_the_same(rating_file: Path) -> None:
    command = ("evaluate", rating_file, "--protocol", "ranking", "--folds", 2, "--users", 40, "--json")
    assert hakken(*command).stdout == hakken(*command).stdout


def test_tables_are_for_people(rating_file: Path) -> None:
    shown = hakken("evaluate", rating_file, "--folds", 2)
    assert shown.returncode == 0, shown.stderr
    assert "Surprise's defaults" in shown.stdout
    assert "±" in shown.stdout
    assert "200 unseen users in 2 folds" in shown.stderr


@pytest.mark.parametrize(
    ("protocol", "pictures"),
    [("rating", ["rmse-over-k", "rmse-over-shrinkage"]), ("ranking", ["quality-over-neighbours"])],
)
def test_plots_are_pictures_of_the_curves(
    rating_file: Path, tmp_path: Path, protocol: str, pictures: list[str]
) -> None:
    asked = hakken(
        "evaluate", rating_file, "--protocol", protocol, "--folds", 2, "--plots", tmp_path / "new", "--json"
    )
    assert asked.returncode == 0, asked.stderr
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [f"{name}.png" for name in pictures]
    for name in pictures:
        data = (tmp_path / "new" / f"{name}.png").read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">I", data[16:20])[0] >= 800
    curves = json.loads(asked.stdout)["curves"]
    assert list(curves) == pictures
    for of_picture in curves.values():
        for curve in of_picture:
            assert all(one["figure"]["low"] <= one["figure"]["high"] for one in curve["points"])


def test_the_curve_over_k_passes_through_the_table(rating_file: Path, tmp_path: Path) -> None:
    told = json.loads(hakken("evaluate", rating_file, "--folds", 2, "--plots", tmp_path, "--json").stdout)
    curves = {one["model"]: one["points"] for one in told["curves"]["rmse-over-k"]}
    (by_default,) = (one["figure"] for one in curves["Surprise's defaults"] if one["at"] == 40)
    assert by_default == {"value": 0, "low": 0, "high": 0}
    default_k = told["parameters"]["Hakken"]["k"]
    (ours,) = (one["figure"] for one in curves["Hakken"] if one["at"] == default_k)
    (row,) = (row for row in told["models"] if row["model"] == "Hakken")
    assert ours == row["rmse_percent_against_reference"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["{few}"], "few.csv: 5 folds need as many users with 5 ratings or more, and there are 1"),
        (["{few}", "--protocol", "ranking"], "few.csv: 5 folds need as many users"),
        (["none.csv"], "none.csv: cannot be read"),
        (["{ratings}", "--catalogue", "none.tsv"], "none.tsv: cannot be read"),
        (["{ratings}", "--plots", "{few}"], "few.csv: plots cannot be written there"),
        (["{ratings}", "--plots", "{few}", "--protocol", "choosing"], "leave out --plots"),
        (["{ratings}", "--protocol", "choosing"], "add --catalogue FILE"),
        (["{ratings}", "--protocol", "modern", "--lists", "{ratings}"], "add --catalogue FILE"),
        (["{ratings}", "--protocol", "modern", "--catalogue", "{catalogue}"], "add --lists FILE"),
        (["{ratings}", "--protocol", "modern", "--lists", "{few}"], "few.csv: 5 folds need as many users"),
    ],
)
def test_errors_are_one_line_and_status_2(
    rating_file: Path, tmp_path: Path, args: list[str], sentence: str
) -> None:
    few = tmp_path / "few.csv"
    few.write_text("user_id,anime_id,score\n" + "".join(f"1,{one},7\n" for one in range(1, 7)) + "2,1,7\n")
    asked = hakken(
        "evaluate", *(arg.format(few=few, ratings=rating_file, catalogue=CATALOGUE) for arg in args)
    )
    assert asked.returncode == 2
    assert asked.stderr.count("\n") == 1
    assert sentence in asked.stderr


def test_without_matplotlib_plots_are_refused_before_anything_is_measured(
    rating_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    asked = hakken("evaluate", rating_file, "--plots", tmp_path / "new")
    assert asked.returncode == 2
    assert asked.stderr == "hakken: plots need matplotlib: .venv/bin/pip install matplotlib\n"
    assert not (tmp_path / "new").exists()
