"""Interpolation: how far a member's own ratings move a prediction away from the baseline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.model.kernels import serving
from hakken.model.neighbours import HALF_ONE, Neighbours
from hakken.model.rows import rows_of


class Interpolation:
    """Computes Σ w_ij·(r_uj − b_uj) / (δ + Σ w_ij) over N^k_u(i), with w_ij = sim(i,j)^p.

    Case amplification p: Breese, Heckerman & Kadie, *Empirical Analysis of Predictive Algorithms for
    Collaborative Filtering*, 1998, §2.1.4. Damping δ shrinks predictions with little evidence to the
    baseline, as in Koren, *Factor in the Neighbors*, 2010, §2.2. With p = 1 and δ = 0 the result is the mean
    weighted by similarity.
    """

    def __init__(self, neighbours: Neighbours, *, k: int, amplification: float, damping: float) -> None:
        """Index the neighbours in reverse, to go from a member's few ratings to the anime they influence.

        Args:
            neighbours: the stored neighbours.
            k: maximum number of neighbours that count for each anime.
            amplification: p, above 0.
            damping: δ in units of Σ w_ij, 0 or more.
        """
        self.k, self.damping = k, damping
        self._neighbours = neighbours
        self._amplification = amplification
        n_anime, stored = len(neighbours.start) - 1, neighbours.similarities
        weighed: NDArray[np.floating] = stored
        if stored.dtype == np.float16:
            # A float16 has few values up to 1: each weight is computed only once.
            self._codes = stored.view(np.uint16)
            weighed = np.arange(HALF_ONE + 1, dtype=np.uint16).view(np.float16)
        else:
            self._codes = np.arange(len(stored), dtype=np.uint32)
        columns = sparse.csr_array(
            (self._codes, neighbours.rows.astype(np.int32), neighbours.start), (n_anime, n_anime)
        ).tocsc()
        self._kept_start = columns.indptr.astype(np.int64)
        self._kept_by, self._kept_codes = columns.indices.astype(neighbours.rows.dtype), columns.data
        self._weights = self.weights(weighed)

    def weights(self, similarities: NDArray[np.floating]) -> NDArray[np.float32]:
        """Compute w_ij of these similarities, in their shape."""
        weights = np.empty(similarities.shape, np.float32)
        # NumPy computes float64 powers in chunks: an array for all neighbours at once would be large.
        np.power(similarities, self._amplification, out=weights, dtype=np.float64, casting="same_kind")
        return weights

    def of_member(self, rated: NDArray[np.intp], deviations: NDArray[np.float64]) -> NDArray[np.float64]:
        """Compute what a member's ratings add to their baseline for every anime.

        Args:
            rated: rows of the anime that the member rated, shape (n_rated,).
            deviations: r_uj − b_uj of these ratings in rating points, shape (n_rated,).

        Returns:
            Rating points, shape (n_anime,).
        """
        sums = serving.interpolate(
            rated,
            deviations,
            self.k,
            self.damping,
            self._weights,
            self._neighbours.start,
            self._neighbours.rows,
            self._codes,
            self._kept_start,
            self._kept_by,
            self._kept_codes,
        )
        return np.asarray(sums, dtype=np.float64)

    def parts(
        self, row: int, rated: NDArray[np.intp], deviations: NDArray[np.float64]
    ) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
        """Compute what each of a member's ratings adds for one anime; the sum is that of `of_member`.

        Args:
            row: row of the anime.
            rated: rows of the anime that the member rated, ascending, shape (n_rated,).
            deviations: r_uj − b_uj of these ratings in rating points, shape (n_rated,).

        Returns:
            For the anime of N^k_u(i) with a weight, the most similar first: the rating's index, its
            similarity, and what it adds in rating points.
        """
        neighbours, similarities = self._neighbours.of(row)
        if not len(rated):
            return np.empty(0, np.intp), np.empty(0), np.empty(0)
        places, found = rows_of(neighbours, rated)
        counting = np.flatnonzero(found)[: self.k]
        weights = self.weights(similarities[counting]).astype(np.float64)
        counting, weights = counting[weights > 0], weights[weights > 0]  # w_ij can be too small for a float32
        at = places[counting]
        return at, similarities[counting], weights * deviations[at] / (self.damping + weights.sum())
