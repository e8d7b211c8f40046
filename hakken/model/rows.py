"""The anime of a model by their rows: found by their ids, and the best of them in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def rows_of(
    ids: NDArray[np.integer], anime_ids: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Rows of anime, and which of the anime have one.

    Args:
        ids: what to find, shape (n,).
        anime_ids: of each row, at least one, ascending, shape (n_anime,).

    Returns:
        A row for each id, any where there is none, and whether there is one; both of shape (n,).
    """
    rows = np.minimum(np.searchsorted(anime_ids, ids), len(anime_ids) - 1)
    return rows, anime_ids[rows] == ids


def highest(
    scores: NDArray[np.float64], raters: NDArray[np.int32], rows: NDArray[np.intp], n: int
) -> NDArray[np.intp]:
    """The n of these rows with the highest scores, the highest first; ties by more raters, then lower row.

    Args:
        scores: of all anime, none of ``rows`` NaN, shape (n_anime,).
        raters: of all anime, shape (n_anime,).
        rows: what to choose from, shape (n_rows,).
        n: how many at most, 0 or more.
    """
    if 0 < n < len(rows):
        # Sorting all by three keys would take longer than predicting them: most are out beforehand.
        least = np.partition(scores[rows], len(rows) - n)[len(rows) - n]
        rows = rows[scores[rows] >= least]
    return rows[np.lexsort((rows, -raters[rows], -scores[rows]))][:n]
