"""Standards: what a member's own ratings demand of their picks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean

_BELOW = 0.5
"""Points by which a pick may be predicted below what the member usually gives."""
_SAME = 1e-9
"""The mean of equal scores can differ from them in its last bits."""


class Standards:
    """How high a member rates, and what that leaves out."""

    def __init__(self, ratings: Mapping[int, float]) -> None:
        """Take the mean of a member's scores 1–10, by anime id."""
        self._ratings = ratings
        self._mean = fmean(ratings.values()) if ratings else None

    def least(self, usual: float) -> float:
        """Return the predicted rating below which a pick is not good enough: min(mean, μ + b_u) − 0.5.

        Args:
            usual: μ + b_u, what the member gives an average anime, 1–10; counts alone without any ratings.
        """
        return (usual if self._mean is None else min(self._mean, usual)) - _BELOW

    def let_down_by(self, parts: Iterable[int]) -> bool:
        """Return whether the member scored any of these anime below their mean."""
        scores = (self._ratings[one] for one in parts if one in self._ratings)
        return self._mean is not None and min(scores, default=self._mean) < self._mean - _SAME
