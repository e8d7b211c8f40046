"""Facts by row, and a small member's features: both worked by hand."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from hakken import Anime, Catalogue
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.prediction import Scores
from hakken.model.profile import Profile
from hakken.recommend.second_stage.facts import NOTHING_BEFORE, RECENT, UNKNOWN, RowFacts
from hakken.recommend.second_stage.features import NAMES, features

IDS = np.array([10, 20, 30, 40, 50, 60])
"""Two seasons and their film, two that stand alone, and one that the catalogue lacks."""
CATALOGUE = Catalogue(
    [
        Anime(
            10, "Kareka", type="TV", episodes=12, aired="2010-04-02", members=999, genres=("Drama", "Space")
        ),
        Anime(
            20,
            "Kareka 2",
            type="TV",
            episodes=24,
            aired="2015-01",
            score=8.5,
            genres=("Drama",),
            prequels=(10,),
        ),
        Anime(30, "Kareka Movie", type="Movie", episodes=1, year=2016, genres=("Drama",), prequels=(20,)),
        Anime(40, "Soso", type="ONA", aired="2021-01-30", score=7.0, members=99, genres=("Comedy",)),
        Anime(50, "Tinu", type="Radio", score=6.0, aired="2026-01"),
        # It has no score yet, so it does not tell how new the catalogue is.
        Anime(70, "Mimi", type="TV", aired="2029-12"),
    ]
)


@pytest.fixture(scope="module")
def facts() -> RowFacts:
    return RowFacts(IDS, CATALOGUE, WatchOrder(CATALOGUE))


class TestFacts:
    def test_months_count_back_from_the_newest_that_has_a_score(self, facts: RowFacts) -> None:
        # Without a month an anime aired in July.
        expected = [15 * 12 + 9, 11 * 12, 9 * 12 + 6, 60, 0, np.nan]
        assert facts.age == pytest.approx(expected, nan_ok=True)

    def test_recent_is_up_to_five_years(self, facts: RowFacts) -> None:
        assert RECENT == 60
        assert facts.recent().tolist() == [False, False, False, True, True, False]

    def test_a_franchise_has_one_number_and_its_parts_are_counted(self, facts: RowFacts) -> None:
        one, two, film, *others = facts.franchise.tolist()
        assert one == two == film
        assert len({one, *others}) == 4
        assert facts.parts.tolist() == [3, 3, 3, 1, 1, 1]

    def test_before_is_the_latest_part_that_the_model_knows(self, facts: RowFacts) -> None:
        assert facts.before.tolist() == [-1, 0, 1, -1, -1, -1]
        order = WatchOrder(CATALOGUE)
        assert RowFacts(np.array([10, 30]), CATALOGUE, order).before.tolist() == [-1, 0]
        assert RowFacts(np.array([30, 40]), CATALOGUE, order).before.tolist() == [-1, -1]

    def test_numbers_are_logarithms_and_unknown_ones_are_marked(self, facts: RowFacts) -> None:
        assert facts.members == pytest.approx([log(1000), 0, 0, log(100), 0, 0])
        assert facts.episodes == pytest.approx([log(13), log(25), log(2), 0, 0, 0])
        assert facts.score.tolist() == [UNKNOWN, 8.5, UNKNOWN, 7, 6, UNKNOWN]

    def test_types_have_numbers_and_others_share_one(self, facts: RowFacts) -> None:
        assert facts.type.tolist() == [0, 0, 1, 3, 6, 6]

    def test_genres_are_found_for_several_rows_at_once(self, facts: RowFacts) -> None:
        by, genres = facts.genres_of(np.array([3, 5, 0]))
        assert facts.n_genres == 3  # Comedy, Drama, Space
        assert [by.tolist(), genres.tolist()] == [[0, 2, 2], [0, 1, 2]]

    def test_without_a_catalogue_nothing_is_known(self) -> None:
        nothing = Catalogue()
        facts = RowFacts(IDS, nothing, WatchOrder(nothing))
        assert np.isnan(facts.age).all()
        assert not facts.recent().any()
        assert facts.parts.tolist() == [1] * 6


@pytest.fixture(scope="module")
def table(facts: RowFacts) -> dict[str, NDArray[np.float64]]:
    """The features of 20, 40 and 50 for who gave 10 a 9, 30 a 7 and 60 a 5."""
    member = Profile(
        rows=np.array([0, 2, 5]),
        scores=np.array([9.0, 7.0, 5.0]),
        bias=0.5,
        levels=np.zeros(3),
        deviations=np.array([2.0, -1.0, -0.5]),
    )
    scores = Scores(
        predicted=np.array([1.0, 9.5, 1.0, 6.0, 7.0, 1.0]),
        match=np.array([0.0, 8.0, 0.0, 4.0, 16.0, 0.0]),
        interest=np.array([0.0, 2.0, 0.0, -1.0, 1.0, 0.0]),
        usual=7.0,
    )
    raters, levels = np.array([9, 99, 9, 0, 3, 9], np.int32), np.array([7.0, 8.0, 7.0, 6.5, 9.9, 7.0])
    found = features(np.array([1, 3, 4]), member, scores, facts, raters, levels)
    assert found.shape == (3, len(NAMES))
    return dict(zip(NAMES, found.T, strict=True))


@pytest.mark.parametrize(
    ("name", "expected"),
    {
        "interest": [1, -0.5, 0.5],
        "log interest": [0, log(1e-5), log(0.5)],
        "interest's rank": [0, 2, 1],
        "predicted": [9.5, 6, 7],
        "predicted's rank": [0, 2, 1],
        "log match": [log(0.5), log(0.25), 0],
        "match's rank": [1, 2, 0],
        "log raters": [log(100), 0, log(4)],
        "log members": [0, log(100), 0],
        "age": [132, 60, 0],
        # Their two dated anime are 189 and 114 months old; a twentieth of the way from newest to oldest.
        "months after their newest": [117.75 - 132, 117.75 - 60, 117.75],
        "age of their newest": [117.75] * 3,
        "share of recent ratings": [0] * 3,
        "score elsewhere": [8.5, 7, 6],
        "type": [0, 3, 6],
        "log episodes": [log(25), 0, 0],
        "rated of the franchise": [2, 0, 0],
        "share rated of the franchise": [2 / 3, 0, 0],
        "mean deviation in the franchise": [1 / 3, 0, 0],
        "best of the franchise above their mean": [2, UNKNOWN, UNKNOWN],
        "deviation of the part before": [2, NOTHING_BEFORE, NOTHING_BEFORE],
        "log ratings": [log(4)] * 3,
        "spread of their ratings": [sqrt(8 / 3)] * 3,
        "their level": [0.5] * 3,
        "level of the anime": [8, 6.5, 9.9],
        # Two dramas: (2 − 1) / (2 + 5).
        "deviation in its genres": [1 / 7, 0, 0],
        "share of its genres": [2 / 3, 0, 0],
        "moved by their ratings": [9.5 - 8.5, 6 - 7, 7 - 10],
        "log best interest": [log(2)] * 3,
    }.items(),
)
def test_features_worked_by_hand(
    table: dict[str, NDArray[np.float64]], name: str, expected: list[float]
) -> None:
    assert table[name] == pytest.approx(expected)


def test_a_part_before_that_is_not_rated_is_unknown_not_missing(facts: RowFacts) -> None:
    one = np.ones(1)
    member = Profile(np.array([3]), one * 8, 0.0, one, one)
    scores = Scores(np.full(6, 7.0), np.ones(6), np.ones(6), 7.0)
    found = features(np.array([0, 1]), member, scores, facts, np.ones(6, np.int32), np.full(6, 7.0))
    assert found[:, NAMES.index("deviation of the part before")].tolist() == [NOTHING_BEFORE, UNKNOWN]


def test_no_feature_is_nan_whatever_is_unknown(facts: RowFacts) -> None:
    one = np.ones(1)
    member = Profile(np.array([5]), one * 8, 0.0, one, one)
    nothing = Scores(np.full(6, 7.0), np.zeros(6), np.full(6, -1.0), 7.0)
    found = features(np.array([5, 4]), member, nothing, facts, np.zeros(6, np.int32), np.full(6, 7.0))
    assert np.isfinite(found).all()
    assert found[0, NAMES.index("age")] == found[1, NAMES.index("months after their newest")] == UNKNOWN
