"""Rows of a model's anime: find them by id, sort the best, and find what a sparse matrix has of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def rows_of(
    ids: NDArray[np.integer], anime_ids: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Find the rows of anime, and which of the anime have a row.

    Args:
        ids: anime ids to find, shape (n,).
        anime_ids: the id of each row, at least one, ascending, shape (n_anime,).

    Returns:
        A row for each id, arbitrary if it has none, and whether it has one; both of shape (n,).
    """
    rows = np.minimum(np.searchsorted(anime_ids, ids), len(anime_ids) - 1)
    return rows, anime_ids[rows] == ids


def entries_of(
    rows: NDArray[np.intp], start: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the entries of some rows of a sparse matrix that is stored by rows.

    Args:
        rows: rows, shape (n_rows,).
        start: where the entries of each row of the matrix start, shape (n_anime + 1,).

    Returns:
        For each entry, the place of its row in ``rows``, and its own place in the matrix; in their order.
    """
    first = start[rows]
    counts = start[rows + 1] - first
    by = np.repeat(np.arange(len(rows)), counts)
    return by, np.arange(len(by)) + (first - (np.cumsum(counts) - counts))[by]


def highest(
    scores: NDArray[np.float64], raters: NDArray[np.int32], rows: NDArray[np.intp], n: int
) -> NDArray[np.intp]:
    """Return the n rows with the highest scores, the highest first; ties by more raters, then lower row.

    Args:
        scores: scores of all anime, not NaN in ``rows``, shape (n_anime,).
        raters: numbers of raters of all anime, shape (n_anime,).
        rows: rows to choose from, shape (n_rows,).
        n: maximum number of rows, 0 or more.
    """
    if 0 < n < len(rows):
        # Sorting all rows by three keys would take longer than predicting them: most are dropped first.
        least = np.partition(scores[rows], len(rows) - n)[len(rows) - n]
        rows = rows[scores[rows] >= least]
    return rows[np.lexsort((rows, -raters[rows], -scores[rows]))][:n]
