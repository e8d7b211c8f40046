"""Kernels that walk boosted trees."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def scores(
    rows: NDArray[np.float64],
    start: NDArray[np.int64],
    features: NDArray[np.int16],
    thresholds: NDArray[np.float64],
    left: NDArray[np.int16],
    right: NDArray[np.int16],
    leaves: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Add up the leaves that each row leads to; see `hakken.model.trees.Trees`.

    Args:
        rows: features, no NaN, shape (n_rows, n_features).
        start: where each tree's splits start, shape (n_trees + 1,).
        features: columns, shape (n_splits,).
        thresholds: values up to which the left child follows, shape (n_splits,).
        left: left children, shape (n_splits,).
        right: right children, shape (n_splits,).
        leaves: what the leaves add, shape (n_splits + n_trees,).

    Returns:
        Scores, shape (n_rows,).
    """
    found = np.zeros(len(rows))
    for tree in range(len(start) - 1):
        first = start[tree]
        for at in range(len(rows)):
            split = 0
            while split >= 0:
                place = first + split
                # Both are read, so that the processor need not guess which: a third faster.
                low, high = left[place], right[place]
                split = low if rows[at, features[place]] <= thresholds[place] else high
            found[at] += leaves[first + tree - 1 - split]
    return found
