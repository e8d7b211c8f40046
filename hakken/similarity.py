"""Shrunk Pearson similarities between anime: the neighbours that each anime keeps."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy import sparse

from hakken import kernels
from hakken.baseline import Baseline
from hakken.ratings import Ratings

Progress = Callable[[str, float], None]
"""Told what is being done and which share of it is done, 0–1."""

_ROWS_PER_BLOCK = 128


@dataclass(frozen=True)
class Neighbours:
    """The most similar anime of each anime, best first."""

    start: NDArray[np.int64]
    """Where each anime's neighbours start, shape (n_anime + 1,)."""
    rows: NDArray[np.uint16] | NDArray[np.uint32]
    """Rows of the neighbours, shape (n_stored,)."""
    similarities: NDArray[np.float16] | NDArray[np.float32]
    """Above 0 and at most 1, shape (n_stored,)."""

    def of(self, row: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Rows and similarities of one anime's neighbours, best first."""
        span = slice(self.start[row], self.start[row + 1])
        return self.rows[span].astype(np.intp), self.similarities[span].astype(np.float64)

    def weighted_deviations(
        self, rows: NDArray[np.intp], rated_at: NDArray[np.int32], deviations: NDArray[np.float64], k: int
    ) -> NDArray[np.float64]:
        """What a member's ratings add to their baseline for these rows: `kernels.interpolate`."""
        stored = self.similarities
        bits = stored.view(kernels.HALF) if stored.dtype == np.float16 else stored
        return np.asarray(
            kernels.interpolate(rows, self.start, self.rows, bits, rated_at, deviations, k), dtype=np.float64
        )

    def check(self, n_anime: int) -> None:
        """Refuse arrays that do not describe the neighbours of ``n_anime`` anime.

        Raises:
            ValueError: says what does not fit.
        """
        sound = (
            self.start.shape == (n_anime + 1,)
            and self.rows.shape == self.similarities.shape == (self.start[-1],)
            and self.start[0] == 0
            and bool(np.all(np.diff(self.start) >= 0))
            and (len(self.rows) == 0 or int(self.rows.max()) < n_anime)
        )
        if not sound:
            raise ValueError("the neighbours do not fit the anime")


def similar_anime(
    ratings: Ratings,
    baseline: Baseline,
    *,
    shrinkage: float,
    min_support: int,
    neighbours: int | None,
    progress: Progress | None = None,
) -> Neighbours:
    """The anime most similar to each, by shrunk Pearson correlation on baseline residuals.

    sim(i,j) = ((n − 1)/(n − 1 + s))·ρ_ij with ρ_ij = Σ e_ui·e_uj / √(Σ e_ui²·Σ e_uj²) over the n common
    raters u, e_ui = r_ui − b_ui (Koren 2010, §2.2; Koren & Bell, *Advances in Collaborative Filtering*,
    2011, eq. 4.14 and 4.15). Only positive ones count. Blocks of rows go through joblib's threads.

    Args:
        ratings: the rating set.
        baseline: fitted on it.
        shrinkage: s, 0 or more; draws pairs with few common raters to 0.
        min_support: pairs with fewer common raters are not similar; one common rater never tells anything.
        neighbours: how many to keep for each anime as float16; ``None`` keeps all positive ones as float32.
        progress: told now and then how far it is.
    """
    n_anime = len(ratings.anime_ids)
    residuals = ratings.matrix.copy()
    residuals.data = baseline.residuals(ratings)
    by_user, by_anime = _parts(residuals), _parts(residuals.tocsc())

    def block(first: int) -> list[NDArray[np.uint64]]:
        last = min(first + _ROWS_PER_BLOCK, n_anime)
        room = (last - first) * n_anime
        rows, values = np.empty(room, np.uint32), np.empty(room, np.float32)
        ends = np.empty(last - first, np.int64)
        kernels.similar_rows(
            first,
            last,
            *by_user,
            *by_anime,
            shrinkage=float(shrinkage),
            min_support=max(min_support, 2),
            neighbours=rows,
            similarities=values,
            ends=ends,
        )
        ranked = _rank(rows[: ends[-1]], values[: ends[-1]])
        return [_best(row, neighbours) for row in np.split(ranked, ends[:-1])]

    firsts = range(0, n_anime, _ROWS_PER_BLOCK)
    best: list[NDArray[np.uint64]] = []
    jobs = Parallel(n_jobs=os.cpu_count(), backend="threading", return_as="generator")
    for ranked in jobs(delayed(block)(first) for first in firsts):
        best += ranked
        if progress:
            progress("similarities", len(best) / n_anime)
    return _store(best, n_anime, np.float32 if neighbours is None else np.float16)


def _parts(
    matrix: sparse.csr_array | sparse.csc_array,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data


def _rank(rows: NDArray[np.uint32], values: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Numbers that sort as the neighbours rank: the higher similarity first, ties by the lower row."""
    # Positive floats sort as their bits do.
    return (~values.view(np.uint32)).astype(np.uint64) << np.uint64(32) | rows


def _best(ranked: NDArray[np.uint64], kept: int | None) -> NDArray[np.uint64]:
    if kept is not None and len(ranked) > kept:
        ranked = np.partition(ranked, kept)[:kept]
    return np.sort(ranked)


def _store(best: list[NDArray[np.uint64]], n_anime: int, kind: type[np.floating]) -> Neighbours:
    ranked = np.concatenate(best)
    similarities = (~(ranked >> np.uint64(32)).astype(np.uint32)).view(np.float32).astype(kind)
    rows = ranked.astype(np.uint32)  # the lower half
    small = rows.astype(np.uint16) if n_anime <= 2**16 else rows
    carries_weight = similarities > 0  # some are too small for float16
    rows_of = np.repeat(np.arange(n_anime), [len(row) for row in best])[carries_weight]
    start = np.searchsorted(rows_of, np.arange(n_anime + 1))
    return Neighbours(start, small[carries_weight], similarities[carries_weight])
