"""What a server likes: by hand, and against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.groups.server_taste import GenrePreference, Tally, best, genre_preferences
from hakken.recommend.recommender import Recommender


@pytest.fixture(scope="module")
def recommender(model: ItemKNNBaseline, catalogue: Catalogue) -> Recommender:
    return Recommender(model, catalogue)


def test_the_bayesian_mean_by_hand() -> None:
    # (5 · 7 + 30) / (5 + 3) = 8.125; (5 · 7 + 180) / (5 + 20) = 8.6.
    three_tens, twenty_nines = Tally(1, 3, 30), Tally(2, 20, 180)
    first, second = best([three_tens, twenty_nines], 7.0, 10)
    assert (first.anime_id, first.bayesian, first.mean) == (2, pytest.approx(8.6), 9)
    assert (second.anime_id, second.bayesian, second.mean) == (1, pytest.approx(8.125), 10)


def test_ties_go_to_more_raters_then_the_lower_id() -> None:
    tallies = [Tally(9, 3, 21), Tally(4, 3, 21), Tally(7, 6, 42)]
    assert [each.anime_id for each in best(tallies, 7.0, 10)] == [7, 4, 9]
    assert [each.anime_id for each in best(tallies, 7.0, 1)] == [7]


def test_genre_preferences_are_what_pandas_makes_of_the_formula(
    recommender: Recommender, ratings: Ratings, catalogue: Catalogue
) -> None:
    model, members = recommender.model, [ratings.of_user(row) for row in range(12)]
    level = dict(
        zip(model.anime_ids.tolist(), (model._fitted.mean + model._fitted.biases).tolist(), strict=True)
    )
    rows = pd.DataFrame(
        [(u, i, r - level[i]) for u, member in enumerate(members) for i, r in member.items()],
        columns=["user", "anime", "beyond"],
    )
    sums = rows.groupby("user")["beyond"].agg(["sum", "count"])
    rows["beyond"] -= rows["user"].map(sums["sum"] / (model.parameters.reg_user + sums["count"]))
    rows["genre"] = rows["anime"].map(lambda each: catalogue[each].genres)
    said = rows.explode("genre").groupby(["genre", "user"])["beyond"].agg(["sum", "count"])
    voices = (said["sum"] / (said["count"] + 5)).groupby("genre").agg(["mean", "count"])
    expected = voices[voices["count"] >= 3]["mean"].drop(["Hentai", "Erotica"], errors="ignore")
    found = genre_preferences(recommender, members, at_least=3)
    assert {each.genre: each.points for each in found} == pytest.approx(expected.round(1).to_dict(), abs=1e-6)
    assert [each.points for each in found] == sorted((each.points for each in found), reverse=True)


def test_a_genre_that_two_have_rated_is_not_told(recommender: Recommender) -> None:
    drama, sports = 33352, 20583
    members = [{drama: 9.0, sports: 3.0}, {drama: 8.0, sports: 3.0}, {drama: 10.0}]
    assert {each.genre: each.raters for each in genre_preferences(recommender, members, at_least=3)} == {
        "Drama": 3
    }
    assert genre_preferences(recommender, members[:2], at_least=3) == []


def test_one_with_many_ratings_has_no_louder_voice(recommender: Recommender, catalogue: Catalogue) -> None:
    dramas = [each.anime_id for each in catalogue.values() if "Drama" in each.genres and not each.adult]
    others = [each.anime_id for each in catalogue.values() if "Drama" not in each.genres and not each.adult][
        :20
    ]
    hater = {**dict.fromkeys(dramas, 1.0), **dict.fromkeys(others, 9.0)}
    lover = {**dict.fromkeys(dramas[:3], 10.0), **dict.fromkeys(others, 5.0)}

    def drama(members: list[dict[int, float]]) -> GenrePreference:
        return next(
            each for each in genre_preferences(recommender, members, at_least=3) if each.genre == "Drama"
        )

    assert drama([lover, lover, hater]).points == pytest.approx(
        np.mean([drama([each] * 3).points for each in (lover, lover, hater)]),
        abs=0.1,  # each is told to a tenth
    )


def test_genres_rated_18_plus_are_named_only_where_they_may(recommender: Recommender) -> None:
    members = [{3303: 9.0, 1: 5.0}] * 3
    assert "Hentai" not in {each.genre for each in genre_preferences(recommender, members, at_least=3)}
    assert "Hentai" in {
        each.genre for each in genre_preferences(recommender, members, at_least=3, adult=True)
    }
