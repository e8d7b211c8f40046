"""Simple peers that a model must beat."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hakken.evaluation.ranking import Rank
from hakken.evaluation.rating import Predict, Trainer
from hakken.model.baseline import Baseline, fold_in
from hakken.model.rows import rows_of
from hakken.ratings.ratings import HIGHEST, LOWEST, Ratings


def user_mean(given: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
    """Predict the mean of the user's given ratings for every anime."""
    middle = (LOWEST + HIGHEST) / 2
    return np.full(len(wanted), np.mean(list(given.values())) if given else middle)


def global_mean(train: Ratings) -> Predict:
    """Predict the mean of all training ratings for every anime."""
    mean = float(train.matrix.data.mean(dtype=np.float64))
    return lambda _, wanted: np.full(len(wanted), mean)


def baseline_only(*, reg_user: float, reg_item: float, epochs: int) -> Trainer:
    """Predict μ + b_u + b_i with b_u folded in and no neighbours, clipped; see `hakken.model.baseline`.

    Args:
        reg_user: λ_u, 0 or more.
        reg_item: λ_i, 0 or more.
        epochs: rounds of the alternating least squares.
    """

    def train(ratings: Ratings) -> Predict:
        baseline = Baseline.fit(ratings, reg_user=reg_user, reg_item=reg_item, epochs=epochs)

        def of_anime(ids: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
            rows, known = rows_of(ids, ratings.anime_ids)
            return np.where(known, baseline.of_anime[rows], 0.0), known

        def predict(given: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
            biases, known = of_anime(np.fromiter(given, np.int64, len(given)))
            above = np.fromiter(given.values(), np.float64, len(given)) - baseline.mean - biases
            of_user = fold_in(above[known], reg_user)
            biases, _ = of_anime(np.fromiter(wanted, np.int64, len(wanted)))
            return np.clip(baseline.mean + of_user + biases, LOWEST, HIGHEST)

        return predict

    return train


def popularity(train: Ratings) -> Rank:
    """Rank the anime with the most raters first, the same for everyone: the simplest ranking."""
    raters = train.raters.astype(np.float64)
    return lambda _: raters
