"""Scores of each member of a group for every anime that the group could watch."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating[Any]]


class MemberScores(Protocol):
    """A member's scores of every anime."""

    @property
    def predicted(self) -> Numbers:
        """Predicted ratings, 1–10, shape (n_anime,)."""

    @property
    def match(self) -> Numbers:
        """Matches without unit, higher is better, shape (n_anime,)."""


GetScores = Callable[[Mapping[int, float]], MemberScores]
"""Returns a member's scores, as `ItemKNNBaseline.scores` does."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupScores:
    """All members' scores of some anime."""

    rows: NDArray[np.intp]
    """Rows of the model, ascending, shape (n_rows,)."""
    predicted: NDArray[np.float32]
    """Predicted ratings 1–10, shape (n_members, n_rows)."""
    utilities: NDArray[np.float32]
    """Matches divided by the member's own best, 0–1, so that all members count the same; shape
    (n_members, n_rows)."""

    @classmethod
    def of(cls, lists: Sequence[Mapping[int, float]], rows: NDArray[np.intp], scores: GetScores) -> Self:
        """Compute the members' scores in threads; without ratings, the average user's taste counts.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        shape = (len(lists), len(rows))
        wanted = cls(rows, np.empty(shape, np.float32), np.empty(shape, np.float32))
        average_user = scores({})

        def fill(some: range) -> None:
            for at in some:
                found = scores(lists[at]) if lists[at] else average_user
                best = float(found.match.max())
                wanted.predicted[at] = found.predicted[rows]
                # A member without any positive match has no preference.
                wanted.utilities[at] = np.maximum(found.match[rows], 0.0) / best if best > 0 else 0.0

        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as threads:
            # A few long tasks: the overhead of many short ones would cost as much as the work.
            list(threads.map(fill, (range(first, len(lists), workers) for first in range(workers))))
        return wanted

    def columns(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Find the columns of these rows of the model; all must be among ``self.rows``."""
        return np.searchsorted(self.rows, rows)
