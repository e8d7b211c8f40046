"""Profile of a member: their ratings in the form that a model needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hakken.model.baseline import fold_in
from hakken.model.fitted import FittedModel
from hakken.model.rows import rows_of
from hakken.ratings.ids import check_ratings


@dataclass(frozen=True)
class Profile:
    """A member who was not in the training set, with their ratings of anime that the model knows."""

    rows: NDArray[np.intp]
    """Rows of the anime that they rated, ascending, shape (n_rated,)."""
    scores: NDArray[np.float64]
    """Their ratings, 1–10, shape (n_rated,)."""
    bias: float
    """b_u in rating points."""
    levels: NDArray[np.float64]
    """r_uj − μ − b_u in rating points, with a b_u shrunk more, shape (n_rated,)."""
    deviations: NDArray[np.float64]
    """r_uj − b_uj in rating points, shape (n_rated,)."""

    @classmethod
    def of(cls, ratings: Mapping[int, float], fitted: FittedModel, reg_user: float, level_reg: float) -> Self:
        """Fold in a member; their ratings of unknown anime are ignored.

        Args:
            ratings: the member's own ratings by anime id, 1–10.
            fitted: the fitted model.
            reg_user: λ_u of b_u.
            level_reg: λ_u of the b_u in the levels; see `InterestParameters`.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        ids = check_ratings(ratings)
        order = np.argsort(ids)  # so that the same ratings give bit-identical sums
        rows, known = rows_of(ids[order], fitted.anime_ids)
        rows = rows[known]
        scores = np.fromiter(ratings.values(), np.float64, len(ratings))[order][known]
        above_anime = scores - (fitted.mean + fitted.biases[rows].astype(np.float64))
        bias = fold_in(above_anime, reg_user)
        levels = scores - fitted.mean - fold_in(above_anime, level_reg)
        return cls(rows, scores, bias, levels, above_anime - bias)
