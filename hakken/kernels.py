"""The two loops that carry the weight, compiled by Numba: similarities of all pairs, and one member's sums.

Both release the GIL and give the same bits whatever the number of threads.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

HALF = np.dtype(np.uint16)
"""How the bits of float16 similarities are handed over: Numba reads no float16 on a CPU."""


@njit(nogil=True, cache=True)
def similar_rows(
    first: int,
    last: int,
    user_start: NDArray[np.int64],
    user_anime: NDArray[np.int32],
    user_residuals: NDArray[np.float64],
    anime_start: NDArray[np.int64],
    anime_users: NDArray[np.int32],
    anime_residuals: NDArray[np.float64],
    shrinkage: float,
    min_support: int,
    neighbours: NDArray[np.uint32],
    similarities: NDArray[np.float32],
    ends: NDArray[np.int64],
) -> None:
    """Shrunk Pearson similarities of the anime in rows first … last−1 to all others.

    Args:
        first: the first row of the block.
        last: the row after the block.
        user_start: where each user's ratings start, shape (n_users + 1,).
        user_anime: rated rows, user by user, shape (n_ratings,).
        user_residuals: r_ui − b_ui in that order, shape (n_ratings,).
        anime_start: where each anime's raters start, shape (n_anime + 1,).
        anime_users: raters' rows, anime by anime, ascending, shape (n_ratings,).
        anime_residuals: r_ui − b_ui in that order, shape (n_ratings,).
        shrinkage: s of ((n − 1)/(n − 1 + s))·ρ.
        min_support: how many common raters a pair needs, 2 or more.
        neighbours: out: rows j with a similarity above 0, row by row, ascending; room for all pairs.
        similarities: out: their similarities.
        ends: out: where each row's neighbours end, shape (last − first,).
    """
    n_anime = len(anime_start) - 1
    # Σ e_i·e_j, Σ e_i², Σ e_j² and n over common raters lie together: half a cache line for a pair.
    sums = np.zeros((n_anime, 4))
    found = 0
    for i in range(first, last):
        for at in range(anime_start[i], anime_start[i + 1]):
            u = anime_users[at]
            e_i = anime_residuals[at]
            square = e_i * e_i
            for other in range(user_start[u], user_start[u + 1]):
                e_j = user_residuals[other]
                pair = sums[user_anime[other]]
                pair[0] += e_i * e_j
                pair[1] += square
                pair[2] += e_j * e_j
                pair[3] += 1.0
        for j in range(n_anime):
            n = sums[j, 3]
            if n >= min_support and sums[j, 0] > 0.0 and j != i:
                correlation = sums[j, 0] / math.sqrt(sums[j, 1] * sums[j, 2])
                neighbours[found] = j
                similarities[found] = correlation * ((n - 1.0) / (n - 1.0 + shrinkage))
                found += 1
        sums[:] = 0.0
        ends[i - first] = found


@njit(nogil=True, cache=True)
def interpolate(
    rows: NDArray[np.intp],
    start: NDArray[np.int64],
    neighbours: NDArray[Any],
    similarities: NDArray[Any],
    rated_at: NDArray[np.int32],
    deviations: NDArray[np.float64],
    k: int,
) -> NDArray[np.float64]:
    """Σ sim(i,j)·(r_uj − b_uj) / Σ sim(i,j) over N^k_u(i) for each anime i of ``rows``.

    A row's neighbours stand best first, so the first k that the member rated are N^k_u(i).

    Args:
        rows: the anime i to predict, shape (n,).
        start: where each anime's neighbours start, shape (n_anime + 1,).
        neighbours: rows j, unsigned, shape (n_stored,).
        similarities: sim(i,j) as float32, or as the bits of float16 in uint16, shape (n_stored,).
        rated_at: which of the member's ratings is of this row, or −1, shape (n_anime,).
        deviations: r_uj − b_uj of the member's ratings in rating points, shape (n_rated,).
        k: at most so many neighbours count.

    Returns:
        The sums in rating points, shape (n,); 0.0 where no neighbour was rated.
    """
    sums = np.zeros(len(rows))
    for at in range(len(rows)):
        weighted = total = 0.0
        found = 0
        for place in range(start[rows[at]], start[rows[at] + 1]):
            rated = rated_at[neighbours[place]]
            if rated >= 0:
                similarity = _value(similarities[place])
                weighted += similarity * deviations[rated]
                total += similarity
                found += 1
                if found == k:
                    break
        if total > 0.0:
            sums[at] = weighted / total
    return sums


def _value(similarity: Any) -> float:
    """A stored similarity as a number; the compiled form below knows both ways of storing it."""
    raise NotImplementedError(similarity)


@overload(_value, inline="always")
def _compiled_value(similarity: Any) -> Any:
    if similarity == types.uint16:
        # IEEE 754 half precision, positive: 5 bits of exponent biased by 15, 10 bits of fraction.
        def of_half(similarity: Any) -> float:
            exponent, fraction = int(similarity) >> 10, int(similarity) & 0x3FF
            if exponent == 0:
                return math.ldexp(float(fraction), -24)
            return math.ldexp(float(fraction + 0x400), exponent - 25)

        return of_half

    def of_single(similarity: Any) -> float:
        return float(similarity)

    return of_single
