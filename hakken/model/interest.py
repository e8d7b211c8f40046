"""Interest model: what a member would watch at all; an item-item model in closed form.

It is EASE (Steck, *Embarrassingly Shallow Autoencoders for Sparse Data*, 2019) with four changes, each
measured in docs/evaluation.md. Ratings weigh how much each anime was liked. Long lists are scaled down. The
diagonal grows with the number of an anime's ratings (EDLAE: Steck, *Autoencoders that don't overfit towards
the Identity*, 2020). Franchises are given as side information (CEASE: Jeunen et al., *Closed-Form Models for
Collaborative Filtering with Side-Information*, 2020).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import lapack

from hakken.model.baseline import Baseline
from hakken.model.kernels import serving, training
from hakken.model.parameters import InterestParameters
from hakken.model.ranked_lists import blocks, rank_lists
from hakken.model.rows import entries_of
from hakken.model.workers import Threads, Workers
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

WEAKEST, STRONGEST = 0.05, 3.0
"""Range of the weights in training; the minimum is above 0 because a disliked anime was still watched."""
AGAINST = -0.5
"""Minimum of a member's weights: what they dislike speaks against what it makes interesting to others."""
_ROWS_AT_ONCE = 256
_SAMPLED_ROWS = 2048
"""Number of anime whose weights are sampled to find the pruning threshold."""
_SOURCE_POWER = 0.25
"""When pruning, weights are scaled by raters ** 0.25, because those of often rated anime are used more."""


@dataclass(frozen=True)
class Links:
    """Sparse weights from anime to anime, stored by the anime that they start from."""

    start: NDArray[np.int64]
    """Where each anime's links start, shape (n_anime + 1,)."""
    rows: NDArray[np.uint16] | NDArray[np.uint32]
    """Target rows, ascending for each anime, shape (n_links,)."""
    weights: NDArray[np.float16]
    """Weights of the links, shape (n_links,)."""

    @cached_property
    def exact(self) -> NDArray[np.float32]:
        """The weights as float32, for the kernels, shape (n_links,)."""
        return self.weights.astype(np.float32)

    @classmethod
    def of_matrix(cls, matrix: sparse.csr_array) -> Links:
        """Take the links from a square matrix, row to column; weights too small for a float16 are dropped."""
        matrix = matrix.sorted_indices()  # products of sparse matrices come in any order
        weights = matrix.data.astype(np.float16)
        carries = weights != 0
        rows_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[carries]
        small = np.uint16 if matrix.shape[0] <= 2**16 else np.uint32
        start = np.searchsorted(rows_of, np.arange(matrix.shape[0] + 1)).astype(np.int64)
        return cls(start, matrix.indices[carries].astype(small), weights[carries])

    def of(self, row: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the targets and weights of one anime's links."""
        span = slice(self.start[row], self.start[row + 1])
        return self.rows[span].astype(np.intp), self.weights[span].astype(np.float64)

    def of_several(
        self, rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Return the place in ``rows`` that each of their links starts from, its target and its weight."""
        by, links = entries_of(rows, self.start)
        return by, self.rows[links].astype(np.intp), self.weights[links].astype(np.float64)

    def averages(self, values: NDArray[np.int32]) -> NDArray[np.float64]:
        """Average values over each anime's links, by weight; an anime without links keeps its own value.

        Args:
            values: values of all anime, shape (n_anime,).

        Returns:
            Averages, shape (n_anime,).
        """
        rows_of = np.repeat(np.arange(len(values)), np.diff(self.start))
        weights = np.abs(self.exact.astype(np.float64))
        sums = np.bincount(rows_of, weights * values[self.rows], minlength=len(values))
        total = np.bincount(rows_of, weights, minlength=len(values))
        return np.divide(sums, total, out=values.astype(np.float64), where=total > 0)

    def check(self, n_anime: int) -> None:
        """Raise unless the arrays are valid links between ``n_anime`` anime: the kernels do not check bounds.

        Raises:
            ValueError: the message says what does not fit.
        """
        start, rows, weights = self.start, self.rows, self.weights
        if (
            start.dtype != np.int64
            or start.shape != (n_anime + 1,)
            or start[0] != 0
            or np.any(start[1:] < start[:-1])
        ):
            raise ValueError("the starts of the interest do not fit the anime")
        if (
            rows.dtype not in (np.uint16, np.uint32)
            or rows.shape != (start[-1],)
            or int(rows.max(initial=0)) >= n_anime
        ):
            raise ValueError("the rows of the interest do not fit the anime")
        if weights.dtype != np.float16 or weights.shape != rows.shape or not np.isfinite(weights).all():
            raise ValueError("the weights of the interest do not fit the anime")


@dataclass(frozen=True)
class Interest:
    """Interest of a member u in an anime i: s_ui = Σ_j x_uj·B_ji over the anime j that they have rated.

    x_uj = clip(1 + a·(r_uj − μ − b_u), −0.5, 3). A rating of an anime without weights speaks through those
    that it is like: it adds σ·x_uj·l_jt / Σ_t l_jt to their x_ut. An anime with few raters takes interest
    from those that it is like, too: it adds Σ_t l_it·s_ut to its s_ui, with the s_ut by B alone.
    """

    learned: Links
    """B, from rated anime to the anime that they make interesting."""
    likenesses: Links
    """l, from anime with few raters to similar anime with enough."""
    slope: float
    """a, 0 or more."""
    say: float = 0.0
    """σ, 0 or more: 0 silences ratings of anime without weights."""

    def weights(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute x_uj from the levels r_uj − μ − b_u, in the same shape."""
        return np.clip(1.0 + self.slope * levels, AGAINST, STRONGEST)

    def of_member(self, rated: NDArray[np.intp], levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute the member's interest in every anime.

        Args:
            rated: rows of the anime that the member rated, shape (n_rated,).
            levels: r_uj − μ − b_u of these ratings in rating points, shape (n_rated,).

        Returns:
            Interest without unit, higher means more likely to watch, shape (n_anime,).
        """
        by, rows, shares = self._speaking(rated)
        return self._of(rows, self.weights(levels)[by] * shares)

    def usual(self, raters: NDArray[np.int32]) -> NDArray[np.float64]:
        """Compute the interest that one rating, of weight 1, gives on average over all ratings.

        Args:
            raters: number of users who rated each anime, shape (n_anime,).

        Returns:
            Interest, shape (n_anime,).
        """
        return self._of(np.arange(len(raters)), raters / max(int(raters.sum()), 1))

    def parts(self, row: int, rated: NDArray[np.intp], levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each of a member's ratings adds to the interest in one anime, shape (n_rated,)."""
        targets, shares = self.likenesses.of(row)
        targets, shares = np.append(targets, row), np.append(shares, 1.0)
        order = np.argsort(targets)
        of = self.learned
        by, rows, said = self._speaking(rated)
        linked = serving.links_to(targets[order], shares[order], rows, of.start, of.rows, of.exact)
        parts = np.bincount(by, linked * self.weights(levels)[by] * said, minlength=len(rated))
        return np.asarray(parts, np.float64)

    def check(self, n_anime: int) -> None:
        """Raise a ValueError if the links do not fit ``n_anime`` anime."""
        self.learned.check(n_anime)
        self.likenesses.check(n_anime)
        if np.any(self.likenesses.weights <= 0):
            raise ValueError("the likenesses of the interest are not above 0")

    def _of(self, rows: NDArray[np.intp], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        of, like = self.learned, self.likenesses
        found = serving.interest(
            rows, weights, of.start, of.rows, of.exact, like.start, like.rows, like.exact
        )
        return np.asarray(found, np.float64)

    def _speaking(
        self, rated: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """List the rows that speak for each rating: its own, or those that an anime without weights is like.

        Args:
            rated: rows of the anime that a member rated, shape (n_rated,).

        Returns:
            The rating's place in ``rated``, the row that speaks for it, and this row's share of x_uj: 1, or
            together σ; each of shape (n_speaking,).
        """
        linked = self.learned.start[rated + 1] > self.learned.start[rated]
        loud, silent = np.flatnonzero(linked), np.flatnonzero(~linked & (self.say > 0))
        by, likes, alike = self.likenesses.of_several(rated[silent])
        shares = self.say * alike / np.bincount(by, alike, minlength=len(silent))[by]
        return (
            np.concatenate([loud, silent[by]]),
            np.concatenate([rated[loud], likes]),
            np.concatenate([np.ones(len(loud)), shares]),
        )


def learn_interest(
    ratings: Ratings,
    baseline: Baseline,
    parameters: InterestParameters,
    franchises: Collection[Sequence[int]] = (),
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> sparse.csr_array:
    """Learn B of s_ui = Σ_j x_uj·B_ji, which predicts each entry of a list from the others, and prune it.

    B = I − P·diagMat(1 ⊘ diag(P)), P = (XᵀX + TᵀT + Λ)⁻¹, Λ = λ + p/(1 − p)·diagMat(XᵀX + TᵀT), where a row
    of X is a list's x_u·‖x_u‖^−ρ, scaled so that a rating weighs 1 on average, and a row of T is φ for the
    anime of one franchise (Steck 2019, eq. 8; Steck 2020, eq. 6; Jeunen et al. 2020, §3.2).

    Args:
        ratings: the rating set.
        baseline: the baseline fitted on it.
        parameters: λ, p, ρ, φ, a and the number of weights to keep.
        franchises: rows of the anime that belong together.
        workers: compute the products; this machine's threads by default.
        progress: called now and then with the progress.

    Returns:
        Weights from row j to column i, float32 (n_anime, n_anime); about ``parameters.kept`` for each anime
        with enough raters, the largest by |B_ji|·raters_j^¼.
    """
    n_anime = len(ratings.anime_ids)
    count = int(np.count_nonzero(ratings.raters >= parameters.least_raters))
    if not count:
        return sparse.csr_array((n_anime, n_anime), dtype=np.float32)
    matrix, order = _products(ratings, baseline, parameters, count, workers, progress)
    _join(matrix, order, franchises, parameters.franchise)
    diagonal = np.diag_indices(count)
    matrix[diagonal] *= 1.0 + parameters.dropout / (1.0 - parameters.dropout)
    matrix[diagonal] += parameters.reg
    if progress:
        progress("interest: solving", 0)
    _invert(matrix)
    matrix /= -matrix[diagonal]  # column by column: B_ji = −P_ji / P_ii
    matrix[diagonal] = 0.0
    if progress:
        progress("interest: keeping what counts", 0)
    return _thinned(matrix, order, ratings.raters[order[:count]], n_anime, parameters.kept)


def _products(
    ratings: Ratings,
    baseline: Baseline,
    parameters: InterestParameters,
    count: int,
    workers: Workers | None,
    progress: Progress | None,
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Compute the lower half of XᵀX for the ``count`` most rated anime, by rank, and the rows by rank."""
    lists, pairs = rank_lists(ratings, baseline.mean, baseline.of_users, np.zeros(len(ratings.anime_ids)))
    training.weigh_lists(
        lists.user_start, lists.residuals, parameters.slope, WEAKEST, STRONGEST, parameters.list_norm
    )
    matrix = np.zeros((count, count))
    spans = list(blocks(pairs[:count]))
    done, total = 0, max(int(pairs[:count].sum()), 1)
    for number, block in (workers or Threads()).run(product_block, spans, lists):
        first, last = spans[number]
        matrix[first:last, :last] = block
        done += int(pairs[first:last].sum())
        if progress:
            progress("interest: common raters", done / total)
    return matrix, lists.order


def product_block(
    first: int,
    last: int,
    order: NDArray[np.intp],
    anime_start: NDArray[np.int64],
    anime_users: NDArray[np.int32],
    places: NDArray[Any],
    user_start: NDArray[np.int64],
    ranks: NDArray[Any],
    weights: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Compute a block of products, as one task of the workers; see `training.products`."""
    block = np.zeros((last - first, last))
    training.products(first, last, anime_start, anime_users, places, user_start, ranks, weights, order, block)
    return block


def _join(
    matrix: NDArray[np.float64],
    order: NDArray[np.intp],
    franchises: Collection[Sequence[int]],
    weight: float,
) -> None:
    """Add TᵀT to the lower half."""
    ranks = np.full(len(order), -1)
    ranks[order[: len(matrix)]] = np.arange(len(matrix))
    for rows in franchises:
        members = np.sort(ranks[np.asarray(rows, np.intp)])
        members = members[members >= 0]
        matrix[np.ix_(members, members)] += weight**2


def _invert(matrix: NDArray[np.float64]) -> None:
    """Invert a symmetric positive definite matrix in place; only its lower half is read."""
    # LAPACK is column-major: the transpose avoids a copy by SciPy, and turns the lower half into the upper.
    for step, options in ((lapack.dpotrf, {"overwrite_a": True}), (lapack.dpotri, {"overwrite_c": True})):
        _, failed = step(matrix.T, lower=False, **options)
        if failed:
            raise np.linalg.LinAlgError("the matrix of the interest is not positive definite")
    for first in range(0, len(matrix), _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, len(matrix))
        matrix[:first, first:last] = matrix[first:last, :first].T
        square = np.tril(matrix[first:last, first:last])
        matrix[first:last, first:last] = square + np.tril(square, -1).T


def _thinned(
    matrix: NDArray[np.float64],
    order: NDArray[np.intp],
    raters: NDArray[np.int32],
    n_anime: int,
    kept: int,
) -> sparse.csr_array:
    """Keep the most important weights, and convert ranks to rows."""
    count = len(matrix)
    louder = raters.astype(np.float64) ** _SOURCE_POWER
    sampled = np.unique(np.linspace(0, count - 1, min(count, _SAMPLED_ROWS)).astype(np.intp))
    sample = np.abs(matrix[sampled]) * louder[sampled, None]
    dropped = max(0, round(sample.size * (1 - kept / count)))
    least = np.partition(sample, dropped, axis=None)[dropped] if 0 < dropped < sample.size else 0.0
    to_row = order[:count]
    by_row = np.argsort(to_row)
    rows, weights, counts = [], [], np.zeros(n_anime, np.int64)
    for rank in by_row.tolist():
        of_rank = matrix[rank][by_row]
        worth = np.flatnonzero((np.abs(of_rank) * louder[rank] >= least) & (of_rank != 0))
        counts[to_row[rank]] = len(worth)
        rows.append(to_row[by_row[worth]])
        weights.append(of_rank[worth].astype(np.float32))
    start = np.append(0, np.cumsum(counts))
    return sparse.csr_array((np.concatenate(weights), np.concatenate(rows), start), (n_anime, n_anime))
