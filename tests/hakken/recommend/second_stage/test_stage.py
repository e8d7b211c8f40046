"""Which anime the second stage looks at, and that it deals their matches out again and nothing else."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.second_stage_trees import SecondStageTrees
from hakken.model.trees import Trees
from hakken.ratings.synthetic import MadeUpSet, Shape
from hakken.ratings.synthetic_catalogue import made_up_catalogue
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.second_stage import SecondStage
from hakken.recommend.second_stage.features import NAMES
from hakken.recommend.second_stage.stage import CANDIDATES, FEW_RATERS, KEENNESS, NEW_CANDIDATES

MADE_UP = MadeUpSet(Shape(300, 700, 18_000), seed=4)
LISTS = range(0, 300, 30)


def few_episodes(new: float = 0.0) -> SecondStageTrees:
    """Nine more for what has at most 12 episodes, and one more for what they have rated nothing of."""
    return SecondStageTrees(
        Trees(
            start=np.array([0, 1, 2]),
            features=np.array([NAMES.index("log episodes"), NAMES.index("rated of the franchise")], np.int16),
            thresholds=np.array([np.log(13) + 1e-9, 0.5]),
            left=np.array([-1, -1], np.int16),
            right=np.array([-2, -2], np.int16),
            leaves=np.array([9.0, 0.0, 1.0, 0.0]),
        ),
        new,
    )


def aired(some: Catalogue) -> Iterator[Anime]:
    """Every third of them is of 2025, the others of 2005; half of them are short."""
    for at, one in enumerate(some.values()):
        months = "2005-04" if at % 3 else "2025-04"
        yield replace(one, aired=months, score=7.0, members=100 + at, episodes=24 if at % 2 else 12)


class World:
    def __init__(self) -> None:
        self.catalogue, self.ratings = (
            Catalogue(aired(made_up_catalogue(MADE_UP.anime, seed=4))),
            MADE_UP.ratings(),
        )
        self.model = ItemKNNBaseline().fit(self.ratings, catalogue=self.catalogue)
        self.stage = SecondStage(self.model, self.catalogue, WatchOrder(self.catalogue))
        self.members = [self.ratings.of_user(row) for row in LISTS]


@pytest.fixture(scope="module")
def made_up() -> World:
    return World()


class TestCandidates:
    def test_they_are_the_best_matches_that_are_not_rated(self, made_up: World) -> None:
        for ratings in made_up.members:
            member = made_up.model.profile(ratings)
            scores = made_up.model.scores_of(member)
            rows = made_up.stage.candidates(member, scores)
            left = np.setdiff1d(np.arange(len(scores.match)), member.rows)
            best = left[np.argsort(-scores.match[left])][:CANDIDATES]
            assert set(best[scores.match[best] > 0].tolist()) <= set(rows.tolist())
            assert not set(member.rows.tolist()) & set(rows.tolist())
            assert len(set(rows.tolist())) == len(rows) <= CANDIDATES + NEW_CANDIDATES
            assert np.all(np.diff(scores.match[rows]) <= 0)
            assert np.all(scores.match[rows] > 0)

    def test_new_ones_are_looked_at_besides(self, made_up: World) -> None:
        further_new = 0
        for ratings in made_up.members:
            member = made_up.model.profile(ratings)
            scores = made_up.model.scores_of(member)
            rows = made_up.stage.candidates(member, scores)
            new = [made_up.catalogue[one].aired == "2025-04" for one in made_up.model.anime_ids.tolist()]
            new &= made_up.model.raters < FEW_RATERS
            left = np.setdiff1d(np.flatnonzero(new & (scores.match > 0)), member.rows)
            assert len(np.intersect1d(left, rows)) >= min(NEW_CANDIDATES, len(left))
            assert np.all(new[rows[CANDIDATES:]])
            further_new += max(len(rows) - CANDIDATES, 0)
        assert further_new > 100

    def test_without_a_catalogue_there_are_no_new_ones(self, made_up: World) -> None:
        nothing = Catalogue()
        stage = SecondStage(made_up.model, nothing, WatchOrder(nothing))
        member = made_up.model.profile(made_up.members[0])
        assert len(stage.candidates(member, made_up.model.scores_of(member))) == CANDIDATES

    def test_who_has_rated_all_has_none(self, made_up: World) -> None:
        member = made_up.model.profile(dict.fromkeys(made_up.model.anime_ids.tolist(), 7.0))
        scores = made_up.model.scores_of(member)
        assert made_up.stage.candidates(member, scores).tolist() == []
        assert made_up.stage.reordered(member, scores, few_episodes()) is scores


class TestReordered:
    def test_only_the_candidates_matches_are_dealt_out_again(self, made_up: World) -> None:
        for ratings in made_up.members:
            member = made_up.model.profile(ratings)
            scores = made_up.model.scores_of(member)
            rows = made_up.stage.candidates(member, scores)
            found = made_up.stage.reordered(member, scores, few_episodes())
            others = np.setdiff1d(np.arange(len(scores.match)), rows)
            assert np.array_equal(found.match[others], scores.match[others])
            assert sorted(found.match[rows]) == sorted(scores.match[rows])
            assert not np.array_equal(found.match, scores.match)
            assert found.predicted is scores.predicted
            assert found.interest is scores.interest

    def test_their_order_is_that_of_leaves_and_predicted_rating(self, made_up: World) -> None:
        ratings = made_up.members[1]
        member = made_up.model.profile(ratings)
        scores = made_up.model.scores_of(member)
        rows = made_up.stage.candidates(member, scores)
        begun = {made_up.stage._facts.franchise[row] for row in member.rows.tolist()}
        worth = []
        for row in rows.tolist():
            anime = made_up.catalogue[int(made_up.model.anime_ids[row])]
            of_new = 0.5 if row in np.flatnonzero(made_up.stage.new) else 0.0
            first_met = made_up.stage._facts.franchise[row] not in begun
            short = (anime.episodes or 0) <= 12
            worth.append(9 * short + first_met + KEENNESS * np.log(scores.predicted[row]) + of_new)
        found = made_up.stage.reordered(member, scores, few_episodes(new=0.5))
        by_worth = rows[np.argsort(-np.array(worth), kind="stable")]
        assert np.all(np.diff(found.match[by_worth]) <= 0)
        assert len({round(one) for one in worth}) > 3

    def test_without_trees_or_ratings_all_is_as_the_first_stage_has_it(self, made_up: World) -> None:
        member = made_up.model.profile(made_up.members[0])
        scores = made_up.model.scores_of(member)
        assert made_up.stage.reordered(member, scores, SecondStageTrees.none()) is scores
        nobody = made_up.model.profile({})
        of_nobody = made_up.model.scores_of(nobody)
        assert made_up.stage.reordered(nobody, of_nobody, few_episodes()) is of_nobody


class TestOfAModel:
    @pytest.fixture
    def taught(self, model_dir: Path) -> ItemKNNBaseline:
        model = ItemKNNBaseline.load(model_dir)
        model.second_stage = few_episodes(0.25)
        return model

    def test_a_saved_one_orders_as_before(
        self, taught: ItemKNNBaseline, catalogue: Catalogue, ratings: Ratings, tmp_path: Path
    ) -> None:
        taught.save(tmp_path, catalogue)
        loaded = ItemKNNBaseline.load(tmp_path)
        before, after = Recommender(taught, catalogue), Recommender(loaded, Catalogue.of_model(tmp_path))
        for row in range(10):
            member = ratings.of_user(row)
            assert np.array_equal(before.scores(member).match, after.scores(member).match)
            assert before.recommend(Member(member), 10) == after.recommend(Member(member), 10)

    def test_it_moves_picks_to_the_front(
        self, taught: ItemKNNBaseline, catalogue: Catalogue, ratings: Ratings
    ) -> None:
        chooser, member = Recommender(taught, catalogue), ratings.of_user(0)
        first = ItemKNNBaseline.match(taught, member)
        assert not np.array_equal(chooser.scores(member).match, first)
        short = [
            (catalogue[pick.anime_id].episodes or 0) <= 12
            for pick in chooser.recommend(Member(member), 5, Filters(sort="best match"))
        ]
        assert all(short)

    @pytest.mark.parametrize("rarity", [-0.1, 0.5])
    def test_other_tastes_for_the_rare_have_no_second_stage(
        self, taught: ItemKNNBaseline, catalogue: Catalogue, ratings: Ratings, rarity: float
    ) -> None:
        member = ratings.of_user(0)
        found = Recommender(taught, catalogue).scores(member, rarity)
        assert np.array_equal(found.match, taught.match(member, rarity))

    def test_an_artefact_without_one_says_so_once_and_picks_as_the_first_stage(
        self, model_dir: Path, catalogue: Catalogue, ratings: Ratings, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert not any(
            "second" in name for name in json.loads((model_dir / "manifest.json").read_text())["files"]
        )
        with caplog.at_level(logging.INFO):
            model = ItemKNNBaseline.load(model_dir)
        assert [one.getMessage() for one in caplog.records] == [
            f"{model_dir}: has no second stage, so picks fit a little worse: train it again"
        ]
        found = Recommender(model, catalogue).scores(ratings.of_user(0))
        assert np.array_equal(found.match, model.match(ratings.of_user(0)))

    def test_an_artefact_with_one_says_nothing(
        self, taught: ItemKNNBaseline, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        taught.save(tmp_path)
        with caplog.at_level(logging.INFO):
            ItemKNNBaseline.load(tmp_path)
        assert not caplog.records
