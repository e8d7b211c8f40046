"""The fitted model: the arrays that were learned, in memory and as an artefact stores them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hakken.model.interest import Interest, Links
from hakken.model.neighbours import Neighbours
from hakken.ratings.ratings import HIGHEST, LOWEST


@dataclass(frozen=True)
class FittedModel:
    """All arrays that a model needs for its predictions, by the rows of its anime."""

    anime_ids: NDArray[np.int64]
    """Anime ids, ascending, shape (n_anime,)."""
    raters: NDArray[np.int32]
    """Number of users who rated each anime, shape (n_anime,)."""
    mean: float
    """μ, 1–10."""
    biases: NDArray[np.float32]
    """b_i in rating points, shape (n_anime,)."""
    neighbours: Neighbours
    interest: Interest
    data: Mapping[str, str | int | float]
    """Counts and the fingerprint of the rating set, and its mean."""
    metrics: Mapping[str, float | int]
    """Metrics of the training run."""

    @cached_property
    def speaking(self) -> NDArray[np.bool_]:
        """Whether a rating of an anime tells of others, shape (n_anime,).

        It has links of the interest, or likenesses to anime that have some, or is a neighbour of others.
        """
        interest = self.interest
        found = np.diff(interest.learned.start).astype(np.bool_)
        found |= np.diff(interest.likenesses.start).astype(np.bool_)
        found[self.neighbours.rows] = True
        return found

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that an artefact stores, by name."""
        return {
            "anime_ids": self.anime_ids.astype(np.int32),
            "raters": self.raters,
            "biases": self.biases,
            "start": self.neighbours.start,
            "neighbours": self.neighbours.rows,
            "similarities": self.neighbours.similarities,
            **_arrays("interest", self.interest.learned),
            **_arrays("likeness", self.interest.likenesses),
        }

    @classmethod
    def of_arrays(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        slope: float,
        say: float,
        data: Mapping[str, str | int | float],
        metrics: Mapping[str, float | int],
    ) -> Self:
        """Make a fitted model from stored arrays by name; the inverse of `arrays`.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not make a model; the message says which.
        """
        fitted = cls(
            anime_ids=arrays["anime_ids"],
            raters=arrays["raters"],
            mean=_mean(data["mean"]),
            biases=arrays["biases"],
            neighbours=Neighbours(arrays["start"], arrays["neighbours"], arrays["similarities"]),
            interest=Interest(_links("interest", arrays), _links("likeness", arrays), slope, say),
            data=data,
            metrics=metrics,
        )
        fitted._check()
        return fitted

    def _check(self) -> None:
        """Raise a ValueError if the arrays do not make a model; the message says which."""
        stored: dict[str, tuple[NDArray[Any], type[np.generic]]] = {
            "anime_ids": (self.anime_ids, np.int32),
            "raters": (self.raters, np.int32),
            "biases": (self.biases, np.float32),
        }
        for name, (array, kind) in stored.items():
            if array.dtype != kind or array.ndim != 1:
                raise ValueError(f"{name} is not a sequence of {kind.__name__}")
        if not 0 < len(self.anime_ids) == len(self.raters) == len(self.biases):
            raise ValueError("the arrays differ in length")
        if self.anime_ids[0] < 1 or np.any(self.anime_ids[1:] <= self.anime_ids[:-1]):
            raise ValueError("anime_ids does not ascend from 1 on")
        if self.raters.min() < 0:
            raise ValueError("raters holds a count below 0")
        if not np.isfinite(self.biases).all():
            raise ValueError("biases holds a number that is not finite")
        self.neighbours.check(len(self.anime_ids))
        self.interest.check(len(self.anime_ids))


def _arrays(name: str, links: Links) -> dict[str, NDArray[Any]]:
    return {f"{name}_start": links.start, f"{name}_rows": links.rows, f"{name}_weights": links.weights}


def _links(name: str, arrays: Mapping[str, NDArray[Any]]) -> Links:
    return Links(arrays[f"{name}_start"], arrays[f"{name}_rows"], arrays[f"{name}_weights"])


def _mean(value: str | float) -> float:
    if isinstance(value, str) or not LOWEST <= value <= HIGHEST:
        raise ValueError(f"mean must be {LOWEST}–{HIGHEST}, not {value!r}")
    return float(value)
