"""Metrics of a user's recommendations, by the ratings that were hidden from the model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FLOOR = 5.0
"""The gain of a recommendation is its rating points above this."""
LIKED = 8.0
"""Minimum score of a liked anime, which should be recommended."""


def gains(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """Compute max(score − 5, 0) in rating points; 0 if the score is NaN, because it is unknown."""
    return np.fmax(np.asarray(scores, dtype=np.float64) - FLOOR, 0.0)


def dcg(gained: NDArray[np.float64]) -> float:
    """Compute Σ gain_r / log2(r + 1) over ranks r = 1, 2 … (Järvelin & Kekäläinen 2002).

    Args:
        gained: gains in the order of the list, shape (n,).
    """
    return float(gained @ (1.0 / np.log2(np.arange(2, len(gained) + 2))))


def ndcg(shown: NDArray[np.floating], hidden: NDArray[np.floating], n: int = 10) -> float:
    """Compute the DCG of a list divided by that of the best list of n that the hidden ratings allow.

    Args:
        shown: hidden scores of the recommended anime, in order, NaN if there is none, shape (≤ n,).
        hidden: all hidden scores, shape (n_hidden,).
        n: length of the list.

    Returns:
        0–1; NaN if no hidden score gains anything.
    """
    ideal = dcg(np.sort(gains(hidden))[::-1][:n])
    return dcg(gains(shown)) / ideal if ideal else float("nan")


def recall(shown: NDArray[np.floating], hidden: NDArray[np.floating], n: int = 10) -> float:
    """Compute the share of the hidden liked anime in a list of n, relative to the maximum it can hold.

    It is |liked ∩ shown| / min(n, |liked|), so that the best list has 1 regardless of the number hidden.

    Args:
        shown: hidden scores of the recommended anime, NaN if there is none, shape (≤ n,).
        hidden: all hidden scores, shape (n_hidden,).
        n: length of the list.

    Returns:
        0–1; NaN if no hidden anime is liked.
    """
    liked = int(np.count_nonzero(hidden >= LIKED))
    return np.count_nonzero(shown >= LIKED) / min(n, liked) if liked else float("nan")


def intra_list_similarity(vectors: sparse.csr_array) -> float:
    """Mean cosine over all pairs of a list: how alike its anime are (Ziegler et al. 2005).

    Args:
        vectors: vectors of the list's anime, of length 1, or 0 if nothing is known, shape (n, n_facts); pairs
            with a vector of length 0 are left out.

    Returns:
        0–1 for vectors without negative components; NaN if there is no pair.
    """
    described = vectors[np.diff(vectors.indptr) > 0]
    cosines = (described @ described.T).toarray()[np.triu_indices(described.shape[0], k=1)]
    return float(cosines.mean()) if len(cosines) else float("nan")
