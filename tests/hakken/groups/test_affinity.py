"""Two tastes: against scipy, against chance made by shuffling, and by hand."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.groups.affinity import LEAST_COMMON, SHRINK, Affinity, Common, affinity, by_chance, compare, lend
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.shown_ratings import shown_rating

NARUTO, BEBOP, GEASS, GEASS_2, ATTACK, ATTACK_2, HENTAI = 20, 1, 1575, 2904, 16498, 25777, 3303
OURAN, KILL, TORADORA, BAKEMONOGATARI = 853, 18679, 4224, 5081
MEASURED_SPREAD = 0.11
"""Of real pairs with many common ratings, by `benchmarks.strangers`; not read from the module under test."""


@pytest.fixture(scope="module")
def recommender(model: ItemKNNBaseline, catalogue: Catalogue) -> Recommender:
    return Recommender(model, catalogue)


def alike(one: list[float], other: list[float], expected: list[float] | NDArray[np.float64]) -> Affinity:
    pairs = zip(one, other, strict=True)
    return affinity([Common(number, *pair) for number, pair in enumerate(pairs, 1)], np.array(expected))


class TestCorrelation:
    def test_by_hand(self) -> None:
        # Beyond 5 one gives −2 −1 0 1 2, the other −1 −2 0 2 1: (2 + 2 + 0 + 2 + 2) / 10.
        found = alike([3, 4, 5, 6, 7], [4, 3, 5, 7, 6], [5] * 5)
        assert found.correlation == pytest.approx(0.8)
        assert found.match == pytest.approx(0.8 * 5 / (5 + SHRINK))

    def test_it_is_scipys_on_what_is_left_of_the_baseline(self) -> None:
        random = np.random.default_rng(1)
        for _ in range(20):
            n = int(random.integers(LEAST_COMMON, 200))
            one, other = random.integers(1, 11, (2, n)).astype(float)
            expected = random.uniform(4, 9, n)
            found = alike(one.tolist(), other.tolist(), expected)
            assert found.correlation == pytest.approx(
                stats.pearsonr(one - expected, other - expected).statistic, abs=1e-12
            )

    def test_what_everyone_likes_makes_nobody_alike(self) -> None:
        expected = [8, 8, 8, 8, 3, 3, 3, 3]
        one, other = [9, 9, 7, 7, 4, 4, 2, 2], [9, 7, 9, 7, 4, 2, 4, 2]
        assert stats.pearsonr(one, other).statistic > 0.8
        assert alike(one, other, expected).correlation == pytest.approx(0)

    def test_who_gives_more_to_everything_is_alike_all_the_same(self) -> None:
        assert alike([3, 4, 5, 6, 7], [5, 6, 7, 8, 9], [5, 6, 5, 6, 5]).correlation == pytest.approx(1)

    def test_opposites_are_so(self) -> None:
        found = alike([3, 4, 5, 6, 7], [7, 6, 5, 4, 3], [5] * 5)
        assert found.correlation == pytest.approx(-1)
        assert found.closer_than == pytest.approx(0)

    def test_who_makes_no_difference_is_like_a_stranger(self) -> None:
        found = alike([8] * 6, [1, 2, 3, 4, 5, 6], [5] * 6)
        assert (found.correlation, found.match, found.closer_than) == (0, 0, 0.5)

    def test_few_in_common_say_less_than_many(self) -> None:
        few, many = (alike([3, 4, 5, 6, 7] * n, [4, 3, 5, 7, 6] * n, [5] * 5 * n) for n in (1, 20))
        assert few.correlation == pytest.approx(many.correlation)
        assert few.match < many.match
        assert few.closer_than < many.closer_than


class TestChance:
    @pytest.mark.parametrize("n", [8, 30, 200])
    def test_it_is_what_shuffling_the_scores_gives(self, n: int) -> None:
        random = np.random.default_rng(n)
        one, other = random.normal(0, 1.5, (2, n))
        shuffled = random.permuted(np.tile(other, (20_000, 1)), axis=1)
        by_shuffling = ((one - one.mean()) @ (shuffled - other.mean()).T) / (n * one.std() * other.std())
        for share in (0.05, 0.25, 0.5, 0.75, 0.95):
            told = math.tanh(by_chance(n, spread=0).inv_cdf(share))
            assert told == pytest.approx(float(np.quantile(by_shuffling, share)), abs=0.035)

    def test_of_random_pairs_9_in_10_lie_within_it(self) -> None:
        random = np.random.default_rng(3)
        n, within, ranks = 40, 0, []
        for _ in range(3000):
            truly = math.tanh(random.normal(0, MEASURED_SPREAD))
            one = random.normal(size=n)
            other = truly * one + math.sqrt(1 - truly**2) * random.normal(size=n)
            found = alike(one.tolist(), other.tolist(), np.zeros(n))
            within += found.chance[0] <= found.match <= found.chance[1]
            ranks.append(found.closer_than)
        assert within / 3000 == pytest.approx(0.9, abs=0.02)
        # Of such pairs one is as likely closer than 10 as than 90 in 100.
        assert stats.kstest(ranks, "uniform").statistic < 0.03

    def test_fishers_by_hand(self) -> None:
        assert by_chance(19, spread=0) == NormalDist(0, 0.25)

    def test_the_spread_adds_to_fishers_variance_by_hand(self) -> None:
        # 1/(12 − 3) + 4/9 = 5/9 of z.
        assert by_chance(12, spread=2 / 3).variance == pytest.approx(5 / 9)


class TestCompare:
    def test_both_are_held_against_what_everyone_gives(self, recommender: Recommender) -> None:
        model = recommender.model
        random = np.random.default_rng(5)
        ids = [each for each in model.anime_ids.tolist() if each != HENTAI][:30]
        one, other = ({each: float(random.integers(1, 11)) for each in ids} for _ in range(2))
        rows = [model.anime_ids.tolist().index(each) for each in ids]
        expected = model._fitted.mean + model._fitted.biases[rows]
        found = compare(recommender, {**one, 999_999_999: 10}, {**other, 999_999_999: 10})
        assert found is not None
        assert [each.anime_id for each in found.common] == ids
        reference = stats.pearsonr(
            np.array([*one.values()]) - expected, np.array([*other.values()]) - expected
        )
        assert found.correlation == pytest.approx(reference.statistic, abs=1e-6)

    def test_too_few_in_common_are_not_compared(self, recommender: Recommender) -> None:
        four = dict.fromkeys((NARUTO, GEASS, GEASS_2, ATTACK), 8.0)
        assert compare(recommender, {**four, BEBOP: 3}, {**four, TORADORA: 3}) is None
        assert compare(recommender, {**four, BEBOP: 3}, {**four, BEBOP: 3}) is not None

    def test_what_is_rated_18_plus_counts_only_where_it_may(self, recommender: Recommender) -> None:
        five = dict.fromkeys((NARUTO, GEASS, GEASS_2, ATTACK, HENTAI), 8.0)
        assert compare(recommender, five, five) is None
        found = compare(recommender, five, five, adult=True)
        assert found is not None
        assert HENTAI in {each.anime_id for each in found.common}

    def test_what_both_love_and_where_they_differ(self) -> None:
        found = alike([9, 8, 10, 8, 2, 7], [9, 8, 9, 7, 9, 5], [7] * 6)
        assert [each.anime_id for each in found.both_love(5)] == [3, 1, 2]
        assert [each.anime_id for each in found.both_love(1)] == [3]
        assert found.differ(5) == [Common(5, 2, 9), Common(6, 7, 5)]


class TestLend:
    def test_only_what_is_loved_unseen_and_not_turned_down_is_lent(self, recommender: Recommender) -> None:
        lender = Member({OURAN: 9, KILL: 8, TORADORA: 7, GEASS: 10, ATTACK: 9, BAKEMONOGATARI: 10})
        borrower = Member({GEASS: 7}, seen=frozenset({ATTACK}), dismissed=frozenset({BAKEMONOGATARI}))
        assert {loan.anime_id for loan in lend(recommender, lender, borrower, 10)} == {OURAN, KILL}

    def test_what_they_plan_anyway_is_lent(self, recommender: Recommender) -> None:
        borrower = Member(planned=frozenset({OURAN}))
        assert [loan.anime_id for loan in lend(recommender, Member({OURAN: 9}), borrower, 10)] == [OURAN]

    def test_predictions_are_the_borrowers_and_the_highest_number_shown_comes_first(
        self, recommender: Recommender
    ) -> None:
        loved = (OURAN, KILL, TORADORA, BAKEMONOGATARI, 9919, 22199, 6547)
        borrower = Member({GEASS: 8.0, 11757: 7.0, 22319: 5.0})
        loans = lend(recommender, Member(dict.fromkeys(loved, 9.0)), borrower, 4)
        assert len(loans) == 4
        expected = recommender.model.predict(borrower.ratings, [loan.anime_id for loan in loans]).tolist()
        assert [loan.predicted for loan in loans] == expected
        every = lend(recommender, Member(dict.fromkeys(loved, 9.0)), borrower, 10)
        assert {*expected} == {*sorted((loan.predicted for loan in every), reverse=True)[:4]}
        middles = [loan.shown.middle for loan in loans]
        assert middles == sorted(middles, reverse=True)
        for loan in every:
            explained = recommender.model.explain(borrower.ratings, loan.anime_id)
            assert loan.shown == shown_rating(loan.predicted, explained.confidence)

    def test_a_later_part_is_lent_from_its_beginning(self, recommender: Recommender) -> None:
        lender = Member({ATTACK_2: 10, ATTACK: 8})
        [loan] = lend(recommender, lender, Member(), 10)
        assert (loan.anime_id, loan.loved, loan.score) == (ATTACK, ATTACK_2, 10)
        [loan] = lend(recommender, lender, Member({ATTACK: 6}), 10)
        assert (loan.anime_id, loan.loved) == (ATTACK_2, ATTACK_2)

    @pytest.mark.parametrize(("borrower", "least"), [({GEASS: 7.0, 11757: 8.0}, 7.5), ({GEASS: 4.0}, 6.0)])
    def test_what_they_would_like_less_than_usual_is_not_lent(
        self, recommender: Recommender, borrower: dict[int, float], least: float
    ) -> None:
        alone = [
            each.anime_id
            for each in recommender.catalogue.values()
            if each.franchise is None and not each.adult
        ]
        loved = [each for each in alone if each in recommender.model.anime_ids]
        loans = lend(recommender, Member(dict.fromkeys(loved, 9.0)), Member(borrower), 200)
        predicted = dict(zip(loved, recommender.model.predict(borrower, loved).tolist(), strict=True))
        should = {each for each, rating in predicted.items() if rating >= least}
        assert {loan.anime_id for loan in loans} == should != set(loved)

    def test_what_is_rated_18_plus_and_what_the_model_does_not_know_stay_away(
        self, recommender: Recommender
    ) -> None:
        lender = Member({HENTAI: 10, 999_999_999: 10})
        assert lend(recommender, lender, Member(), 10) == []
        assert [loan.anime_id for loan in lend(recommender, lender, Member(), 10, adult=True)] == [HENTAI]

    def test_what_is_liked_exactly_as_usual_is_lent_the_higher_score_first_then_the_lower_id(self) -> None:
        # Whoever gives everything 7 is predicted 7 for the rest.
        flat = [(user, one, 7) for user in range(1, 20) for one in range(1, 7)]
        model = ItemKNNBaseline().fit(Ratings.from_arrays(*zip(*flat, strict=True)))
        everything = Recommender(model, Catalogue())
        assert model.predict({1: 7.0, 2: 7.0}, [3, 4, 5, 6]).tolist() == [7.0] * 4
        lender = Member({6: 8.0, 5: 10.0, 4: 9.0, 3: 9.0})
        loans = lend(everything, lender, Member({1: 7.0, 2: 7.0}), 10)
        assert [(loan.anime_id, loan.score) for loan in loans] == [(5, 10), (3, 9), (4, 9), (6, 8)]
