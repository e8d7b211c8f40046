"""The watch party protocol: how well groups are served that watch their first pick in a series of parties.

The data is semi-synthetic: the groups are real users that training never saw, but they never watched the
chosen anime together. A member's verdict is the score on the hidden half of their list, or otherwise the
rating predicted from their whole list. The bot that chooses does not see the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hakken.errors import EvaluationError
from hakken.evaluation.intervals import mean
from hakken.evaluation.report import Table
from hakken.evaluation.splits import Folds, Unseen
from hakken.groups.fairness import Served
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

SIZES = (2, 3, 5, 8)
"""Group sizes."""
GROUPS = 40
"""Number of groups of each size over all folds, if there are enough users."""
PARTIES = 30
"""Number of watch parties of each group."""
KNOWN = 0.5
"""Share of each member's ratings that the bot knows, rounded up."""
LEAST_KNOWN = 5
"""Users with fewer known ratings are not sampled."""

KnownRatings = Mapping[int, float]
"""A member's ratings that the bot knows, 1–10 by anime id."""


@dataclass(frozen=True, slots=True)
class Tonight:
    """What is known about a group when it chooses; members are numbered from 0 in the order of `known`."""

    known: Sequence[KnownRatings]
    """Each member's known ratings."""
    watched: frozenset[int]
    """Anime that they have watched together."""
    before: Sequence[Sequence[Served]]
    """How well past watch parties served each member, the newest first."""
    random: np.random.Generator


@dataclass(frozen=True, slots=True)
class Choice:
    """The anime chosen for a watch party."""

    anime_id: int
    best: Sequence[float]
    """The predicted rating of each member's own best candidate, 1–10."""


Choose = Callable[[Tonight], Choice | None]
"""Chooses for a group; None if nothing is left that they could watch."""


@dataclass(frozen=True, slots=True)
class PreparedGroup:
    """Functions learned from a rating set to choose for groups and to predict verdicts."""

    ways: Mapping[str, Choose]
    """Ways of choosing to compare, by name."""
    predict: Callable[[KnownRatings], Mapping[int, float]]
    """Takes a whole list; returns predicted ratings, 1–10 by anime id, of every anime that may be chosen."""


Prepare = Callable[[Ratings], PreparedGroup]
"""Learns from a rating set to choose and to predict; its ways always have the same names."""


@dataclass(frozen=True, slots=True)
class Friend:
    """A user of a group."""

    known: KnownRatings
    """The ratings that the bot knows."""
    own: Mapping[int, float]
    """The scores on the hidden half of their list, 1–10 by anime id."""
    predicted: Mapping[int, float]
    """Predicted ratings, used if there is no own score, 1–10 by anime id."""

    @classmethod
    def of(cls, user: Unseen, predict: Callable[[KnownRatings], Mapping[int, float]]) -> Friend:
        """Predict their verdicts from the whole list."""
        return cls(user.given, user.hidden, predict(user.given | user.hidden))

    def verdict(self, anime_id: int) -> float:
        """Return their score of the watched anime: their own if there is one, otherwise the prediction."""
        return self.own[anime_id] if anime_id in self.own else self.predicted[anime_id]


@dataclass(frozen=True, slots=True)
class Spent:
    """How well a group's watch parties served it; at least one."""

    served: Sequence[Sequence[Served]]
    """How well each watch party served each member, the newest first."""
    own: float
    """Share of the verdicts that are the members' own scores, 0–1."""


@dataclass(frozen=True)
class WatchPartyScores:
    """How well a way of choosing served groups of one size, a row per group.

    The same row of two ways belongs to the same group.
    """

    satisfaction: NDArray[np.float64]
    """Each member's received score as a share of their own best, mean over the watch parties, 0–1: that is
    1 − shortfall / best, where best is that of the first party, the same for all ways; (n_groups, size)."""
    ratings: NDArray[np.float64]
    """Mean score given, 1–10, shape (n_groups, size)."""
    own: NDArray[np.float64]
    """Share of the scores that come from the members' lists, 0–1, shape (n_groups,)."""

    @classmethod
    def of(cls, groups: Sequence[Spent]) -> WatchPartyScores:
        """Make it from the results of `spend` for one or more groups of one size."""
        best = [np.array([one.best for one in group.served[-1]]) for group in groups]
        received = [np.array([[one.received for one in each] for each in group.served]) for group in groups]
        shares = [np.minimum(scores / own, 1) for scores, own in zip(received, best, strict=True)]
        return cls(
            satisfaction=np.array([share.mean(axis=0) for share in shares]),
            ratings=np.array([scores.mean(axis=0) for scores in received]),
            own=np.array([group.own for group in groups]),
        )

    @property
    def means(self) -> NDArray[np.float64]:
        """Mean satisfaction of the members, shape (n_groups,)."""
        return np.asarray(self.satisfaction.mean(axis=1))

    @property
    def least(self) -> NDArray[np.float64]:
        """Satisfaction of the worst-served member over all watch parties, shape (n_groups,)."""
        return np.asarray(self.satisfaction.min(axis=1))

    @property
    def gaps(self) -> NDArray[np.float64]:
        """Difference in satisfaction between the best- and the worst-served member, shape (n_groups,)."""
        return np.asarray(np.ptp(self.satisfaction, axis=1))


def spend(friends: Sequence[Friend], choose: Choose, random: np.random.Generator, parties: int) -> Spent:
    """Simulate a group's watch parties: each time it watches the anime that is chosen for it.

    A watched anime is not chosen again. Its scores count for fairness, but the bot does not learn
    tastes from them, so that ways of choosing differ only in what they choose. There are fewer watch parties
    if nothing is left to watch.

    Raises:
        EvaluationError: the group finds nothing to watch at all.
    """
    known = [one.known for one in friends]
    watched: frozenset[int] = frozenset()
    before: list[list[Served]] = []
    for _ in range(parties):
        choice = choose(Tonight(known, watched, before, random))
        if choice is None:
            break
        watched |= {choice.anime_id}
        served = [
            Served(user_id=place, best=best, received=friend.verdict(choice.anime_id))
            for place, (friend, best) in enumerate(zip(friends, choice.best, strict=True))
        ]
        before = [served, *before]
    if not before:
        raise EvaluationError("a group finds nothing to watch: use a larger rating set or fewer --min-raters")
    own = np.mean([anime_id in one.own for anime_id in watched for one in friends])
    return Spent(before, float(own))


def draw_groups(
    users: Sequence[Unseen], sizes: Sequence[int], most: int, random: np.random.Generator
) -> dict[int, list[list[Unseen]]]:
    """Draw random groups, at most `most` of each size; no user is in two groups.

    Users with too few known ratings are skipped.

    Raises:
        EvaluationError: too few users have a long enough list for one group of each size.
    """
    able = [user for user in users if len(user.given_ids) >= LEAST_KNOWN]
    count = min(most, len(able) // sum(sizes))
    if not count:
        raise EvaluationError(
            f"groups need {sum(sizes)} unseen users with {LEAST_KNOWN} or more known ratings, and "
            f"there are {len(able)} in a fold: use fewer folds or a larger rating set"
        )
    drawn = iter(random.permutation(len(able)).tolist())
    return {size: [[able[next(drawn)] for _ in range(size)] for _ in range(count)] for size in sizes}


def measure_watch_parties(
    prepare: Prepare,
    folds: Folds,
    *,
    sizes: Sequence[int] = SIZES,
    groups: int = GROUPS,
    parties: int = PARTIES,
    progress: Progress | None = None,
) -> dict[str, dict[int, WatchPartyScores]]:
    """Simulate the watch parties of groups of unseen users with each way of choosing.

    `groups` is the maximum number of each size over all folds, but at least one per fold is drawn. Return
    scores by way of choosing, then by size.

    Raises:
        EvaluationError: too few users have a long enough list.
    """
    found: dict[str, dict[int, list[Spent]]] = {}
    for fold, split in enumerate(replace(folds, hidden=1 - KNOWN)):
        if progress:
            progress(f"fold {fold + 1}: watch parties", fold / len(folds))
        ready = prepare(split.train)
        seeds = (folds.seed, fold)
        drawn = draw_groups(split.unseen, sizes, max(1, groups // len(folds)), np.random.default_rng(seeds))
        for size, of_size in drawn.items():
            friends = [[Friend.of(user, ready.predict) for user in group] for group in of_size]
            for name, choose in ready.ways.items():
                by_chance = np.random.default_rng((*seeds, size))
                spent = [spend(group, choose, by_chance, parties) for group in friends]
                found.setdefault(name, {}).setdefault(size, []).extend(spent)
    return {
        name: {size: WatchPartyScores.of(groups_of_size) for size, groups_of_size in by_size.items()}
        for name, by_size in found.items()
    }


def watch_parties_table(
    found: Mapping[str, Mapping[int, WatchPartyScores]], reference: str, seed: int = 0
) -> Table:
    """Tabulate how well each way served groups of each size, compared with the reference; paired."""
    return [
        {
            "people": size,
            "groups": len(one.means),
            "chosen_by": name,
            "least_served": mean(one.least, seed),
            "least_served_above_reference": None
            if name == reference
            else mean(one.least - other.least, seed),
            "mean": mean(one.means, seed),
            "mean_above_reference": None if name == reference else mean(one.means - other.means, seed),
            "gap": mean(one.gaps, seed),
            "gap_above_reference": None if name == reference else mean(one.gaps - other.gaps, seed),
            "score": mean(one.ratings.mean(axis=1), seed),
            "own_scores": mean(one.own, seed),
        }
        for size, other in found[reference].items()
        for name, one in ((name, by_size[size]) for name, by_size in found.items())
    ]
