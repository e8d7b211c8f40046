"""What a list of recommendations is worth to one user, by the ratings that were hidden from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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
