"""The baseline μ + b_u + b_i: how high the crowd, a user and an anime score on the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hakken.ratings import Ratings


@dataclass(frozen=True)
class Baseline:
    """b_ui = μ + b_u + b_i, of the users and anime of one rating set.

    Koren, *Factor in the Neighbors: Scalable and Accurate Collaborative Filtering*, 2010, §2.1.
    """

    mean: float
    """μ, the mean of all ratings, 1–10."""
    of_users: NDArray[np.float64]
    """b_u in rating points, shape (n_users,)."""
    of_anime: NDArray[np.float64]
    """b_i in rating points, shape (n_anime,)."""

    @classmethod
    def fit(cls, ratings: Ratings, *, reg_user: float, reg_item: float, epochs: int) -> Baseline:
        """Minimise Σ (r_ui − μ − b_u − b_i)² + λ(b_u² + b_i²) by alternating least squares.

        Each epoch sets the anime's biases in closed form with the users' held still, then the users':
        b_i = Σ_u (r_ui − μ − b_u) / (λ_i + n_i), b_u = Σ_i (r_ui − μ − b_i) / (λ_u + n_u).

        Args:
            ratings: at least one rating.
            reg_user: λ_u, 0 or more; draws users with few ratings towards the crowd.
            reg_item: λ_i, 0 or more; draws anime with few raters towards the mean.
            epochs: how often both are set, 1 or more.
        """
        matrix = ratings.matrix
        n_users, n_anime = matrix.shape
        users = np.repeat(np.arange(n_users), np.diff(matrix.indptr))
        anime = matrix.indices
        mean = float(matrix.data.mean(dtype=np.float64))
        above_mean = matrix.data.astype(np.float64) - mean
        of_users, of_anime = np.zeros(n_users), np.zeros(n_anime)
        user_weights = reg_user + np.bincount(users, minlength=n_users)
        anime_weights = reg_item + np.bincount(anime, minlength=n_anime)
        for _ in range(epochs):
            of_anime = np.bincount(anime, above_mean - of_users[users], n_anime) / anime_weights
            of_users = np.bincount(users, above_mean - of_anime[anime], n_users) / user_weights
        return cls(mean, of_users, of_anime)

    def residuals(self, ratings: Ratings) -> NDArray[np.float64]:
        """r_ui − b_ui of every rating, in the order of ``ratings.matrix.data``, in rating points."""
        users = np.repeat(self.of_users, np.diff(ratings.matrix.indptr))
        b_ui: NDArray[np.float64] = self.mean + users + self.of_anime[ratings.matrix.indices]
        residuals: NDArray[np.float64] = ratings.matrix.data - b_ui
        return residuals


def fold_in(above_anime: NDArray[np.float64], reg_user: float) -> float:
    """b_u of a member who was not in the training set, from their own ratings.

    b_u = Σ_j (r_uj − μ − b_j) / (λ_u + n_u): the users' step of the alternating least squares, so that a
    training user is folded in to the very bias that training gave them.

    Args:
        above_anime: r_uj − μ − b_j of the member's ratings in rating points, shape (n,).
        reg_user: λ_u.

    Returns:
        b_u in rating points; 0.0 for an empty list.
    """
    return float(above_anime.sum() / (reg_user + len(above_anime))) if len(above_anime) else 0.0
