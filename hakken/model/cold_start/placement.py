"""Places anime with few or no ratings in the model, by the catalogue's facts about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.catalogue import Catalogue
from hakken.model.cold_start import likeness, prior
from hakken.model.neighbours import Neighbours


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
    """Neighbours of each anime; those of new anime by their facts."""
    interest: sparse.csr_array
    """B, shape (n_anime, n_anime)."""
    likenesses: sparse.csr_array
    """l of the anime without weights in B, shape (n_anime, n_anime)."""

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
    rated: ColdStart, catalogue: Catalogue, *, least_raters: int, likes: int, reg_item: float
) -> ColdStart:
    """Add rows for the catalogue's anime without ratings, and likenesses for all anime with few ratings.

    Args:
        rated: what was learned from the ratings.
        catalogue: the facts.
        least_raters: minimum number of raters of anime with weights in B; the others get likenesses.
        likes: maximum number of similar anime for each.
        reg_item: λ_i that the biases were learned with.
    """
    anime_ids, raters = rated.anime_ids, rated.raters
    added = prior.cold_start_ids(catalogue, anime_ids)
    ids = np.sort(np.concatenate([anime_ids, added]))
    old = np.searchsorted(ids, anime_ids)
    counts = np.zeros(len(ids), np.int32)
    counts[old] = raters
    expected = prior.prior(catalogue, anime_ids, rated.biases, raters, ids, reg_item=reg_item)
    levels = reg_item / (reg_item + counts) * expected if reg_item else np.where(counts, 0.0, expected)
    levels[old] += rated.biases
    known = np.flatnonzero(counts >= least_raters)
    obscure = np.flatnonzero(counts < least_raters)
    of_obscure = catalogue, ids[known], ids[obscure], counts[known], likes
    mixtures = _spread(likeness.likenesses(*of_obscure), obscure, known, len(ids))
    alike = _spread(likeness.similarities(*of_obscure), obscure, known, len(ids))
    return ColdStart(
        anime_ids=ids,
        raters=counts,
        biases=levels,
        neighbours=_with_alike(rated.neighbours, old, alike, counts == 0),
        interest=_spread(rated.interest, old, old, len(ids)),
        likenesses=_by_reach(mixtures, prior.reach(catalogue, ids)),
    )


def _by_reach(mixtures: sparse.csr_array, reach: NDArray[np.float64]) -> sparse.csr_array:
    """Scale the mixtures by reach: an anime less known than those it is like is less interesting."""
    of_likes = mixtures @ reach
    scale = np.divide(reach, of_likes, out=np.zeros(len(reach)), where=of_likes > 0)
    return (sparse.diags_array(scale) @ mixtures).astype(np.float32).tocsr()


def _spread(
    matrix: sparse.csr_array, rows: NDArray[np.intp], columns: NDArray[np.intp], n_anime: int
) -> sparse.csr_array:
    """Copy the entries to these ascending rows and columns of a larger square matrix."""
    counts = np.zeros(n_anime, np.int64)
    counts[rows] = np.diff(matrix.indptr)
    start = np.append(0, np.cumsum(counts))
    return sparse.csr_array((matrix.data, columns[matrix.indices], start), (n_anime, n_anime))


def _with_alike(
    neighbours: Neighbours, old: NDArray[np.intp], similar: sparse.csr_array, new: NDArray[np.bool_]
) -> Neighbours:
    """Renumber the neighbours, and add neighbours of the new anime, the most alike first."""
    n_anime = len(new)
    small = np.uint16 if n_anime <= 2**16 else np.uint32
    kind = neighbours.similarities.dtype
    rows, similarities = [], []
    for row in np.flatnonzero(new):
        span = slice(similar.indptr[row], similar.indptr[row + 1])
        alike = similar.data[span].astype(kind)
        best = np.lexsort((similar.indices[span], -alike))
        best = best[alike[best] > 0]
        rows.append(similar.indices[span][best])
        similarities.append(alike[best])
    counts = np.zeros(n_anime, np.int64)
    counts[old] = np.diff(neighbours.start)
    counts[new] = [len(one) for one in similarities]
    start = np.append(0, np.cumsum(counts))
    all_rows, all_similarities = np.empty(start[-1], small), np.empty(start[-1], kind)
    of_old = np.repeat(~new, counts)
    all_rows[of_old], all_similarities[of_old] = old[neighbours.rows], neighbours.similarities
    if similarities:
        all_rows[~of_old] = np.concatenate(rows)
        all_similarities[~of_old] = np.concatenate(similarities)
    return Neighbours(start.astype(np.int64), all_rows, all_similarities)
