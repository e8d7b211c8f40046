"""How alike two members' tastes are, and what one can lend the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hakken.model.rows import rows_of
from hakken.recommend.recommender import Member, Recommender

LEAST_COMMON = 5
"""With fewer common ratings a correlation says nothing."""
SHRINK = 50
"""With so many common ratings half of a correlation counts, n/(n + 50). After the significance weighting of
Herlocker et al., *An Algorithmic Framework for Performing Collaborative Filtering*, SIGIR 1999, which is n/50
up to 50."""
STRANGERS = 0.11
"""How far two random people's tastes truly lie apart, as a standard deviation of Fisher's z beyond what the
number of common ratings explains; `python -m benchmarks.strangers` measures it."""
SHOWN = 5
"""Of what both love, and of where they differ, so many are told."""
LOVED = 8
"""From this score on an anime is loved."""
_APART = 2
"""Scores that are fewer points apart are no disagreement."""
_CENTRAL = 0.9
"""So many random pairs lie within what is called chance."""
_LEAST_PLEASURE = 6.0


@dataclass(frozen=True, slots=True)
class Common:
    """An anime that both have rated, 1–10."""

    anime_id: int
    one: float
    other: float


@dataclass(frozen=True, slots=True)
class Affinity:
    """How alike two tastes are, −1 to 1."""

    common: tuple[Common, ...]
    """What both have rated, by anime id."""
    correlation: float
    """As it stands; 0 where one of them makes no difference between anime."""
    match: float
    """Shrunk: what little rests on few common ratings lies near 0."""
    chance: tuple[float, float]
    """Where the matches of 9 in 10 random pairs with as many common ratings lie."""
    closer_than: float
    """The share of random pairs with as many common ratings that are less alike, 0–1."""

    def both_love(self, n: int) -> list[Common]:
        """The n that both love, the highest sum of scores first, then the lowest id."""
        loved = [each for each in self.common if min(each.one, each.other) >= LOVED]
        return sorted(loved, key=lambda each: (-each.one - each.other, each.anime_id))[:n]

    def differ(self, n: int) -> list[Common]:
        """The n whose scores are furthest apart, 2 points at least; ties by the lowest id."""
        apart = [each for each in self.common if abs(each.one - each.other) >= _APART]
        return sorted(apart, key=lambda each: (-abs(each.one - each.other), each.anime_id))[:n]


@dataclass(frozen=True, slots=True)
class Loan:
    """An anime that one member loved and another should watch."""

    anime_id: int
    """The first part that the borrower needs."""
    predicted: float
    """The rating that the borrower would give it, 1–10."""
    loved: int
    """What the lender loved: the same anime, or a later part of it."""
    score: float
    """What the lender gave that, 8–10."""


def compare(
    recommender: Recommender, one: Mapping[int, float], other: Mapping[int, float], *, adult: bool = False
) -> Affinity | None:
    """How alike two members are by the anime that both have rated and the model knows.

    Args:
        recommender: knows how high everyone scores each anime.
        one: ratings by anime id, 1–10.
        other: likewise.
        adult: whether anime rated 18+ count and are shown, too.

    Returns:
        None with fewer than `LEAST_COMMON` in common.
    """
    both = np.array(sorted(one.keys() & other.keys()), dtype=np.int64)
    both = both[rows_of(both, recommender.model.anime_ids)[1]]
    ids = [each for each in both.tolist() if adult or not recommender.catalogue.anime(each).adult]
    if len(ids) < LEAST_COMMON:
        return None
    # Without ratings of one's own a prediction is the baseline μ + b_i.
    expected = recommender.model.predict({}, ids)
    return affinity([Common(each, one[each], other[each]) for each in ids], expected)


def affinity(common: list[Common], expected: NDArray[np.float64]) -> Affinity:
    """Pearson's correlation of what two members give beyond what everyone does, r − μ − b_i, shrunk.

    What both like because everyone does makes nobody alike; how generous each is drops out with their means.

    Args:
        common: at least `LEAST_COMMON` anime.
        expected: μ + b_i of each, 1–10, shape (n,).
    """
    beyond = np.array([(each.one, each.other) for each in common]).T - expected
    centred = beyond - beyond.mean(axis=1, keepdims=True)
    size = math.sqrt(float((centred[0] @ centred[0]) * (centred[1] @ centred[1])))
    correlation = float(np.clip(centred[0] @ centred[1] / size, -1, 1)) if size > 1e-9 else 0.0
    shrink, chance = len(common) / (len(common) + SHRINK), by_chance(len(common))
    edge = math.tanh(chance.inv_cdf((1 + _CENTRAL) / 2)) * shrink
    z = math.copysign(math.inf, correlation) if abs(correlation) == 1 else math.atanh(correlation)
    return Affinity(
        common=tuple(common),
        correlation=correlation,
        match=correlation * shrink,
        chance=(-edge, edge),
        closer_than=chance.cdf(z),
    )


def by_chance(n_common: int, spread: float = STRANGERS) -> NormalDist:
    """How Fisher's z = artanh r of random pairs is distributed: normal, variance 1/(n − 3) + spread².

    Fisher, *On the "Probable Error" of a Coefficient of Correlation Deduced from a Small Sample*, 1921.
    The spread is ours. The mean is 0, for what everyone likes is taken out beforehand.

    Args:
        n_common: common ratings, 4 or more.
        spread: the standard deviation of z with unlimited common ratings; 0 for tastes that have nothing to
            do with each other.
    """
    return NormalDist(0, math.sqrt(1 / (n_common - 3) + spread**2))


def lend(
    recommender: Recommender, lender: Member, borrower: Member, n: int, *, adult: bool = False
) -> list[Loan]:
    """What the lender loved, and the borrower has not seen but should like, the highest prediction first.

    Should like: predicted at least what they give on average, and 6 in any case. One of each franchise, its
    first part that the borrower needs; nothing that they turned down.

    Args:
        recommender: predicts, and knows what must be seen before what.
        lender: who loved it.
        borrower: who is to watch it.
        n: how many at most.
        adult: whether anime rated 18+ are lent, too.
    """
    order, known = recommender.order, borrower.seen.union(borrower.ratings)
    loans: dict[int, tuple[int, int]] = {}
    for loved in sorted(lender.ratings, key=lambda each: (-lender.ratings[each], each)):
        first = order.entry(loved, known)
        if lender.ratings[loved] < LOVED or loved in known or first is None:
            continue
        turned_down = not borrower.dismissed.isdisjoint((loved, first))
        shown = adult or not any(recommender.catalogue.anime(each).adult for each in (loved, first))
        if shown and not turned_down:
            loans.setdefault(order.franchise(first), (first, loved))
    firsts = np.array([first for first, _ in loans.values()], dtype=np.int64)
    in_model = rows_of(firsts, recommender.model.anime_ids)[1].tolist()
    predicted = recommender.model.predict(borrower.ratings, firsts.tolist()).tolist()
    least = max(_LEAST_PLEASURE, float(np.mean(list(borrower.ratings.values()) or [0.0])))
    found = [
        Loan(first, rating, loved, lender.ratings[loved])
        for (first, loved), rating, is_known in zip(loans.values(), predicted, in_model, strict=True)
        if is_known and rating >= least
    ]
    return sorted(found, key=lambda each: (-each.predicted, -each.score, each.anime_id))[:n]
