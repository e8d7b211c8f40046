"""Diversity: keeps lists from being filled by a single genre or studio."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.anime import Anime
from hakken.catalogue.traits import trait_matrix, traits_of

_COUNTING = frozenset({"genre", "studio"})


def trait_vectors(anime: Iterable[Anime]) -> sparse.csr_array:
    """Represent anime by genres and studios as float32 vectors of length 1, or 0 if nothing is known."""
    traits = [{trait for trait in traits_of(one) if trait[0] in _COUNTING} for one in anime]
    matrix, _ = trait_matrix(traits)
    lengths = np.sqrt(np.maximum(matrix.sum(axis=1), 1.0))
    return (sparse.diags_array(1.0 / lengths) @ matrix).astype(np.float32).tocsr()


def diverse(
    worths: NDArray[np.float64], vectors: sparse.csr_array, n: int, aversion: float
) -> NDArray[np.intp]:
    """Choose candidates one by one, each time by worth minus a penalty for similarity to those chosen before.

    This is maximal marginal relevance (Carbonell & Goldstein, *The Use of MMR, Diversity-Based Reranking*,
    1998) with a proportional penalty: worth·(1 − a·mean cosine to those chosen).

    Args:
        worths: worths of the candidates, shape (n_candidates,).
        vectors: the candidates' vectors, see `trait_vectors`, shape (n_candidates, n_traits).
        n: maximum number to choose.
        aversion: a, 0 (worth alone) to 1.

    Returns:
        Indices of the chosen candidates, in the order of choice.
    """
    dense = vectors.toarray()
    worths = np.maximum(worths, 0.0)
    chosen: list[int] = []
    left = np.ones(len(worths), np.bool_)
    likeness = np.zeros(len(worths))
    while len(chosen) < min(n, len(worths)):
        deduction = aversion * likeness / max(len(chosen), 1)
        best = int(np.argmax(np.where(left, worths * (1.0 - deduction), -np.inf)))
        chosen.append(best)
        left[best] = False
        likeness += dense @ dense[best]
    return np.array(chosen, np.intp)
