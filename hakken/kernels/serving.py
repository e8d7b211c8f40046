"""What one member's ratings say of every anime."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def interpolate(
    rated: NDArray[np.intp],
    deviations: NDArray[np.float64],
    rated_at: NDArray[np.int32],
    k: int,
    damping: float,
    weights: NDArray[np.float32],
    start: NDArray[np.int64],
    neighbours: NDArray[Any],
    codes: NDArray[Any],
    kept_start: NDArray[np.int64],
    kept_by: NDArray[Any],
    kept_codes: NDArray[Any],
) -> NDArray[np.float64]:
    """Σ w_ij·(r_uj − b_uj) / (δ + Σ w_ij) over N^k_u(i) for every anime i.

    The sums are gathered from the few anime that the member rated, along who keeps them as a neighbour. Where
    more than k count, an anime's own neighbours are gone through instead: they stand best first, so the first
    k that the member rated are N^k_u(i).

    Args:
        rated: rows j that the member rated, shape (n_rated,).
        deviations: r_uj − b_uj of these ratings in rating points, shape (n_rated,).
        rated_at: which of these ratings is of this row, or −1, shape (n_anime,).
        k: at most so many neighbours count.
        damping: δ, 0 or more.
        weights: w by code, above 0.
        start: where each anime's neighbours start, shape (n_anime + 1,).
        neighbours: rows j, unsigned, shape (n_stored,).
        codes: of w_ij in ``weights``, unsigned, shape (n_stored,).
        kept_start: where the anime that keep each anime as their neighbour start, shape (n_anime + 1,).
        kept_by: rows i, unsigned, shape (n_stored,).
        kept_codes: of w_ij in that order, shape (n_stored,).

    Returns:
        The sums in rating points, shape (n_anime,); 0.0 where no neighbour was rated.
    """
    n_anime = len(start) - 1
    weighted, total = np.zeros(n_anime), np.zeros(n_anime)
    found = np.zeros(n_anime, np.int32)
    for at in range(len(rated)):
        for place in range(kept_start[rated[at]], kept_start[rated[at] + 1]):
            weight = np.float64(weights[kept_codes[place]])
            row = kept_by[place]
            weighted[row] += weight * deviations[at]
            total[row] += weight
            found[row] += 1
    for row in range(n_anime):
        if found[row] > k:
            weighted[row] = total[row] = 0.0
            left = k
            for place in range(start[row], start[row + 1]):
                at = rated_at[neighbours[place]]
                if at >= 0:
                    weight = np.float64(weights[codes[place]])
                    weighted[row] += weight * deviations[at]
                    total[row] += weight
                    left -= 1
                    if left == 0:
                        break
        if total[row] > 0.0:
            weighted[row] /= damping + total[row]
    return weighted
