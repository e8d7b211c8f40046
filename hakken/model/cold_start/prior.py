"""A place for anime that few people have rated, from what is told of them.

New seasons have no ratings to learn from. Their genres, makers, franchise and the score that they have
elsewhere say how high they will score, and which of the anime that were learned they are like, until ratings
speak for them (Schein et al., *Methods and Metrics for Cold-Start Recommendations*, 2002).
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
"""How much the regression's coefficients are drawn to 0, in anime with very many raters."""
FRANCHISE_RIDGE = 10.0
"""How much a franchise's own level is drawn to what its facts say, in anime with very many raters."""
COMMON = 5
"""A trait that fewer of the learned anime have counts as a rare one of its kind."""

_NUMBERS = ("score", "members", "episodes")
_FAME = 0.3
"""The power of the members."""
_KNOWN_TO = 100
"""Members that an anime has at least, in effect."""


def cold_start_ids(catalogue: Catalogue, warm_ids: Collection[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Anime without ratings about which the catalogue tells enough to place them.

    Enough is a type other than ``Music``, and a genre or a franchise.

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
    """How far above the mean anime are expected to score, from their facts.

    The learned b_i were drawn to 0 by λ_i; undone, each is the mean of n_i ratings, of variance
    ∝ 1 + λ_i / n_i around what the facts say. So a ridge regression weighs them by n_i / (n_i + λ_i), and
    b_i + λ_i / (n_i + λ_i) · prior_i is the mean of the posterior of an anime with few ratings.
    To the regression comes how far the rest of the franchise lies above it, shrunk; never the anime's own
    residual.

    Args:
        catalogue: the facts; anime that it lacks are of unknown facts.
        anime_ids: what was learned from ratings, shape (n_anime,).
        biases: their b_i in rating points, as `hakken.model.baseline` learned them, shape (n_anime,).
        raters: their n_i, 0 or more, shape (n_anime,).
        wanted: whose prior to give, learned or not, shape (n_wanted,).
        reg_item: λ_i that the biases were learned with, 0 or more.

    Returns:
        Rating points, shape (n_wanted,); 0 where nobody rated anything.
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
    """How many people will come across an anime: what its likes' interest is multiplied by.

    (members + 100)^0.3.

    Args:
        catalogue: the facts.
        anime_ids: shape (n,).

    Returns:
        Above 0, shape (n,).
    """
    members = np.array([catalogue.anime(one).members for one in anime_ids.tolist()], np.float64)
    return np.asarray((members + _KNOWN_TO) ** _FAME)


def ridge(
    facts: sparse.csr_array,
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    penalty: float,
) -> NDArray[np.float64]:
    """The β of least Σ w_i (y_i − x_i·β)² + λ Σ β_f²; the first, the level of all, goes without penalty.

    Hoerl & Kennard, *Ridge Regression: Biased Estimation for Nonorthogonal Problems*, 1970; in closed form.

    Args:
        facts: x, the first column 1 throughout, shape (n, n_facts).
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
    """One, traits and numbers of anime, the learned ones first, shape (n_anime, n_facts)."""
    counts = Counter(trait for one in learned for trait in _described(one))
    traits = [
        [trait if counts[trait] >= COMMON else (trait[0], "rare") for trait in _described(one)]
        for one in anime
    ]
    numbers = np.stack([_standard(column, weights) for column in np.array([*map(_numbers, anime)]).T], axis=1)
    ones = np.ones((len(anime), 1))
    return sparse.hstack([ones, trait_matrix(traits)[0], numbers], format="csr")


def _described(one: Anime) -> set[Trait]:
    """Its traits and its decade, and which facts are unknown."""
    traits = traits_of(one)
    if one.year is not None:
        traits.add(("decade", str(one.year // 10)))
    numbers = {name for name, number in zip(_NUMBERS, _numbers(one), strict=True) if not np.isnan(number)}
    known = {kind for kind, _ in traits} | numbers
    return traits | {(kind, "unknown") for kind in (*KINDS, "decade", *_NUMBERS) if kind not in known}


def _numbers(one: Anime) -> tuple[float, ...]:
    """`_NUMBERS`; NaN where unknown."""
    return (
        math.nan if one.score is None else one.score,
        math.log(one.members) if one.members else math.nan,
        math.log(one.episodes) if one.episodes else math.nan,
    )


def _standard(numbers: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """In units of their spread among the learned, so that one penalty fits all; 0 where unknown."""
    known = ~np.isnan(numbers)
    told = known[: len(weights)]
    if not told.any():
        return np.zeros(len(numbers))
    of_learned, trust = numbers[: len(weights)][told], weights[told]
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
