"""Shrunk Pearson similarities between anime: finds the neighbours that each anime keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.baseline import Baseline
from hakken.kernels import training
from hakken.neighbours import Neighbours
from hakken.ratings import Ratings
from hakken.workers import Threads, Workers

Progress = Callable[[str, float], None]
"""Told what is being done and which share of it is done, 0–1."""

_BLOCKS = 256
"""About so many tasks: enough to share out evenly, and to tell how far it is."""
_ROWS_PER_BLOCK = 128
"""At the most: a block of 14,000 anime then takes 7 MB."""


def similar_anime(
    ratings: Ratings,
    baseline: Baseline,
    *,
    shrinkage: float,
    min_support: int,
    neighbours: int | None,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> Neighbours:
    """The anime most similar to each, by shrunk Pearson correlation on baseline residuals.

    sim(i,j) = ((n − 1)/(n − 1 + s))·ρ_ij with ρ_ij = Σ e_ui·e_uj / √(Σ e_ui²·Σ e_uj²) over the n common
    raters u, e_ui = r_ui − b_ui (Koren 2010, §2.2; Koren & Bell, *Advances in Collaborative Filtering*,
    2011, eq. 4.14 and 4.15). Only positive ones count. The result is the same to the bit whoever computes.

    Args:
        ratings: the rating set.
        baseline: fitted on it.
        shrinkage: s, 0 or more; draws pairs with few common raters to 0.
        min_support: pairs with fewer common raters are not similar; one common rater never tells anything.
        neighbours: how many to keep for each anime as float16; ``None`` keeps all positive ones as float32.
        workers: who computes the blocks of anime; this machine's threads by default.
        progress: told now and then how far it is.
    """
    n_anime = len(ratings.anime_ids)
    lists, pairs = _rank_lists(ratings, baseline)
    most = n_anime - 1
    kept = most if neighbours is None else min(neighbours, most)
    best = np.empty((n_anime, min(2 * kept, most)), np.uint64)
    found = np.zeros(n_anime, np.int64)
    worst = np.full(n_anime, np.iinfo(np.uint64).max, np.uint64)
    done, total = 0, max(int(pairs.sum()), 1)
    blocks = list(_blocks(pairs))
    compute = partial(similarity_block, shrinkage=float(shrinkage), min_support=max(min_support, 2))
    for number, block in (workers or Threads()).run(compute, blocks, lists):
        first, last = blocks[number]
        training.keep_best(first, block.view(np.uint32), lists.order, kept, best, found, worst)
        done += int(pairs[first:last].sum())
        if progress:
            progress("similarities", done / total)
    ranked = [np.sort(row[:count])[:kept] for row, count in zip(best, found.tolist(), strict=True)]
    return _store(ranked, n_anime, np.float32 if neighbours is None else np.float16)


class _Lists(NamedTuple):
    """The rating set as the kernels walk through it; see `training.rank_lists`."""

    order: NDArray[np.intp]
    anime_start: NDArray[np.int64]
    anime_users: NDArray[np.int32]
    places: NDArray[Any]
    user_start: NDArray[np.int64]
    ranks: NDArray[Any]
    residuals: NDArray[np.float32]


def _rank_lists(ratings: Ratings, baseline: Baseline) -> tuple[_Lists, NDArray[np.int64]]:
    by_anime = ratings.matrix.tocsc()
    n_anime, n_ratings = len(ratings.anime_ids), len(ratings)
    lists = _Lists(
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
        baseline.mean,
        baseline.of_users,
        baseline.of_anime,
        lists.user_start,
        lists.ranks,
        lists.residuals,
        lists.places,
        pairs,
    )
    return lists, pairs


def _blocks(pairs: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Part the ranks into blocks that take about the same time, none of them large in memory."""
    until = np.cumsum(pairs)
    at_most = max(int(until[-1]) // _BLOCKS, 1)
    first = 0
    while first < len(pairs):
        before = int(until[first - 1]) if first else 0
        last = int(np.searchsorted(until, before + at_most, side="right"))
        last = min(max(last, first + 1), first + _ROWS_PER_BLOCK, len(pairs))
        yield first, last
        first = last


def similarity_block(
    first: int,
    last: int,
    order: NDArray[np.intp],
    anime_start: NDArray[np.int64],
    anime_users: NDArray[np.int32],
    places: NDArray[Any],
    user_start: NDArray[np.int64],
    ranks: NDArray[Any],
    residuals: NDArray[np.float32],
    *,
    shrinkage: float,
    min_support: int,
) -> NDArray[np.float32]:
    """One task: see `training.similarities`."""
    block = np.zeros((last - first, last), np.float32)
    training.similarities(
        first,
        last,
        order,
        anime_start,
        anime_users,
        places,
        user_start,
        ranks,
        residuals,
        shrinkage,
        min_support,
        block,
    )
    return block


def _store(best: list[NDArray[np.uint64]], n_anime: int, kind: type[np.floating]) -> Neighbours:
    ranked = np.concatenate(best)
    similarities = (~(ranked >> np.uint64(32)).astype(np.uint32)).view(np.float32).astype(kind)
    rows = ranked.astype(np.uint32)  # the lower half
    small = rows.astype(np.uint16) if n_anime <= 2**16 else rows
    carries_weight = similarities > 0  # some are too small for float16
    rows_of = np.repeat(np.arange(n_anime), [len(row) for row in best])[carries_weight]
    start = np.searchsorted(rows_of, np.arange(n_anime + 1))
    return Neighbours(start, small[carries_weight], similarities[carries_weight])
