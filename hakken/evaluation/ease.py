"""EASE, a closed-form item-item model: the strongest peer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.linalg import lapack

from hakken.evaluation.common_raters import common_raters
from hakken.evaluation.ranking import Rank
from hakken.model.rows import rows_of
from hakken.ratings.ratings import Ratings

REGULARISATION = 200.0
"""λ, in raters."""


def ease(train: Ratings, regularisation: float = REGULARISATION) -> Rank:
    """Rank by Σ B_ji over the anime j that a member rated, regardless of the scores.

    Steck, *Embarrassingly Shallow Autoencoders for Sparse Data*, 2019.

    Args:
        train: the training set.
        regularisation: λ, above 0.
    """
    weights = ease_weights(train, regularisation)

    def rank(given: Mapping[int, float]) -> ArrayLike:
        rows, known = rows_of(np.fromiter(given, np.int64, len(given)), train.anime_ids)
        rated = rows[known]
        row = sparse.csr_array((np.ones(len(rated), np.float32), rated, [0, len(rated)]), (1, len(weights)))
        return np.asarray((row @ weights)[0])

    return rank


def ease_weights(train: Ratings, regularisation: float = REGULARISATION) -> NDArray[np.float32]:
    """Compute B = I − P·diagMat(1 ⊘ diag(P)) with P = (XᵀX + λI)⁻¹ and X binary (Steck 2019, eq. 8).

    It minimises ‖X − XB‖² + λ‖B‖² among all B with a diagonal of 0. The computation runs in place in the
    memory of the result: 4·n_anime² bytes.

    Args:
        train: the training set.
        regularisation: λ, above 0.

    Returns:
        Weights from the row's to the column's anime, shape (n_anime, n_anime).
    """
    n_anime = len(train.anime_ids)
    weights = np.empty((n_anime, n_anime), np.float32)
    for rows, counts in common_raters(train):
        weights[rows] = counts
    weights[np.diag_indices(n_anime)] += regularisation
    _invert(weights)
    weights /= -weights.diagonal()
    np.fill_diagonal(weights, 0)
    return weights


def _invert(matrix: NDArray[np.float32]) -> None:
    """Invert a symmetric positive definite matrix in place, by Cholesky decomposition."""
    # LAPACK is column-major: the transpose avoids a copy by SciPy; its lower half is our upper half.
    for step, options in ((lapack.spotrf, {"overwrite_a": True}), (lapack.spotri, {"overwrite_c": True})):
        _, failed = step(matrix.T, lower=True, **options)
        if failed:
            raise ArithmeticError("the matrix is not positive definite")
    for row in range(1, len(matrix)):
        matrix[row, :row] = matrix[:row, row]
