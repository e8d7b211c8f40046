"""Predicted ratings as people read them: no finer and no higher than the evidence bears.

Of ratings that were foreseen at 9¼ or more, the unsure ones were 9.2 on average, the fairly sure ones 9.4. Up
to there, predictions are nearly right on average, however sure they are; docs/evaluation.md has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hakken.model.explanations import Confidence
from hakken.ratings.ratings import LOWEST

_HIGHEST: Mapping[Confidence, float] = MappingProxyType(
    {"sure": 10.0, "fairly sure": 9.5, "unsure": 9.0, "a guess": 9.0}
)
"""The highest number that a prediction may be shown as."""
_EITHER_SIDE: Mapping[Confidence, float] = MappingProxyType(
    {"sure": 0.0, "fairly sure": 0.0, "unsure": 1.0, "a guess": 1.0}
)
"""Half the width of the range, in points: two of three ratings lie within."""
_HIGHEST_MEAN = 9.5
_STEPS_PER_POINT = 2


@dataclass(frozen=True, slots=True)
class ShownRating:
    """A number, or the range from ``low`` to ``high``, in half points, 1–10."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The number itself, or the middle of the range; lists are sorted by it."""
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        """Write '8', '8.5' or '7–9'."""
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g}–{self.high:g}"


def shown_rating(predicted: float, confidence: Confidence) -> ShownRating:
    """Return a member's predicted rating, 1–10, as it is shown to people."""
    number, either_side = min(_half_points(predicted), _HIGHEST[confidence]), _EITHER_SIDE[confidence]
    return ShownRating(max(number - either_side, LOWEST), number + either_side)


def shown_mean(mean: float) -> ShownRating:
    """Return the mean of several people's predicted ratings, 1–10, as it is shown to people."""
    number = min(_half_points(mean), _HIGHEST_MEAN)
    return ShownRating(number, number)


def _half_points(rating: float) -> float:
    return math.floor(_STEPS_PER_POINT * rating + 0.5) / _STEPS_PER_POINT
