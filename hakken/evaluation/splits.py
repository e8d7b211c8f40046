"""Rating sets parted by users: some to train on, the others to predict for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hakken.errors import EvaluationError
from hakken.ratings.ratings import Ratings


@dataclass(frozen=True, slots=True)
class Unseen:
    """A user left out of training: what a model is told of them, and what it must predict."""

    given_ids: NDArray[np.int64]
    """Anime that the model is told of, shape (n_given,)."""
    given_scores: NDArray[np.float32]
    """1–10, shape (n_given,)."""
    hidden_ids: NDArray[np.int64]
    """Anime that the model must predict, shape (n_hidden,)."""
    hidden_scores: NDArray[np.float32]
    """1–10, shape (n_hidden,)."""

    @property
    def given(self) -> dict[int, float]:
        """What the model is told, by anime id."""
        return dict(zip(self.given_ids.tolist(), self.given_scores.tolist(), strict=True))

    @property
    def hidden(self) -> dict[int, float]:
        """What the model must predict, by anime id."""
        return dict(zip(self.hidden_ids.tolist(), self.hidden_scores.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Split:
    """A rating set parted into users to train on and users to predict for."""

    train: Ratings
    unseen: list[Unseen]


class Splits(Protocol):
    """Several splits, which need not all be in memory."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def __iter__(self) -> Iterator[Split]:
        """One after the other."""
        ...


def split_users(ratings: Ratings, *, users: float = 0.1, hidden: float = 0.2, seed: int = 0) -> Split:
    """Part a rating set by users ('strong generalisation', Marlin 2004).

    Args:
        ratings: the rating set; of a single user nothing is left to train on.
        users: share of the users that training does not see, 0–1.
        hidden: share of each one's ratings that must be predicted from their others, 0–1; those with too
            short a list to hide one rating are passed over.
        seed: decides who and what.
    """
    random = np.random.default_rng(seed)
    order = random.permutation(len(ratings.user_ids))
    count = max(1, round(users * len(order)))
    unseen = _hide(ratings, np.sort(order[:count]), hidden, random)
    return Split(ratings.of_users(np.sort(order[count:])), unseen)


@dataclass(frozen=True)
class Folds:
    """A rating set parted by users several times, so that each is unseen once: k-fold cross-validation.

    Iterating makes one split after the other, the same ones each time. Users with too short a list to hide
    one rating are always trained on.

    Raises:
        EvaluationError: fewer users with long enough a list than folds.
    """

    ratings: Ratings
    folds: int = 5
    """How many parts, 2 or more; each is unseen once."""
    hidden: float = 0.2
    """Share of each unseen user's ratings to predict from their others, above 0, below 1."""
    users: int | None = None
    """At most so many unseen users over all folds, though one a fold, drawn at random; training does not see
    the others of the fold either."""
    seed: int = 0
    """Decides who and what."""

    def __post_init__(self) -> None:
        found = len(self._long_enough)
        if found < self.folds:
            raise EvaluationError(
                f"{self.folds} folds need as many users with {self._least} ratings or more, and there are "
                f"{found}: use fewer folds or a larger rating set"
            )

    def __len__(self) -> int:
        """How many splits there are."""
        return self.folds

    def __iter__(self) -> Iterator[Split]:
        """Make the splits, one at a time."""
        random = np.random.default_rng(self.seed)
        for fold in np.array_split(random.permutation(self._long_enough), self.folds):
            seen = np.ones(len(self.ratings.user_ids), dtype=np.bool_)
            seen[fold] = False
            # A fold is in random order: its first rows are a random sample.
            measured = fold if self.users is None else fold[: max(1, self.users // self.folds)]
            unseen = _hide(self.ratings, np.sort(measured), self.hidden, random)
            yield Split(self.ratings.of_users(np.flatnonzero(seen)), unseen)

    @property
    def _least(self) -> int:
        return math.ceil(1 / self.hidden)

    @property
    def _long_enough(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.diff(self.ratings.matrix.indptr) >= self._least)


def _hide(
    ratings: Ratings, rows: NDArray[np.intp], share: float, random: np.random.Generator
) -> list[Unseen]:
    matrix = ratings.matrix
    unseen = []
    for row in rows.tolist():
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        ids, scores = ratings.anime_ids[matrix.indices[span]], matrix.data[span]
        cut = int(share * len(ids))
        if cut:
            shuffled = random.permutation(len(ids))
            hidden, given = shuffled[:cut], shuffled[cut:]
            unseen.append(Unseen(ids[given], scores[given], ids[hidden], scores[hidden]))
    return unseen
