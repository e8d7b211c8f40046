"""What the second stage has learned, as an artefact stores it; `hakken.recommend.second_stage` uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hakken.model.trees import Trees

N_FEATURES = 29
"""Number of columns that the trees ask about; other trees are refused."""
_PREFIX = "second_stage_"


@dataclass(frozen=True)
class SecondStageTrees:
    """Trees that order a member's candidates."""

    trees: Trees
    new: float
    """What is added to the score of new anime."""

    @classmethod
    def none(cls) -> Self:
        """Return what a model has that learned no second stage."""
        return cls(Trees.none(), 0.0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that an artefact stores, by name; none without trees."""
        if not len(self.trees):
            return {}
        of_trees = {_PREFIX + one.name: getattr(self.trees, one.name) for one in fields(Trees)}
        return {**of_trees, _PREFIX + "new": np.array([self.new])}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take them from stored arrays by name; none if the artefact has none.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not make trees; the message says why.
        """
        if not any(name.startswith(_PREFIX) for name in arrays):
            return cls.none()
        trees = Trees(**{one.name: arrays[_PREFIX + one.name] for one in fields(Trees)})
        trees.check(N_FEATURES)
        new = arrays[_PREFIX + "new"]
        if new.dtype != np.float64 or new.shape != (1,) or not np.isfinite(new[0]):
            raise ValueError("second_stage_new is no number")
        return cls(trees, float(new[0]))
