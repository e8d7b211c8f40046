"""What the second stage learns: the rule that lists follow, always the same trees, and the share of new anime."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.catalogue.watch_order import WatchOrder
from hakken.evaluation.two_stages import learn_from_folds, learn_from_unseen
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.recommend.recommender import Recommender
from hakken.recommend.second_stage import SecondStage
from hakken.recommend.second_stage.learning import HalfHidden, SecondStageLearner
from tests.hakken.made_up import made_up_ratings

SERIES = range(1, 41)
"""Each has a first season, its number, and a second, 100 more; their titles tell nothing."""
NEW = range(301, 331)
ALONE = range(201, 231)


def title(anime_id: int) -> str:
    return "".join(chr(65 + int(digit)) * 3 for digit in str(anime_id))


def show(anime_id: int, year: int, *before: int) -> Anime:
    genre = ("Comedy", "Drama", "Space")[anime_id % 3]
    return Anime(
        anime_id,
        title(anime_id),
        type="TV",
        year=year,
        score=7.0,
        members=5000,
        genres=(genre,),
        prequels=before,
    )


CATALOGUE = Catalogue(
    [
        *(show(one, 2010) for one in (*SERIES, *ALONE)),
        *(show(one + 100, 2012, one) for one in SERIES),
        *(show(one, 2025) for one in NEW),
    ]
)


@pytest.fixture(scope="module")
def model() -> ItemKNNBaseline:
    """A first stage that knows of no sequel: all rate anything."""
    random, triplets = np.random.default_rng(1), []
    known = [*SERIES, *(one + 100 for one in SERIES), *ALONE]
    for user in range(1, 401):
        triplets += [(user, one, random.integers(4, 11)) for one in random.permutation(known)[:20].tolist()]
    triplets += [(user, one, 7) for one in NEW for user in random.integers(1, 401, 3).tolist()]
    unique = {(user, one): score for user, one, score in triplets}
    return ItemKNNBaseline().fit(
        Ratings.from_arrays([user for user, _ in unique], [one for _, one in unique], [*unique.values()]),
        catalogue=CATALOGUE,
    )


def followers(count: int, seed: int) -> list[HalfHidden]:
    """Who loves some first seasons and hates others: they like the next part of what they loved."""
    random, lists = np.random.default_rng(seed), []
    for _ in range(count):
        begun = random.permutation(SERIES)[:12].tolist()
        given = {one: float(random.choice([2, 3, 9, 10])) for one in begun}
        lists.append(HalfHidden(given, {one + 100: 10.0 for one in begun if given[one] >= 9}))
    return lists


def learned(model: ItemKNNBaseline, seed: int = 0) -> SecondStageTrees:
    learner = SecondStageLearner(CATALOGUE, seed=seed)
    learner.add(model, followers(150, 3))
    return learner.learn()


@pytest.fixture(scope="module")
def trees(model: ItemKNNBaseline) -> SecondStageTrees:
    return learned(model)


def rows_left(model: ItemKNNBaseline, one: HalfHidden) -> NDArray[np.intp]:
    return np.flatnonzero(~np.isin(model.anime_ids, [*one.given]))


def found(scores: NDArray[np.float64], model: ItemKNNBaseline, one: HalfHidden) -> float:
    """Share of the hidden among as many of the best that are not given."""
    left = rows_left(model, one)
    best = left[np.argsort(-scores[left], kind="stable")][: len(one.hidden)]
    return float(np.mean([anime_id in one.hidden for anime_id in model.anime_ids[best].tolist()]))


def test_the_next_part_of_what_they_loved_comes_first(
    model: ItemKNNBaseline, trees: SecondStageTrees
) -> None:
    stage = SecondStage(model, CATALOGUE, WatchOrder(CATALOGUE))
    before, after, first = [], [], []
    for one in followers(50, 99):
        member = model.profile(one.given)
        scores = model.scores_of(member)
        taught = stage.reordered(member, scores, trees)
        before.append(found(scores.match, model, one))
        after.append(found(taught.match, model, one))
        first.append(
            int(model.anime_ids[rows_left(model, one)[taught.match[rows_left(model, one)].argmax()]])
        )
    assert np.mean(before) < 0.5
    assert np.mean(after) > 0.8
    assert all(anime_id in one.hidden for anime_id, one in zip(first, followers(50, 99), strict=True))


def test_the_same_lists_and_seed_make_the_same_bytes(model: ItemKNNBaseline, trees: SecondStageTrees) -> None:
    again, other = learned(model).arrays(), learned(model, seed=1).arrays()
    assert {name: of.tobytes() for name, of in again.items()} == {
        name: of.tobytes() for name, of in trees.arrays().items()
    }
    assert other["second_stage_leaves"].tobytes() != again["second_stage_leaves"].tobytes()


def test_without_todays_lists_nothing_is_added_to_new_ones(trees: SecondStageTrees) -> None:
    assert trees.new == 0


def todays(count: int, seed: int) -> list[dict[int, float]]:
    """Of 40 ratings 12 are of new anime; they like all that they rate."""
    random = np.random.default_rng(seed)
    return [
        dict.fromkeys(
            (*random.permutation(NEW)[:12].tolist(), *random.permutation(SERIES)[:28].tolist()), 9.0
        )
        for _ in range(count)
    ]


def liking_anything(count: int) -> list[HalfHidden]:
    """Lists like the old rating set's: what is new is rarely among them."""
    random, lists = np.random.default_rng(6), []
    chances = np.array([1.0] * len(SERIES) + [0.3] * len(NEW))
    for _ in range(count):
        given = random.permutation(SERIES)[:12].tolist()
        hidden = random.choice(
            [one + 100 for one in SERIES] + [*NEW], 8, False, chances / chances.sum()
        ).tolist()
        lists.append(HalfHidden(dict.fromkeys(given, 8.0), dict.fromkeys(hidden, 9.0)))
    return lists


def share_of_new(
    model: ItemKNNBaseline, second_stage: SecondStageTrees, people: list[dict[int, float]]
) -> float:
    """Share of new anime in the first ten for people four fifths of whose ratings are known."""
    stage = SecondStage(model, CATALOGUE, WatchOrder(CATALOGUE))
    random, tens = np.random.default_rng(5), []
    for whole in people:
        known = random.permutation([*whole])[: len(whole) * 4 // 5].tolist()
        member = model.profile({one: whole[one] for one in known})
        match = stage.reordered(member, model.scores_of(member), second_stage).match
        match[member.rows] = -np.inf
        tens.append(np.isin(model.anime_ids[np.argsort(-match)[:10]], NEW))
    return float(np.mean(tens))


def test_new_ones_come_to_the_share_that_is_wanted(model: ItemKNNBaseline) -> None:
    people = todays(12, 8)
    learner = SecondStageLearner(CATALOGUE)
    learner.add(model, liking_anything(300))
    taught = learner.learn(people, model)
    plain = SecondStageTrees(taught.trees, 0.0)
    wanted = 1.3 * 12 / 40
    assert taught.new > 0
    assert share_of_new(model, plain, people) < wanted - 0.05
    assert share_of_new(model, taught, people) == pytest.approx(wanted, abs=0.06)


@pytest.mark.parametrize(
    "people", [[], [{}], [{999: 9.0, 998: 8.0, 997: 7.0, 996: 9.0, 995: 9.0}], [{1: 9.0}]]
)
def test_todays_lists_that_tell_nothing_change_nothing(
    model: ItemKNNBaseline, people: list[dict[int, float]]
) -> None:
    learner = SecondStageLearner(CATALOGUE)
    learner.add(model, followers(5, 3))
    assert learner.learn(people, model).new == 0


def test_lists_that_hide_nothing_teach_nothing(model: ItemKNNBaseline) -> None:
    learner = SecondStageLearner(CATALOGUE)
    learner.add(model, [HalfHidden({1: 9.0}, {}), HalfHidden({}, {2: 9.0}), HalfHidden({999: 9.0}, {2: 9.0})])
    assert len(learner.learn().trees) == 0
    assert len(learn_from_unseen(model, [], CATALOGUE).trees) == 0


def test_a_few_lists_are_too_few_for_a_split_and_work(model: ItemKNNBaseline) -> None:
    learner = SecondStageLearner(CATALOGUE)
    learner.add(model, followers(1, 3))
    few = learner.learn()
    assert len(few.trees) == 0
    assert few.arrays() == {}


@pytest.mark.parametrize(("users", "known"), [(2, 30), (400, 4)])
def test_a_set_too_small_learns_nothing(users: int, known: int) -> None:
    few: Mapping[str, list[int]] = {
        "users": [user for user in range(1, users + 1) for _ in range(known)],
        "anime": [1 + (user + at) % 40 for user in range(users) for at in range(known)],
    }
    ratings = Ratings.from_arrays(few["users"], few["anime"], [1 + at % 10 for at in range(users * known)])
    assert len(learn_from_folds(ItemKNNBaseline, ratings, CATALOGUE).trees) == 0


def test_folds_of_a_small_set_teach_as_each_is_left_out() -> None:
    ratings, steps = made_up_ratings(90, 60, seed=3), []
    taught = learn_from_folds(
        ItemKNNBaseline, ratings, Catalogue(), seed=2, progress=lambda step, _: steps.append(step)
    )
    assert len(taught.trees) > 0
    for part in ("part 1 of 3", "part 2 of 3", "part 3 of 3"):
        assert any(part in step for step in steps)
    model = ItemKNNBaseline().fit(ratings)
    model.second_stage = taught
    assert np.isfinite(Recommender(model, Catalogue()).scores(ratings.of_user(0)).match).all()
