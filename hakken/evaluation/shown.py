"""Recommendations shown to users that training never saw, and their quality."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hakken.evaluation.facts import AnimeFacts
from hakken.evaluation.groups import LENGTHS, Periods, of_length
from hakken.evaluation.intervals import Interval, interval, mean, ratio, relative
from hakken.evaluation.metrics import LIKED, intra_list_similarity, ndcg, recall
from hakken.evaluation.splits import Split, Unseen
from hakken.model.rows import rows_of

Choose = Callable[[Mapping[int, float], int], Sequence[int] | NDArray[np.int64]]
"""Takes a member's ratings and a maximum number; returns the recommended anime ids, in order."""


@dataclass(frozen=True)
class ShownLists:
    """Recommendations to unseen users and their quality, a row per user.

    The same row of two `ShownLists` of the same splits belongs to the same user.
    """

    given: NDArray[np.int64]
    """Number of ratings that the model was given, shape (n_users,)."""
    ndcgs: NDArray[np.float64]
    """NDCG of the list; NaN if no hidden anime gains anything, shape (n_users,)."""
    recalls: NDArray[np.float64]
    """Recall of the hidden liked anime; NaN if there are none, shape (n_users,)."""
    hits: NDArray[np.float64]
    """Number of recommended anime that were hidden, shape (n_users,)."""
    lifts: NDArray[np.float64]
    """Sum of the hits' scores minus the mean of the given scores, in rating points, shape (n_users,)."""
    raters: NDArray[np.float64]
    """Raters in training of each recommended anime; NaN beyond the end of the list, shape (n_users, n)."""
    members: NDArray[np.float64]
    """Members on MyAnimeList of each recommended anime; NaN if unknown, shape (n_users, n)."""
    similarities: NDArray[np.float64]
    """Intra-list similarity by genres and studios; NaN if they are unknown, shape (n_users,)."""
    liked_hits: NDArray[np.float64]
    """Number of recommended hidden liked anime of each period, shape (n_users, n_periods)."""
    liked: NDArray[np.float64]
    """Number of hidden liked anime of each period, shape (n_users, n_periods)."""
    coverages: NDArray[np.float64]
    """Share of training's anime that were recommended to any user of a split, shape (n_splits,)."""

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """Concatenate the results of several splits."""
        return cls(
            **{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)}
        )

    def ndcg(self, seed: int = 0) -> Interval:
        """Mean NDCG over the users with something to gain."""
        return mean(self.ndcgs, seed)

    def ndcg_against(self, other: ShownLists, seed: int = 0) -> Interval:
        """Difference of the mean NDCG to another model's on the same users; paired."""
        return mean(self.ndcgs - other.ndcgs, seed)

    def ndcg_ratio(self, other: ShownLists, seed: int = 0) -> Interval:
        """Ratio of the mean NDCG to another model's on the same users; paired."""
        return relative(self.ndcgs, other.ndcgs, seed)

    def recall(self, seed: int = 0) -> Interval:
        """Mean recall over the users with something to find."""
        return mean(self.recalls, seed)

    def recall_against(self, other: ShownLists, seed: int = 0) -> Interval:
        """Difference of the mean recall to another model's on the same users; paired."""
        return mean(self.recalls - other.recalls, seed)

    def recall_ratio(self, other: ShownLists, seed: int = 0) -> Interval:
        """Ratio of the mean recall to another model's on the same users; paired."""
        return relative(self.recalls, other.recalls, seed)

    def lift(self, seed: int = 0) -> Interval:
        """Mean over all hits of their score minus their user's own mean, in rating points."""
        return ratio(self.lifts, self.hits, seed)

    def lift_against(self, other: ShownLists, seed: int = 0) -> Interval:
        """Difference of the lift to another model's on the same users, in rating points; paired."""
        return interval(lambda rows: self._lift(rows) - other._lift(rows), len(self.hits), seed)

    def coverage(self) -> float:
        """Mean share of the anime that were recommended to any user; it grows with the number of users."""
        return float(self.coverages.mean())

    def median_raters(self, seed: int = 0) -> Interval:
        """Median number of raters in training over all recommended anime."""
        return interval(lambda rows: _median(self.raters, rows), len(self.raters), seed)

    def median_raters_against(self, other: ShownLists, seed: int = 0) -> Interval:
        """Difference of that median to another model's for the same users; paired."""
        return interval(
            lambda rows: _median(self.raters, rows) - _median(other.raters, rows), len(self.raters), seed
        )

    def median_members(self, seed: int = 0) -> Interval:
        """Median number of members on MyAnimeList over all recommended anime for which it is known."""
        return interval(lambda rows: _median(self.members, rows), len(self.members), seed)

    def median_members_against(self, other: ShownLists, seed: int = 0) -> Interval:
        """Difference of that median to another model's for the same users; paired."""
        return interval(
            lambda rows: _median(self.members, rows) - _median(other.members, rows), len(self.members), seed
        )

    def similarity(self, seed: int = 0) -> Interval:
        """Mean intra-list similarity over the users for whom it is known."""
        return mean(self.similarities, seed)

    def similarity_against(self, other: ShownLists, seed: int = 0) -> Interval:
        """Difference of the intra-list similarity to another model's for the same users; paired."""
        return mean(self.similarities - other.similarities, seed)

    def by_length(self) -> dict[str, ShownLists]:
        """Group the users by the number of given ratings; without coverage, which needs all users."""
        lengths = of_length(self.given)
        return {name: self._of(lengths == length) for length, name in enumerate(LENGTHS)}

    def period_recall(self, period: int, seed: int = 0) -> Interval:
        """Share of the hidden liked anime of a period of `Periods.names` that were recommended."""
        return ratio(self.liked_hits[:, period], self.liked[:, period], seed)

    def period_recall_against(self, other: ShownLists, period: int, seed: int = 0) -> Interval:
        """Difference of that share to another model's on the same users; paired."""
        return ratio((self.liked_hits - other.liked_hits)[:, period], self.liked[:, period], seed)

    def _lift(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        hits = self.hits[rows].sum(axis=-1)
        return np.asarray(self.lifts[rows].sum(axis=-1) / np.where(hits, hits, np.nan))

    def _of(self, users: NDArray[np.bool_]) -> ShownLists:
        of_users = {
            one.name: getattr(self, one.name)[users] for one in fields(self) if one.name != "coverages"
        }
        return ShownLists(**of_users, coverages=np.array([np.nan]))


def show(choose: Choose, split: Split, facts: AnimeFacts, n: int) -> ShownLists:
    """Recommend to the unseen users of a split, and measure the lists of n."""
    return measure_lists(lists_for(choose, split.unseen, n), split, facts, n)


def lists_for(choose: Choose, unseen: Sequence[Unseen], n: int) -> list[NDArray[np.int64]]:
    """Recommend n anime to each unseen user: their ids in order, at most n."""
    return [np.asarray(choose(user.given, n), dtype=np.int64) for user in unseen]


def measure_lists(lists: Sequence[NDArray[np.int64]], split: Split, facts: AnimeFacts, n: int) -> ShownLists:
    """Measure the lists of n that were recommended to the unseen users of a split, one for each."""
    train, unseen = split.train, split.unseen
    n_users, n_periods = len(unseen), len(Periods.names)
    ever = np.zeros(len(train.anime_ids), dtype=np.bool_)
    shown = ShownLists(
        given=np.array([len(user.given_ids) for user in unseen], dtype=np.int64),
        ndcgs=np.zeros(n_users),
        recalls=np.zeros(n_users),
        hits=np.zeros(n_users),
        lifts=np.zeros(n_users),
        raters=np.full((n_users, n), np.nan),
        members=np.full((n_users, n), np.nan),
        similarities=np.zeros(n_users),
        liked_hits=np.zeros((n_users, n_periods)),
        liked=np.zeros((n_users, n_periods)),
        coverages=np.zeros(1),
    )
    for row, (user, ids) in enumerate(zip(unseen, lists, strict=True)):
        given_to = _hidden_scores(user, ids)
        hit = ~np.isnan(given_to)
        rows, trained = rows_of(ids, train.anime_ids)
        ever[rows[trained]] = True
        shown.ndcgs[row] = ndcg(given_to, user.hidden_scores, n)
        shown.recalls[row] = recall(given_to, user.hidden_scores, n)
        shown.hits[row] = hit.sum()
        shown.lifts[row] = (given_to[hit] - user.given_scores.mean(dtype=np.float64)).sum()
        shown.raters[row, : len(ids)] = np.where(trained, train.raters[rows], 0)
        shown.members[row, : len(ids)] = facts.members(ids)
        shown.similarities[row] = intra_list_similarity(facts.vectors(ids))
        for counts, liked in (
            (shown.liked_hits, ids[given_to >= LIKED]),
            (shown.liked, user.hidden_ids[user.hidden_scores >= LIKED]),
        ):
            counts[row] = np.bincount(facts.periods.of(liked), minlength=n_periods)
    shown.coverages[0] = ever.mean()
    return shown


def _hidden_scores(user: Unseen, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """The user's hidden scores of these anime, NaN if there is none."""
    order = np.argsort(user.hidden_ids)
    sorted_ids = user.hidden_ids[order]
    places, hidden = rows_of(ids, sorted_ids)
    return np.where(hidden, user.hidden_scores[order[places]], np.nan)


def _median(values: NDArray[np.float64], rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Median over all known values of these users, shape (…, n_rows) → (…)."""
    taken = values[rows].reshape(*rows.shape[:-1], -1)
    if not np.isnan(values).any():
        return np.asarray(np.median(taken, axis=-1))  # much faster
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
        return np.asarray(np.nanmedian(taken, axis=-1))
