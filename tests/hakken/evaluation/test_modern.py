"""What today's people are shown of new anime: a case worked by hand, and what a trainer learns from."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from hakken import Anime, Catalogue, Ratings
from hakken.evaluation import Choose, Folds, Split
from hakken.evaluation.intervals import Interval
from hakken.evaluation.modern import ModernLists, ignoring_lists, measure_modern, modern_table, share_table
from tests.hakken.evaluation.test_evaluation import unseen
from tests.hakken.made_up import made_up_ratings

RATINGS = Ratings.from_arrays([1, 2, 2], [10, 10, 20], [7, 7, 7])
YEARS = {10: 2010, 11: 2022, 20: 2023, 30: 2024, 40: 2025}
CATALOGUE = Catalogue(
    [*(Anime(one, f"No. {one}", year=year) for one, year in YEARS.items()), Anime(50, "Undated")]
)
ANN = unseen({77: 6}, {20: 9, 30: 8, 10: 10, 40: 5, 50: 7})
BEN = unseen({78: 6}, {10: 9, 11: 8})


def measured(*shown: int) -> ModernLists:
    """Two are shown to both of them."""
    split = Split(RATINGS, [ANN, BEN])
    found = measure_modern(
        {"model": lambda *_: {"fixed": lambda _given, _n: shown}}, RATINGS, [split], CATALOGUE, n=2
    )
    return found["fixed"]


def test_a_case_worked_by_hand() -> None:
    found = measured(30, 10)
    # Only Ann has new anime to find: 20 and 30, for she did not like 40. 10 is old.
    assert found.modern.ndcg().value == pytest.approx(3 / (4 + 3 / math.log2(3)))
    assert found.modern.recall().value == 1 / 2
    of_ann = (3 + 5 / math.log2(3)) / (5 + 4 / math.log2(3))
    of_ben = 4 / math.log2(3) / (4 + 3 / math.log2(3))
    assert found.whole.ndcg().value == pytest.approx((of_ann + of_ben) / 2)
    assert found.shown_share().value == 2 / 4
    assert found.liked_share().value == 2 / 5
    assert found.share_ratio().value == pytest.approx(5 / 4)


def test_what_is_shown_is_compared_with_the_reference() -> None:
    found = {"better": measured(20, 30), "worse": measured(10, 50)}
    better, worse = modern_table(found, "worse")
    assert (better["people"], better["ndcg_above_reference"]) == (1, found["better"].modern.ndcg())
    assert worse["recall_above_reference"] is None
    assert [row["share_shown"] for row in share_table(found)] == [Interval(1, 1, 1), Interval(0, 0, 0)]


def test_where_nobody_liked_anything_new_there_is_nothing_to_compare() -> None:
    split = Split(RATINGS, [BEN, BEN])
    found = measure_modern({"": lambda *_: {"": lambda *_: [20, 10]}}, RATINGS, [split], CATALOGUE, n=2)[""]
    assert len(found.modern.given) == 0
    assert math.isnan(found.share_ratio().value)
    assert found.shown_share().value == 1 / 2


def test_the_first_year_decides_what_is_new() -> None:
    split = Split(RATINGS, [ANN, BEN])
    trainers = {"": lambda *_: {"": lambda *_: [11, 30]}}
    shares = [
        measure_modern(trainers, RATINGS, [split], CATALOGUE, since, n=2)[""].shown_share().value
        for since in (2022, 2023, 2024, 2025)
    ]
    assert shares == [1, 1 / 2, 1 / 2, 0]


def test_a_trainer_learns_from_the_lists_of_others_and_never_from_those_measured() -> None:
    lists, folds = made_up_ratings(40, 30, density=0.6), 4
    of_fold: list[Ratings] = []

    def train(ratings: Ratings, seen: Ratings, catalogue: Catalogue) -> dict[str, Choose]:
        assert (ratings, catalogue) == (RATINGS, CATALOGUE)
        of_fold.append(seen)
        trained_on = {frozenset(seen.of_user(row).items()) for row in range(len(seen.user_ids))}

        def choose(given: Mapping[int, float], _n: int) -> list[int]:
            assert not any(given.items() <= one for one in trained_on)
            return [10]

        return {"order": choose}

    found = measure_modern({"model": train}, RATINGS, Folds(lists, folds=folds), CATALOGUE)["order"]
    assert len(found.shown) == 40
    assert [len(seen.user_ids) for seen in of_fold] == [30] * folds
    assert np.unique(np.concatenate([seen.user_ids for seen in of_fold])).tolist() == lists.user_ids.tolist()


def test_what_ignores_the_lists_is_trained_once() -> None:
    trained = []

    def train(ratings: Ratings) -> dict[str, Choose]:
        trained.append(ratings)
        return {"order": lambda _given, _n: [10]}

    people = Folds(made_up_ratings(40, 30), folds=4)
    measure_modern({"model": ignoring_lists(train)}, RATINGS, people, CATALOGUE)
    assert trained == [RATINGS]
