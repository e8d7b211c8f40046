"""Which anime are like which, by what is told of them and not by who rated them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.traits import KINDS, trait_matrix, traits_of
from hakken.model.rows import highest

COUNTS = dict(zip(KINDS, (1.0, 0.25, 0.5, 0.25), strict=True))
"""How much each kind of traits counts for the cosine, beside how rare a trait is."""
AGE = 0.5
"""Which share of a likeness the years make that lie between two anime; the cosine makes the rest."""
YEARS = 15.0
"""So many years apart, anime are e times less near."""
MAGNITUDES = 8.0
"""Members that differ by so many powers of e make anime e times less like."""
FRANCHISE = 0.5
"""What being of one franchise adds to a likeness, which is 1 at most without."""

_MIXED = 3.0
"""The power of the likenesses in a mixture: the higher, the more the nearest count."""
_ALIKE = 2.0
"""The power of the likenesses among similarities."""
_SIMILARITY = 0.16
"""The similarity of anime with likeness 1. Learned ones, shrunk for their raters, are as low."""
_ROWS_AT_ONCE = 256


def likenesses(
    catalogue: Catalogue,
    warm_ids: NDArray[np.int64],
    cold_ids: NDArray[np.int64],
    raters: NDArray[np.int32],
    n: int,
) -> sparse.csr_array:
    """The warm anime of which a cold one is a mixture: its n most alike, weighed.

    The weights are l_is³ / √(1 + n_s), divided by their sum. A likeness l_is is (the cosine of the traits,
    weighed by how rare they are + how near the years are) / 2, × how near the members are, + ½ within one
    franchise. By √(1 + n_s), the very popular do not drown the others.

    Args:
        catalogue: the facts; anime that it lacks are like nothing.
        warm_ids: anime with ratings, shape (n_warm,).
        cold_ids: anime without, shape (n_cold,).
        raters: n_s of the warm ones, shape (n_warm,).
        n: how many of each, 1 or more.

    Returns:
        Weights above 0, a row's sum 1 or, of what is like nothing, 0; float32 (n_cold, n_warm).
    """
    found = _alike(catalogue, warm_ids, cold_ids, raters, n)
    weights = found.data**_MIXED / np.sqrt(1.0 + raters[found.indices])
    of_rows = np.repeat(np.arange(len(cold_ids)), np.diff(found.indptr))
    sums = np.bincount(of_rows, weights, minlength=len(cold_ids))
    return _with(found, weights / sums[of_rows])


def similarities(
    catalogue: Catalogue,
    warm_ids: NDArray[np.int64],
    cold_ids: NDArray[np.int64],
    raters: NDArray[np.int32],
    n: int,
) -> sparse.csr_array:
    """The warm anime whose ratings speak for a cold one's, on the scale of the similarities that are learned.

    0.16·l_is² of the n most alike, with l as in `likenesses`.

    Args:
        catalogue: the facts; anime that it lacks are like nothing.
        warm_ids: anime with ratings, shape (n_warm,).
        cold_ids: anime without, shape (n_cold,).
        raters: of the warm ones; of equally like ones the more rated count, shape (n_warm,).
        n: how many of each, 1 or more.

    Returns:
        Above 0, below 1, float32 (n_cold, n_warm).
    """
    found = _alike(catalogue, warm_ids, cold_ids, raters, n)
    return _with(found, _SIMILARITY * found.data**_ALIKE)


def _with(found: sparse.csr_array, data: NDArray[np.float64]) -> sparse.csr_array:
    return sparse.csr_array((data.astype(np.float32), found.indices, found.indptr), shape=found.shape)


def _alike(
    catalogue: Catalogue,
    warm_ids: NDArray[np.int64],
    cold_ids: NDArray[np.int64],
    raters: NDArray[np.int32],
    n: int,
) -> sparse.csr_array:
    """l_is of the n most alike, float64 (n_cold, n_warm)."""
    warm, cold = ([catalogue.anime(one) for one in ids.tolist()] for ids in (warm_ids, cold_ids))
    directions = _directions([*warm, *cold])
    traits_of_warm = directions[: len(warm)].T.tocsr().toarray()  # by rows, or each product copies it
    of_warm = _Places(warm)
    found: list[NDArray[np.float64]] = [np.zeros(0)]
    rows: list[NDArray[np.intp]] = [np.zeros(0, np.intp)]
    for first in range(0, len(cold), _ROWS_AT_ONCE):
        some = slice(first, first + _ROWS_AT_ONCE)
        cosines = directions[len(warm) :][some] @ traits_of_warm
        for alike in _Places(cold[some]).likeness(of_warm, cosines).astype(np.float64):
            best = highest(alike, raters, np.flatnonzero(alike > 0), n)
            rows.append(best)
            found.append(alike[best])
    start = np.cumsum([len(some) for some in rows])
    whole = sparse.csr_array(
        (np.concatenate(found), np.concatenate(rows), start), shape=(len(cold), len(warm))
    )
    whole.sort_indices()
    return whole


class _Places:
    """Where anime stand in time and in the public's eye, and what they belong to."""

    def __init__(self, anime: Sequence[Anime]) -> None:
        # NaN where unknown.
        self.years = np.array([one.year or np.nan for one in anime], np.float32)
        self.magnitudes = np.log(np.array([one.members or np.nan for one in anime], np.float32))
        self.franchises = np.array(
            [-1 if one.franchise is None else one.franchise for one in anime], np.int64
        )
        self.described = np.array([bool(one.genres) for one in anime], np.bool_)

    def likeness(self, others: _Places, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """The l of each with each of the others, float32 (n, n_others)."""
        alike = (1 - AGE) * cosines + AGE * _nearness(self.years, others.years, YEARS)
        alike *= _nearness(self.magnitudes, others.magnitudes, MAGNITUDES)
        alike *= self.described[:, None] & others.described  # of the same year is not yet alike
        alike += FRANCHISE * ((self.franchises[:, None] == others.franchises) & (others.franchises >= 0))
        return np.asarray(alike, np.float32)


def _nearness(some: NDArray[np.float32], others: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """exp(−distance / scale); 1/e where one is unknown."""
    apart = np.abs(some[:, None] - others) / np.float32(scale)
    apart[np.isnan(apart)] = 1.0
    return np.asarray(np.exp(-apart))


def _directions(anime: Sequence[Anime]) -> sparse.csr_array:
    """Traits weighed by their kind and by how rare they are, rows of length 1 or 0, float32.

    idf = ln(n / n_t): Spärck Jones, *A statistical interpretation of term specificity*, 1972.
    """
    matrix, traits = trait_matrix([traits_of(one) for one in anime])
    rarity = np.log(len(anime) / matrix.sum(axis=0))
    weighed = matrix * (rarity * [COUNTS[kind] for kind, _ in traits])
    lengths = sparse.linalg.norm(weighed, axis=1)
    return (sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ weighed).astype(np.float32).tocsr()
