"""Remembered scores are those of the model, until a rating changes, within their bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hakken import ItemKNNBaseline, Ratings, RatingsError
from hakken.recommend.score_cache import RememberedScores


def test_scores_are_the_models(model: ItemKNNBaseline, ratings: Ratings) -> None:
    remembered, member = RememberedScores(model), ratings.of_user(0)
    for _ in range(2):
        found = remembered.scores(member)
        assert found.predicted == pytest.approx(model.predict(member), rel=1e-6)
        assert found.match == pytest.approx(model.match(member), rel=1e-6)


def test_the_same_ratings_are_computed_once_in_whatever_order(
    model: ItemKNNBaseline, ratings: Ratings
) -> None:
    remembered, member = RememberedScores(model), ratings.of_user(0)
    once = remembered.scores(member)
    assert remembered.scores(dict(reversed(member.items()))) is once


def test_a_changed_rating_counts_at_once(model: ItemKNNBaseline, ratings: Ratings) -> None:
    remembered, member = RememberedScores(model), ratings.of_user(0)
    remembered.scores(member)
    some = next(iter(member))
    for changed in (
        {**member, some: 1.0 if member[some] > 5 else 10.0},
        {k: v for k, v in member.items() if k != some},
    ):
        assert remembered.scores(changed).match == pytest.approx(model.match(changed), rel=1e-6)


def test_no_more_than_the_bytes_are_kept_and_the_latest_used_stay(
    model: ItemKNNBaseline, ratings: Ratings
) -> None:
    lists = [dict(list(ratings.of_user(row).items())[:5]) for row in range(3)]
    one = RememberedScores(model)
    one.scores(lists[0])
    room = RememberedScores(model, most_bytes=int(one.bytes_kept * 2.5))
    first, second = (room.scores(member) for member in lists[:2])
    assert room.scores(lists[0]) is first
    room.scores(lists[2])
    assert room.bytes_kept <= one.bytes_kept * 2.5
    assert room.scores(lists[0]) is first
    assert room.scores(lists[1]) is not second


def test_what_has_no_room_is_answered_and_not_kept(model: ItemKNNBaseline, ratings: Ratings) -> None:
    none = RememberedScores(model, most_bytes=0)
    assert none.scores(ratings.of_user(0)).match == pytest.approx(model.match(ratings.of_user(0)), rel=1e-6)
    assert none.bytes_kept == 0


def test_nobody_can_write_into_what_others_will_be_given(model: ItemKNNBaseline, ratings: Ratings) -> None:
    found = RememberedScores(model).scores(ratings.of_user(0))
    with pytest.raises(ValueError, match="read-only"):
        found.match[0] = 0


def test_a_score_off_the_scale_is_refused_and_not_kept(model: ItemKNNBaseline) -> None:
    remembered = RememberedScores(model)
    with pytest.raises(RatingsError):
        remembered.scores({int(model.anime_ids[0]): 11.0})
    assert remembered.bytes_kept == 0


def test_threads_may_share_it(model: ItemKNNBaseline, ratings: Ratings) -> None:
    single = RememberedScores(model)
    single.scores(ratings.of_user(0))
    shared = RememberedScores(model, most_bytes=single.bytes_kept * 4)
    lists = [ratings.of_user(row % 12) for row in range(240)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(shared.scores, lists))
    assert shared.bytes_kept <= single.bytes_kept * 4
    for member, scores in zip(lists[:12], found[-12:], strict=True):
        assert np.allclose(scores.predicted, model.predict(member), atol=1e-5)
