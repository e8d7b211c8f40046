"""The neighbours that each anime keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HALF_ONE = int(np.float16(1).view(np.uint16))
"""The bits of 1 as float16: the maximum for a similarity's bits."""
_HIGHEST_BITS = {
    np.dtype(np.float16): (np.uint16, HALF_ONE),
    np.dtype(np.float32): (np.uint32, int(np.float32(1 + 1e-6).view(np.uint32))),  # 1, up to rounding errors
}


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
        """Raise unless the arrays describe the neighbours of ``n_anime`` anime.

        The kernels do not check bounds: numbers that pass here must stay within the arrays.

        Raises:
            ValueError: the message says what does not fit.
        """
        for fits, what in (
            (self._starts_fit, "starts"),
            (self._rows_fit, "rows"),
            (self._similarities_fit, "similarities"),
        ):
            if not fits(n_anime):
                raise ValueError(f"the {what} of the neighbours do not fit the anime")

    def _starts_fit(self, n_anime: int) -> bool:
        start = self.start
        return (
            start.dtype == np.int64
            and start.shape == (n_anime + 1,)
            and start[0] == 0
            and bool(np.all(start[1:] >= start[:-1]))  # a difference could wrap around
        )

    def _rows_fit(self, n_anime: int) -> bool:
        return (
            self.rows.dtype in (np.uint16, np.uint32)
            and self.rows.shape == (self.start[-1],)
            and int(self.rows.max(initial=0)) < n_anime
        )

    def _similarities_fit(self, _: int) -> bool:
        if self.similarities.dtype not in _HIGHEST_BITS or self.similarities.shape != self.rows.shape:
            return False
        # Positive floats sort as their bits do; NaN, infinity and negative numbers have higher bits.
        kind, highest = _HIGHEST_BITS[self.similarities.dtype]
        bits = self.similarities.view(kind)
        return int(bits.min(initial=highest)) > 0 and int(bits.max(initial=0)) <= highest
