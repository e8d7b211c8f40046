"""How well a model predicts for users that it never saw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hakken.ratings import HIGHEST, LOWEST, Ratings

Predict = Callable[[Mapping[int, float], Collection[int]], ArrayLike]
"""A member's ratings and the anime to predict → their predicted ratings."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A user left out of training: what a model is told of them, and what it must predict."""

    given: dict[int, float]
    hidden: dict[int, float]


@dataclass(frozen=True, slots=True)
class Split:
    """A rating set parted into users to train on and users to predict for."""

    train: Ratings
    unseen: list[Unseen]


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
    unseen = []
    for row in np.sort(order[:count]).tolist():
        listed = list(ratings.of_user(row).items())
        cut = int(hidden * len(listed))
        if cut:
            shuffled = [listed[at] for at in random.permutation(len(listed))]
            unseen.append(Unseen(given=dict(shuffled[cut:]), hidden=dict(shuffled[:cut])))
    return Split(ratings.of_users(np.sort(order[count:])), unseen)


def rmse(predict: Predict, unseen: Collection[Unseen]) -> float:
    """Root of the mean squared error over all hidden ratings, in rating points; NaN where there are none."""
    squares, count = 0.0, 0
    for user in unseen:
        errors = np.asarray(predict(user.given, user.hidden.keys())) - list(user.hidden.values())
        squares += float(errors @ errors)
        count += len(errors)
    return float(np.sqrt(squares / count)) if count else float("nan")


def user_mean(given: Mapping[int, float], wanted: Collection[int]) -> ArrayLike:
    """The peer to beat: everything is predicted to be the mean of what the user gave."""
    middle = (LOWEST + HIGHEST) / 2
    return np.full(len(wanted), np.mean(list(given.values())) if given else middle)
