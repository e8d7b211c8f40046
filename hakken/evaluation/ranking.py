"""The ranking protocol: quality of the first ten recommendations to users that training never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation.facts import AnimeFacts
from hakken.evaluation.shown import Choose, ShownLists, show
from hakken.evaluation.splits import Split, Splits, with_known
from hakken.model.rows import highest
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

Rank = Callable[[Mapping[int, float]], ArrayLike]
"""Takes a member's ratings; returns a score for each of the training set's anime, shape (n_anime,).

Higher scores come first; −∞ and NaN are never recommended. Ties go to the anime with more raters, then to the
lower id.
"""
ListTrainer = Callable[[Ratings], Mapping[str, Choose]]
"""Learns from a rating set to recommend in one or more orders, which always have the same names."""


def measure_rankings(
    trainers: Mapping[str, ListTrainer],
    splits: Splits,
    catalogue: Catalogue,
    n: int = 10,
    progress: Progress | None = None,
) -> dict[str, ShownLists]:
    """Train each model on each split, and measure its first n recommendations for the unseen users.

    Only one model and one split are in memory at a time. Return the results by the order's name.
    """
    return measure_by_known(trainers, splits, catalogue, (None,), n, progress)[None]


def measure_by_known(
    trainers: Mapping[str, ListTrainer],
    splits: Splits,
    catalogue: Catalogue,
    known: Sequence[int | None],
    n: int = 10,
    progress: Progress | None = None,
) -> dict[int | None, dict[str, ShownLists]]:
    """Do as `measure_rankings`, once for each number of known ratings per unseen user; None is all of them.

    Each model is trained once per split. Users of whom fewer are known are left out, see `with_known`. Return
    the results by the number known, then by the order's name.
    """
    facts = AnimeFacts(catalogue)
    found: dict[int | None, dict[str, list[ShownLists]]] = {number: {} for number in known}
    for split, order, choose in _trained(trainers, splits, progress):
        for number, of_orders in found.items():
            asked = split if number is None else with_known(split, number)
            of_orders.setdefault(order, []).append(show(choose, asked, facts, n))
    return {
        number: {order: ShownLists.together(of_splits) for order, of_splits in of_orders.items()}
        for number, of_orders in found.items()
    }


def _trained(
    trainers: Mapping[str, ListTrainer], splits: Splits, progress: Progress | None
) -> Iterator[tuple[Split, str, Choose]]:
    """Train each model on each split; yield its orders, one at a time, with their names."""
    steps = len(trainers) * len(splits)
    for fold, split in enumerate(splits):
        for at, (name, train) in enumerate(trainers.items()):
            done = fold * len(trainers) + at
            if progress:
                progress(f"fold {fold + 1}: training {name}", done / steps)
            for order, choose in train(split.train).items():
                if progress:
                    progress(f"fold {fold + 1}: recommending by {order}", (done + 0.5) / steps)
                yield split, order, choose


def by_rank(rank: Rank, anime_ids: NDArray[np.int64], raters: NDArray[np.int32]) -> Choose:
    """Return a function that recommends the highest-ranked anime that a member has not rated."""

    def choose(given: Mapping[int, float], n: int) -> NDArray[np.int64]:
        scores = np.asarray(rank(given), dtype=np.float64)
        if scores.shape != anime_ids.shape:
            raise ValueError(f"a ranking has the shape {scores.shape}, not {anime_ids.shape}")
        is_given = np.isin(anime_ids, np.fromiter(given, np.int64, len(given)))
        return anime_ids[first(scores, raters, is_given, n)]

    return choose


def first(
    scores: NDArray[np.float64], raters: NDArray[np.int32], given: NDArray[np.bool_], n: int
) -> NDArray[np.intp]:
    """Return the rows of the n highest scores, the highest first; ties by more raters, then by lower row.

    Args:
        scores: scores, shape (n_anime,); −∞ and NaN are never taken.
        raters: numbers of raters, shape (n_anime,).
        given: anime given to the model, which are never taken either, shape (n_anime,).
        n: maximum number of rows.
    """
    rows = np.flatnonzero((scores > -np.inf) & ~given)
    return highest(scores, raters, rows, n)
