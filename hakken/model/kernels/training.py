"""Similarities of all pairs of anime, half of them by symmetry, and the K best of each anime."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import config, njit
from numpy.typing import NDArray

# The four sums of a pair lie side by side: added as one vector they take two thirds of the time. LLVM's pass
# for that is off in Numba by default; it is asked for when the first function is compiled.
config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]  # set when Numba is imported


@njit(nogil=True, cache=True)
def rank_lists(
    order: NDArray[np.intp],
    anime_start: NDArray[np.int64],
    anime_users: NDArray[np.int32],
    scores: NDArray[np.float32],
    mean: float,
    of_users: NDArray[np.float64],
    of_anime: NDArray[np.float64],
    user_start: NDArray[np.int64],
    ranks: NDArray[Any],
    residuals: NDArray[np.float32],
    places: NDArray[Any],
    pairs: NDArray[np.int64],
) -> None:
    """Deal the ratings out to their users, the anime in the order given, as residuals r_ui − b_ui.

    Args:
        order: the anime's rows, the most rated first, shape (n_anime,); an anime's place in it is its rank.
        anime_start: where each anime's raters start, by row, shape (n_anime + 1,).
        anime_users: raters' rows, anime by anime, shape (n_ratings,).
        scores: r_ui in that order, shape (n_ratings,).
        mean: μ.
        of_users: b_u, shape (n_users,).
        of_anime: b_i by row, shape (n_anime,).
        user_start: where each user's ratings start, shape (n_users + 1,).
        ranks: out: ranks of the anime that each user rated, ascending, unsigned, shape (n_ratings,).
        residuals: out: r_ui − b_ui in that order, shape (n_ratings,).
        places: out: where each rating of ``anime_users`` stands in ``ranks``, unsigned, shape (n_ratings,).
        pairs: out: how many pairs with a better-ranked anime each rank's raters make, shape (n_anime,).
    """
    ends = user_start[:-1].copy()
    for rank in range(len(order)):
        anime = order[rank]
        pairs[rank] = 0
        for at in range(anime_start[anime], anime_start[anime + 1]):
            user = anime_users[at]
            place = ends[user]
            ends[user] += 1
            ranks[place] = rank
            residuals[place] = scores[at] - mean - of_users[user] - of_anime[anime]
            places[at] = place
            pairs[rank] += place - user_start[user]


@njit(nogil=True, cache=True)
def similarities(
    first: int,
    last: int,
    order: NDArray[np.intp],
    anime_start: NDArray[np.int64],
    anime_users: NDArray[np.int32],
    places: NDArray[Any],
    user_start: NDArray[np.int64],
    ranks: NDArray[Any],
    residuals: NDArray[np.float32],
    shrinkage: float,
    min_support: int,
    out: NDArray[np.float32],
) -> None:
    """Shrunk Pearson similarities of the anime ranked first … last−1 to all that are ranked before them.

    A user's list is walked only up to the anime itself: each pair is met once. The most rated are ranked
    first, so that most additions go to the few sums at the beginning, which stay in the nearest cache.

    Args:
        first: the first rank of the block.
        last: the rank after the block.
        order: see `rank_lists`, and so the arrays up to ``residuals``.
        anime_start: likewise.
        anime_users: likewise.
        places: likewise.
        user_start: likewise.
        ranks: likewise.
        residuals: likewise.
        shrinkage: s of ((n − 1)/(n − 1 + s))·ρ.
        min_support: how many common raters a pair needs, 2 or more.
        out: out: the similarities, 0 where none, shape (last − first, last); row r is of rank first + r and
            filled up to that rank.
    """
    # Σ e_i·e_j, Σ e_i², Σ e_j² and n over common raters lie together: half a cache line for a pair.
    sums = np.zeros((last, 4))
    for rank in range(first, last):
        anime = order[rank]
        for at in range(anime_start[anime], anime_start[anime + 1]):
            place = places[at]
            e_i = np.float64(residuals[place])
            square = e_i * e_i
            for other in range(np.uint64(user_start[anime_users[at]]), np.uint64(place)):
                e_j = np.float64(residuals[other])
                j = ranks[other]
                # All four are read before the first is written, or they could not be one vector.
                product = sums[j, 0] + e_i * e_j
                of_i = sums[j, 1] + square
                of_j = sums[j, 2] + e_j * e_j
                common = sums[j, 3] + 1.0
                sums[j, 0], sums[j, 1], sums[j, 2], sums[j, 3] = product, of_i, of_j, common
        for j in range(rank):
            n = sums[j, 3]
            similarity = 0.0
            if n >= min_support and sums[j, 0] > 0.0:
                correlation = sums[j, 0] / math.sqrt(sums[j, 1] * sums[j, 2])
                similarity = correlation * ((n - 1.0) / (n - 1.0 + shrinkage))
            out[rank - first, j] = similarity
        sums[:] = 0.0


@njit(nogil=True, cache=True)
def weigh_lists(
    user_start: NDArray[np.int64],
    residuals: NDArray[np.float32],
    slope: float,
    weakest: float,
    strongest: float,
    list_norm: float,
) -> None:
    """Turn r − μ − b_u into x·‖x_u‖^−ρ, x = clip(1 + a·(r − μ − b_u)), scaled to a mean square of 1.

    Args:
        user_start: where each user's ratings start, shape (n_users + 1,).
        residuals: in: r − μ − b_u in rating points; out: the weights, shape (n_ratings,).
        slope: a, 0 or more.
        weakest: the least x, above 0.
        strongest: the greatest x.
        list_norm: ρ, 0 or more.
    """
    total = 0.0
    for user in range(len(user_start) - 1):
        square = 0.0
        for at in range(user_start[user], user_start[user + 1]):
            weight = min(max(1.0 + slope * residuals[at], weakest), strongest)
            residuals[at] = weight
            square += weight * weight
        if square > 0.0:
            scale = square ** (-0.5 * list_norm)
            total += square * scale * scale
            for at in range(user_start[user], user_start[user + 1]):
                residuals[at] *= scale
    if total > 0.0:
        residuals *= math.sqrt(len(residuals) / total)


@njit(nogil=True, cache=True)
def products(
    first: int,
    last: int,
    anime_start: NDArray[np.int64],
    anime_users: NDArray[np.int32],
    places: NDArray[Any],
    user_start: NDArray[np.int64],
    ranks: NDArray[Any],
    weights: NDArray[np.float32],
    order: NDArray[np.intp],
    out: NDArray[np.float64],
) -> None:
    """Σ_u x_ui·x_uj of the anime ranked first … last−1 and all up to their own rank.

    Args:
        first: the first rank of the block.
        last: the rank after the block.
        anime_start: see `rank_lists`, and so the arrays up to ``ranks``.
        anime_users: likewise.
        places: likewise.
        user_start: likewise.
        ranks: likewise.
        weights: x_ui in the order of ``ranks``, shape (n_ratings,).
        order: see `rank_lists`.
        out: out: the sums, zeros before, shape (last − first, last); row r is of rank first + r and filled
            up to that rank, its own included.
    """
    for rank in range(first, last):
        sums = out[rank - first]
        anime = order[rank]
        for at in range(anime_start[anime], anime_start[anime + 1]):
            place = places[at]
            x_i = np.float64(weights[place])
            for other in range(np.uint64(user_start[anime_users[at]]), np.uint64(place) + np.uint64(1)):
                sums[ranks[other]] += x_i * np.float64(weights[other])


@njit(nogil=True, cache=True)
def keep_best(
    first: int,
    bits: NDArray[np.uint32],
    order: NDArray[np.intp],
    kept: int,
    best: NDArray[np.uint64],
    found: NDArray[np.int64],
    worst: NDArray[np.uint64],
) -> None:
    """Offer a block of similarities to both anime of each pair, which keep their best.

    What is kept does not depend on the order of the blocks. A neighbour is one number that sorts as
    neighbours rank: the higher similarity first, ties by the lower row.

    Args:
        first: the rank of the block's first row.
        bits: the block's similarities as the bits of float32, which sort as positive floats do,
            shape (n_ranks, first + n_ranks).
        order: the rows by rank, shape (n_anime,).
        kept: how many each anime keeps at least.
        best: in and out: each row's neighbours, shape (n_anime, room), room ``2 * kept`` or as much as there
            can ever be; when there is no more room, all but the ``kept`` best are forgotten.
        found: in and out: how many are in ``best``, shape (n_anime,).
        worst: in and out: what a neighbour must be better than, shape (n_anime,).
    """
    highest = np.uint64(0xFFFFFFFF)
    room = best.shape[1]
    for at in range(len(bits)):
        for other in range(first + at):
            if bits[at, other]:
                key = (highest - np.uint64(bits[at, other])) << np.uint64(32)
                ends = order[first + at], order[other]
                for row, neighbour in (ends, (ends[1], ends[0])):
                    ranked = key | np.uint64(neighbour)
                    if ranked < worst[row]:
                        best[row, found[row]] = ranked
                        found[row] += 1
                        if found[row] == room and room > kept:
                            best[row] = np.partition(best[row], kept - 1)
                            found[row] = kept
                            worst[row] = best[row, kept - 1]
