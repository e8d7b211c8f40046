"""Ranked lists: the layout in which the kernels read who rated an anime and what else they rated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.model.kernels import training
from hakken.ratings.ratings import Ratings

_BLOCKS = 256
"""Approximate number of tasks: enough to balance the load and to show the progress."""
_ROWS_PER_BLOCK = 128
"""Maximum rows per block: a block of 14,000 anime then takes 7 MB."""


class RankedLists(NamedTuple):
    """Every user's list with the most rated anime first; see `training.rank_lists`."""

    order: NDArray[np.intp]
    """The anime's rows, the most rated first, shape (n_anime,); an anime's place in it is its rank."""
    anime_start: NDArray[np.int64]
    anime_users: NDArray[np.int32]
    places: NDArray[Any]
    user_start: NDArray[np.int64]
    ranks: NDArray[Any]
    residuals: NDArray[np.float32]
    """How far each rating lies above the expected one, user by user, shape (n_ratings,)."""


def rank_lists(
    ratings: Ratings, mean: float, of_users: NDArray[np.float64], of_anime: NDArray[np.float64]
) -> tuple[RankedLists, NDArray[np.int64]]:
    """Build lists of residuals r_ui − μ − b_u − b_i, and count each rank's pairs with those before it."""
    by_anime = ratings.matrix.tocsc()
    n_anime, n_ratings = len(ratings.anime_ids), len(ratings)
    lists = RankedLists(
        order=np.argsort(-ratings.raters, kind="stable"),
        anime_start=by_anime.indptr.astype(np.int64),
        anime_users=by_anime.indices.astype(np.int32, copy=False),
        places=np.empty(n_ratings, np.uint32 if n_ratings < 2**32 else np.uint64),
        user_start=ratings.matrix.indptr.astype(np.int64),
        ranks=np.empty(n_ratings, np.uint16 if n_anime <= 2**16 else np.uint32),
        residuals=np.empty(n_ratings, np.float32),
    )
    pairs = np.empty(n_anime, np.int64)
    training.rank_lists(
        lists.order,
        lists.anime_start,
        lists.anime_users,
        by_anime.data,
        mean,
        of_users,
        of_anime,
        lists.user_start,
        lists.ranks,
        lists.residuals,
        lists.places,
        pairs,
    )
    return lists, pairs


def blocks(pairs: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Split the ranks into blocks that take about the same time and little memory."""
    until = np.cumsum(pairs)
    at_most = max(int(until[-1]) // _BLOCKS, 1)
    first = 0
    while first < len(pairs):
        before = int(until[first - 1]) if first else 0
        last = int(np.searchsorted(until, before + at_most, side="right"))
        last = min(max(last, first + 1), first + _ROWS_PER_BLOCK, len(pairs))
        yield first, last
        first = last
