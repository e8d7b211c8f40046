"""What a list of recommendations is worth to one user, by the ratings that were hidden from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FLOOR = 5.0
"""A recommendation gains by the rating points above this."""
LIKED = 8.0
"""A hidden anime with this score or more should have been recommended."""


def gains(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    """max(score − 5, 0) in rating points; 0 where the score is NaN, for it is not known to be liked."""
    return np.fmax(np.asarray(scores, dtype=np.float64) - FLOOR, 0.0)


def dcg(gained: NDArray[np.float64]) -> float:
    """Σ gain_r / log2(r + 1) over places r = 1, 2 … (Järvelin & Kekäläinen 2002).

    Args:
        gained: in the order of the list, shape (n,).
    """
    return float(gained @ (1.0 / np.log2(np.arange(2, len(gained) + 2))))


def ndcg(shown: NDArray[np.floating], hidden: NDArray[np.floating], n: int = 10) -> float:
    """DCG of a list over that of the best list of n that the hidden ratings allow.

    Args:
        shown: the hidden scores of what was recommended, in its order, NaN where none is, shape (≤ n,).
        hidden: all hidden scores, shape (n_hidden,).
        n: length of the list.

    Returns:
        0–1; NaN where no hidden score gains anything.
    """
    ideal = dcg(np.sort(gains(hidden))[::-1][:n])
    return dcg(gains(shown)) / ideal if ideal else float("nan")


def recall(shown: NDArray[np.floating], hidden: NDArray[np.floating], n: int = 10) -> float:
    """Share of the hidden liked anime that a list of n holds, of as many as it can hold.

    |liked ∩ shown| / min(n, |liked|), so that the best list has 1 however much was hidden.

    Args:
        shown: the hidden scores of what was recommended, NaN where none is, shape (≤ n,).
        hidden: all hidden scores, shape (n_hidden,).
        n: length of the list.

    Returns:
        0–1; NaN where no hidden anime is liked.
    """
    liked = int(np.count_nonzero(hidden >= LIKED))
    return np.count_nonzero(shown >= LIKED) / min(n, liked) if liked else float("nan")


def intra_list_similarity(vectors: sparse.csr_array) -> float:
    """Mean cosine over all pairs of a list: how alike its anime are (Ziegler et al. 2005).

    Args:
        vectors: of the list's anime, of length 1, or 0 where nothing is known: that one's pairs are left out;
            shape (n, n_facts).

    Returns:
        0–1 for vectors without parts below 0; NaN where there is no pair.
    """
    described = vectors[np.diff(vectors.indptr) > 0]
    cosines = (described @ described.T).toarray()[np.triu_indices(described.shape[0], k=1)]
    return float(cosines.mean()) if len(cosines) else float("nan")
