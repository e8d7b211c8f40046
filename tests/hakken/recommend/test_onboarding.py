"""What newcomers are asked about, and what their answers are worth: hand-worked, and against plain regressions."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hakken import ItemKNNBaseline, Ratings
from hakken.evaluation import Folds, Split, Unseen, popularity
from hakken.evaluation.interviews import PreparedInterview, interview, interviews_table, measure_interviews
from hakken.recommend import onboarding
from hakken.recommend.onboarding import choose_questions, most_telling
from tests.hakken.made_up import made_up_ratings


def rated(lists: Sequence[Mapping[int, float]]) -> Ratings:
    """One user for each list of scores by anime id."""
    triplets = [
        (user, anime_id, score) for user, one in enumerate(lists, 1) for anime_id, score in one.items()
    ]
    return Ratings.from_arrays(*zip(*triplets, strict=True))


def unexplained(answers: NDArray[np.float64], asked: list[int], noise: float) -> float:
    """What ridge regression from some columns to all leaves, by least squares with λ as further rows."""
    root = math.sqrt(noise) * np.eye(len(asked))
    from_these = np.vstack([answers[:, asked], root])
    towards_all = np.vstack([answers, np.zeros((len(asked), answers.shape[1]))])
    weights = np.linalg.lstsq(from_these, towards_all)[0]
    return float(np.square(towards_all - from_these @ weights).sum())


class TestChoosing:
    def test_a_divisive_anime_comes_before_one_that_all_rate_alike(self) -> None:
        alike, divisive = 1, 2
        ratings = rated([{alike: 6}] * 4 + [{divisive: 10}, {divisive: 2}] * 2)
        assert choose_questions(ratings).tolist() == [divisive, alike]

    def test_a_popular_anime_comes_before_a_rare_one(self) -> None:
        rare, popular = 1, 2
        ratings = rated([{rare: 8}] * 2 + [{popular: 8}] * 3)
        assert choose_questions(ratings).tolist() == [popular, rare]

    def test_what_an_earlier_answer_tells_is_not_asked_again_before_something_new(self) -> None:
        first, the_same, elsewhere = 1, 2, 3
        ratings = rated([{first: score, the_same: score} for score in (9, 5, 8, 4, 9)] + [{elsewhere: 7}] * 3)
        assert choose_questions(ratings).tolist() == [first, elsewhere, the_same]

    @settings(max_examples=25, deadline=None)
    @given(st.integers(0, 10**6))
    def test_each_question_leaves_least_to_a_ridge_regression_from_the_answers(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        answers = np.where(random.random((30, 8)) < 0.5, random.integers(1, 11, (30, 8)), 0).astype(
            np.float64
        )
        noise = onboarding.NOISE * 30 * np.square(answers[answers > 0]).mean()

        chosen = most_telling(sparse.csr_array(answers), np.arange(6), 6).tolist()

        for count, best in enumerate(chosen):
            before = chosen[:count]
            others = {j: unexplained(answers, [*before, j], noise) for j in range(6) if j not in before}
            assert others[best] == pytest.approx(min(others.values()), rel=1e-9)

    def test_no_franchise_is_asked_about_twice_and_its_best_known_anime_stands_for_it(self) -> None:
        ratings = rated([{1: 9, 2: 3, 3: 8, 4: 7}] * 3 + [{2: 10, 4: 5}] * 2)
        assert set(choose_questions(ratings, franchise={1: 7, 2: 7, 3: 8})) == {2, 3, 4}

    def test_only_what_is_allowed_is_asked_about_and_the_franchise_is_that_of_the_allowed(self) -> None:
        ratings = rated([{1: 9, 2: 3, 3: 8}] * 3 + [{2: 10}] * 2)
        found = choose_questions(ratings, allowed=[1, 3, 999], franchise={1: 7, 2: 7})
        assert set(found) == {1, 3}

    @pytest.mark.parametrize(("n", "count"), [(0, 0), (3, 3), (40, 40), (100, 40)])
    def test_a_small_set_gives_what_it_has_each_once(self, n: int, count: int) -> None:
        found = choose_questions(made_up_ratings(60, 40), n)
        assert len(set(found.tolist())) == len(found) == count
        assert found.dtype == np.int32

    def test_a_longer_list_begins_like_a_shorter_one(self) -> None:
        ratings = made_up_ratings()
        assert choose_questions(ratings, 20)[:5].tolist() == choose_questions(ratings, 5).tolist()

    def test_nothing_allowed_and_nothing_rated_leave_nothing_to_ask(self) -> None:
        assert choose_questions(made_up_ratings(), allowed=()).tolist() == []
        assert choose_questions(Ratings.from_arrays([], np.array([], np.int64), [])).tolist() == []

    @pytest.mark.parametrize("users", [25, 20_000])
    def test_the_same_ratings_give_the_same_questions_in_whatever_order_they_come(
        self, users: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(onboarding, "_USERS", users)
        ratings = made_up_ratings()
        by_user = ratings.matrix.tocoo()
        shuffled = np.random.default_rng(3).permutation(len(ratings))
        others = Ratings.from_arrays(
            ratings.user_ids[by_user.row[shuffled]],
            ratings.anime_ids[by_user.col[shuffled]],
            by_user.data[shuffled],
        )
        assert choose_questions(others).tolist() == choose_questions(ratings).tolist()

    def test_a_sample_of_users_asks_much_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ratings = made_up_ratings(2000, 60)
        of_all = set(choose_questions(ratings, 10).tolist())
        monkeypatch.setattr(onboarding, "_USERS", 1000)
        assert len(of_all & set(choose_questions(ratings, 10).tolist())) >= 8


class TestInterview:
    def test_what_is_not_on_the_list_is_not_seen(self) -> None:
        asked, answers = interview({1: 9, 3: 4, 8: 10}, [3, 2, 1])
        assert asked == {1, 2, 3}
        assert answers == {3: 4, 1: 9}

    def test_it_ends_with_the_last_score_that_is_wanted(self) -> None:
        asked, answers = interview({1: 9, 3: 4, 5: 10}, [3, 2, 1, 5, 6], answers=2)
        assert asked == {1, 2, 3}
        assert answers == {3: 4, 1: 9}

    def test_it_ends_with_the_last_question_that_may_be_asked(self) -> None:
        asked, answers = interview({5: 10}, [3, 2, 1, 5, 6], asked=3)
        assert asked == {1, 2, 3}
        assert answers == {}


def told_of(user: dict[int, float], hidden: int) -> Unseen:
    """A user whose last ratings a split hides."""
    ids, scores = np.array(list(user), np.int64), np.array(list(user.values()), np.float32)
    return Unseen(ids[:-hidden], scores[:-hidden], ids[-hidden:], scores[-hidden:])


TRAIN = rated([dict.fromkeys(range(1, 7), 7.0)] * 2)
"""Of anime 1–6."""
SPLITS = [Split(TRAIN, [told_of({1: 9, 2: 7, 3: 10, 4: 6}, 1), told_of({5: 8, 6: 3}, 1)])]


def prepare(_: Ratings) -> PreparedInterview:
    """Predicts an 8 for all, and one more after a 9; ranks by id, the highest first."""

    def predict(given_to: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
        return np.full(len(wanted), 9 if 9 in given_to.values() else 8)

    questions = {"a": [1, 5], "b": [2, 5]}
    return PreparedInterview(questions, predict, lambda _: np.arange(6.0))


class TestMeasuring:
    found = measure_interviews(prepare, SPLITS, n=2)

    def test_the_whole_list_answers_whatever_the_split_hid(self) -> None:
        # Both lists ask the first user about one anime of theirs, and both users about two.
        for name in "ab":
            assert self.found[name].asked.tolist() == [2, 2]
            assert self.found[name].answered.tolist() == [1, 1]

    def test_errors_on_the_rest_of_the_list(self) -> None:
        # a: 9 for 7, 10, 6 and 8 for 3; b: 8 for 9, 10, 6 and 8 for 3.
        assert self.found["a"].rest.errors.squares.tolist() == [4 + 1 + 9, 25]
        assert self.found["b"].rest.errors.squares.tolist() == [1 + 4 + 4, 25]
        assert self.found["a"].rest.errors.absolutes.tolist() == [2 + 1 + 3, 5]
        assert self.found["a"].rest.errors.rmse().value == pytest.approx(math.sqrt(39 / 4))

    def test_errors_on_what_nobody_was_asked_about(self) -> None:
        # Left are 3 and 4 of the first user and 6 of the second.
        assert self.found["a"].common.errors.squares.tolist() == [1 + 9, 25]
        assert self.found["b"].common.errors.squares.tolist() == [4 + 4, 25]
        assert self.found["a"].common.errors.counts.tolist() == [2, 1]

    def test_recommendations_are_held_against_the_rest_of_the_list(self) -> None:
        # The first user is shown 6 and 5, which they never rated. The second is shown 6, a 3, and 4.
        worth = self.found["a"].rest
        assert worth.ndcgs[0] == 0
        assert worth.recalls[0] == 0
        assert math.isnan(worth.ndcgs[1])
        assert math.isnan(worth.recalls[1])

    def test_recommendations_for_comparison_leave_out_what_anyone_was_asked_about(self) -> None:
        # Without 1, 2 and 5 the first user is shown 6, not on the list, and 4, a 6; 3, a 10, is missed.
        worth = self.found["a"].common
        ideal = 5 / math.log2(2) + 1 / math.log2(3)
        assert worth.ndcgs[0] == pytest.approx(1 / math.log2(3) / ideal)
        assert worth.recalls[0] == 0

    def test_the_table_has_the_figures_and_paired_differences(self) -> None:
        reference, other = interviews_table(self.found, "b")[1], interviews_table(self.found, "b")[0]
        assert (reference["questions"], other["questions"]) == ("b", "a")
        assert reference["rmse_percent_against_reference"] is None
        assert other["rmse_percent_against_reference"].value == pytest.approx(100 * (math.sqrt(35 / 33) - 1))
        assert other["answered"].value == 1

    def test_lists_are_compared_on_the_same_ratings(self) -> None:
        ratings = made_up_ratings(80, 40)

        def learn(train: Ratings) -> PreparedInterview:
            popular = train.anime_ids[np.argsort(-train.raters, kind="stable")].tolist()
            lists = {"popular": popular, "telling": choose_questions(train).tolist(), "none": []}
            return PreparedInterview(lists, ItemKNNBaseline().fit(train).predict, popularity(train))

        found = measure_interviews(learn, Folds(ratings, folds=3), answers=3, asked=5)

        counts = {tuple(one.common.errors.counts) for one in found.values()}
        assert len(counts) == 1
        assert (found["none"].answered == 0).all()
        assert (found["telling"].asked <= 5).all()
        lengths = found["none"].rest.errors.counts
        for one in found.values():
            assert (one.rest.errors.counts == lengths - one.answered).all()
