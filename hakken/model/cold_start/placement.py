"""Places anime with few or no ratings in the model, by the catalogue's facts about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.catalogue import Catalogue
from hakken.model.cold_start import likeness, prior
from hakken.model.neighbours import Neighbours

_FACTS_COUNT = 10
"""Facts count for anime with fewer than this times κ raters."""
_REG_FACTS = 20.0
"""λ of the anime's levels around what their facts say, in ratings: they are nearer to that than to the mean
of all anime, so it is higher than λ_i."""


@dataclass(frozen=True)
class ColdStart:
    """Everything that was learned, including rows for anime without ratings."""

    anime_ids: NDArray[np.int64]
    """Anime ids, ascending, shape (n_anime,)."""
    raters: NDArray[np.int32]
    """Number of raters, 0 for new anime, shape (n_anime,)."""
    biases: NDArray[np.float64]
    """b_i in rating points, with few raters shrunk towards the prior from the facts, shape (n_anime,)."""
    neighbours: Neighbours
    """Neighbours of each anime; the fewer raters it has, the more by its facts."""
    interest: sparse.csr_array
    """B, shape (n_anime, n_anime)."""
    likenesses: sparse.csr_array
    """l of the anime with few raters, shape (n_anime, n_anime)."""

    @classmethod
    def of_rated(
        cls,
        anime_ids: NDArray[np.int64],
        raters: NDArray[np.int32],
        biases: NDArray[np.float64],
        neighbours: Neighbours,
        interest: sparse.csr_array,
    ) -> ColdStart:
        """Make it from what the ratings alone gave, without likenesses."""
        nothing = sparse.csr_array(interest.shape, dtype=np.float32)
        return cls(anime_ids, raters, biases, neighbours, interest, nothing)


def give_places(
    rated: ColdStart, catalogue: Catalogue, *, least_raters: int, likes: int, thin: float, reg_item: float
) -> ColdStart:
    """Add rows for the catalogue's anime without ratings, and facts' say for all anime with few ratings.

    In neighbours and interest alike an anime's ratings count `own_share`, its facts the rest; its ratings
    alone if facts tell of nothing that it is like. Its interest is by facts alone without weights in B.

    Args:
        rated: what was learned from the ratings.
        catalogue: the facts.
        least_raters: minimum number of raters of anime with weights in B.
        likes: maximum number of similar anime for each.
        thin: κ, in raters, 0 or more.
        reg_item: λ_i that the biases were learned with; 0 leaves them as they are.
    """
    anime_ids, raters = rated.anime_ids, rated.raters
    added = prior.cold_start_ids(catalogue, anime_ids)
    ids = np.sort(np.concatenate([anime_ids, added]))
    old = np.searchsorted(ids, anime_ids)
    counts = np.zeros(len(ids), np.int32)
    counts[old] = raters
    reg_facts = max(_REG_FACTS, reg_item) if reg_item else 0.0
    biases = rated.biases * (raters + reg_item) / (raters + reg_facts)  # the mean, shrunk more
    expected = prior.prior(catalogue, anime_ids, biases, raters, ids, reg_item=reg_facts)
    levels = reg_facts / (reg_facts + counts) * expected if reg_facts else np.where(counts, 0.0, expected)
    levels[old] += biases
    known = np.flatnonzero(counts >= least_raters)
    obscure = np.flatnonzero(counts < np.maximum(least_raters, _FACTS_COUNT * thin))
    of_obscure = catalogue, ids[known], ids[obscure], counts[known], likes
    mixtures = _spread(likeness.likenesses(*of_obscure), obscure, known, len(ids))
    alike = _spread(likeness.similarities(*of_obscure), obscure, known, len(ids))
    by_ratings = np.where(np.diff(alike.indptr), own_share(counts, thin), 1.0)
    learned = np.where(counts >= least_raters, by_ratings, 0.0)
    by_reach = _by_reach(mixtures, prior.reach(catalogue, ids))
    weights = _spread(rated.interest, old, old, len(ids))
    return ColdStart(
        anime_ids=ids,
        raters=counts,
        biases=levels,
        neighbours=_with_alike(rated.neighbours, old, alike, by_ratings),
        interest=_times(weights, learned[weights.indices]),
        likenesses=_times(by_reach, np.repeat(1.0 - learned, np.diff(by_reach.indptr))),
    )


def own_share(raters: NDArray[np.int32], thin: float) -> NDArray[np.float64]:
    """Compute min(1.1·n/(n + κ), 1): how much an anime's ratings count beside its facts, shape (n_anime,).

    From 10·κ raters on only the ratings count: facts need not be looked up for all anime.
    """
    counted = (1.0 + 1.0 / _FACTS_COUNT) * raters / np.maximum(raters + thin, 1e-9)
    return np.asarray(np.minimum(counted, 1.0), np.float64)


def _by_reach(mixtures: sparse.csr_array, reach: NDArray[np.float64]) -> sparse.csr_array:
    """Scale the mixtures by reach: an anime less known than those it is like is less interesting."""
    of_likes = mixtures @ reach
    scale = np.divide(reach, of_likes, out=np.zeros(len(reach)), where=of_likes > 0)
    return _times(mixtures, np.repeat(scale, np.diff(mixtures.indptr)))


def _times(matrix: sparse.csr_array, factors: NDArray[np.float64]) -> sparse.csr_array:
    """Multiply each stored entry by its factor; unlike a product of matrices this keeps them in order."""
    data = (matrix.data * factors).astype(np.float32)
    return sparse.csr_array((data, matrix.indices, matrix.indptr), matrix.shape)


def _spread(
    matrix: sparse.csr_array, rows: NDArray[np.intp], columns: NDArray[np.intp], n_anime: int
) -> sparse.csr_array:
    """Copy the entries to these ascending rows and columns of a larger square matrix."""
    counts = np.zeros(n_anime, np.int64)
    counts[rows] = np.diff(matrix.indptr)
    start = np.append(0, np.cumsum(counts))
    return sparse.csr_array((matrix.data, columns[matrix.indices], start), (n_anime, n_anime))


def _with_alike(
    neighbours: Neighbours, old: NDArray[np.intp], alike: sparse.csr_array, own: NDArray[np.float64]
) -> Neighbours:
    """Renumber the neighbours, and mix in those by facts where the ratings do not count alone.

    Args:
        neighbours: those that the ratings gave.
        old: their rows among all anime, shape (n_rated,).
        alike: similarities by facts, shape (n_anime, n_anime).
        own: how much an anime's ratings count beside its facts, 0–1, shape (n_anime,).
    """
    n_anime, kind = len(own), neighbours.similarities.dtype
    small = np.uint16 if n_anime <= 2**16 else np.uint32
    counts = np.zeros(n_anime, np.int64)
    counts[old] = np.diff(neighbours.start)
    start = np.append(0, np.cumsum(counts))
    learned = sparse.csr_array(
        (neighbours.similarities.astype(np.float64), old[neighbours.rows], start), (n_anime, n_anime)
    )
    mixed = np.flatnonzero((own < 1) & ((counts > 0) | (np.diff(alike.indptr) > 0)))
    shares = own[mixed]
    both = (
        sparse.diags_array(shares) @ learned[mixed]
        + sparse.diags_array(1.0 - shares) @ alike[mixed].astype(np.float64)
    ).tocsr()
    similarities = both.data.astype(kind)
    of = np.repeat(np.arange(len(mixed)), np.diff(both.indptr))
    order = np.lexsort((both.indices, -similarities, of))
    place = np.arange(len(of)) - both.indptr[of]
    most = max(int(counts.max(initial=0)), int(np.diff(alike.indptr).max(initial=0)))
    best = order[(similarities[order] > 0) & (place < most)]
    counts[mixed] = np.bincount(of[best], minlength=len(mixed))
    is_mixed = np.zeros(n_anime, np.bool_)
    is_mixed[mixed] = True
    entry_is_mixed = np.repeat(is_mixed, counts)
    kept = ~np.repeat(is_mixed, np.diff(start))
    rows, stored = np.empty(counts.sum(), small), np.empty(counts.sum(), kind)
    rows[~entry_is_mixed], stored[~entry_is_mixed] = learned.indices[kept], neighbours.similarities[kept]
    rows[entry_is_mixed], stored[entry_is_mixed] = both.indices[best], similarities[best]
    return Neighbours(np.append(0, np.cumsum(counts)).astype(np.int64), rows, stored)
