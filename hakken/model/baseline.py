"""The baseline μ + b_u + b_i: the mean rating, and the biases of a user and an anime."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.ratings.ratings import Ratings


@dataclass(frozen=True)
class Baseline:
    """The baseline b_ui = μ + b_u + b_i of the users and anime of a rating set.

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

        Each epoch solves for the anime's biases in closed form with the users' fixed, then for the users':
        b_i = Σ_u (r_ui − μ − b_u) / (λ_i + n_i), b_u = Σ_i (r_ui − μ − b_i) / (λ_u + n_u).

        Args:
            ratings: at least one rating.
            reg_user: λ_u, 0 or more; shrinks users with few ratings towards the average user.
            reg_item: λ_i, 0 or more; shrinks anime with few raters towards the mean.
            epochs: number of rounds, 1 or more.
        """
        matrix = ratings.matrix
        rated = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
        mean = float(matrix.data.mean(dtype=np.float64))
        user_counts, anime_counts = np.diff(matrix.indptr), ratings.raters
        # Σ (r_ui − μ) of each user and anime; the sums of the other side's biases are products with `rated`.
        user_sums = matrix.sum(axis=1, dtype=np.float64) - mean * user_counts
        anime_sums = matrix.sum(axis=0, dtype=np.float64) - mean * anime_counts
        of_users = np.zeros(matrix.shape[0])
        for _ in range(epochs):
            of_anime = (anime_sums - of_users @ rated) / (reg_item + anime_counts)
            of_users = (user_sums - rated @ of_anime) / (reg_user + user_counts)
        return cls(mean, of_users, of_anime)


def fold_in(above_anime: NDArray[np.float64], reg_user: float) -> float:
    """Compute b_u of a member who was not in the training set, from their own ratings.

    b_u = Σ_j (r_uj − μ − b_j) / (λ_u + n_u): the users' step of the alternating least squares, so that
    folding in a training user gives exactly the bias that was trained.

    Args:
        above_anime: r_uj − μ − b_j of the member's ratings in rating points, shape (n,).
        reg_user: λ_u.

    Returns:
        b_u in rating points; 0.0 for an empty list.
    """
    return float(above_anime.sum() / (reg_user + len(above_anime))) if len(above_anime) else 0.0
