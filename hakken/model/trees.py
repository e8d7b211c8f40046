"""Boosted regression trees: LightGBM's text model as arrays, and the sum of their leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hakken.model.kernels import trees as kernels

_NUMERICAL = 2
"""LightGBM's `decision_type` of a comparison without missing values; bit 1 says where those would go."""
_NAMES = {
    "num_leaves",
    "split_feature",
    "threshold",
    "decision_type",
    "left_child",
    "right_child",
    "leaf_value",
}
"""What the text says of every tree."""


@dataclass(frozen=True)
class Trees:
    """Trees whose leaves add up to a score; every split asks if a feature is at most a threshold.

    A split's children are numbers of later splits of its tree, or −1 − the number of a leaf of its tree.
    """

    start: NDArray[np.int64]
    """Where each tree's splits start, shape (n_trees + 1,); its leaves start at this plus its number."""
    features: NDArray[np.int16]
    """The column that each split asks about, shape (n_splits,)."""
    thresholds: NDArray[np.float64]
    """Values up to which the left child follows, shape (n_splits,)."""
    left: NDArray[np.int16]
    """Left children, shape (n_splits,)."""
    right: NDArray[np.int16]
    """Right children, shape (n_splits,)."""
    leaves: NDArray[np.float64]
    """What each leaf adds to the score, shape (n_splits + n_trees,)."""

    @classmethod
    def none(cls) -> Self:
        """Return no trees; every score is 0."""
        nothing, place = np.empty(0), np.empty(0, np.int16)
        return cls(np.zeros(1, np.int64), place, nothing, place, place, nothing)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Read the text model of LightGBM's ``Booster.model_to_string``.

        Trees of a single leaf are left out: what they add to all rows alike changes no order.

        Raises:
            ValueError: a split is categorical or knows missing values, a leaf is a formula, or the text is no
                such model.
        """
        parts = text.partition("end of trees")[0].split("\nTree=")
        if not parts[0].startswith("tree\n"):
            raise ValueError("the trees are no text model of LightGBM")
        trees = [_fields(part) for part in parts[1:]]
        if any(not tree.keys() >= _NAMES for tree in trees):
            raise ValueError("the trees are no text model of LightGBM")
        if any(tree.get("is_linear", "0") != "0" for tree in trees):
            raise ValueError("a leaf of the trees is a formula, not a number")
        grown = [tree for tree in trees if int(tree["num_leaves"]) > 1]
        if any(
            int(kind) | _NUMERICAL != _NUMERICAL for tree in grown for kind in tree["decision_type"].split()
        ):
            raise ValueError("a split of the trees is no comparison of two numbers")
        sizes = [int(tree["num_leaves"]) - 1 for tree in grown]
        of = cls(
            start=np.append(0, np.cumsum(sizes)).astype(np.int64),
            features=_joined(grown, "split_feature", np.int16),
            thresholds=_joined(grown, "threshold", np.float64),
            left=_joined(grown, "left_child", np.int16),
            right=_joined(grown, "right_child", np.int16),
            leaves=_joined(grown, "leaf_value", np.float64),
        )
        of.check(int(of.features.max(initial=0)) + 1)
        return of

    def __len__(self) -> int:
        """Return the number of trees."""
        return len(self.start) - 1

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up the leaves that each row of features leads to.

        Args:
            features: no NaN, shape (n_rows, n_features).

        Returns:
            Scores without unit, shape (n_rows,).
        """
        found = kernels.scores(
            features, self.start, self.features, self.thresholds, self.left, self.right, self.leaves
        )
        return np.asarray(found, np.float64)

    def check(self, n_features: int) -> None:
        """Raise unless every walk through the trees ends in a leaf: the kernels do not check bounds.

        Raises:
            ValueError: the message says what does not fit.
        """
        start, n_splits = self.start, len(self.features)
        if start.dtype != np.int64 or start.ndim != 1 or not len(start) or start[0] != 0:
            raise ValueError("the starts of the trees do not fit")
        if start[-1] != n_splits or np.any(start[1:] <= start[:-1]):
            raise ValueError("the starts of the trees do not fit")
        for name, kind, length in (
            ("features", np.int16, n_splits),
            ("thresholds", np.float64, n_splits),
            ("left", np.int16, n_splits),
            ("right", np.int16, n_splits),
            ("leaves", np.float64, n_splits + len(self)),
        ):
            array = getattr(self, name)
            if array.dtype != kind or array.shape != (length,):
                raise ValueError(f"the {name} of the trees do not fit")
        if n_splits and not 0 <= self.features.min() <= self.features.max() < n_features:
            raise ValueError("the features of the trees do not fit")
        if not (np.isfinite(self.leaves).all() and np.isfinite(self.thresholds).all()):
            raise ValueError("the trees hold a number that is not finite")
        sizes = np.repeat(np.diff(start), np.diff(start))
        own = np.arange(n_splits) - np.repeat(start[:-1], np.diff(start))
        for children in (self.left, self.right):
            # A later split, or a leaf: so no walk comes by a split twice.
            if np.any(children >= sizes) or np.any(children < -1 - sizes):
                raise ValueError("the children of the trees do not fit")
            if np.any((children >= 0) & (children <= own)):
                raise ValueError("the children of the trees do not fit")


def _fields(tree: str) -> Mapping[str, str]:
    lines = (line.partition("=") for line in tree.splitlines())
    return {name: value for name, equals, value in lines if equals}


def _joined(trees: list[Mapping[str, str]], name: str, kind: type[Any]) -> NDArray[Any]:
    parts = [np.array(tree[name].split(), np.float64) for tree in trees]
    return np.concatenate([np.empty(0), *parts]).astype(kind)
