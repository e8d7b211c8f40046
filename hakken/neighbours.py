"""The neighbours that each anime keeps, and what they make of a member's ratings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.kernels import serving


class KeptBy(NamedTuple):
    """The same similarities seen from the other side: which anime keep an anime as their neighbour."""

    start: NDArray[np.int64]
    """Where each anime's start, shape (n_anime + 1,)."""
    rows: NDArray[np.uint16] | NDArray[np.uint32]
    """Rows of the anime that keep it, ascending, shape (n_stored,)."""
    similarities: NDArray[Any]
    """As `serving.interpolate` takes them, shape (n_stored,)."""


@dataclass(frozen=True)
class Neighbours:
    """The most similar anime of each anime, best first."""

    start: NDArray[np.int64]
    """Where each anime's neighbours start, shape (n_anime + 1,)."""
    rows: NDArray[np.uint16] | NDArray[np.uint32]
    """Rows of the neighbours, shape (n_stored,)."""
    similarities: NDArray[np.float16] | NDArray[np.float32]
    """Above 0 and at most 1, shape (n_stored,)."""

    @cached_property
    def kept_by(self) -> KeptBy:
        """Who keeps whom, turned around: made once, in memory."""
        n_anime = len(self.start) - 1
        stored = sparse.csr_array((self._bits, self.rows.astype(np.int32), self.start), (n_anime, n_anime))
        columns = stored.tocsc()
        return KeptBy(columns.indptr.astype(np.int64), columns.indices.astype(self.rows.dtype), columns.data)

    def of(self, row: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Rows and similarities of one anime's neighbours, best first."""
        span = slice(self.start[row], self.start[row + 1])
        return self.rows[span].astype(np.intp), self.similarities[span].astype(np.float64)

    def weighted_deviations(
        self, rated: NDArray[np.intp], deviations: NDArray[np.float64], k: int
    ) -> NDArray[np.float64]:
        """What a member's ratings add to their baseline for every anime: see `serving.interpolate`.

        Args:
            rated: rows of the anime that the member rated, shape (n_rated,).
            deviations: r_uj − b_uj of these ratings in rating points, shape (n_rated,).
            k: at most so many neighbours count for each anime.

        Returns:
            Rating points, shape (n_anime,).
        """
        rated_at = np.full(len(self.start) - 1, -1, dtype=np.int32)
        rated_at[rated] = np.arange(len(rated))
        sums = serving.interpolate(
            rated, deviations, rated_at, k, self.start, self.rows, self._bits, *self.kept_by
        )
        return np.asarray(sums, dtype=np.float64)

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

    @property
    def _bits(self) -> NDArray[Any]:
        stored = self.similarities
        return stored.view(serving.HALF) if stored.dtype == np.float16 else stored
