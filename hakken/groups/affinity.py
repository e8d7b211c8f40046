"""Compare two members' tastes, and find anime that one can recommend to the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hakken.model.rows import rows_of
from hakken.ratings.ids import anime_ids_of
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.shown_ratings import ShownRating

LEAST_COMMON = 5
"""Minimum number of common ratings; with fewer, a correlation says nothing."""
SHRINK = 50
"""Number of common ratings at which the correlation is halved, by the factor n/(n + 50). This follows the
significance weighting of Herlocker et al., *An Algorithmic Framework for Performing Collaborative Filtering*,
SIGIR 1999, which is n/50 up to 50."""
STRANGERS = 0.11
"""How much two random people's tastes truly differ: the standard deviation of Fisher's z beyond what the
number of common ratings explains; `python -m benchmarks.strangers` measures it."""
SHOWN = 5
"""How many anime are listed that both love, and how many on which they differ."""
LOVED = 8
"""Minimum score at which an anime counts as loved."""
_APART = 2
"""Minimum difference in points that counts as a disagreement."""
_CENTRAL = 0.9
"""Share of random pairs that lie within the range called chance."""
_LEAST_PLEASURE = 6.0


@dataclass(frozen=True, slots=True)
class Common:
    """An anime that both have rated, with both ratings, 1–10."""

    anime_id: int
    one: float
    other: float


@dataclass(frozen=True, slots=True)
class Affinity:
    """Similarity of two tastes, −1 to 1."""

    common: tuple[Common, ...]
    """The anime that both have rated, by anime id."""
    correlation: float
    """Unshrunk; 0 if one of them rates all anime alike."""
    match: float
    """The correlation, shrunk: with few common ratings it lies near 0."""
    chance: tuple[float, float]
    """The range of the matches of 9 in 10 random pairs with as many common ratings."""
    closer_than: float
    """The share of random pairs with as many common ratings that are less alike, 0–1."""

    def both_love(self, n: int) -> list[Common]:
        """List n anime that both love, the highest sum of scores first, then the lowest id."""
        loved = [each for each in self.common if min(each.one, each.other) >= LOVED]
        return sorted(loved, key=lambda each: (-each.one - each.other, each.anime_id))[:n]

    def differ(self, n: int) -> list[Common]:
        """List the n anime whose scores differ most, by at least 2 points; ties by the lowest id."""
        apart = [each for each in self.common if abs(each.one - each.other) >= _APART]
        return sorted(apart, key=lambda each: (-abs(each.one - each.other), each.anime_id))[:n]


@dataclass(frozen=True, slots=True)
class Loan:
    """An anime that one member loved and another should watch."""

    anime_id: int
    """The first part of the franchise that the borrower needs."""
    predicted: float
    """The rating that the borrower is predicted to give it, 1–10."""
    shown: ShownRating
    """That rating as it is shown."""
    loved: int
    """The anime that the lender loved: the same one, or a later part of it."""
    score: float
    """The lender's rating of the loved anime, 8–10."""


def compare(
    recommender: Recommender, one: Mapping[int, float], other: Mapping[int, float], *, adult: bool = False
) -> Affinity | None:
    """Compare two members by the anime that both have rated and the model knows.

    Args:
        recommender: knows the average user's score of each anime.
        one: the first member's ratings by anime id, 1–10.
        other: the second member's ratings, likewise.
        adult: whether anime rated 18+ also count and are shown.

    Returns:
        None if they have fewer than `LEAST_COMMON` anime in common.
    """
    both = np.sort(anime_ids_of(one.keys() & other.keys()))
    both = both[rows_of(both, recommender.model.anime_ids)[1]]
    ids = [each for each in both.tolist() if adult or not recommender.catalogue.anime(each).adult]
    if len(ids) < LEAST_COMMON:
        return None
    # Without any ratings a prediction is the baseline μ + b_i.
    expected = recommender.model.predict({}, ids)
    return affinity([Common(each, one[each], other[each]) for each in ids], expected)


def affinity(common: list[Common], expected: NDArray[np.float64]) -> Affinity:
    """Correlate two members' ratings with the average user's subtracted, r − μ − b_i, and shrink the result.

    The correlation is Pearson's. Liking what everyone likes does not make two members alike. Subtracting
    each member's mean removes how generously they rate.

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
    """Distribution of Fisher's z = artanh r for random pairs: normal, variance 1/(n − 3) + spread².

    Fisher, *On the "Probable Error" of a Coefficient of Correlation Deduced from a Small Sample*, 1921.
    We added the spread. The mean is 0, because what everyone likes is subtracted beforehand.

    Args:
        n_common: number of common ratings, 4 or more.
        spread: the standard deviation of z with unlimited common ratings; 0 for independent tastes.
    """
    return NormalDist(0, math.sqrt(1 / (n_common - 3) + spread**2))


def lend(
    recommender: Recommender, lender: Member, borrower: Member, n: int, *, adult: bool = False
) -> list[Loan]:
    """List anime that the lender loved and the borrower has not seen but should like.

    The n with the highest predicted ratings, then the lender's highest scores, sorted by the shown rating.
    """
    order, known = recommender.order, borrower.seen.union(borrower.ratings)
    loans: dict[int, tuple[int, int]] = {}
    for loved in sorted(lender.ratings, key=lambda each: (-lender.ratings[each], each)):
        first = order.entry(loved, known)
        if lender.ratings[loved] < LOVED or loved in known or first is None:
            continue
        turned_down = not borrower.dismissed.isdisjoint((loved, first))
        allowed = adult or not any(recommender.catalogue.anime(each).adult for each in (loved, first))
        if allowed and not turned_down:
            loans.setdefault(order.franchise(first), (first, loved))
    firsts = anime_ids_of([first for first, _ in loans.values()])
    in_model = rows_of(firsts, recommender.model.anime_ids)[1].tolist()
    predicted = recommender.model.predict(borrower.ratings, firsts.tolist()).tolist()
    least = max(_LEAST_PLEASURE, float(np.mean(list(borrower.ratings.values()) or [0.0])))
    found = sorted(
        (-rating, -lender.ratings[loved], first, loved)
        for (first, loved), rating, is_known in zip(loans.values(), predicted, in_model, strict=True)
        if is_known and rating >= least
    )[:n]
    shown = recommender.shown(borrower.ratings, {first: -rating for rating, _, first, _ in found})
    lent = [Loan(first, -rating, shown[first], loved, -score) for rating, score, first, loved in found]
    return sorted(lent, key=lambda each: -each.shown.middle)
