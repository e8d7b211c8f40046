"""How predicted ratings read: half points, and no more than the evidence bears."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from hakken.model.explanations import Confidence
from hakken.recommend.shown_ratings import ShownRating, shown_mean, shown_rating


@pytest.mark.parametrize(
    ("predicted", "confidence", "reads"),
    [
        (8.0, "sure", "8"),
        (8.24, "sure", "8"),
        (8.25, "sure", "8.5"),
        (8.74, "fairly sure", "8.5"),
        (8.75, "fairly sure", "9"),
        (9.74, "sure", "9.5"),
        (9.75, "sure", "10"),
        (10.0, "fairly sure", "9.5"),
        (8.0, "unsure", "7–9"),
        (7.6, "unsure", "6.5–8.5"),
        (7.2, "a guess", "6–8"),
        (9.3, "unsure", "8–10"),
        (10.0, "unsure", "8–10"),
        (10.0, "a guess", "8–10"),
        (1.3, "unsure", "1–2.5"),
        (1.0, "sure", "1"),
    ],
)
def test_it_reads_as_a_number_in_half_points_or_as_a_range(
    predicted: float, confidence: Confidence, reads: str
) -> None:
    assert str(shown_rating(predicted, confidence)) == reads


@pytest.mark.parametrize(
    ("mean", "reads"), [(8.24, "8"), (8.25, "8.5"), (6.999, "7"), (9.9, "9.5"), (10.0, "9.5"), (1.0, "1")]
)
def test_a_mean_reads_as_a_number_and_never_as_a_10(mean: float, reads: str) -> None:
    assert str(shown_mean(mean)) == reads


def test_the_less_sure_the_less_it_promises_and_a_higher_prediction_never_shows_less() -> None:
    ratings = np.linspace(1, 10, 1801).tolist()
    of_words = {word: [shown_rating(one, word) for one in ratings] for word in get_args(Confidence)}
    for shown in of_words.values():
        assert all(1 <= one.low <= one.high <= 10 for one in shown)
        assert all(2 * end == int(2 * end) for one in shown for end in (one.low, one.high))
        assert [one.middle for one in shown] == sorted(one.middle for one in shown)
        assert all(
            abs(one.middle - rating) <= 0.25
            for one, rating in zip(shown, ratings, strict=True)
            if 2 <= rating <= 9.24
        )
    highest = {word: shown[-1].middle for word, shown in of_words.items()}
    assert highest == {"sure": 10.0, "fairly sure": 9.5, "unsure": 9.0, "a guess": 9.0}


def test_the_middle_of_a_number_is_the_number() -> None:
    assert ShownRating(8.5, 8.5).middle == 8.5
    assert ShownRating(7.0, 9.0).middle == 8.0
