"""Anime that few have rated: their prior against least squares, their likes and the evaluation by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from hakken import Anime, Catalogue, Ratings
from hakken.errors import EvaluationError
from hakken.evaluation import Folds, Interval, Split, Unseen
from hakken.evaluation.cold_start import (
    CROWD,
    FACTS,
    NOTHING,
    Guess,
    WithoutAnime,
    a_tenth,
    cold_start_table,
    guessers,
    measure_cold_start,
    recent,
)
from hakken.model.cold_start.prior import cold_start_ids, likenesses, prior, reach, ridge, similarities
from tests.hakken.made_up import made_up_ratings


def ids(*some: int) -> NDArray[np.int64]:
    return np.array(some, np.int64)


def counts(*some: int) -> NDArray[np.int32]:
    return np.array(some, np.int32)


def least_squares(
    facts: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64], penalty: float
) -> NDArray[np.float64]:
    """Ridge regression as ordinary least squares of more rows, the first coefficient without a penalty."""
    drawn = math.sqrt(penalty) * np.eye(facts.shape[1])[1:]
    rows = np.vstack([np.sqrt(weights)[:, None] * facts, drawn])
    wanted = np.append(np.sqrt(weights) * values, np.zeros(len(drawn)))
    return np.asarray(np.linalg.lstsq(rows, wanted)[0])


class TestNewcomers:
    def test_what_can_be_placed_is_named_in_the_order_of_the_ids(self) -> None:
        catalogue = Catalogue(
            [
                Anime(9, "of a franchise", type="OVA", franchise=0),
                Anime(8, "of a genre", type="TV", genres=("Drama",)),
                Anime(7, "a song", type="Music", genres=("Music",)),
                Anime(6, "of no type", genres=("Drama",)),
                Anime(5, "of nothing more", type="TV"),
                Anime(4, "rated", type="TV", genres=("Drama",)),
            ]
        )
        assert cold_start_ids(catalogue, ids(4)).tolist() == [8, 9]

    def test_where_all_is_rated_there_are_none(self) -> None:
        found = cold_start_ids(Catalogue([Anime(1, "A", type="TV", genres=("Drama",))]), ids(1))
        assert found.tolist() == []
        assert found.dtype == np.int64


class TestPrior:
    def test_ridge_is_least_squares_with_a_row_for_each_penalty(self) -> None:
        random = np.random.default_rng(1)
        facts = np.hstack([np.ones((30, 1)), random.random((30, 4)) * (random.random((30, 4)) < 0.5)])
        values, weights = random.normal(size=30), random.random(30) + 0.1
        found = ridge(sparse.csr_array(facts), values, weights, 3.0)
        assert found == pytest.approx(least_squares(facts, values, weights, 3.0), abs=1e-10)

    def test_without_facts_it_is_the_mean_of_the_unshrunk_levels_by_trust(self) -> None:
        # Of 5 and of 15 raters, with λ_i = 5: trust ½ and ¾, so levels 1 / ½ = 2 and −½ / ¾ = −⅔.
        found = prior(Catalogue(), ids(1, 2), np.array([1.0, -0.5]), counts(5, 15), ids(3), reg_item=5)
        assert found == pytest.approx([(0.5 * 2 - 0.75 * 2 / 3) / (0.5 + 0.75)])

    def test_of_genres_it_is_what_least_squares_says(self) -> None:
        # Arrange: six of Action, six of Drama, all else unknown: columns that all have in common say nothing.
        random = np.random.default_rng(2)
        catalogue = Catalogue(Anime(n, "x", genres=("Action" if n <= 6 else "Drama",)) for n in range(1, 15))
        biases, raters = random.normal(size=12), counts(*random.integers(1, 50, 12))
        trust = raters / (raters + 5.0)
        columns = np.array([[1.0, n < 6, n >= 6] for n in range(12)])

        found = prior(catalogue, np.arange(1, 13), biases, raters, ids(13, 14), reg_item=5)

        expected = least_squares(columns, biases / trust, trust, 100.0)
        assert found == pytest.approx([expected[0] + expected[2]] * 2)

    def test_of_the_crowds_score_it_is_what_least_squares_says(self) -> None:
        random = np.random.default_rng(3)
        scores = random.uniform(4, 9, 9)
        catalogue = Catalogue(Anime(n, "x", score=float(scores[n - 1])) for n in range(1, 10))
        biases, raters = random.normal(size=8), counts(*random.integers(1, 50, 8))
        trust = raters / (raters + 5.0)
        mean = np.average(scores[:8], weights=trust)
        standard = (scores - mean) / math.sqrt(np.average((scores[:8] - mean) ** 2, weights=trust))
        columns = np.stack([np.ones(9), standard], axis=1)

        found = prior(catalogue, np.arange(1, 9), biases, raters, ids(9), reg_item=5)

        assert found == pytest.approx(columns[8:] @ least_squares(columns[:8], biases / trust, trust, 100.0))

    def test_the_rest_of_the_franchise_draws_it_to_its_own_level(self) -> None:
        # The one that stands alone and the one of the franchise differ by Σ w·residual / (10 + Σ w).
        catalogue = Catalogue(
            [*(Anime(n, "x", franchise=7) for n in (1, 2, 5)), Anime(3, "y"), Anime(4, "y")]
        )
        biases, raters = np.array([1.0, 1.0, -1.0]), counts(5, 5, 5)
        alone, together = prior(catalogue, ids(1, 2, 3), biases, raters, ids(4, 5), reg_item=5)
        assert alone == pytest.approx(2 / 3)  # levels 2, 2 and −2 of equal trust
        assert together - alone == pytest.approx(2 * 0.5 * (2 - 2 / 3) / (10 + 2 * 0.5))

    def test_an_animes_own_ratings_are_not_the_rest_of_its_franchise(self) -> None:
        def found(franchise: int | None) -> list[float]:
            catalogue = Catalogue([Anime(1, "x", franchise=franchise), Anime(2, "y")])
            return prior(catalogue, ids(1, 2), np.array([1.0, -1.0]), counts(5, 5), ids(1)).tolist()

        assert found(franchise=7) == pytest.approx(found(franchise=None))

    def test_where_nobody_rated_anything_it_is_nothing(self) -> None:
        catalogue = Catalogue([Anime(1, "x", score=9.0), Anime(2, "y")])
        assert prior(catalogue, ids(), np.zeros(0), counts(), ids(1, 2)).tolist() == [0, 0]
        assert prior(catalogue, ids(1), np.zeros(1), counts(0), ids(2)).tolist() == [0]


class TestLikeness:
    def test_it_is_the_cosine_of_genres_by_how_rare_they_are(self) -> None:
        # Arrange: x has two of four anime, y three, z one; years and members are the same.
        def of(anime_id: int, *genres: str) -> Anime:
            return Anime(anime_id, "x", genres=genres, year=2000, members=50)

        catalogue = Catalogue([of(1, "x", "y"), of(2, "y"), of(3, "z"), of(4, "x", "y")])
        x, y = math.log(4 / 2), math.log(4 / 3)
        alike = [0.5 + 0.5, 0.5 * y / math.hypot(x, y) + 0.5, 0.5]

        shares = likenesses(catalogue, ids(1, 2, 3), ids(4), counts(3, 8, 15), 3).toarray()[0]
        similar = similarities(catalogue, ids(1, 2, 3), ids(4), counts(3, 8, 15), 3).toarray()[0]

        weights = np.array(alike) ** 3 / [2, 3, 4]  # √(1 + raters)
        assert shares == pytest.approx(weights / weights.sum(), rel=1e-5)
        assert similar == pytest.approx(0.16 * np.array(alike) ** 2, rel=1e-5)

    def test_years_and_members_apart_make_less_alike(self) -> None:
        # All genres are alike, and each has all of them: the cosine of what tells nothing is 0.
        def of(anime_id: int, year: int | None, members: float) -> Anime:
            return Anime(anime_id, "x", genres=("x",), year=year, members=round(members))

        near = of(1, 2015, 1000)
        catalogue = Catalogue(
            [near, of(2, 2000, 1000), of(3, 2015, 1000 * math.e**8), of(4, None, 0), of(5, 2015, 1000)]
        )
        found = similarities(catalogue, ids(1, 2, 3, 4), ids(5), counts(9, 9, 9, 9), 4).toarray()[0]
        alike = np.sqrt(found / 0.16)
        assert alike == pytest.approx([0.5, 0.5 / math.e, 0.5 / math.e, 0.5 / math.e**2], rel=1e-4)

    @pytest.mark.parametrize(("franchise", "first"), [(2**31 - 2, 1), (2**31 - 3, 0), (None, 0)])
    def test_its_franchise_comes_before_what_is_like_it_by_all_other_facts(
        self, franchise: int | None, first: int
    ) -> None:
        # Numbers so high that a float32 would take them for one.
        facts = {"genres": ("x", "y"), "type": "TV", "source": "Manga", "studios": ("A",), "year": 2001}
        catalogue = Catalogue(
            [
                Anime(1, "alike", **facts, franchise=7),
                Anime(2, "perhaps a sequel", genres=("z",), type="Movie", year=2000, franchise=2**31 - 2),
                Anime(3, "cold", **facts, franchise=franchise),
            ]
        )
        found = likenesses(catalogue, ids(1, 2), ids(3), counts(10, 10), 1)
        assert found.indices.tolist() == [first]

    def test_of_equally_like_anime_the_more_rated_counts(self) -> None:
        catalogue = Catalogue(Anime(n, "x", genres=("x",), year=2000) for n in (1, 2, 3, 4))
        found = likenesses(catalogue, ids(1, 2, 3), ids(4), counts(5, 20, 10), 1)
        assert found.indices.tolist() == [1]
        assert found.data.tolist() == [1.0]

    def test_an_anime_that_the_catalogue_lacks_is_like_nothing(self) -> None:
        catalogue = Catalogue(
            [Anime(1, "x", genres=("x",), year=2000), Anime(2, "x", genres=("x",), year=2000)]
        )
        for of in (likenesses, similarities):
            found = of(catalogue, ids(1, 5), ids(2, 3), counts(5, 5), 10).toarray()
            assert found[0, 0] > 0
            assert found[0, 1] == 0
            assert found[1].tolist() == [0, 0]

    def test_of_no_anime_there_are_no_likes(self) -> None:
        catalogue = Catalogue([Anime(1, "x", genres=("x",))])
        assert likenesses(catalogue, ids(1), ids(), counts(5), 3).shape == (0, 1)
        assert likenesses(catalogue, ids(), ids(1), counts(), 3).shape == (1, 0)


WORDS = st.sampled_from(["A", "B", "C", "D"])
ANIME = st.builds(
    Anime,
    anime_id=st.integers(1, 40),
    title=st.just("x"),
    type=st.none() | WORDS,
    episodes=st.none() | st.integers(0, 2000),
    year=st.none() | st.integers(1917, 2030),
    members=st.integers(0, 5_000_000),
    genres=st.lists(WORDS, max_size=3).map(tuple),
    franchise=st.none() | st.integers(0, 3),
    score=st.none() | st.floats(1, 10),
    source=st.none() | WORDS,
    studios=st.lists(WORDS, max_size=2).map(tuple),
)


class TestAnyFacts:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(ANIME, max_size=25), st.integers(0, 40), st.integers(0, 2**32 - 1))
    def test_whatever_is_unknown_nothing_becomes_nan_and_no_row_is_above_one(
        self, anime: list[Anime], warm: int, seed: int
    ) -> None:
        random = np.random.default_rng(seed)
        catalogue, some = Catalogue(anime), np.arange(1, warm + 1)
        raters, others = random.integers(0, 30, warm).astype(np.int32), np.arange(warm + 1, 41)
        biases = random.normal(size=warm) * (raters > 0)

        expected = prior(catalogue, some, biases, raters, np.arange(1, 41))
        shares = likenesses(catalogue, some, others, raters, 5)
        similar = similarities(catalogue, some, others, raters, 5)

        assert np.isfinite(expected).all()
        assert ((shares.data > 0) & (shares.data <= 1)).all()
        assert ((similar.data > 0) & (similar.data < 1)).all()
        assert (shares.sum(axis=1) <= 1 + 1e-6).all()
        assert (np.diff(shares.indptr) <= 5).all()
        assert shares.has_sorted_indices
        assert shares.dtype == similar.dtype == np.float32

    @settings(max_examples=30, deadline=None)
    @given(st.lists(ANIME, max_size=25), st.integers(0, 2**32 - 1))
    def test_the_order_of_the_catalogue_is_of_no_consequence(self, anime: list[Anime], seed: int) -> None:
        by_id = list({one.anime_id: one for one in anime}.values())
        other = [by_id[place] for place in np.random.default_rng(seed).permutation(len(by_id))]
        raters, biases = np.arange(1, 21, dtype=np.int32), np.linspace(-1, 1, 20)
        found = [
            (
                prior(catalogue, np.arange(1, 21), biases, raters, np.arange(21, 41)).tolist(),
                likenesses(catalogue, np.arange(1, 21), np.arange(21, 41), raters, 5).toarray().tolist(),
            )
            for catalogue in (Catalogue(by_id), Catalogue(other))
        ]
        assert found[0] == found[1]

    def test_reach_grows_with_the_members(self) -> None:
        catalogue = Catalogue([Anime(1, "x", members=999_900), Anime(2, "x")])
        assert reach(catalogue, ids(1, 2, 3)) == pytest.approx([1e6**0.3, 100**0.3, 100**0.3])


def everyone(scores: dict[int, float], n_users: int = 20) -> Ratings:
    """Of users who agree in all."""
    anime = np.tile(list(scores), n_users)
    return Ratings.from_arrays(
        np.repeat(np.arange(n_users), len(scores)), anime, np.tile(list(scores.values()), n_users)
    )


class TestHiddenAnime:
    def test_training_sees_none_of_them_and_users_are_asked_for_them_alone(self) -> None:
        ratings, hidden = made_up_ratings(30, 20), ids(20, 50, 110)
        folds = Folds(ratings, folds=3)
        for before, split in zip(folds, WithoutAnime(folds, hidden), strict=True):
            assert not np.isin(split.train.anime_ids, hidden).any()
            assert len(split.train) == np.count_nonzero(
                ~np.isin(before.train.anime_ids[before.train.matrix.indices], hidden)
            )
            wholes = [user.given | user.hidden for user in before.unseen]
            asked = [whole for whole in wholes if whole.keys() & set(hidden.tolist())]
            assert [user.given | user.hidden for user in split.unseen] == asked
            for user in split.unseen:
                assert np.isin(user.hidden_ids, hidden).all()
                assert not np.isin(user.given_ids, hidden).any()

    def test_a_tenth_of_those_with_raters_enough_is_drawn_by_the_seed(self) -> None:
        ratings = made_up_ratings(60, 80, density=0.6)
        known = set(ratings.anime_ids[ratings.raters >= 20].tolist())
        first, again, other = (a_tenth(ratings, seed).tolist() for seed in (0, 0, 1))
        assert first == again == sorted(first) != other
        assert set(first) <= known
        assert len(first) == round(len(known) / 10) > 1

    def test_recent_ones_are_those_from_2021_on(self) -> None:
        years = {10: 2020, 20: 2021, 30: None, 40: 2023}
        catalogue = Catalogue(Anime(anime_id, "x", year=year) for anime_id, year in years.items())
        ratings = everyone({10: 5, 20: 6, 30: 7, 40: 8, 50: 9})
        assert recent(ratings, catalogue).tolist() == [20, 40]

    def test_where_there_are_none_a_sentence_says_so(self) -> None:
        with pytest.raises(EvaluationError, match="too few to hide a tenth"):
            a_tenth(everyone({1: 5, 2: 6}))
        with pytest.raises(EvaluationError, match="of 2021 or later"):
            recent(everyone({1: 5, 2: 6}), Catalogue([Anime(1, "x", year=2020)]))

    def test_where_nobody_is_asked_or_nothing_is_left_a_sentence_says_so(self) -> None:
        ratings, some = everyone({1: 5, 2: 6}), Unseen(ids(1), np.float32([5]), ids(2), np.float32([6]))
        with pytest.raises(EvaluationError, match="no unseen user rated"):
            measure_cold_start(guessers(Catalogue()), [Split(ratings, [some])], Catalogue(), ids(3))
        with pytest.raises(EvaluationError, match="nothing is left to train on"):
            measure_cold_start(guessers(Catalogue()), [Split(ratings, [some])], Catalogue(), ids(1, 2))


SCORES = {10 * n: float(1 + n % 10) for n in range(1, 31)}
"""Of 30 anime, what everyone gives them."""


def knowing_all(_: Ratings, hidden_ids: NDArray[np.int64]) -> Guess:
    truth = np.array([SCORES[anime_id] for anime_id in hidden_ids.tolist()])
    return Guess(lambda _, wanted: [SCORES[anime_id] for anime_id in wanted], lambda _: truth)


class TestMeasuringNewcomers:
    def test_nothing_errs_by_the_distance_from_the_mean_and_who_knows_all_never(self) -> None:
        # Arrange: all users are alike, so that b_u is 0, and each rated each hidden anime.
        ratings, hidden = everyone(SCORES), ids(20, 90, 150, 200)
        mean = np.mean([score for anime_id, score in SCORES.items() if anime_id not in hidden])
        off = [SCORES[anime_id] - mean for anime_id in hidden.tolist()]

        found = measure_cold_start(
            guessers(Catalogue()) | {"all": knowing_all}, Folds(ratings, folds=4), Catalogue(), hidden
        )

        assert found.errors[NOTHING].rmse().value == pytest.approx(math.sqrt(np.mean(np.square(off))))
        assert found.errors["all"].rmse() == Interval(0, 0, 0)
        assert found.shown["all"].ndcg() == Interval(1, 1, 1)
        assert 0 < found.shown[NOTHING].ndcg().value < 1
        assert len(found.errors["all"].counts) == 20
        assert found.anime == 4

    def test_the_crowd_is_its_mean_score_and_its_members(self) -> None:
        ratings, hidden = everyone(SCORES), ids(20, 90)
        # The first has 3 of everyone, the second 10: the score of one is known, the other has the members.
        catalogue = Catalogue([Anime(20, "x", score=4.0, members=5), Anime(90, "y", members=7)])
        mean = np.mean([score for anime_id, score in SCORES.items() if anime_id not in hidden])
        found = measure_cold_start(guessers(catalogue), Folds(ratings, folds=4), catalogue, hidden)
        off = [4.0 - 3.0, mean - 10.0]
        assert found.errors[CROWD].rmse().value == pytest.approx(math.sqrt(np.mean(np.square(off))), rel=1e-6)
        assert found.shown[CROWD].ndcg().value == 1.0

    def test_facts_that_tell_of_tastes_beat_knowing_nothing(self) -> None:
        # Arrange: two camps, each of which rates its own genre and loves its later years.
        random = np.random.default_rng(5)
        users, anime = np.nonzero(
            random.random((200, 60)) < np.where(np.add.outer(np.arange(200), np.arange(60)) % 2, 0.03, 0.6)
        )
        scores = np.clip(5 + anime / 15 + random.normal(0, 0.7, len(anime)), 1, 10).round()
        ratings = Ratings.from_arrays(users, anime + 1, scores)
        catalogue = Catalogue(
            Anime(n + 1, "x", type="TV", genres=("odd" if n % 2 else "even",), score=5 + n / 15, members=1000)
            for n in range(60)
        )
        found = measure_cold_start(guessers(catalogue), Folds(ratings, folds=3), catalogue, a_tenth(ratings))
        assert found.errors[FACTS].rmse_against(found.errors[NOTHING]).high < 0
        assert found.shown[FACTS].ndcg_against(found.shown[NOTHING]).low > 0

    def test_the_table_compares_guesses_with_nothing_and_shown_with_the_crowd(self) -> None:
        ratings, catalogue = everyone(SCORES), Catalogue([Anime(20, "x", score=3.0, members=5)])
        found = measure_cold_start(guessers(catalogue), Folds(ratings, folds=4), catalogue, ids(20, 90))
        table = cold_start_table({"two": found})
        assert [row["known"] for row in table] == [NOTHING, CROWD, FACTS]
        assert {(row["hidden"], row["anime"], row["users"]) for row in table} == {("two", 2, 20)}
        assert [row["rmse_percent_against_nothing"] is None for row in table] == [True, False, False]
        assert [row["ndcg_above_average"] is None for row in table] == [False, True, False]
        assert table[2]["rmse"] == found.errors[FACTS].rmse()
        assert table[2]["ndcg"] == found.shown[FACTS].ndcg()
