"""What facts say of anime that few have rated: how high they will score, and which anime they are like.

New seasons have no ratings to learn from. Their genres, makers, franchise and the score that they have
elsewhere give them a place among the anime that were learned, until ratings speak for them (Schein et al.,
*Methods and Metrics for Cold-Start Recommendations*, 2002).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from hakken.anime import Anime
from hakken.anime_rows import highest
from hakken.catalogue import Catalogue

Trait = tuple[str, str]
"""A fact that an anime has or has not: its kind (``genre``, ``studio`` …) and its name."""

RIDGE = 10.0
"""How much the regression's coefficients are drawn to 0, in anime with very many raters."""
FRANCHISE_RIDGE = 1.0
"""How much a franchise's own level is drawn to what its facts say, in anime with very many raters."""
COMMON = 5
"""A trait that fewer of the learned anime have counts as a rare one of its kind."""

FRANCHISE_LIKENESS = 2.0
"""How much being of one franchise adds to the cosine of the facts, which is 1 at most."""
SHARPNESS = 4.0
"""The power that likenesses are raised to: the higher, the more the nearest count."""
DOUBT = 0.1
"""Likeness, to that power, that it takes before half the weight is given to an anime's likes."""
KINDS = {"genre": 1.0, "studio": 0.5, "source": 0.3, "type": 0.5, "era": 0.7}
"""How much the kinds of traits count for the cosine, beside how rare a trait is."""

_YEARS = 5
_ROWS_AT_ONCE = 512


def newcomers(catalogue: Catalogue, warm_ids: Collection[int] | NDArray[np.int64]) -> NDArray[np.int64]:
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
        biases: their b_i in rating points, as `hakken.baseline` learned them, shape (n_anime,).
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


def likenesses(
    catalogue: Catalogue,
    warm_ids: NDArray[np.int64],
    cold_ids: NDArray[np.int64],
    raters: NDArray[np.int32],
    n: int,
) -> sparse.csr_array:
    """The warm anime that each cold one is most like, by franchise first, then by the cosine of their facts.

    With likeness l_is = cosine + `FRANCHISE_LIKENESS` within a franchise, the weights of the n highest are
    l_is^p / (δ + Σ l_it^p): what a cold anime has in common with few is told by them alone, and what is like
    nothing gets little.

    Args:
        catalogue: the facts; anime that it lacks are like nothing.
        warm_ids: anime with ratings, shape (n_warm,).
        cold_ids: anime without, shape (n_cold,).
        raters: of the warm ones; of equally like ones the more rated counts, shape (n_warm,).
        n: how many of each, 1 or more.

    Returns:
        Weights above 0, each row's sum below 1, float32 (n_cold, n_warm).
    """
    warm, cold = ([catalogue.anime(one) for one in ids.tolist()] for ids in (warm_ids, cold_ids))
    facts = _directions([*warm, *cold])
    of_warm = facts[: len(warm)].T.toarray()
    franchises = np.array([_franchise(one) for one in warm], np.int64)
    likes, rows = [], []
    for row, one in enumerate(cold):
        if row % _ROWS_AT_ONCE == 0:
            first = len(warm) + row
            cosines = facts[first : first + _ROWS_AT_ONCE] @ of_warm
        alike = cosines[row % _ROWS_AT_ONCE].astype(np.float64)
        if one.franchise is not None:
            alike[franchises == one.franchise] += FRANCHISE_LIKENESS
        best = highest(alike, raters, np.flatnonzero(alike > 0), n)
        weights = alike[best] ** SHARPNESS
        likes.append(weights / (DOUBT + weights.sum()))
        rows.append(best)
    start = np.cumsum([0, *map(len, rows)])
    data = np.concatenate([*likes, np.zeros(0)]).astype(np.float32)
    columns = np.concatenate([*rows, np.zeros(0, np.intp)])
    found = sparse.csr_array((data, columns, start), shape=(len(cold), len(warm)))
    found.sort_indices()
    return found


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


def _traits(one: Anime) -> Iterator[Trait]:
    yield from (("genre", genre) for genre in one.genres)
    yield from (("studio", studio) for studio in one.studios)
    if one.source is not None:
        yield "source", one.source
    if one.type is not None:
        yield "type", one.type
    if one.year is not None:
        yield "era", str(one.year - one.year % _YEARS)


def _regressors(
    learned: Sequence[Anime], anime: Sequence[Anime], weights: NDArray[np.float64]
) -> sparse.csr_array:
    """One, traits and numbers, the learned anime first, shape (n_anime, n_facts)."""
    counts = Counter(trait for one in learned for trait in _known_or_not(one))
    traits = [
        [trait if counts[trait] >= COMMON else (trait[0], "rare") for trait in _known_or_not(one)]
        for one in anime
    ]
    numbers = np.array([_numbers(one) for one in anime])
    known = ~np.isnan(numbers)
    for column, there in zip(numbers.T, known.T, strict=True):
        told = there[: len(learned)]
        values, of_values = column[: len(learned)][told], weights[told]
        # In units of their spread, so that one penalty fits all; what is unknown is as it is on average.
        mean = float(np.average(values, weights=of_values)) if len(values) else 0.0
        spread = float(np.sqrt(np.average((values - mean) ** 2, weights=of_values))) if len(values) else 0.0
        column[:] = np.where(there, (column - mean) / (spread or 1.0), 0.0)
    ones = np.ones((len(anime), 1))
    return sparse.hstack([ones, _matrix(traits)[0], sparse.csr_array(numbers)], format="csr")


def _known_or_not(one: Anime) -> set[Trait]:
    """Traits, and which facts are unknown."""
    traits = set(_traits(one))
    kinds = {kind for kind, _ in traits}
    numbers = zip(("score", "members", "episodes"), _numbers(one), strict=False)
    return (
        traits
        | {(kind, "unknown") for kind in KINDS if kind not in kinds}
        | {(name, "unknown") for name, number in numbers if np.isnan(number)}
    )


def _numbers(one: Anime) -> tuple[float, ...]:
    """NaN where unknown."""
    return (
        one.score if one.score is not None else np.nan,
        np.log(one.members) if one.members > 0 else np.nan,
        np.log(one.episodes) if one.episodes else np.nan,
    )


def _directions(anime: Sequence[Anime]) -> sparse.csr_array:
    """Traits weighed by their kind and by how rare they are, rows of length 1 or 0, float32.

    idf = ln(n / n_t): Spärck Jones, *A statistical interpretation of term specificity*, 1972.
    """
    matrix, kinds = _matrix([set(_traits(one)) for one in anime])
    having = np.asarray(matrix.sum(axis=0))
    rarity = np.log(len(anime) / np.maximum(having, 1))
    weighed = matrix * (rarity * [KINDS[kind] for kind in kinds])
    lengths = sparse.linalg.norm(weighed, axis=1)
    return (sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ weighed).astype(np.float32).tocsr()


def _matrix(traits: Sequence[Collection[Trait]]) -> tuple[sparse.csr_array, list[str]]:
    """1 where an anime has a trait, shape (n_anime, n_traits), and the kind of each trait."""
    names = sorted({trait for some in traits for trait in some})
    columns = {trait: column for column, trait in enumerate(names)}
    rows = [sorted({columns[trait] for trait in some}) for some in traits]
    start = np.cumsum([0, *map(len, rows)])
    flat = np.array([column for row in rows for column in row], np.int64)
    matrix = sparse.csr_array((np.ones(len(flat)), flat, start), shape=(len(traits), len(names)))
    return matrix, [kind for kind, _ in names]


def _franchise(one: Anime) -> int:
    return -1 if one.franchise is None else one.franchise


def _of_franchises(
    learned: Sequence[Anime],
    residuals: NDArray[np.float64],
    weights: NDArray[np.float64],
    asked: Sequence[Anime],
) -> NDArray[np.float64]:
    """Mean residual of the rest of each anime's franchise, shrunk, shape (n_asked,)."""
    sums: Counter[int] = Counter()
    trusts: Counter[int] = Counter()
    own: dict[int, tuple[float, float]] = {}
    for one, residual, weight in zip(learned, residuals.tolist(), weights.tolist(), strict=True):
        if one.franchise is not None:
            sums[one.franchise] += weight * residual
            trusts[one.franchise] += weight
            own[one.anime_id] = (weight * residual, weight)
    found = []
    for one in asked:
        of_own, trust = own.get(one.anime_id, (0.0, 0.0))
        group = _franchise(one)
        found.append((sums[group] - of_own) / (FRANCHISE_RIDGE + trusts[group] - trust))
    return np.array(found)
