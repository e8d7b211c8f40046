"""The evenings protocol: how well groups are served that watch their first pick, evening after evening.

Semi-synthetic: the groups are real users that training never saw, but nobody ever watched together what is
chosen here. A member gives the score that stands on the hidden half of their list, and where there is none
the rating that is predicted from their whole list, which the bot that chooses does not see.
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
"""How many people a group has."""
GROUPS = 40
"""So many groups of each size are drawn over all folds, if there are users enough."""
EVENINGS = 30
KNOWN = 0.5
"""The bot knows this share of each member's ratings, rounded up."""
LEAST_KNOWN = 5
"""Nobody is drawn of whom it would know fewer."""

Told = Mapping[int, float]
"""A member's ratings that the bot knows, 1–10 by anime id."""


@dataclass(frozen=True, slots=True)
class Tonight:
    """What is known of a group when it is to choose; members are numbered from 0 in the order of `told`."""

    told: Sequence[Told]
    watched: frozenset[int]
    """What they have watched together."""
    before: Sequence[Sequence[Served]]
    """How the evenings before served each of them, the newest first."""
    random: np.random.Generator


@dataclass(frozen=True, slots=True)
class Choice:
    """What a group is to watch tonight."""

    anime_id: int
    best: Sequence[float]
    """The predicted rating of each member's own best candidate tonight, 1–10."""


Choose = Callable[[Tonight], Choice | None]
"""None where nothing is left that they could watch."""


@dataclass(frozen=True, slots=True)
class PreparedGroup:
    """What is learned from a rating set before any group meets."""

    ways: Mapping[str, Choose]
    """Ways of choosing to compare, by name."""
    predict: Callable[[Told], Mapping[int, float]]
    """A whole list → predicted ratings, 1–10 by anime id, of everything that may be chosen."""


Prepare = Callable[[Ratings], PreparedGroup]
"""What learns from a rating set to choose and to predict; its ways always have the same names."""


@dataclass(frozen=True, slots=True)
class Friend:
    """A user of a group."""

    told: Told
    own: Mapping[int, float]
    """The scores on the hidden half of their list, 1–10 by anime id."""
    predicted: Mapping[int, float]
    """What stands in for them where there is none, 1–10 by anime id."""

    @classmethod
    def of(cls, user: Unseen, predict: Callable[[Told], Mapping[int, float]]) -> Friend:
        """Predict their verdicts from the whole list."""
        return cls(user.given, user.hidden, predict(user.given | user.hidden))

    def verdict(self, anime_id: int) -> float:
        """The score that they give to what was watched: their own where there is one, else as predicted."""
        return self.own[anime_id] if anime_id in self.own else self.predicted[anime_id]


@dataclass(frozen=True, slots=True)
class Spent:
    """How the evenings served a group, the newest first; one at least."""

    served: Sequence[Sequence[Served]]
    """Each evening's members."""
    own: float
    """Which share of the verdicts are scores of the members' own, 0–1."""


@dataclass(frozen=True)
class WatchPartyScores:
    """How one way of choosing served groups of one size, a row per group.

    Rows of two ways are of the same groups.
    """

    satisfaction: NDArray[np.float64]
    """Each member's mean over the evenings of what they received as a share of their own best, 0–1: that is
    1 − shortfall / best, where best is that of the first evening, the same for all ways; (n_groups, size)."""
    ratings: NDArray[np.float64]
    """Mean score given, 1–10, shape (n_groups, size)."""
    own: NDArray[np.float64]
    """Which share of the scores stood on the members' lists, 0–1, shape (n_groups,)."""

    @classmethod
    def of(cls, groups: Sequence[Spent]) -> WatchPartyScores:
        """From what `spend` returned for each of one or more groups of one size."""
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
        """Satisfaction of the member who was served worst over all evenings, shape (n_groups,)."""
        return np.asarray(self.satisfaction.min(axis=1))

    @property
    def gaps(self) -> NDArray[np.float64]:
        """How much better the best-served member fared than the least-served, shape (n_groups,)."""
        return np.asarray(np.ptp(self.satisfaction, axis=1))


def spend(friends: Sequence[Friend], choose: Choose, random: np.random.Generator, evenings: int) -> Spent:
    """Let a group watch what is chosen for it, evening after evening.

    What was watched is not chosen again. Its scores go to the ledger; the bot does not learn tastes from
    them, so that ways of choosing differ in nothing but what they choose.

    Args:
        friends: one or more.
        choose: what decides.
        random: for a choice that leaves something to chance.
        evenings: how many, or fewer where nothing is left to watch.

    Raises:
        EvaluationError: nothing is there to begin with.
    """
    told = [one.told for one in friends]
    watched: frozenset[int] = frozenset()
    before: list[list[Served]] = []
    for _ in range(evenings):
        choice = choose(Tonight(told, watched, before, random))
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
    """Draw groups at random, as many of each size; nobody is in two of them.

    Args:
        users: of whom; those of whom the bot would know too little are passed over.
        sizes: of the groups.
        most: how many groups of each size at most.
        random: decides who.

    Raises:
        EvaluationError: too few users have long enough a list for one group of each size.
    """
    able = [user for user in users if len(user.given_ids) >= LEAST_KNOWN]
    count = min(most, len(able) // sum(sizes))
    if not count:
        raise EvaluationError(
            f"groups need {sum(sizes)} unseen users of whom {LEAST_KNOWN} ratings or more are known, and "
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
    evenings: int = EVENINGS,
    told: Progress | None = None,
) -> dict[str, dict[int, WatchPartyScores]]:
    """Let groups of unseen users spend their evenings by each way of choosing.

    Args:
        prepare: learns from a training set.
        folds: who is unseen when; what they hide is set by `KNOWN`.
        sizes: of the groups.
        groups: how many of each size at most, over all folds, though one a fold.
        evenings: of each group.
        told: of the progress.

    Returns:
        By way of choosing, then by size.

    Raises:
        EvaluationError: too few users have long enough a list.
    """
    found: dict[str, dict[int, list[Spent]]] = {}
    for fold, split in enumerate(replace(folds, hidden=1 - KNOWN)):
        if told:
            told(f"fold {fold + 1}: evenings", fold / len(folds))
        ready = prepare(split.train)
        seeds = (folds.seed, fold)
        drawn = draw_groups(split.unseen, sizes, max(1, groups // len(folds)), np.random.default_rng(seeds))
        for size, of_size in drawn.items():
            friends = [[Friend.of(user, ready.predict) for user in group] for group in of_size]
            for name, choose in ready.ways.items():
                by_chance = np.random.default_rng((*seeds, size))
                spent = [spend(group, choose, by_chance, evenings) for group in friends]
                found.setdefault(name, {}).setdefault(size, []).extend(spent)
    return {
        name: {size: WatchPartyScores.of(groups_of_size) for size, groups_of_size in by_size.items()}
        for name, by_size in found.items()
    }


def watch_parties_table(
    found: Mapping[str, Mapping[int, WatchPartyScores]], reference: str, seed: int = 0
) -> Table:
    """How each way served groups of each size, and how that compares with the reference; paired.

    Args:
        found: see `measure_watch_parties`.
        reference: one of the ways.
        seed: decides the resamples.
    """
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
