"""Splits of rating sets by users: some to train on, the others to predict for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hakken.errors import EvaluationError
from hakken.ratings.ratings import Ratings


@dataclass(frozen=True, slots=True)
class Unseen:
    """A user left out of training: the ratings given to the model, and those it must predict."""

    given_ids: NDArray[np.int64]
    """Anime whose ratings are given to the model, shape (n_given,)."""
    given_scores: NDArray[np.float32]
    """Their scores, 1–10, shape (n_given,)."""
    hidden_ids: NDArray[np.int64]
    """Anime whose ratings the model must predict, shape (n_hidden,)."""
    hidden_scores: NDArray[np.float32]
    """Their scores, 1–10, shape (n_hidden,)."""

    @property
    def given(self) -> dict[int, float]:
        """The ratings given to the model, by anime id."""
        return dict(zip(self.given_ids.tolist(), self.given_scores.tolist(), strict=True))

    @property
    def hidden(self) -> dict[int, float]:
        """The ratings that the model must predict, by anime id."""
        return dict(zip(self.hidden_ids.tolist(), self.hidden_scores.tolist(), strict=True))

    def hiding(self, anime_ids: NDArray[np.int64]) -> Unseen:
        """Hide the user's ratings of these anime, and give all others."""
        ids = np.concatenate([self.given_ids, self.hidden_ids])
        scores = np.concatenate([self.given_scores, self.hidden_scores])
        hidden = np.isin(ids, anime_ids)
        return Unseen(ids[~hidden], scores[~hidden], ids[hidden], scores[hidden])


@dataclass(frozen=True, slots=True)
class Split:
    """A rating set split into users to train on and users to predict for."""

    train: Ratings
    unseen: list[Unseen]


class Splits(Protocol):
    """Several splits, which need not all be in memory."""

    def __len__(self) -> int:
        """Return the number of splits."""
        ...

    def __iter__(self) -> Iterator[Split]:
        """Yield the splits one by one."""
        ...


def split_users(ratings: Ratings, *, users: float = 0.1, hidden: float = 0.2, seed: int = 0) -> Split:
    """Split a rating set by users ('strong generalisation', Marlin 2004).

    Args:
        ratings: the rating set; with a single user nothing is left to train on.
        users: share of the users that training does not see, 0–1.
        hidden: share of each unseen user's ratings to predict from their others, 0–1; users whose list is
            too short to hide one rating are skipped.
        seed: seed of the random choice of users and ratings.
    """
    random = np.random.default_rng(seed)
    order = random.permutation(len(ratings.user_ids))
    count = max(1, round(users * len(order)))
    unseen = _hide(ratings, np.sort(order[:count]), hidden, random)
    return Split(ratings.of_users(np.sort(order[count:])), unseen)


def with_known(split: Split, known: int, seed: int = 0) -> Split:
    """Give the model only some ratings of each unseen user, and hide the same as before.

    What is given when fewer are known is also given when more are known.

    Args:
        split: the split.
        known: number of ratings given of each user, 1 or more; users who gave fewer are left out.
        seed: seed of the random choice of ratings.
    """
    random = np.random.default_rng(seed)
    unseen = []
    for user in split.unseen:
        drawn = random.permutation(len(user.given_ids))[:known]
        if len(drawn) == known:
            given_ids, given_scores = user.given_ids[drawn], user.given_scores[drawn]
            unseen.append(replace(user, given_ids=given_ids, given_scores=given_scores))
    return Split(split.train, unseen)


@dataclass(frozen=True)
class Folds:
    """A rating set split by users several times, so that each is unseen once: k-fold cross-validation.

    Iterating yields the splits one by one, the same ones each time. Users whose list is too short to hide one
    rating are always trained on.

    Raises:
        EvaluationError: there are fewer users with a long enough list than folds.
    """

    ratings: Ratings
    folds: int = 5
    """Number of parts, 2 or more; each is unseen once."""
    hidden: float = 0.2
    """Share of each unseen user's ratings to predict from their others, above 0, below 1."""
    users: int | None = None
    """Maximum number of unseen users over all folds, but at least one per fold, drawn at random; training
    does not see the others of the fold either."""
    seed: int = 0
    """Seed of the random choice of users and ratings."""

    def __post_init__(self) -> None:
        found = len(self._long_enough)
        if found < self.folds:
            raise EvaluationError(
                f"{self.folds} folds need as many users with {self._least} ratings or more, and there are "
                f"{found}: use fewer folds or a larger rating set"
            )

    def __len__(self) -> int:
        """Return the number of splits."""
        return self.folds

    def __iter__(self) -> Iterator[Split]:
        """Yield the splits one by one."""
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
