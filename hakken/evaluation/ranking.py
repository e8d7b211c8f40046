"""The ranking protocol: what the first ten recommendations are worth to users that training never saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hakken.anime_rows import highest, rows_of
from hakken.evaluation.groups import LENGTHS, Periods, of_length
from hakken.evaluation.intervals import Interval, interval, mean, ratio
from hakken.evaluation.metrics import LIKED, ndcg, recall
from hakken.evaluation.splits import Split, Splits, Unseen
from hakken.progress import Progress
from hakken.ratings import Ratings

Rank = Callable[[Mapping[int, float]], ArrayLike]
"""A member's ratings → a score for each of the training set's anime, shape (n_anime,).

The higher comes first; −∞ and NaN are never recommended. Ties go to the anime with more raters, then to the
lower id.
"""
RankTrainer = Callable[[Ratings], Rank]
"""What learns from a rating set to rank."""


@dataclass(frozen=True)
class Shown:
    """What one model recommended to unseen users and what it was worth, a row per user.

    Two models' rows are of the same users.
    """

    given: NDArray[np.int64]
    """How many ratings the model was told, shape (n_users,)."""
    ndcgs: NDArray[np.float64]
    """NDCG of the list; NaN where nothing hidden gains, shape (n_users,)."""
    recalls: NDArray[np.float64]
    """Recall of the hidden liked anime; NaN where there is none, shape (n_users,)."""
    hits: NDArray[np.float64]
    """How many of the recommended were among the hidden, shape (n_users,)."""
    lifts: NDArray[np.float64]
    """Sum of the hits' scores less the mean of what the user gave, in rating points, shape (n_users,)."""
    raters: NDArray[np.float64]
    """Raters in training of each of the recommended; NaN where the list is short, shape (n_users, n)."""
    liked_hits: NDArray[np.float64]
    """How many hidden liked anime of each period were recommended, shape (n_users, n_periods)."""
    liked: NDArray[np.float64]
    """How many hidden liked anime of each period there were, shape (n_users, n_periods)."""
    coverages: NDArray[np.float64]
    """Share of the anime that anyone of a split was recommended, shape (n_splits,)."""

    def ndcg(self, seed: int = 0) -> Interval:
        """Mean NDCG over the users with something to gain."""
        return mean(self.ndcgs, seed)

    def ndcg_against(self, other: Shown, seed: int = 0) -> Interval:
        """How much higher the mean NDCG is than another model's on the same users; paired."""
        return mean(self.ndcgs - other.ndcgs, seed)

    def recall(self, seed: int = 0) -> Interval:
        """Mean recall over the users with something to find."""
        return mean(self.recalls, seed)

    def lift(self, seed: int = 0) -> Interval:
        """Mean over all hits of their score less their user's own mean, in rating points."""
        return ratio(self.lifts, self.hits, seed)

    def coverage(self) -> float:
        """Mean share of the anime that were recommended to anyone; it grows with the number of users."""
        return float(self.coverages.mean())

    def median_raters(self, seed: int = 0) -> Interval:
        """Median number of raters in training over all recommended anime."""

        def median(rows: NDArray[np.intp]) -> NDArray[np.float64]:
            taken = self.raters[rows]
            return np.asarray(np.nanmedian(taken.reshape(*taken.shape[:-2], -1), axis=-1))

        if np.isnan(self.raters).all():
            return Interval(np.nan, np.nan, np.nan)
        return interval(median, len(self.raters), seed)

    def by_length(self) -> dict[str, Shown]:
        """The users parted by how much the model was told; without coverage, which needs all users."""
        lengths = of_length(self.given)
        return {name: self._of(lengths == length) for length, name in enumerate(LENGTHS)}

    def period_recall(self, period: int, seed: int = 0) -> Interval:
        """Share of the hidden liked anime of one period that were recommended.

        Args:
            period: its place in `Periods.names`.
            seed: decides the resamples.
        """
        return ratio(self.liked_hits[:, period], self.liked[:, period], seed)

    def _of(self, users: NDArray[np.bool_]) -> Shown:
        return Shown(
            self.given[users],
            self.ndcgs[users],
            self.recalls[users],
            self.hits[users],
            self.lifts[users],
            self.raters[users],
            self.liked_hits[users],
            self.liked[users],
            np.array([np.nan]),
        )


def measure_rankings(
    trainers: Mapping[str, RankTrainer],
    splits: Splits,
    periods: Periods,
    n: int = 10,
    told: Progress | None = None,
) -> dict[str, Shown]:
    """Train each model on each split and look at its first n recommendations for the unseen users.

    Everything is ranked that the user was not known to have rated ('strong generalisation', Marlin 2004).
    Hidden anime that training never saw cannot be recommended and count as missed.

    Args:
        trainers: the models by name.
        splits: see `Folds`; one is held in memory at a time.
        periods: when the anime first aired.
        n: length of the lists.
        told: of the progress.
    """
    found: dict[str, list[Shown]] = {name: [] for name in trainers}
    steps = len(trainers) * len(splits)
    for fold, split in enumerate(splits):
        for at, (name, train) in enumerate(trainers.items()):
            if told:
                told(f"fold {fold + 1}: {name}", (fold * len(trainers) + at) / steps)
            found[name].append(_show(train(split.train), split, periods, n))
    return {name: _together(of_splits) for name, of_splits in found.items()}


def first(
    scores: NDArray[np.float64], raters: NDArray[np.int32], told_of: NDArray[np.bool_], n: int
) -> NDArray[np.intp]:
    """Rows of the n highest scores, the highest first; ties by more raters, then by the lower row.

    Args:
        scores: −∞ and NaN are never taken, shape (n_anime,).
        raters: shape (n_anime,).
        told_of: what is never taken either, shape (n_anime,).
        n: how many at most.
    """
    rows = np.flatnonzero((scores > -np.inf) & ~told_of)
    return highest(scores, raters, rows, n)


def _show(rank: Rank, split: Split, periods: Periods, n: int) -> Shown:
    train, unseen = split.train, split.unseen
    n_users, n_periods = len(unseen), len(periods.names)
    ever = np.zeros(len(train.anime_ids), dtype=np.bool_)
    shown = Shown(
        given=np.array([len(user.given_ids) for user in unseen], dtype=np.int64),
        ndcgs=np.zeros(n_users),
        recalls=np.zeros(n_users),
        hits=np.zeros(n_users),
        lifts=np.zeros(n_users),
        raters=np.full((n_users, n), np.nan),
        liked_hits=np.zeros((n_users, n_periods)),
        liked=np.zeros((n_users, n_periods)),
        coverages=np.zeros(1),
    )
    for row, user in enumerate(unseen):
        scores = np.asarray(rank(user.given), dtype=np.float64)
        if scores.shape != train.anime_ids.shape:
            raise ValueError(f"a ranking has the shape {scores.shape}, not {train.anime_ids.shape}")
        best = first(scores, train.raters, np.isin(train.anime_ids, user.given_ids), n)
        ids = train.anime_ids[best]
        ever[best] = True
        given_to = _hidden_scores(user, ids)
        hit = ~np.isnan(given_to)
        shown.ndcgs[row] = ndcg(given_to, user.hidden_scores, n)
        shown.recalls[row] = recall(given_to, user.hidden_scores, n)
        shown.hits[row] = hit.sum()
        shown.lifts[row] = (given_to[hit] - user.given_scores.mean(dtype=np.float64)).sum()
        shown.raters[row, : len(best)] = train.raters[best]
        for counts, liked in (
            (shown.liked_hits, ids[given_to >= LIKED]),
            (shown.liked, user.hidden_ids[user.hidden_scores >= LIKED]),
        ):
            counts[row] = np.bincount(periods.of(liked), minlength=n_periods)
    shown.coverages[0] = ever.mean()
    return shown


def _hidden_scores(user: Unseen, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """What the user gave to these anime, NaN where that is not among the hidden."""
    order = np.argsort(user.hidden_ids)
    sorted_ids = user.hidden_ids[order]
    places, hidden = rows_of(ids, sorted_ids)
    return np.where(hidden, user.hidden_scores[order[places]], np.nan)


def _together(parts: list[Shown]) -> Shown:
    names = Shown.__dataclass_fields__
    return Shown(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
