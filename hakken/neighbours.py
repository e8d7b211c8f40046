"""The neighbours that each anime keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HALF_ONE = int(np.float16(1).view(np.uint16))
"""The bits of 1 as float16: those of a similarity are no higher."""


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
            and self._in_range()
        )
        if not sound:
            raise ValueError("the neighbours do not fit the anime")

    def _in_range(self) -> bool:
        if self.similarities.dtype != np.float16:
            return bool(np.all(self.similarities > 0))
        bits = self.similarities.view(np.uint16)  # whole numbers compare fast, and positive floats as they do
        return bool(np.all((bits > 0) & (bits <= HALF_ONE)))
