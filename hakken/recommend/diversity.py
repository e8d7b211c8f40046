"""Lists that are not one genre's or one studio's clones."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.anime import Anime
from hakken.catalogue.traits import trait_matrix, traits_of

_COUNTING = frozenset({"genre", "studio"})


def looks(anime: Iterable[Anime]) -> sparse.csr_array:
    """Genres and studios of anime as directions, of length 1, or 0 where nothing is known.

    Args:
        anime: n_anime of them.

    Returns:
        float32 (n_anime, n_traits).
    """
    traits = [{trait for trait in traits_of(one) if trait[0] in _COUNTING} for one in anime]
    matrix, _ = trait_matrix(traits)
    lengths = np.sqrt(np.maximum(matrix.sum(axis=1), 1.0))
    return (sparse.diags_array(1.0 / lengths) @ matrix).astype(np.float32).tocsr()


def diverse(
    worths: NDArray[np.float64], directions: sparse.csr_array, n: int, aversion: float
) -> NDArray[np.intp]:
    """Choose one after the other, each time what is worth most after a deduction for being like the chosen.

    Maximal marginal relevance (Carbonell & Goldstein, *The Use of MMR, Diversity-Based Reranking*, 1998) with
    a deduction in proportion: worth·(1 − a·mean cosine to those chosen).

    Args:
        worths: of the candidates, shape (n_candidates,).
        directions: see `looks`, shape (n_candidates, n_traits).
        n: how many to choose at most.
        aversion: a, 0 (worth alone) to 1.

    Returns:
        Places of the chosen, in the order of their choice.
    """
    dense = directions.toarray()
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
