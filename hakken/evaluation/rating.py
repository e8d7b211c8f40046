"""The rating protocol: errors of predicted ratings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hakken.evaluation.intervals import Interval, interval, ratio
from hakken.evaluation.splits import Splits, Unseen
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

Predict = Callable[[Mapping[int, float], Collection[int]], ArrayLike]
"""Takes a member's ratings and the anime to predict; returns the predicted ratings."""
Trainer = Callable[[Ratings], Predict]
"""Learns from a rating set to predict."""


@dataclass(frozen=True)
class Errors:
    """A model's errors on unseen users, a row per user; all models have the same users in the same rows."""

    squares: NDArray[np.float64]
    """Sum of each user's squared errors, shape (n_users,)."""
    absolutes: NDArray[np.float64]
    """Sum of each user's absolute errors in rating points, shape (n_users,)."""
    counts: NDArray[np.float64]
    """Number of hidden ratings, shape (n_users,)."""

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """Concatenate the results of several splits."""
        columns = zip(*((one.squares, one.absolutes, one.counts) for one in parts), strict=True)
        return cls(*map(np.concatenate, columns))

    def rmse(self, seed: int = 0) -> Interval:
        """Root of the mean squared error over all hidden ratings, in rating points."""
        return interval(self._rmse, len(self.counts), seed)

    def mae(self, seed: int = 0) -> Interval:
        """Mean absolute error over all hidden ratings, in rating points."""
        return ratio(self.absolutes, self.counts, seed)

    def rmse_against(self, other: Errors, seed: int = 0) -> Interval:
        """Difference of the RMSE to another model's on the same users, in percent; paired."""
        return interval(lambda rows: 100 * (self._rmse(rows) / other._rmse(rows) - 1), len(self.counts), seed)

    def _rmse(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.asarray(np.sqrt(self.squares[rows].sum(axis=-1) / self.counts[rows].sum(axis=-1)))


def measure_ratings(
    trainers: Mapping[str, Trainer], splits: Splits, progress: Progress | None = None
) -> dict[str, Errors]:
    """Train each model on each split, and measure its errors on the unseen users."""
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in trainers}
    steps = len(trainers) * len(splits)
    for fold, split in enumerate(splits):
        for at, (name, train) in enumerate(trainers.items()):
            if progress:
                progress(f"fold {fold + 1}: {name}", (fold * len(trainers) + at) / steps)
            found[name].append(_errors(train(split.train), split.unseen))
    return {name: Errors(*np.concatenate(of_folds).T) for name, of_folds in found.items()}


def rmse(predict: Predict, unseen: Collection[Unseen]) -> float:
    """Root of the mean squared error over all hidden ratings, in rating points; NaN if there are none."""
    squares, _, counts = _errors(predict, unseen).sum(axis=0)
    return float(np.sqrt(squares / counts)) if counts else float("nan")


def _errors(predict: Predict, unseen: Collection[Unseen]) -> NDArray[np.float64]:
    """Sums of squared and of absolute errors, and their number, shape (n_users, 3)."""
    sums = np.zeros((len(unseen), 3))
    for row, user in enumerate(unseen):
        predicted = np.asarray(predict(user.given, user.hidden_ids.tolist()), dtype=np.float64)
        errors = predicted - user.hidden_scores
        sums[row] = errors @ errors, np.abs(errors).sum(), len(errors)
    return sums
