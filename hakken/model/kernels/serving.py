"""Kernels that score every anime by one member's ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def interpolate(
    rated: NDArray[np.intp],
    deviations: NDArray[np.float64],
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
    """Compute Σ w_ij·(r_uj − b_uj) / (δ + Σ w_ij) over N^k_u(i) for every anime i.

    If an anime has at most k rated neighbours, its sums are accumulated from the few anime that the member
    rated, through the reverse index. Otherwise its own neighbours are scanned: they are sorted best first, so
    the first k that the member rated are N^k_u(i). Indices are unsigned, because Numba checks every signed
    index for counting from the end.

    Args:
        rated: rows j that the member rated, shape (n_rated,).
        deviations: r_uj − b_uj of these ratings in rating points, shape (n_rated,).
        k: maximum number of neighbours that count.
        damping: δ, 0 or more.
        weights: w by code, 0 or more.
        start: where each anime's neighbours start, shape (n_anime + 1,).
        neighbours: rows j, unsigned, shape (n_stored,).
        codes: codes of w_ij in ``weights``, unsigned, shape (n_stored,).
        kept_start: where the anime that keep each anime as a neighbour start, shape (n_anime + 1,).
        kept_by: rows i, unsigned, shape (n_stored,).
        kept_codes: codes of w_ij in the order of ``kept_by``, shape (n_stored,).

    Returns:
        The sums in rating points, shape (n_anime,); 0.0 if no neighbour was rated.
    """
    n_anime = len(start) - 1
    found = np.zeros(n_anime, np.int32)
    for row in rated:
        for place in range(np.uint64(kept_start[row]), np.uint64(kept_start[row + 1])):
            found[kept_by[place]] += 1
    weighted, total = np.zeros(n_anime), np.zeros(n_anime)
    # One entry per row, so that scanning a list needs no branch on whether a neighbour was rated.
    is_rated, deviation = np.zeros(n_anime, np.uint8), np.zeros(n_anime)
    for at in range(len(rated)):
        is_rated[rated[at]], deviation[rated[at]] = 1, deviations[at]
        for place in range(np.uint64(kept_start[rated[at]]), np.uint64(kept_start[rated[at] + 1])):
            row = kept_by[place]
            if found[row] <= k:
                weight = np.float64(weights[kept_codes[place]])
                weighted[row] += weight * deviations[at]
                total[row] += weight
    for row in range(n_anime):
        if found[row] > k:
            span = np.uint64(start[row]), np.uint64(start[row + 1])
            weighted[row], total[row] = _first(k, span, neighbours, weights, codes, is_rated, deviation)
        if total[row] > 0.0:
            weighted[row] /= damping + total[row]
    return weighted


@njit(nogil=True, cache=True)
def _first(
    k: int,
    span: tuple[Any, Any],
    neighbours: NDArray[Any],
    weights: NDArray[np.float32],
    codes: NDArray[Any],
    is_rated: NDArray[np.uint8],
    deviation: NDArray[np.float64],
) -> tuple[float, float]:
    """Sum w_ij·(r_uj − b_uj) and w_ij over the first k neighbours in a span that the member rated."""
    weighted = total = 0.0
    for place in range(span[0], span[1]):
        j = neighbours[place]
        weight = np.float64(weights[codes[place]]) * is_rated[j]
        weighted += weight * deviation[j]
        total += weight
        k -= is_rated[j]
        if k == 0:
            break
    return weighted, total


@njit(nogil=True, cache=True)
def interest(
    rated: NDArray[np.intp],
    weights: NDArray[np.float64],
    start: NDArray[np.int64],
    targets: NDArray[Any],
    links: NDArray[Any],
    like_start: NDArray[np.int64],
    like_rows: NDArray[Any],
    likenesses: NDArray[Any],
) -> NDArray[np.float64]:
    """Compute Σ_j x_uj·B_ji for every anime i; anime with likenesses get interest of similar anime, too.

    Args:
        rated: rows j that the member rated, shape (n_rated,).
        weights: x_uj of these, shape (n_rated,).
        start: where each anime's links start, shape (n_anime + 1,).
        targets: rows i that the links lead to, unsigned, shape (n_links,).
        links: B_ji as float32, shape (n_links,).
        like_start: where each anime's likenesses start, shape (n_anime + 1,).
        like_rows: rows of the similar anime, shape (n_likenesses,).
        likenesses: l as float32, shape (n_likenesses,).

    Returns:
        Interest, shape (n_anime,).
    """
    n_anime = len(start) - 1
    sums = np.zeros(n_anime)
    for at in range(len(rated)):
        x = weights[at]
        for place in range(np.uint64(start[rated[at]]), np.uint64(start[rated[at] + 1])):
            sums[targets[place]] += x * np.float64(links[place])
    found = sums.copy()
    for row in range(n_anime):
        for place in range(np.uint64(like_start[row]), np.uint64(like_start[row + 1])):
            found[row] += np.float64(likenesses[place]) * sums[like_rows[place]]
    return found


@njit(nogil=True, cache=True)
def links_to(
    targets: NDArray[np.intp],
    shares: NDArray[np.float64],
    rated: NDArray[np.intp],
    start: NDArray[np.int64],
    rows: NDArray[Any],
    links: NDArray[Any],
) -> NDArray[np.float64]:
    """Compute Σ_t share_t·B_jt of the links from each rated anime j to the targets.

    Args:
        targets: rows t, ascending, shape (n_targets,).
        shares: share of each target, shape (n_targets,).
        rated: rows j, shape (n_rated,).
        start: where each anime's links start, shape (n_anime + 1,).
        rows: rows that the links lead to, ascending for each anime, shape (n_links,).
        links: B as float32, shape (n_links,).

    Returns:
        Sums, shape (n_rated,).
    """
    found = np.zeros(len(rated))
    for at in range(len(rated)):
        first, last = start[rated[at]], start[rated[at] + 1]
        for target in range(len(targets)):
            first += np.searchsorted(rows[first:last], targets[target])
            if first < last and rows[first] == targets[target]:
                found[at] += shares[target] * np.float64(links[first])
    return found
