"""Kernels for training: similarities of all pairs of anime, each computed once, and the K best of each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import config, njit
from numpy.typing import NDArray

# The four sums of a pair are adjacent in memory: added as one vector they take two thirds of the time. Numba
# disables LLVM's pass for that by default; this setting is read when the first function is compiled.
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
    """Sort the ratings by user, and each user's anime by rank, as residuals r_ui − b_ui.

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
        places: out: index in ``ranks`` of each rating of ``anime_users``, unsigned, shape (n_ratings,).
        pairs: out: number of pairs with a better-ranked anime among each rank's raters, shape (n_anime,).
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
    """Compute shrunk Pearson similarities of the anime ranked first … last−1 to all that are ranked before.

    A user's list is read only up to the anime itself, so that each pair is visited once. The most rated are
    ranked first, so that most additions go to the few sums at the beginning, which stay in the L1 cache.

    The arrays are those of `rank_lists`; s of ((n − 1)/(n − 1 + s))·ρ is the shrinkage; a pair needs
    `min_support` common raters, 2 or more. ``out`` gets the similarities, 0 if there is none, shape
    (last − first, last); row r has rank first + r and is filled up to that rank.
    """
    # Σ e_i·e_j, Σ e_i², Σ e_j² and n over common raters are adjacent: half a cache line for a pair.
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
                # All four are read before the first is written, so that they can be one vector.
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
        weakest: the minimum of x, above 0.
        strongest: the maximum of x.
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
    """Compute Σ_u x_ui·x_uj of the anime ranked first … last−1 and all up to their own rank.

    The arrays are those of `rank_lists`, with weights x_ui in the order of ``ranks``. ``out``, zeros before,
    gets the sums, shape (last − first, last); row r has rank first + r and is filled up to and including
    that rank.
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
    """Add a block of similarities to the best neighbours of both anime of each pair.

    The result does not depend on the order of the blocks. A neighbour is encoded as a number that sorts by
    rank: the higher similarity first, ties by the lower row.

    Args:
        first: the rank of the block's first row.
        bits: the block's similarities as the bits of float32, which sort as positive floats do,
            shape (n_ranks, first + n_ranks).
        order: the rows by rank, shape (n_anime,).
        kept: minimum number of neighbours that each anime keeps.
        best: in and out: each row's neighbours, shape (n_anime, room), where room is ``2 * kept`` or the
            maximum possible number; when it is full, all but the ``kept`` best are dropped.
        found: in and out: number of neighbours in ``best``, shape (n_anime,).
        worst: in and out: the number that a neighbour must be better than, shape (n_anime,).
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
