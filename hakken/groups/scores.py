"""What each member of a group wants, of all that the group might watch."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]
GetScores = Callable[[Mapping[int, float]], tuple[Numbers, Numbers]]
"""A member's predicted ratings and matches, as `ItemKNNBaseline.scores` gives them."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupScores:
    """All members' scores of some anime."""

    rows: NDArray[np.intp]
    """Of the model, ascending, shape (n_rows,)."""
    predicted: NDArray[np.float32]
    """Ratings 1–10, shape (n_members, n_rows)."""
    utilities: NDArray[np.float32]
    """Matches in units of the member's own best, 0–1: nobody speaks louder; shape (n_members, n_rows)."""

    @classmethod
    def of(cls, lists: Sequence[Mapping[int, float]], rows: NDArray[np.intp], scores: GetScores) -> Self:
        """Ask for the members' scores in threads.

        Args:
            lists: the members' ratings by anime id, 1–10; without any, the crowd's taste counts.
            rows: of the model, ascending.
            scores: threads call it.

        Raises:
            RatingsError: a score off the scale.
        """
        shape = (len(lists), len(rows))
        wanted = cls(rows, np.empty(shape, np.float32), np.empty(shape, np.float32))
        crowd = scores({})

        def fill(some: range) -> None:
            for at in some:
                predicted, match = scores(lists[at]) if lists[at] else crowd
                best = float(match.max())
                wanted.predicted[at] = predicted[rows]
                # Who would watch nothing at all has no say in what they would rather watch.
                wanted.utilities[at] = np.maximum(match[rows], 0.0) / best if best > 0 else 0.0

        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as threads:
            # A few long tasks: handing over many short ones would take as long as they do.
            list(threads.map(fill, (range(first, len(lists), workers) for first in range(workers))))
        return wanted

    def columns(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where these rows of the model stand; all must be among ``self.rows``."""
        return np.searchsorted(self.rows, rows)
