"""Likeness of anime by their facts instead of their ratings."""

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
"""Weight of each kind of trait in the cosine; rare traits also weigh more."""
AGE = 0.5
"""Share of the likeness that depends on the years between two anime; the cosine makes up the rest."""
YEARS = 15.0
"""Nearness in time falls by a factor of e per this many years."""
MAGNITUDES = 8.0
"""Likeness falls by a factor of e when members differ by this many powers of e."""
FRANCHISE = 0.5
"""Added to the likeness of anime of one franchise; without it, a likeness is at most 1."""

_MIXED = 3.0
"""Power of the likenesses in a mixture: with a higher power the most alike count more."""
_ALIKE = 2.0
"""Power of the likenesses when converted to similarities."""
_SIMILARITY = 0.16
"""Similarity of anime with likeness 1. Learned similarities, which are shrunk, are as low."""
_ROWS_AT_ONCE = 256


def likenesses(
    catalogue: Catalogue,
    warm_ids: NDArray[np.int64],
    cold_ids: NDArray[np.int64],
    raters: NDArray[np.int32],
    n: int,
) -> sparse.csr_array:
    """Express each cold anime as a mixture of the n warm anime most like it.

    The weights are l_is³ / √(1 + n_s), divided by their sum. A likeness l_is is (the cosine of the traits,
    weighted by their rarity + the nearness of the years) / 2, × the nearness of the members, + ½ within one
    franchise. The √(1 + n_s) keeps very popular anime from dominating.

    Args:
        catalogue: the facts; anime that it lacks have no likeness.
        warm_ids: anime with enough ratings, shape (n_warm,).
        cold_ids: anime with few or no ratings, which may be warm, too, shape (n_cold,).
        raters: n_s of the warm anime, shape (n_warm,).
        n: number of warm anime per cold one, 1 or more.

    Returns:
        Weights above 0, none of an anime to itself; each row sums to 1, or to 0 without any likeness; float32
        (n_cold, n_warm).
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
    """Compute similarities of cold to warm anime, on the scale of the learned similarities.

    They are 0.16·l_is² for the n most alike, with l as in `likenesses`.

    Args:
        catalogue: the facts; anime that it lacks have no likeness.
        warm_ids: anime with enough ratings, shape (n_warm,).
        cold_ids: anime with few or no ratings, which may be warm, too, shape (n_cold,).
        raters: numbers of raters of the warm anime, which break ties, shape (n_warm,).
        n: number of warm anime per cold one, 1 or more.

    Returns:
        Similarities above 0, below 1, none of an anime to itself, float32 (n_cold, n_warm).
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
    """Compute l_is of the n most alike, float64 (n_cold, n_warm)."""
    warm, cold = ([catalogue.anime(one) for one in ids.tolist()] for ids in (warm_ids, cold_ids))
    directions = _directions([*warm, *cold])
    traits_of_warm = directions[: len(warm)].T.tocsr().toarray()  # row-major, so that products do not copy it
    of_warm = _Places(warm)
    found: list[NDArray[np.float64]] = [np.zeros(0)]
    rows: list[NDArray[np.intp]] = [np.zeros(0, np.intp)]
    for first in range(0, len(cold), _ROWS_AT_ONCE):
        some = slice(first, first + _ROWS_AT_ONCE)
        cosines = directions[len(warm) :][some] @ traits_of_warm
        of_some = _Places(cold[some]).likeness(of_warm, cosines).astype(np.float64)
        for one, alike in zip(cold_ids[some], of_some, strict=True):
            alike[warm_ids == one] = 0.0
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
    """Years, popularity and franchises of anime, as arrays."""

    def __init__(self, anime: Sequence[Anime]) -> None:
        # NaN if unknown.
        self.years = np.array([one.year or np.nan for one in anime], np.float32)
        self.magnitudes = np.log(np.array([one.members or np.nan for one in anime], np.float32))
        self.franchises = np.array(
            [-1 if one.franchise is None else one.franchise for one in anime], np.int64
        )
        self.described = np.array([bool(one.genres) for one in anime], np.bool_)

    def likeness(self, others: _Places, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute l of each anime with each of the others, float32 (n, n_others)."""
        alike = (1 - AGE) * cosines + AGE * _nearness(self.years, others.years, YEARS)
        alike *= _nearness(self.magnitudes, others.magnitudes, MAGNITUDES)
        alike *= self.described[:, None] & others.described  # the same year alone does not make anime alike
        alike += FRANCHISE * ((self.franchises[:, None] == others.franchises) & (others.franchises >= 0))
        return np.asarray(alike, np.float32)


def _nearness(some: NDArray[np.float32], others: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Compute exp(−distance / scale); 1/e if a value is unknown."""
    apart = np.abs(some[:, None] - others) / np.float32(scale)
    apart[np.isnan(apart)] = 1.0
    return np.asarray(np.exp(-apart))


def _directions(anime: Sequence[Anime]) -> sparse.csr_array:
    """Traits weighted by kind and rarity, rows of length 1 or 0, float32.

    idf = ln(n / n_t): Spärck Jones, *A statistical interpretation of term specificity*, 1972.
    """
    matrix, traits = trait_matrix([traits_of(one) for one in anime])
    rarity = np.log(len(anime) / matrix.sum(axis=0))
    weighed = matrix * (rarity * [COUNTS[kind] for kind, _ in traits])
    lengths = sparse.linalg.norm(weighed, axis=1)
    return (sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ weighed).astype(np.float32).tocsr()
