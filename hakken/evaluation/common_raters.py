"""Counts of common raters of anime, from which the item-item peers learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.ratings.ratings import Ratings

_ROWS_AT_ONCE = 1024


def common_raters(ratings: Ratings) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Compute XᵀX of the binary rating matrix, in blocks of rows.

    Counts are exact in float32 up to 2^24 users.

    Yields:
        A slice of rows, and for each row its common raters with every anime, shape (n_rows, n_anime).
    """
    rated = sparse.csr_array(
        (np.ones(len(ratings), np.float32), ratings.matrix.indices, ratings.matrix.indptr),
        shape=ratings.matrix.shape,
    )
    by_anime = rated.T.tocsr()
    for first in range(0, len(ratings.anime_ids), _ROWS_AT_ONCE):
        rows = slice(first, min(first + _ROWS_AT_ONCE, len(ratings.anime_ids)))
        yield rows, (by_anime[rows] @ rated).toarray()
