"""Prior: how high anime with few ratings are expected to score, from their facts.

New seasons have no ratings to learn from. Their genres, makers, franchise and their score elsewhere say how
high they will score and which learned anime they are like, until they have ratings of their own (Schein et
al., *Methods and Metrics for Cold-Start Recommendations*, 2002).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.traits import KINDS, Trait, trait_matrix, traits_of
from hakken.model.cold_start.likeness import likenesses, similarities

__all__ = ["cold_start_ids", "likenesses", "prior", "reach", "similarities"]

RIDGE = 100.0
"""Shrinkage of the regression's coefficients to 0, in anime with very many raters."""
FRANCHISE_RIDGE = 10.0
"""Shrinkage of a franchise's own level to what its facts say, in anime with very many raters."""
COMMON = 5
"""Traits that fewer learned anime have are merged into one rare trait of their kind."""

_NUMBERS = ("score", "members", "episodes")
_FAME = 0.3
"""Power of the number of members in `reach`."""
_KNOWN_TO = 100
"""Added to the number of members in `reach`, as if every anime had at least these."""


def cold_start_ids(catalogue: Catalogue, warm_ids: Collection[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Find the anime without ratings that have enough facts in the catalogue to place them.

    They need a type other than ``Music``, and a genre or a franchise.

    Args:
        catalogue: all facts.
        warm_ids: the anime that have ratings.

    Returns:
        Their ids, ascending, shape (n,).
    """
    warm = {int(anime_id) for anime_id in warm_ids}
    return np.array(
        sorted(
            one.anime_id
            for one in catalogue.values()
            if one.anime_id not in warm
            and one.type not in {None, "Music"}
            and (one.genres or one.franchise is not None)
        ),
        np.int64,
    )


def prior(
    catalogue: Catalogue,
    anime_ids: NDArray[np.int64],
    biases: NDArray[np.floating],
    raters: NDArray[np.int32],
    wanted: NDArray[np.int64],
    *,
    reg_item: float = 5.0,
) -> NDArray[np.float64]:
    """Predict from their facts how far above the mean anime will score.

    λ_i has shrunk the learned b_i to 0. With this undone, each is the mean of n_i ratings, with a variance
    ∝ 1 + λ_i / n_i around what the facts say. So a ridge regression weights them by n_i / (n_i + λ_i), and
    b_i + λ_i / (n_i + λ_i) · prior_i is the posterior mean of an anime with few ratings. The prior adds the
    mean residual of the rest of the franchise, shrunk, but never the anime's own residual.

    Args:
        catalogue: the facts; all facts of anime that it lacks are unknown.
        anime_ids: anime learned from ratings, shape (n_anime,).
        biases: their b_i in rating points, as `hakken.model.baseline` learned them, shape (n_anime,).
        raters: their n_i, 0 or more, shape (n_anime,).
        wanted: anime whose prior to compute, learned or not, shape (n_wanted,).
        reg_item: λ_i that the biases were learned with, 0 or more.

    Returns:
        Rating points, shape (n_wanted,); 0 if there are no ratings at all.
    """
    rated = raters > 0
    ids, counts = anime_ids[rated], raters[rated].astype(np.float64)
    if not len(ids):
        return np.zeros(len(wanted))
    trust = counts / (counts + reg_item)
    levels = biases[rated] / trust
    learned, asked = ([catalogue.anime(one) for one in some.tolist()] for some in (ids, wanted))
    facts = _regressors(learned, [*learned, *asked], trust)
    coefficients = ridge(facts[: len(ids)], levels, trust, RIDGE)
    expected = facts @ coefficients
    residuals = levels - expected[: len(ids)]
    return np.asarray(expected[len(ids) :] + _of_franchises(learned, residuals, trust, asked))


def reach(catalogue: Catalogue, anime_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Estimate how many people will come across an anime, to scale the interest of its mixture.

    It is (members + 100)^0.3.

    Args:
        catalogue: the facts.
        anime_ids: anime ids, shape (n,).

    Returns:
        Reach above 0, shape (n,).
    """
    members = np.array([catalogue.anime(one).members for one in anime_ids.tolist()], np.float64)
    return np.asarray((members + _KNOWN_TO) ** _FAME)


def ridge(
    facts: sparse.csr_array,
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    penalty: float,
) -> NDArray[np.float64]:
    """Find the β that minimises Σ w_i (y_i − x_i·β)² + λ Σ β_f²; the first one, the level, has no penalty.

    Hoerl & Kennard, *Ridge Regression: Biased Estimation for Nonorthogonal Problems*, 1970; in closed form.

    Args:
        facts: x, with a first column of 1, shape (n, n_facts).
        values: y, shape (n,).
        weights: w, above 0, shape (n,).
        penalty: λ, above 0.

    Returns:
        β, shape (n_facts,).
    """
    weighed = facts.T.tocsr() * weights
    normal = (weighed @ facts).toarray()
    normal[np.diag_indices(len(normal))] += np.append(0.0, np.full(len(normal) - 1, penalty))
    return np.asarray(linalg.solve(normal, weighed @ values, assume_a="pos"))


def _regressors(
    learned: Sequence[Anime], anime: Sequence[Anime], weights: NDArray[np.float64]
) -> sparse.csr_array:
    """Regressors of anime: 1, traits and numbers, the learned anime first, shape (n_anime, n_facts)."""
    counts = Counter(trait for one in learned for trait in _described(one))
    traits = [
        [trait if counts[trait] >= COMMON else (trait[0], "rare") for trait in _described(one)]
        for one in anime
    ]
    numbers = np.stack([_standard(column, weights) for column in np.array([*map(_numbers, anime)]).T], axis=1)
    ones = np.ones((len(anime), 1))
    return sparse.hstack([ones, trait_matrix(traits)[0], numbers], format="csr")


def _described(one: Anime) -> set[Trait]:
    """An anime's traits and decade, and which facts are unknown."""
    traits = traits_of(one)
    if one.year is not None:
        traits.add(("decade", str(one.year // 10)))
    numbers = {name for name, number in zip(_NUMBERS, _numbers(one), strict=True) if not np.isnan(number)}
    known = {kind for kind, _ in traits} | numbers
    return traits | {(kind, "unknown") for kind in (*KINDS, "decade", *_NUMBERS) if kind not in known}


def _numbers(one: Anime) -> tuple[float, ...]:
    """An anime's `_NUMBERS`; NaN if unknown."""
    return (
        math.nan if one.score is None else one.score,
        math.log(one.members) if one.members else math.nan,
        math.log(one.episodes) if one.episodes else math.nan,
    )


def _standard(numbers: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardise numbers by the learned anime, so that one penalty fits all; 0 if unknown."""
    known = ~np.isnan(numbers)
    known_of_learned = known[: len(weights)]
    if not known_of_learned.any():
        return np.zeros(len(numbers))
    of_learned, trust = numbers[: len(weights)][known_of_learned], weights[known_of_learned]
    mean = np.average(of_learned, weights=trust)
    spread = np.sqrt(np.average((of_learned - mean) ** 2, weights=trust))
    return np.where(known, (numbers - mean) / (spread or 1.0), 0.0)


def _of_franchises(
    learned: Sequence[Anime],
    residuals: NDArray[np.float64],
    weights: NDArray[np.float64],
    asked: Sequence[Anime],
) -> NDArray[np.float64]:
    """Mean residual of the rest of each anime's franchise, shrunk, shape (n_asked,)."""
    sums: defaultdict[int | None, float] = defaultdict(float)
    trusts: defaultdict[int | None, float] = defaultdict(float)
    own: dict[int, tuple[float, float]] = {}
    for one, residual, weight in zip(learned, residuals.tolist(), weights.tolist(), strict=True):
        sums[one.franchise] += weight * residual
        trusts[one.franchise] += weight
        own[one.anime_id] = (weight * residual, weight)
    found = np.zeros(len(asked))
    for row, one in enumerate(asked):
        if one.franchise is not None:
            of_own, trust = own.get(one.anime_id, (0.0, 0.0))
            rest, trusted = sums[one.franchise] - of_own, trusts[one.franchise] - trust
            found[row] = rest / (FRANCHISE_RIDGE + trusted)
    return found
