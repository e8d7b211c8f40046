"""Groups that watch together party after party: cases worked by hand, and what a run promises."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.errors import EvaluationError
from hakken.evaluation import Folds, Interval, Unseen
from hakken.evaluation.protocols.watch_parties import REMEMBERED_BYTES, chooser
from hakken.evaluation.report import Cell
from hakken.evaluation.watch_parties import (
    Choice,
    Choose,
    Friend,
    PreparedGroup,
    Tonight,
    WatchPartyScores,
    draw_groups,
    measure_watch_parties,
    spend,
    watch_parties_table,
)
from hakken.groups.fairness import Served, fairness_weights
from hakken.recommend.recommender import Recommender
from hakken.recommend.score_cache import RememberedScores
from tests.hakken.made_up import made_up_ratings

ANN = Friend({1: 9}, {10: 8, 20: 4}, {30: 10})
BEN = Friend({2: 3}, {}, {10: 5, 20: 10, 30: 6})
BEST = (8, 10)
NO_CHANCE = np.random.default_rng(0)


def in_order(*anime_ids: int) -> Choose:
    """The first of these that was not watched."""
    return lambda tonight: Choice(next(one for one in anime_ids if one not in tonight.watched), BEST)


def user(given: int, hidden: int = 1) -> Unseen:
    """Someone who told of so many anime, and hides others."""
    ids, scores = np.arange(1, given + hidden + 1), np.full(given + hidden, 7, np.float32)
    return Unseen(ids[:given], scores[:given], ids[given:], scores[given:])


class TestSpending:
    def test_a_case_worked_by_hand(self) -> None:
        # Ann's best is 8, Ben's 10. Party 1: 8 of 8 and 5 of 10; party 2: 4 of 8 and 10 of 10.
        fair = spend([ANN, BEN], in_order(10, 20), NO_CHANCE, 2)
        # Evening 2 now: 10, more than her best, counts as all of it; 6 of 10.
        unfair = spend([ANN, BEN], in_order(10, 30), NO_CHANCE, 2)

        found = WatchPartyScores.of([fair, unfair])

        assert found.satisfaction.tolist() == [[0.75, 0.75], [1, pytest.approx(0.55)]]
        assert found.ratings.tolist() == [[6, 7.5], [9, 5.5]]
        assert found.means.tolist() == [0.75, pytest.approx(0.775)]
        assert found.least.tolist() == [0.75, pytest.approx(0.55)]
        assert found.gaps.tolist() == [0, pytest.approx(0.45)]
        assert found.own.tolist() == [0.5, 0.25]

    def test_all_is_measured_by_what_was_best_at_the_first_party(self) -> None:
        def choose(tonight: Tonight) -> Choice:
            return Choice(20, [4]) if tonight.watched else Choice(10, [8])

        assert WatchPartyScores.of([spend([ANN], choose, NO_CHANCE, 2)]).satisfaction.tolist() == [[0.75]]

    def test_evenings_end_with_what_can_be_watched(self) -> None:
        def choose(tonight: Tonight) -> Choice | None:
            return None if tonight.watched else Choice(10, BEST)

        # Of two parties that were asked for one took place, and counts alone.
        assert WatchPartyScores.of([spend([ANN, BEN], choose, NO_CHANCE, 2)]).satisfaction.tolist() == [
            [1, 0.5]
        ]
        with pytest.raises(EvaluationError, match="finds nothing to watch"):
            spend([ANN, BEN], lambda _: None, NO_CHANCE, 2)

    def test_who_chooses_knows_what_was_watched_and_how_it_served_them(self) -> None:
        asked: list[Tonight] = []

        def choose(tonight: Tonight) -> Choice | None:
            asked.append(tonight)
            return in_order(10, 20, 30)(tonight)

        spend([ANN, BEN], choose, NO_CHANCE, 3)

        assert [one.watched for one in asked] == [set(), {10}, {10, 20}]
        first = [Served(user_id=0, best=8, received=8), Served(user_id=1, best=10, received=5)]
        second = [Served(user_id=0, best=8, received=4), Served(user_id=1, best=10, received=10)]
        assert [list(one.before) for one in asked] == [[], [first], [second, first]]

    def test_who_chooses_knows_nothing_but_what_the_bot_was_told(self) -> None:
        friend = Friend.of(user(3), lambda _: {})
        asked: list[Tonight] = []

        def choose(tonight: Tonight) -> Choice:
            asked.append(tonight)
            return Choice(4, [7])

        spend([friend], choose, NO_CHANCE, 1)

        assert asked[0].known == [{1: 7, 2: 7, 3: 7}]

    def test_a_verdict_is_the_own_hidden_score_or_else_predicted_from_the_whole_list(self) -> None:
        friend = Friend.of(user(3), lambda whole: {4: 1.0, 5: float(len(whole))})
        assert [friend.verdict(4), friend.verdict(5)] == [7, 4]


class TestDrawing:
    USERS: Sequence[Unseen] = [user(4), *(user(5 + one) for one in range(11))]

    def drawn(self, seed: int, most: int = 9) -> dict[int, list[list[int]]]:
        groups = draw_groups(self.USERS, (2, 3), most, np.random.default_rng(seed))
        return {
            size: [[len(one.given_ids) for one in group] for group in of_size]
            for size, of_size in groups.items()
        }

    def test_nobody_is_in_two_groups_and_nobody_is_drawn_of_whom_little_is_known(self) -> None:
        groups = self.drawn(0)
        assert {size: [len(one) for one in of_size] for size, of_size in groups.items()} == {
            2: [2, 2],
            3: [3, 3],
        }
        lengths = [one for of_size in groups.values() for group in of_size for one in group]
        assert len(set(lengths)) == 10
        assert min(lengths) >= 5

    def test_no_more_groups_are_drawn_than_asked_for(self) -> None:
        assert [len(of_size) for of_size in self.drawn(0, most=1).values()] == [1, 1]

    def test_a_seed_draws_the_same_groups_and_another_draws_others(self) -> None:
        assert self.drawn(1) == self.drawn(1)
        assert self.drawn(1) != self.drawn(2)

    def test_too_few_users_for_the_groups_are_refused(self) -> None:
        with pytest.raises(EvaluationError, match=r"groups need 12 unseen users .* there are 11 in a fold"):
            draw_groups(self.USERS, (5, 7), 1, NO_CHANCE)


def prepare(train: Ratings) -> PreparedGroup:
    """Choose by how many raters an anime has, or by chance; everybody would rate everything a 6."""
    popular = train.anime_ids[np.argsort(-train.raters, kind="stable")].tolist()

    def by_rank(pick: Callable[[list[int], np.random.Generator], int]) -> Choose:
        def choose(tonight: Tonight) -> Choice:
            known = tonight.watched.union(*tonight.known)
            left = [one for one in popular if one not in known]
            return Choice(pick(left, tonight.random), [8] * len(tonight.known))

        return choose

    ways = {
        "popular": by_rank(lambda left, _: left[0]),
        "random": by_rank(lambda left, random: int(random.choice(left))),
    }
    return PreparedGroup(ways, lambda _: dict.fromkeys(popular, 6.0))


def value_of(cell: Cell) -> float:
    assert isinstance(cell, Interval)
    return cell.value


class TestMeasuring:
    FOLDS = Folds(made_up_ratings(120, 60), folds=2, seed=4)

    def test_every_way_serves_the_same_number_of_groups_of_each_size(self) -> None:
        found = measure_watch_parties(prepare, self.FOLDS, sizes=(2, 4), groups=4, parties=3)
        shapes = {name: {size: one.ratings.shape for size, one in of.items()} for name, of in found.items()}
        assert shapes == {name: {2: (4, 2), 4: (4, 4)} for name in ("popular", "random")}

    def test_the_same_seed_measures_the_same_and_another_measures_otherwise(self) -> None:
        def rated(seed: int) -> list[list[float]]:
            folds = Folds(self.FOLDS.ratings, folds=2, seed=seed)
            found = measure_watch_parties(prepare, folds, sizes=(3,), groups=6, parties=3)
            return [one.ratings.tolist() for of_size in found.values() for one in of_size.values()]

        assert rated(1) == rated(1)
        assert rated(1) != rated(2)

    def test_the_table_compares_the_same_groups(self) -> None:
        found = {
            "popular": {
                2: WatchPartyScores(np.array([[0.5, 0.9], [0.7, 0.7]]), np.full((2, 2), 7.0), np.full(2, 0.5))
            },
            "random": {
                2: WatchPartyScores(
                    np.array([[0.6, 0.7], [0.4, 0.5]]), np.full((2, 2), 5.0), np.full(2, 0.25)
                )
            },
        }
        reference, other = watch_parties_table(found, "popular")
        assert reference["least_served_above_reference"] is None
        figures = [value_of(reference[one]) for one in ("least_served", "mean", "gap", "score", "own_scores")]
        assert figures == pytest.approx([0.6, 0.7, 0.2, 7, 0.5])
        assert (other["people"], other["groups"], other["chosen_by"]) == (2, 2, "random")
        # Of the two groups: 0.6 for 0.5 and 0.4 for 0.7; 0.65 for 0.7 and 0.45 for 0.7; 0.1 for 0.4 and 0.
        columns = ("least_served_above_reference", "mean_above_reference", "gap_above_reference")
        assert [value_of(other[one]) for one in columns] == pytest.approx([-0.1, -0.15, -0.1])


class TestLedger:
    @pytest.fixture
    def choosers(self, model: ItemKNNBaseline) -> dict[str, Choose]:
        recommender = Recommender(model, Catalogue())
        scores = RememberedScores(model, REMEMBERED_BYTES)
        return {
            "plain": chooser(recommender, "average", scores),
            "fairness": chooser(recommender, "average", scores, fairness_weights),
        }

    def test_without_evenings_behind_them_it_changes_nothing(
        self, choosers: dict[str, Choose], ratings: Ratings
    ) -> None:
        tonight = Tonight([ratings.of_user(row) for row in range(3)], frozenset(), [], NO_CHANCE)
        assert choosers["fairness"](tonight) == choosers["plain"](tonight)

    def test_who_watches_alone_is_not_made_up_to_for_what_they_chose(
        self, choosers: dict[str, Choose], model: ItemKNNBaseline, ratings: Ratings
    ) -> None:
        told = ratings.of_user(0)
        alone = Friend(told, {}, dict.fromkeys(model.anime_ids.tolist(), 3.0))
        seasons = [spend([alone], choosers[name], NO_CHANCE, 5) for name in ("plain", "fairness")]
        assert seasons[0] == seasons[1]

    def test_who_came_off_worse_is_leant_towards(
        self, choosers: dict[str, Choose], model: ItemKNNBaseline, ratings: Ratings
    ) -> None:
        told = [ratings.of_user(row) for row in range(2)]
        for loser in (0, 1):
            before = [[Served(one, best=9, received=2 if one == loser else 9) for one in (0, 1)]] * 5
            tonight = Tonight(told, frozenset(), before, NO_CHANCE)
            plain, fair = choosers["plain"](tonight), choosers["fairness"](tonight)
            assert plain
            assert fair
            match = dict(zip(model.anime_ids.tolist(), model.match(told[loser]).tolist(), strict=True))
            assert match[fair.anime_id] >= match[plain.anime_id]
