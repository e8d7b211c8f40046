"""Splits, metrics, intervals and both protocols, against hand-worked cases and scikit-surprise."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial.distance import pdist
from surprise import BaselineOnly, Dataset, Reader, accuracy
from surprise.prediction_algorithms.predictions import Prediction

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.catalogue.catalogue import Anime
from hakken.errors import EvaluationError
from hakken.evaluation import (
    Choose,
    Folds,
    Interval,
    Periods,
    ShownLists,
    Split,
    Unseen,
    baseline_only,
    global_mean,
    measure_by_known,
    measure_rankings,
    measure_ratings,
    ndcg,
    popularity,
    recall,
    report,
    rmse,
    split_users,
    user_mean,
    with_known,
)
from hakken.evaluation.intervals import interval, mean, ratio, relative
from hakken.evaluation.metrics import intra_list_similarity
from hakken.evaluation.protocols.measuring import Ranker
from hakken.evaluation.protocols.ranking import of_hakken
from hakken.evaluation.ranking import by_rank, first
from hakken.evaluation.two_stages import learn_from_folds
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Member, Recommender
from tests.hakken.made_up import made_up_ratings

NAN = float("nan")


def unseen(given_to: dict[int, float], hidden: dict[int, float]) -> Unseen:
    def arrays(scores: dict[int, float]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return np.array(list(scores), np.int64), np.array(list(scores.values()), np.float32)

    return Unseen(*arrays(given_to), *arrays(hidden))


def whole_list(user: Unseen) -> frozenset[tuple[int, float]]:
    return frozenset((user.given | user.hidden).items())


def lists(ratings: Ratings) -> list[frozenset[tuple[int, float]]]:
    return [frozenset(ratings.of_user(row).items()) for row in range(len(ratings.user_ids))]


class TestFolds:
    def test_every_user_is_unseen_once_and_then_not_trained_on(self) -> None:
        ratings = made_up_ratings(40, 30, density=0.6)
        assert min(map(len, lists(ratings))) >= 5
        seen_of_fold, unseen_of_fold = [], []
        for split in Folds(ratings, folds=4):
            seen_of_fold.append(lists(split.train))
            unseen_of_fold.append([whole_list(user) for user in split.unseen])
        for trained, left_out in zip(seen_of_fold, unseen_of_fold, strict=True):
            assert sorted(map(sorted, trained + left_out)) == sorted(map(sorted, lists(ratings)))
        assert sorted(sorted(one) for fold in unseen_of_fold for one in fold) == sorted(
            map(sorted, lists(ratings))
        )

    def test_a_fifth_of_each_list_is_hidden_rounded_down(self) -> None:
        for split in Folds(made_up_ratings(40, 30), folds=4):
            for user in split.unseen:
                assert not user.given.keys() & user.hidden.keys()
                assert len(user.hidden) == len(whole_list(user)) // 5

    def test_users_with_fewer_than_five_ratings_are_always_trained_on(self) -> None:
        users = [1, 1, 1, 1, *[2] * 5, *[3] * 5]
        anime = [1, 2, 3, 4, *range(1, 6), *range(1, 6)]
        ratings = Ratings.from_arrays(users, anime, np.full(14, 7))
        for split in Folds(ratings, folds=2):
            assert 1 in split.train.user_ids
            assert len(split.unseen) == 1

    def test_the_seed_decides(self) -> None:
        ratings = made_up_ratings(40, 30)

        def drawn(seed: int) -> list[frozenset[int]]:
            return [frozenset(user.hidden) for split in Folds(ratings, seed=seed) for user in split.unseen]

        assert drawn(3) == drawn(3) != drawn(4)

    def test_a_cap_takes_measured_users_away_but_gives_none_to_training(self) -> None:
        ratings = made_up_ratings(40, 30)
        capped, all_of_them = Folds(ratings, users=10), Folds(ratings)
        assert sum(len(split.unseen) for split in capped) == 10
        for few, many in zip(capped, all_of_them, strict=True):
            assert few.train.user_ids.tolist() == many.train.user_ids.tolist()
            assert {whole_list(user) for user in few.unseen} < {whole_list(user) for user in many.unseen}

    def test_too_few_users_are_refused_in_one_sentence(self) -> None:
        with pytest.raises(
            EvaluationError, match=r"5 folds need as many users with 5 ratings .* there are 3"
        ):
            Folds(Ratings.from_arrays(np.repeat([1, 2, 3], 5), np.tile(range(1, 6), 3), np.full(15, 7)))


class TestFewKnown:
    USER = unseen({one: 5 + one % 3 for one in range(10, 40)}, {90: 9, 91: 3})

    def test_so_many_ratings_are_given_and_the_same_are_hidden(self) -> None:
        (user,) = with_known(Split(TestRankingProtocol.train, [self.USER]), 7).unseen
        assert len(user.given) == 7
        assert user.given.items() < self.USER.given.items()
        assert user.hidden == self.USER.hidden

    def test_more_known_is_what_fewer_was_and_others(self) -> None:
        split = Split(TestRankingProtocol.train, [self.USER, self.USER])
        few, many = (with_known(split, known).unseen for known in (5, 20))
        assert all(one.given.items() < more.given.items() for one, more in zip(few, many, strict=True))

    def test_it_is_drawn_at_random_as_the_seed_says(self) -> None:
        def drawn(seed: int) -> set[int]:
            (user,) = with_known(Split(TestRankingProtocol.train, [self.USER]), 10, seed).unseen
            return set(user.given)

        assert drawn(3) == drawn(3) != drawn(4)
        assert drawn(3) != set(list(self.USER.given)[:10])

    def test_users_of_whom_fewer_are_known_are_left_out(self) -> None:
        split = Split(TestRankingProtocol.train, [unseen({1: 5, 2: 6}, {3: 9}), unseen({4: 7}, {3: 9})])
        assert [len(with_known(split, known).unseen) for known in (1, 2, 3)] == [2, 1, 0]


class TestMetrics:
    def test_ndcg_of_a_hand_worked_list(self) -> None:
        # Gains 4, 0, 1 at places 1–3; the best order would have 5, 4, 1. A 4 is worth nothing.
        dcg = 4 / math.log2(2) + 0 / math.log2(3) + 1 / math.log2(4)
        ideal = 5 / math.log2(2) + 4 / math.log2(3) + 1 / math.log2(4)
        assert ndcg(np.array([9, NAN, 6]), np.array([4, 9, 6, 10])) == pytest.approx(dcg / ideal)

    def test_ndcg_holds_a_list_of_n_against_the_best_list_of_n(self) -> None:
        assert ndcg(np.array([10.0, 9.0]), np.array([8.0, 9.0, 10.0]), n=2) == pytest.approx(1)

    def test_nothing_to_gain_or_to_find_is_no_figure(self) -> None:
        assert math.isnan(ndcg(np.array([5, NAN]), np.array([5, 1])))
        assert math.isnan(recall(np.array([7, NAN]), np.array([7, 7])))

    def test_recall_divides_by_what_the_list_can_hold(self) -> None:
        assert recall(np.array([8, 7, NAN]), np.array([8, 7, 9, 10])) == pytest.approx(1 / 3)
        assert recall(np.full(10, 9), np.full(12, 9)) == 1

    @given(st.lists(st.integers(1, 10), min_size=1, max_size=15).filter(lambda scores: max(scores) > 5))
    def test_ndcg_is_1_for_the_perfect_order_and_for_no_worse_one(self, scores: list[int]) -> None:
        best = sorted(scores, reverse=True)
        assert ndcg(np.array(best[:10]), np.array(scores)) == pytest.approx(1)
        worst = sorted(scores)
        if [max(one, 5) for one in worst[:10]] != [max(one, 5) for one in best[:10]]:
            assert 0 <= ndcg(np.array(worst[:10]), np.array(scores)) < 1

    @given(
        st.lists(st.one_of(st.just(NAN), st.integers(1, 10)), min_size=2, max_size=10),
        st.data(),
    )
    def test_putting_the_better_of_two_first_never_lowers_ndcg(
        self, shown: list[float], data: st.DataObject
    ) -> None:
        hidden = np.array([10.0, *(one for one in shown if not math.isnan(one))])
        at = data.draw(st.integers(0, len(shown) - 2))
        pair = sorted(shown[at : at + 2], key=lambda one: 0 if math.isnan(one) else one)
        worse, better = [*shown], [*shown]
        worse[at : at + 2], better[at : at + 2] = pair, pair[::-1]
        assert ndcg(np.array(better), hidden) >= ndcg(np.array(worse), hidden) - 1e-12


class TestIntraListSimilarity:
    @given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=2, max_size=6))
    def test_it_is_the_mean_of_scipys_cosines_of_pairs(self, facts: list[list[bool]]) -> None:
        vectors = np.array(facts, dtype=float)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        known = vectors[lengths[:, 0] > 0]
        units = sparse.csr_array(vectors / np.where(lengths, lengths, 1))
        found = intra_list_similarity(units)
        if len(known) < 2:
            assert math.isnan(found)
        else:
            assert found == pytest.approx(1 - pdist(known, "cosine").mean())


class TestIntervals:
    def test_a_ratio_of_means_is_that_of_fieller(self) -> None:
        # Fieller's interval of a ratio of paired means, for large samples the delta method's.
        random = np.random.default_rng(0)
        others = random.normal(4, 1, 2000)
        values = 1.5 * others + random.normal(0, 0.5, 2000)
        found = relative(values, others)
        assert found.value == pytest.approx(values.mean() / others.mean())
        left = values - found.value * others
        half = 1.96 * left.std(ddof=1) / math.sqrt(2000) / others.mean()
        assert found.high - found.low == pytest.approx(2 * half, rel=0.12)

    def test_a_user_counts_in_both_means_or_in_neither(self) -> None:
        found = relative(np.array([1.0, NAN, 3.0, 9.0]), np.array([0.0, 5.0, 2.0, NAN]))
        assert found.value == pytest.approx((1 + 3) / (0 + 2))

    def test_nothing_is_so_many_times_zero(self) -> None:
        assert math.isnan(relative(np.array([1.0, 2.0]), np.zeros(2)).value)

    def test_the_interval_of_a_mean_is_that_of_the_normal_law(self) -> None:
        values = np.random.default_rng(0).normal(3, 2, 2000)
        found = mean(values)
        half = 1.96 * values.std(ddof=1) / math.sqrt(len(values))
        assert found.value == pytest.approx(values.mean())
        assert found.high - found.value == pytest.approx(half, rel=0.12)
        assert found.value - found.low == pytest.approx(half, rel=0.12)

    def test_users_without_a_figure_do_not_count(self) -> None:
        assert mean(np.array([1.0, NAN, 3.0])).value == 2
        assert ratio(np.array([2.0, 0.0, 4.0]), np.array([1.0, 0.0, 2.0])) == Interval(2, 2, 2)

    def test_of_nobody_nothing_and_of_one_user_no_spread_is_known(self) -> None:
        assert math.isnan(mean(np.array([])).value)
        alone = mean(np.array([4.0]))
        assert alone.value == 4
        assert math.isnan(alone.low)

    def test_the_seed_decides_the_resamples(self) -> None:
        values = np.random.default_rng(0).normal(size=50)
        assert mean(values, 1) == mean(values, 1) != mean(values, 2)

    def test_resamples_are_of_whole_users(self) -> None:
        # One user holds all ratings but one: without them the ratio is 0, which the interval must show.
        found = ratio(np.array([99.0, 0.0]), np.array([99.0, 1.0]))
        assert (found.low, found.high) == (0, 1)

    def test_a_statistic_is_never_asked_for_more_rows_than_there_are_users(self) -> None:
        sizes = set()

        def statistic(rows: NDArray[np.intp]) -> NDArray[np.float64]:
            sizes.add(rows.shape[-1])
            return np.asarray(rows.mean(axis=-1))

        interval(statistic, 7)
        assert sizes == {7}


class TestReport:
    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            (Interval(1.16981, 1.143, 1.197), "1.170 ±0.027"),
            (Interval(1150.6, 1148.5, 1154.5), "1,150.6 ±3.0"),
            (Interval(712.2, 600, 824), "712 ±112"),
            (Interval(0.5, 0.5, 0.5), "0.5"),
            (Interval(NAN, NAN, NAN), "–"),
            (0.130612, "0.1306"),
            (25212, "25,212"),
            ("predicted", "predicted"),
            (None, "–"),
        ],
    )
    def test_people_see_no_more_digits_than_are_known(self, cell: report.Cell, text: str) -> None:
        assert report.for_people(cell) == text

    def test_machines_see_null_where_nothing_is_known(self) -> None:
        assert report.for_machines(Interval(2, NAN, NAN)) == {"value": 2, "low": None, "high": None}
        assert report.for_machines(NAN) is None


class TestRatingProtocol:
    def test_errors_are_those_that_surprise_works_out(self) -> None:
        split = split_users(made_up_ratings(80, 40), users=0.3)
        model = ItemKNNBaseline().fit(split.train)
        predictions = [
            Prediction(row, anime_id, score, model.predict(user.given, [anime_id])[0], {})
            for row, user in enumerate(split.unseen)
            for anime_id, score in user.hidden.items()
        ]
        errors = measure_ratings({"model": lambda _: model.predict}, [split])["model"]
        assert errors.rmse().value == pytest.approx(accuracy.rmse(predictions, verbose=False))
        assert errors.mae().value == pytest.approx(accuracy.mae(predictions, verbose=False))
        assert rmse(model.predict, split.unseen) == pytest.approx(errors.rmse().value)

    def test_baseline_only_is_surprises_for_users_it_trained_on(self) -> None:
        ratings = made_up_ratings(50, 30)
        rows = [(user, *one) for user in range(50) for one in ratings.of_user(user).items()]
        frame = pd.DataFrame(rows, columns=["user", "anime", "score"])
        trainset = Dataset.load_from_df(frame, Reader(rating_scale=(1, 10))).build_full_trainset()
        options = {"method": "als", "n_epochs": 10, "reg_u": 3, "reg_i": 7}
        theirs = BaselineOnly(bsl_options=options, verbose=False).fit(trainset)
        ours = baseline_only(reg_user=3, reg_item=7, epochs=10)(ratings)
        for user in range(50):
            expected = [theirs.predict(user, anime_id).est for anime_id in ratings.anime_ids.tolist()]
            predicted = ours(ratings.of_user(user), ratings.anime_ids.tolist())
            assert np.abs(np.asarray(predicted) - expected).max() < 1e-9

    def test_baseline_only_gives_anime_it_does_not_know_the_users_level(self) -> None:
        train = Ratings.from_arrays([1, 2], [1, 1], [6, 6])
        predict = baseline_only(reg_user=0, reg_item=1, epochs=1)(train)
        # b_1 = 0, so b_u is what the user gave anime 1 above 6; that to the unknown anime 9 is unheard.
        assert np.asarray(predict({1: 8, 9: 1}, [9])) == pytest.approx([8])
        assert np.asarray(predict({9: 1}, [9])) == pytest.approx([6])

    def test_peers_that_know_no_anime_predict_means(self) -> None:
        train = Ratings.from_arrays([1, 1, 2], [1, 2, 1], [3, 6, 9])
        assert np.asarray(global_mean(train)({1: 1}, [1, 2])).tolist() == [6, 6]
        assert np.asarray(user_mean({1: 4, 2: 7}, [1, 2])).tolist() == [5.5, 5.5]

    def test_two_models_are_compared_on_the_same_users(self) -> None:
        split = split_users(made_up_ratings(80, 40), users=0.3)
        found = measure_ratings(
            {
                "off": lambda _: lambda _given, wanted: np.full(len(wanted), 3.0),
                "same": lambda _: lambda _given, wanted: np.full(len(wanted), 3.0),
                "mean": lambda _: user_mean,
            },
            [split],
        )
        # Resampled apart, the same model would differ from itself.
        assert found["off"].rmse_against(found["same"]) == Interval(0, 0, 0)
        worse = found["off"].rmse_against(found["mean"])
        off, by_mean = found["off"].rmse().value, found["mean"].rmse().value
        assert worse.value == pytest.approx(100 * (off - by_mean) / by_mean)
        assert 0 < worse.low < worse.value < worse.high

    def test_folds_are_put_together_rating_by_rating(self) -> None:
        ratings = made_up_ratings(40, 30)
        errors = measure_ratings({"mean": lambda _: user_mean}, Folds(ratings))["mean"]
        squares = [
            (score - np.mean(list(user.given.values()))) ** 2
            for split in Folds(ratings)
            for user in split.unseen
            for score in user.hidden.values()
        ]
        assert errors.rmse().value == pytest.approx(math.sqrt(np.mean(squares)))


class TestRankingProtocol:
    # Raters in training: anime 10: 3, 20: 2, 30: 2, 40: 1.
    train = Ratings.from_arrays([1, 2, 3, 1, 2, 1, 2, 1], [10, 10, 10, 20, 20, 30, 30, 40], [7] * 8)
    catalogue = Catalogue(
        [
            Anime(10, "a", year=1999, genres=("Drama",), studios=("X",), members=1000),
            Anime(20, "b", year=2000, genres=("Drama", "Music"), members=300),
            Anime(30, "c", year=2018, genres=("Action",), studios=("Drama",), members=20),
        ]
    )

    def show(self, scores: list[float], *users: Unseen, n: int = 2) -> ShownLists:
        split = Split(self.train, list(users))
        choose = by_rank(lambda _: np.array(scores), self.train.anime_ids, self.train.raters)
        ranked = {"model": lambda _: {"fixed": choose}}
        return measure_rankings(ranked, [split], self.catalogue, n)["fixed"]

    def test_a_hand_worked_ranking(self) -> None:
        # 10 was given, so the two highest are 40 and 30; 40 was hidden with a 9, 20 with an 8.
        shown = self.show([9, 1, 5, 7], unseen({10: 6, 77: 8}, {40: 9, 20: 8, 99: 10}))
        ideal = 5 / math.log2(2) + 4 / math.log2(3)  # 99 is in no training, and missed all the same
        assert shown.ndcg().value == pytest.approx(4 / ideal)
        assert shown.recall().value == pytest.approx(1 / 2)
        assert shown.lift().value == pytest.approx(9 - 7)
        assert shown.coverage() == 2 / 4
        assert shown.median_raters().value == pytest.approx((1 + 2) / 2)

    def test_lists_are_described_by_what_the_catalogue_knows(self) -> None:
        shown = self.show([4, 3, 2, 1], unseen({77: 6}, {10: 9}), n=4)
        # 10 and 20 share Drama of 2 facts each; 30's studio Drama is no genre, and of 40 nothing is known.
        assert shown.similarity().value == pytest.approx((1 / 2 + 0 + 0) / 3)
        assert shown.median_members().value == 300

    def test_what_is_compared_with_the_reference_is_paired(self) -> None:
        users = [unseen({10: 6}, {20: 9}), unseen({10: 6}, {30: 9}), unseen({10: 6}, {40: 9, 20: 6})]
        better, worse = self.show([9, 3, 2, 1], *users), self.show([9, 1, 3, 2], *users)
        assert better.ndcg_ratio(worse).value == pytest.approx(better.ndcgs.mean() / worse.ndcgs.mean())
        assert better.recall_ratio(worse).value == pytest.approx(better.recalls.mean() / worse.recalls.mean())
        assert worse.recall_against(better).value == pytest.approx((worse.recalls - better.recalls).mean())
        # Resampled apart, the same lists would differ from themselves.
        assert better.ndcg_ratio(self.show([9, 3, 2, 1], *users)) == Interval(1, 1, 1)

    def test_differences_of_lift_and_fame_are_paired(self) -> None:
        users = [unseen({10: 6}, {20: 7, 30: 9}), unseen({10: 8}, {20: 6, 40: 9}), unseen({10: 5}, {30: 9})]
        one, other = self.show([0, 4, 3, 2], *users), self.show([0, 1, 3, 2], *users)
        assert one.lift_against(other).value == pytest.approx((1 + 3 - 2 + 4) / 4 - (3 + 1 + 4) / 3)
        assert one.median_raters_against(other).value == 2 - 1.5
        assert one.median_members_against(other).value == (300 + 20) / 2 - 20
        same = self.show([0, 4, 3, 2], *users)
        for against in (one.lift_against, one.median_raters_against, one.median_members_against):
            assert against(same) == Interval(0, 0, 0)

    def test_a_period_is_compared_with_the_reference_by_the_same_hidden_anime(self) -> None:
        user = unseen({77: 6}, {10: 9, 30: 9})
        recent, old = self.show([1, 2, 4, 3], user), self.show([4, 3, 1, 2], user)
        period = list(Periods.names).index("2018 on")
        assert recent.period_recall_against(old, period).value == 1
        assert old.period_recall_against(recent, period).value == -1

    def test_one_training_serves_several_orders(self) -> None:
        trained = []

        def train(ratings: Ratings) -> dict[str, Choose]:
            trained.append(ratings)
            return {"right": lambda _given, _n: [40], "wrong": lambda _given, _n: [20]}

        split = Split(self.train, [unseen({77: 6}, {40: 9})])
        found = measure_rankings({"both": train}, [split], self.catalogue, 1)
        assert len(trained) == 1
        assert {order: shown.recall().value for order, shown in found.items()} == {"right": 1, "wrong": 0}

    def test_one_training_serves_all_numbers_of_known_ratings(self) -> None:
        trained, asked = [], []

        def train(ratings: Ratings) -> dict[str, Choose]:
            trained.append(ratings)

            def choose(given: Mapping[int, float], _n: int) -> list[int]:
                asked.append(len(given))
                return [40] if len(given) > 1 else [20]

            return {"order": choose}

        split = Split(self.train, [unseen({77: 6, 78: 5, 79: 9}, {40: 9}), unseen({77: 6}, {20: 7})])
        found = measure_by_known({"model": train}, [split], self.catalogue, (None, 1, 2), 1)
        assert len(trained) == 1
        assert asked == [3, 1, 1, 1, 2]
        ndcgs = {known: shown["order"].ndcgs.tolist() for known, shown in found.items()}
        assert ndcgs == {None: [1, 1], 1: [0, 1], 2: [1]}
        (row, *_) = report.known_table({1: found[1] | {"other": found[1]["order"]}}, "order")
        assert (row["known_ratings"], row["users"], row["ndcg_ratio"]) == (1, 2, None)

    def test_users_with_nothing_to_gain_are_left_out(self) -> None:
        full = unseen({10: 6}, {20: 9})
        alone = self.show([1, 4, 3, 2], full)
        beside = self.show([1, 4, 3, 2], full, unseen({10: 6}, {40: 5}))
        assert beside.ndcg().value == alone.ndcg().value == 1
        assert np.isnan(beside.ndcgs).sum() == 1

    def test_the_lift_is_taken_over_hits(self) -> None:
        # The first user has two hits 1 and 3 above their mean, the second one hit 2 below.
        shown = self.show([0, 4, 3, 2], unseen({10: 6}, {20: 7, 30: 9}), unseen({10: 8}, {20: 6}))
        assert shown.lift().value == pytest.approx((1 + 3 - 2) / 3)

    def test_recall_is_broken_down_by_the_years_of_the_anime(self) -> None:
        shown = self.show([4, 3, 1, 2], unseen({77: 6}, {10: 9, 30: 9, 99: 8, 40: 7}))
        shares = [shown.period_recall(place).value for place in range(len(Periods.names))]
        expected = {"before 2000": 1, "2018 on": 0, "year unknown": 0}
        assert {
            name: share for name, share in zip(Periods.names, shares, strict=True) if not math.isnan(share)
        } == expected

    @pytest.mark.parametrize(
        ("year", "name"),
        [
            (1963, "before 2000"),
            (1999, "before 2000"),
            (2000, "2000–09"),
            (2009, "2000–09"),
            (2010, "2010–17"),
            (2017, "2010–17"),
            (2018, "2018 on"),
            (2031, "2018 on"),
            (None, "year unknown"),
        ],
    )
    def test_an_anime_belongs_to_the_period_of_its_year(self, year: int | None, name: str) -> None:
        periods = Periods(Catalogue([Anime(5, "x", year=year), Anime(6, "y", year=2005)]))
        assert [Periods.names[place] for place in periods.of(np.array([5, 6]))] == [name, "2000–09"]

    def test_users_are_parted_by_how_many_ratings_were_given(self) -> None:
        def user(given_ratings: int) -> Unseen:
            return unseen({1000 + one: 5 for one in range(given_ratings)}, {20: 9})

        shown = self.show([1, 1, 1, 1], *map(user, (4, 10, 11, 50, 51, 200, 201)))
        assert {name: part.given.tolist() for name, part in shown.by_length().items()} == {
            "up to 10": [4, 10],
            "11–50": [11, 50],
            "51–200": [51, 200],
            "201 and more": [201],
        }

    def test_popularity_recommends_what_most_rated_and_the_user_did_not(self) -> None:
        user = unseen({10: 6}, {20: 9, 30: 9, 40: 1})
        choose = by_rank(popularity(self.train), self.train.anime_ids, self.train.raters)
        assert list(choose(user.given, 2)) == [20, 30]

    def test_a_ranking_of_another_size_is_refused(self) -> None:
        with pytest.raises(ValueError, match="shape"):
            self.show([1, 2, 3], unseen({10: 6}, {20: 9}))

    @settings(max_examples=200)
    @given(st.data())
    def test_the_first_n_are_those_of_a_plain_sort(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, 20))
        few = st.sampled_from([-np.inf, NAN, 1.0, 2.0, 3.0])
        scores = data.draw(st.lists(few, min_size=size, max_size=size))
        raters = data.draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
        given_rows = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
        n = data.draw(st.integers(1, 22))
        plain = sorted(
            (row for row in range(size) if scores[row] >= 1 and not given_rows[row]),
            key=lambda row: (-scores[row], -raters[row], row),
        )
        found = first(np.array(scores), np.array(raters, np.int32), np.array(given_rows), n)
        assert found.tolist() == plain[:n]

    @pytest.mark.parametrize("min_raters", [0, 12])
    @pytest.mark.parametrize("order", [Ranker.predicted, Ranker.match])
    def test_hakkens_orders_are_those_of_recommend(self, order: Ranker, min_raters: int) -> None:
        split = split_users(made_up_ratings(80, 40), users=0.3)
        model = ItemKNNBaseline().fit(split.train)
        choose = of_hakken({}, [order], min_raters, Catalogue())(split.train)[order]
        for user in split.unseen:
            chosen = model.recommend(user.given, 5, order.value, min_raters=min_raters)
            assert list(choose(user.given, 5)) == [pick.anime_id for pick in chosen]

    def test_as_shown_are_the_bots_picks_in_its_order(self) -> None:
        split = split_users(made_up_ratings(300, 40), users=0.3)
        ids = split.train.anime_ids.tolist()
        facts = Catalogue(Anime(one, f"No. {one}", genres=("Ecchi",) * (one % 3 == 0)) for one in ids)
        shown = of_hakken({}, [Ranker.shown], 0, facts)(split.train)["as shown"]
        model = ItemKNNBaseline().fit(split.train, catalogue=facts)
        model.second_stage = learn_from_folds(ItemKNNBaseline, split.train, facts)
        assert len(model.second_stage.trees) > 0
        recommender = Recommender(model, facts, min_raters=50)
        scarce = [one for one, raters in zip(ids, split.train.raters, strict=True) if raters < 50]
        assert scarce
        ecchi_shown = []
        for user in split.unseen:
            liked = sum(score >= 7 and one % 3 == 0 for one, score in user.given.items()) >= 2
            picks = recommender.recommend(Member(user.given), 10, Filters(ecchi=liked))
            assert list(shown(user.given, 10)) == [pick.anime_id for pick in picks]
            assert not set(shown(user.given, 10)).intersection(scarce)
            ecchi_shown.append(any(one % 3 == 0 for one in shown(user.given, 10)))
        assert set(ecchi_shown) == {True, False}
