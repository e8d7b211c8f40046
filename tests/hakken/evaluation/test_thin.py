"""Anime with few raters: what is left of a thinned rating set, and a case worked by hand."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from hakken import Anime, Catalogue, Ratings
from hakken.errors import EvaluationError
from hakken.evaluation import Folds, Split, Unseen
from hakken.evaluation.cold_start import Guess
from hakken.evaluation.splits import Splits
from hakken.evaluation.thin import a_fifth, measure_thin, thin_table, thinned
from tests.hakken.evaluation.test_evaluation import unseen
from tests.hakken.made_up import made_up_ratings

Triples = set[tuple[int, int, float]]


def triples(ratings: Ratings) -> Triples:
    return {
        (user, anime_id, score)
        for row, user in enumerate(ratings.user_ids.tolist())
        for anime_id, score in ratings.of_user(row).items()
    }


class TestThinning:
    @settings(max_examples=50)
    @given(st.data())
    def test_so_many_ratings_of_each_are_left_and_all_of_the_others(self, data: st.DataObject) -> None:
        pairs = data.draw(st.sets(st.tuples(st.integers(1, 8), st.integers(1, 6)), min_size=1))
        users, anime = zip(*sorted(pairs), strict=True)
        ratings = Ratings.from_arrays(users, anime, [1 + (3 * one + two) % 10 for one, two in sorted(pairs)])
        ids = data.draw(st.sets(st.sampled_from(sorted(set(anime)))))
        left, seed = data.draw(st.integers(0, 8)), data.draw(st.integers(0, 3))
        found = thinned(ratings, np.array(sorted(ids), np.int64), left, seed)
        assert triples(found) <= triples(ratings)
        raters = {one: sum(rated == one for rated in anime) for one in set(anime)}
        expected = {one: min(left, count) if one in ids else count for one, count in raters.items()}
        by_id = dict(zip(found.anime_ids.tolist(), found.raters.tolist(), strict=True))
        assert by_id == {one: count for one, count in expected.items() if count}
        assert np.diff(found.matrix.indptr).all()  # nobody without a rating is left

    def test_what_is_left_of_fewer_is_left_of_more(self) -> None:
        ratings = made_up_ratings(60, 10, density=0.7)
        two, six = (triples(thinned(ratings, ratings.anime_ids[:5], left)) for left in (2, 6))
        assert two < six < triples(ratings)

    def test_the_seed_decides_whose_are_left(self) -> None:
        ratings = made_up_ratings(60, 10, density=0.7)
        once, again, other = (triples(thinned(ratings, ratings.anime_ids, 3, seed)) for seed in (1, 1, 2))
        assert once == again != other


class Told:
    """Learns nothing, but remembers what it was given; it predicts the number of raters left."""

    def __init__(self) -> None:
        self.trained: list[tuple[Ratings, NDArray[np.int64]]] = []
        self.knew: list[frozenset[int]] = []

    def __call__(self, train: Ratings, hidden_ids: NDArray[np.int64]) -> Guess:
        self.trained.append((train, hidden_ids))
        left = (train.anime_ids == hidden_ids[0]).any() * train.raters[train.anime_ids == hidden_ids[0]].sum()

        def predict(known: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
            self.knew.append(frozenset(known))
            return np.full(len(wanted), 5.0 + left)

        return Guess(predict, lambda _: hidden_ids if left else -hidden_ids)


# Each of ten anime has ten raters in training; 11 has 35, too many to be thinned, and 12 has nine, too few.
USERS = [*np.repeat(range(10), 10), *range(10, 45), *range(45, 54)]
TRAIN = Ratings.from_arrays(USERS, [*np.tile(range(1, 11), 10), *[11] * 35, *[12] * 9], np.full(144, 7))
CATALOGUE = Catalogue(Anime(one, f"No. {one}") for one in range(1, 13))


def two_of_ten(user: Unseen) -> Splits:
    return [Split(TRAIN, [user])]


def test_a_case_worked_by_hand() -> None:
    learn = Told()
    user = unseen(dict.fromkeys((1, 2, 3, 4, 5, 11), 6), dict.fromkeys((6, 7, 8, 9, 10, 12), 8))
    found = measure_thin(learn, two_of_ten(user), CATALOGUE, left=(0, 3, 10))
    ((_, ids), *_) = learn.trained
    assert [one.tolist() for _, one in learn.trained] == [ids.tolist()] * 3
    assert len(ids) == 2  # a fifth
    assert [len(train) for train, _ in learn.trained] == [144 - 2 * 10, 144 - 2 * 7, 144]
    assert learn.knew == [frozenset(range(1, 13)) - set(ids.tolist())] * 3

    low, high = (user.given | user.hidden)[int(ids[0])], (user.given | user.hidden)[int(ids[1])]
    errors = {few: one.errors.rmse().value for few, one in found.items()}
    assert errors == {
        few: pytest.approx(math.sqrt(((5 + few - low) ** 2 + (5 + few - high) ** 2) / 2))
        for few in (0, 3, 10)
    }
    dcg = {few: one.shown.ndcg().value for few, one in found.items()}
    gains = low - 5, high - 5
    ideal = max(gains) + min(gains) / math.log2(3)
    assert dcg[0] == pytest.approx((gains[0] + gains[1] / math.log2(3)) / ideal)
    assert dcg[3] == dcg[10] == pytest.approx((gains[1] + gains[0] / math.log2(3)) / ideal)

    rows = thin_table(found)
    assert [row["raters_left"] for row in rows] == [0, 3, 10]
    assert [row["anime"] for row in rows] == [2, 2, 2]
    assert rows[0]["ndcg_above_before"] is rows[0]["rmse_percent_against_before"] is None
    assert rows[1]["ndcg_above_before"] == found[3].shown.ndcg_against(found[0].shown)
    assert rows[2]["rmse_percent_against_before"] == found[10].errors.rmse_against(found[3].errors)


def test_an_anime_is_drawn_if_it_has_enough_raters_but_is_not_famous() -> None:
    drawn = {one for seed in range(60) for one in a_fifth(TRAIN, 10, seed).tolist()}
    assert drawn == set(range(1, 11))


def test_each_round_has_other_users_and_other_anime() -> None:
    ratings = made_up_ratings(200, 60, density=0.7)
    learn = Told()
    found = measure_thin(learn, Folds(ratings, folds=5), CATALOGUE, left=(0, 50), rounds=3)
    drawn = [tuple(ids.tolist()) for _, ids in learn.trained]
    assert len(drawn) == 6
    assert drawn[::2] == drawn[1::2]
    assert len(set(drawn)) == 3
    assert found[0].anime == sum(len(set(ids)) for ids in drawn[::2])
    assert 100 < len(found[0].errors.counts) == len(found[50].errors.counts) <= 120


def test_what_is_too_small_is_refused_in_one_sentence() -> None:
    user = unseen({1: 6}, {99: 8})
    with pytest.raises(EvaluationError, match="0 anime have 11 to 32 raters, too few to thin a fifth"):
        measure_thin(Told(), two_of_ten(user), CATALOGUE, left=(0, 11))
    nobody = unseen({98: 6}, {99: 8})
    with pytest.raises(EvaluationError, match="no unseen user rated a thinned anime and another one"):
        measure_thin(Told(), two_of_ten(nobody), CATALOGUE, left=(0, 10))
