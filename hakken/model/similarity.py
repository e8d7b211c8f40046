"""Shrunk Pearson similarities between anime, and the neighbours kept for each anime."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.model.baseline import Baseline
from hakken.model.kernels import training
from hakken.model.neighbours import Neighbours
from hakken.model.ranked_lists import blocks, rank_lists
from hakken.model.workers import Threads, Workers
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings


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
    """Find the anime most similar to each, by shrunk Pearson correlation on baseline residuals.

    sim(i,j) = ((n − 1)/(n − 1 + s))·ρ_ij with ρ_ij = Σ e_ui·e_uj / √(Σ e_ui²·Σ e_uj²) over the n common
    raters u, e_ui = r_ui − b_ui (Koren 2010, §2.2; Koren & Bell, *Advances in Collaborative Filtering*,
    2011, eq. 4.14 and 4.15). Only positive ones count. The result is bit-identical for all workers.

    Args:
        ratings: the rating set.
        baseline: the baseline fitted on it.
        shrinkage: s, 0 or more; shrinks the similarity of pairs with few common raters to 0.
        min_support: minimum number of common raters; fewer than 2 never suffice.
        neighbours: number to keep for each anime, as float16; ``None`` keeps all positive ones as float32.
        workers: compute the blocks of anime; this machine's threads by default.
        progress: called now and then with the progress.
    """
    lists, pairs = rank_lists(ratings, baseline.mean, baseline.of_users, baseline.of_anime)
    kept = _All(lists.order) if neighbours is None else _Best(lists.order, neighbours)
    done, total = 0, max(int(pairs.sum()), 1)
    spans = list(blocks(pairs))
    compute = partial(similarity_block, shrinkage=float(shrinkage), min_support=max(min_support, 2))
    for number, block in (workers or Threads()).run(compute, spans, lists):
        first, last = spans[number]
        kept.offer(first, block)
        done += int(pairs[first:last].sum())
        if progress:
            progress("similarities", done / total)
    return kept.neighbours()


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
    """Compute a block of similarities, as one task of the workers; see `training.similarities`."""
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


class _Best:
    """The best neighbours of each anime, as float16; the others are dropped as the blocks come in."""

    def __init__(self, order: NDArray[np.intp], neighbours: int) -> None:
        n_anime = len(order)
        most = n_anime - 1
        self._order = order
        self._kept = min(neighbours, most)
        self._best = np.empty((n_anime, min(2 * self._kept, most)), np.uint64)
        self._found = np.zeros(n_anime, np.int64)
        self._worst = np.full(n_anime, np.iinfo(np.uint64).max, np.uint64)

    def offer(self, first: int, block: NDArray[np.float32]) -> None:
        """Add a block of similarities; see `training.keep_best`."""
        training.keep_best(
            first, block.view(np.uint32), self._order, self._kept, self._best, self._found, self._worst
        )

    def neighbours(self) -> Neighbours:
        """Return the best neighbours from all blocks."""
        found, n_anime = self._found.tolist(), len(self._order)
        best = [np.sort(row[:count])[: self._kept] for row, count in zip(self._best, found, strict=True)]
        rows, exact = _parted(np.concatenate(best))
        similarities = exact.astype(np.float16)
        carries_weight = similarities > 0  # some are too small for float16
        rows_of = np.repeat(np.arange(n_anime), [len(row) for row in best])[carries_weight]
        start = np.searchsorted(rows_of, np.arange(n_anime + 1))
        return Neighbours(start, _small(rows[carries_weight], n_anime), similarities[carries_weight])


class _All:
    """All neighbours of each anime, as float32.

    Each pair is stored once until all blocks are there. Then the space that each anime needs is known, and
    the stored pairs take at most half as much memory as the result.
    """

    def __init__(self, order: NDArray[np.intp]) -> None:
        self._order = order
        self._rows = _small(order, len(order))
        self._halves: list[_Half] = []

    def offer(self, first: int, block: NDArray[np.float32]) -> None:
        """Add a block of similarities: those above 0."""
        positive = block > 0
        counts = np.count_nonzero(positive, axis=1)
        self._halves.append(_Half(first, counts, self._rows[np.nonzero(positive)[1]], block[positive]))

    def neighbours(self) -> Neighbours:
        """Return all neighbours from all blocks."""
        start = np.append(0, np.cumsum(self._counts()))
        rows, similarities = np.empty(start[-1], self._rows.dtype), np.empty(start[-1], np.float32)
        ends = start[:-1].copy()
        while self._halves:
            for row, others, similar in self._halves.pop().of(self._order):
                span = slice(ends[row], ends[row] + len(others))
                rows[span], similarities[span] = others, similar
                ends[row] = span.stop
                rows[ends[others]], similarities[ends[others]] = row, similar
                ends[others] += 1
        for span in map(slice, start[:-1].tolist(), start[1:].tolist()):
            ranked = np.sort(_ranking(rows[span], similarities[span]))
            rows[span], similarities[span] = _parted(ranked)
        return Neighbours(start, rows, similarities)

    def _counts(self) -> NDArray[np.int64]:
        counts = np.zeros(len(self._order), np.int64)
        for half in self._halves:
            counts[self._order[half.first : half.first + len(half.counts)]] += half.counts
            counts += np.bincount(half.others, minlength=len(counts))
        return counts


class _Half(NamedTuple):
    """A block's positive similarities, row by row."""

    first: int
    counts: NDArray[np.intp]
    others: NDArray[Any]
    similarities: NDArray[np.float32]

    def of(self, order: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[Any], NDArray[np.float32]]]:
        """Yield each anime's row, the rows of its similar anime, and their similarities."""
        ends = np.cumsum(self.counts)[:-1]
        yield from zip(
            order[self.first : self.first + len(self.counts)].tolist(),
            np.split(self.others, ends),
            np.split(self.similarities, ends),
            strict=True,
        )


def _small(rows: NDArray[Any], n_anime: int) -> NDArray[np.uint16] | NDArray[np.uint32]:
    return rows.astype(np.uint16) if n_anime <= 2**16 else rows.astype(np.uint32)


def _ranking(rows: NDArray[Any], similarities: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Encode neighbours as numbers that sort by rank; see `training.keep_best`."""
    better_first = (~similarities.view(np.uint32)).astype(np.uint64)
    return np.asarray(better_first << np.uint64(32) | rows)


def _parted(ranked: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Decode the rows and similarities from the numbers of `training.keep_best`."""
    similarities = (~(ranked >> np.uint64(32)).astype(np.uint32)).view(np.float32)
    return ranked.astype(np.uint32), similarities  # the row is the lower half
