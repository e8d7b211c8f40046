"""What one member's ratings say of every anime."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

HALF = np.dtype(np.uint16)
"""How the bits of float16 similarities are handed over: Numba reads no float16 on a CPU."""
_HALF_SCALE = np.float32(2.0**112)


@njit(nogil=True, cache=True)
def interpolate(
    rated: NDArray[np.intp],
    deviations: NDArray[np.float64],
    rated_at: NDArray[np.int32],
    k: int,
    start: NDArray[np.int64],
    neighbours: NDArray[Any],
    similarities: NDArray[Any],
    kept_start: NDArray[np.int64],
    kept_by: NDArray[Any],
    kept_similarities: NDArray[Any],
) -> NDArray[np.float64]:
    """Σ sim(i,j)·(r_uj − b_uj) / Σ sim(i,j) over N^k_u(i) for every anime i.

    The sums are gathered from the few anime that the member rated, along who keeps them as a neighbour. Where
    more than k count, an anime's own neighbours are gone through instead: they stand best first, so the first
    k that the member rated are N^k_u(i).

    Args:
        rated: rows j that the member rated, shape (n_rated,).
        deviations: r_uj − b_uj of these ratings in rating points, shape (n_rated,).
        rated_at: which of these ratings is of this row, or −1, shape (n_anime,).
        k: at most so many neighbours count.
        start: where each anime's neighbours start, shape (n_anime + 1,).
        neighbours: rows j, unsigned, shape (n_stored,).
        similarities: sim(i,j) as float32, or as the bits of float16 in uint16, shape (n_stored,).
        kept_start: where the anime that keep each anime as their neighbour start, shape (n_anime + 1,).
        kept_by: rows i, shape (n_stored,).
        kept_similarities: sim(i,j) in that order, shape (n_stored,).

    Returns:
        The sums in rating points, shape (n_anime,); 0.0 where no neighbour was rated.
    """
    n_anime = len(start) - 1
    weighted, total = np.zeros(n_anime), np.zeros(n_anime)
    found = np.zeros(n_anime, np.int32)
    for at in range(len(rated)):
        for place in range(kept_start[rated[at]], kept_start[rated[at] + 1]):
            similarity = _value(kept_similarities[place])
            row = kept_by[place]
            weighted[row] += similarity * deviations[at]
            total[row] += similarity
            found[row] += 1
    for row in range(n_anime):
        if found[row] > k:
            weighted[row] = total[row] = 0.0
            left = k
            for place in range(start[row], start[row + 1]):
                at = rated_at[neighbours[place]]
                if at >= 0:
                    similarity = _value(similarities[place])
                    weighted[row] += similarity * deviations[at]
                    total[row] += similarity
                    left -= 1
                    if left == 0:
                        break
        if total[row] > 0.0:
            weighted[row] /= total[row]
    return weighted


def _value(similarity: Any) -> float:
    """A stored similarity as a number; the compiled form below knows both ways of storing it."""
    raise NotImplementedError(similarity)


@overload(_value, inline="always")
def _compiled_value(similarity: Any) -> Any:
    if similarity == types.uint16:
        # IEEE 754, positive: the same bits further left in a float32 are off by its larger bias alone.
        def of_half(similarity: Any) -> float:
            return np.float64(np.uint32(int(similarity) << 13).view(np.float32) * _HALF_SCALE)

        return of_half

    def of_single(similarity: Any) -> float:
        return float(similarity)

    return of_single
