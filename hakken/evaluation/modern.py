"""The modern protocol: what today's people are shown of the anime of the last years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation.facts import AnimeFacts
from hakken.evaluation.intervals import Interval, interval, ratio
from hakken.evaluation.metrics import LIKED
from hakken.evaluation.ranking import ListTrainer
from hakken.evaluation.report import Table
from hakken.evaluation.shown import Choose, ShownLists, lists_for, measure_lists
from hakken.evaluation.splits import Split, Splits, Unseen
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

MODERN = 2023
"""Default for the first year of modern anime."""

ModernTrainer = Callable[[Ratings, Ratings, Catalogue], Mapping[str, Choose]]
"""Learns to recommend from a rating set, from the lists of today's people who are not measured, and from a
catalogue; returns one or more orders, which always have the same names."""


@dataclass(frozen=True)
class ModernLists:
    """Recommendations to today's people and their quality, a row per person."""

    whole: ShownLists
    """Quality by all hidden anime."""
    modern: ShownLists
    """Quality by hidden liked modern anime alone; only people who have any, a row for each."""
    shown: NDArray[np.float64]
    """Number of recommended anime, shape (n_people,)."""
    shown_modern: NDArray[np.float64]
    """Number of these that are modern, shape (n_people,)."""
    liked: NDArray[np.float64]
    """Number of hidden liked anime, shape (n_people,)."""
    liked_modern: NDArray[np.float64]
    """Number of these that are modern, shape (n_people,)."""

    @classmethod
    def together(cls, parts: Sequence[Self]) -> Self:
        """Concatenate the results of several folds."""
        return cls(
            whole=ShownLists.together([part.whole for part in parts]),
            modern=ShownLists.together([part.modern for part in parts]),
            shown=np.concatenate([part.shown for part in parts]),
            shown_modern=np.concatenate([part.shown_modern for part in parts]),
            liked=np.concatenate([part.liked for part in parts]),
            liked_modern=np.concatenate([part.liked_modern for part in parts]),
        )

    def shown_share(self, seed: int = 0) -> Interval:
        """Share of modern anime among all recommended."""
        return ratio(self.shown_modern, self.shown, seed)

    def liked_share(self, seed: int = 0) -> Interval:
        """Share of modern anime among all hidden liked ones."""
        return ratio(self.liked_modern, self.liked, seed)

    def share_ratio(self, seed: int = 0) -> Interval:
        """Ratio of both shares, for the same people; paired."""

        def statistic(rows: NDArray[np.intp]) -> NDArray[np.float64]:
            shown = self.shown_modern[rows].sum(axis=-1) * self.liked[rows].sum(axis=-1)
            liked = self.liked_modern[rows].sum(axis=-1) * self.shown[rows].sum(axis=-1)
            return np.asarray(shown / np.where(liked, liked, np.nan))

        return interval(statistic, len(self.shown), seed)


def ignoring_lists(train: ListTrainer) -> ModernTrainer:
    """Return a trainer on the rating set alone; it is trained once for all folds."""
    trained: list[Mapping[str, Choose]] = []

    def once(ratings: Ratings, _seen: Ratings, _catalogue: Catalogue) -> Mapping[str, Choose]:
        if not trained:
            trained.append(train(ratings))
        return trained[0]

    return once


def measure_modern(
    trainers: Mapping[str, ModernTrainer],
    ratings: Ratings,
    people: Splits,
    catalogue: Catalogue,
    since: int = MODERN,
    n: int = 10,
    progress: Progress | None = None,
) -> dict[str, ModernLists]:
    """Train each model on a rating set and on the lists of other people, and measure its first n anime.

    Args:
        trainers: the models by name.
        ratings: the rating set, without the people.
        people: lists of today's people; those of each split's ``train`` may be learned from, too.
        catalogue: facts, years among them.
        since: first year of modern anime.
        n: length of the lists.
        progress: called with the progress.

    Returns:
        The results by the order's name.
    """
    facts = AnimeFacts(catalogue)
    modern_ids = np.array([one for one, anime in catalogue.items() if (anime.year or 0) >= since], np.int64)
    found: dict[str, list[ModernLists]] = {}
    for at, (name, train) in enumerate(trainers.items()):
        for fold, split in enumerate(people):
            if progress:
                progress(f"fold {fold + 1}: {name}", (at + fold / len(people)) / len(trainers))
            for order, choose in train(ratings, split.train, catalogue).items():
                asked = Split(ratings, split.unseen)
                lists = lists_for(choose, split.unseen, n)
                found.setdefault(order, []).append(_measure(lists, asked, facts, modern_ids, n))
    return {order: ModernLists.together(of_folds) for order, of_folds in found.items()}


def modern_table(found: Mapping[str, ModernLists], reference: str, seed: int = 0) -> Table:
    """Tabulate the quality by hidden liked modern anime, compared with the reference; paired."""
    other = found[reference].modern
    return [
        {
            "model": name,
            "people": len(one.modern.given),
            "ndcg": one.modern.ndcg(seed),
            "ndcg_above_reference": None if name == reference else one.modern.ndcg_against(other, seed),
            "recall": one.modern.recall(seed),
            "recall_above_reference": None if name == reference else one.modern.recall_against(other, seed),
        }
        for name, one in found.items()
    ]


def share_table(found: Mapping[str, ModernLists], seed: int = 0) -> Table:
    """Tabulate the share of modern anime in the lists, beside their share in what people liked."""
    return [
        {
            "model": name,
            "share_shown": one.shown_share(seed),
            "share_liked": one.liked_share(seed),
            "ratio": one.share_ratio(seed),
        }
        for name, one in found.items()
    ]


def _measure(
    lists: Sequence[NDArray[np.int64]],
    split: Split,
    facts: AnimeFacts,
    modern_ids: NDArray[np.int64],
    n: int,
) -> ModernLists:
    liked = [user.hidden_ids[user.hidden_scores >= LIKED] for user in split.unseen]
    liked_modern = [ids[np.isin(ids, modern_ids)] for ids in liked]
    asked = [
        (_only(user, ids), shown)
        for user, ids, shown in zip(split.unseen, liked_modern, lists, strict=True)
        if len(ids)
    ]
    return ModernLists(
        whole=measure_lists(lists, split, facts, n),
        modern=measure_lists(
            [shown for _, shown in asked], Split(split.train, [user for user, _ in asked]), facts, n
        ),
        shown=_lengths(lists),
        shown_modern=_lengths([ids[np.isin(ids, modern_ids)] for ids in lists]),
        liked=_lengths(liked),
        liked_modern=_lengths(liked_modern),
    )


def _only(user: Unseen, hidden_ids: NDArray[np.int64]) -> Unseen:
    """Count nothing but these hidden anime."""
    kept = np.isin(user.hidden_ids, hidden_ids)
    return Unseen(user.given_ids, user.given_scores, user.hidden_ids[kept], user.hidden_scores[kept])


def _lengths(lists: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    return np.array([len(ids) for ids in lists], dtype=np.float64)
