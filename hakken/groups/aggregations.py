"""Ways to make one ranking out of what the members of a group want."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Aggregation = Literal[
    "average", "least misery", "average without misery", "most pleasure", "borda", "proportional"
]
DEFAULT: Aggregation = "average without misery"
FAVOURS: Mapping[Aggregation, str] = MappingProxyType(
    {
        "average": "What pleases most on average, even if somebody would rather not.",
        "least misery": "What the least pleased of you still likes best.",
        "average without misery": "What pleases most on average, without what anybody would dislike.",
        "most pleasure": "What at least one of you would love.",
        "borda": "What stands high on most of your own lists.",
        "proportional": "A list in which everybody finds their fair share.",
    }
)
"""What each of them favours, a sentence for members of at most 100 characters."""

Weights = NDArray[np.floating[Any]]
Utilities = NDArray[np.floating[Any]]


def rank(
    aggregation: Aggregation,
    utilities: Utilities,
    predicted: NDArray[np.floating[Any]],
    n: int,
    *,
    floor: float,
    weights: Weights,
) -> NDArray[np.intp]:
    """Choose n candidates by what the members want, and list them by how they will like them.

    The choice is made by utilities, the list is ordered by the same measure of the predicted ratings. Borda
    and the proportional aggregation have an order of their own: it stays, for a proportional list is fair
    from its beginning.

    Average, least misery, average without misery, most pleasure and Borda: Masthoff, *Group Recommender
    Systems: Combining Individual Models*, in: Recommender Systems Handbook, 2011, §21.3. Proportional:
    EP-FuzzDA, Malecek & Peska, *Fairness-preserving Group Recommendations With User Weighting*, UMAP
    Adjunct 2021.

    Args:
        aggregation: which; only ``average without misery`` minds the floor.
        utilities: how much each member wants each candidate, 0 or more, shape (n_members, n_candidates).
        predicted: the ratings that they would give, 1–10, of the same shape.
        n: how many at most, 0 or more.
        floor: what any member is predicted to rate below it is left out.
        weights: how much each member counts, above 0, 1 on average, shape (n_members,); see `worth`.

    Returns:
        Columns, the best first; ties by the highest mean, the highest minimum, then by column.

    Raises:
        ValueError: an unknown aggregation, a negative n, arrays that do not fit each other.
    """
    _check(aggregation, utilities, predicted, n, weights)
    wanted, liked = utilities.astype(np.float64), predicted.astype(np.float64)
    columns = np.arange(wanted.shape[1])
    if aggregation == "average without misery":
        columns = np.flatnonzero(liked.min(axis=0) >= floor)
        wanted, liked = wanted[:, columns], liked[:, columns]
    if aggregation == "borda":
        return columns[_best(_borda(wanted, weights), wanted, liked, weights)[:n]]
    if aggregation == "proportional":
        return columns[_proportional(wanted, liked, n, weights)]
    chosen = _best(worth(aggregation, wanted, weights), wanted, liked, weights)[:n]
    chosen.sort()
    listed = liked[:, chosen]
    return columns[chosen[_best(worth(aggregation, listed, weights), listed, listed, weights)]]


def worth(aggregation: Aggregation, utilities: Utilities, weights: Weights) -> NDArray[np.float64]:
    """What each candidate is worth to the group, by itself.

    Averages: Σ w_u·x_uc / Σ w_u. Least misery: min x_uc / w_u, so that who weighs more is miserable sooner.
    Most pleasure: max w_u·x_uc. Borda and the proportional aggregation compare candidates with each other:
    theirs is the average here, good for choosing a pool.

    Args:
        aggregation: which.
        utilities: 0 or more, at least one member, shape (n_members, n_candidates).
        weights: above 0, shape (n_members,).

    Returns:
        The higher, the better, shape (n_candidates,).
    """
    counted = weights.astype(utilities.dtype)
    if aggregation == "least misery":
        return np.asarray((utilities / counted[:, None]).min(axis=0), np.float64)
    if aggregation == "most pleasure":
        return np.asarray((utilities * counted[:, None]).max(axis=0), np.float64)
    return np.asarray(counted @ utilities, np.float64) / float(counted.sum())


def _best(
    scores: NDArray[np.float64], wanted: Utilities, liked: NDArray[np.float64], weights: Weights
) -> NDArray[np.intp]:
    """Columns by their scores, the highest first; equal sums may differ in their last bits."""
    keys = (-liked.min(axis=0), -worth("average", wanted, weights), -scores)
    return np.lexsort(tuple(np.round(key, 9) for key in keys))


def _borda(wanted: Utilities, weights: Weights) -> NDArray[np.float64]:
    """Σ w_u·b_uc with b_uc the number of candidates that u wants less; equal ones share their points."""
    points = stats.rankdata(wanted, axis=1) - 1
    return np.asarray(weights @ points, np.float64)


def _proportional(
    wanted: Utilities, liked: NDArray[np.float64], n: int, weights: Weights
) -> NDArray[np.intp]:
    """One after the other, each time what adds most of what somebody is still owed.

    The gain of c is Σ_u max(0, min(x_uc, s_u·T_c − R_u)): s_u is a member's share of all weights, R_u what
    they were given so far, T_c what all were given with c included.
    """
    shares = weights.astype(np.float64) / float(weights.sum())
    given = np.zeros(len(wanted))
    left = np.ones(wanted.shape[1], np.bool_)
    chosen: list[int] = []
    # With equal gains, whatever all want more.
    order = _best(worth("average", wanted, weights), wanted, liked, weights)
    of_all = wanted.sum(axis=0)
    while len(chosen) < min(n, wanted.shape[1]):
        owed = shares[:, None] * (given.sum() + of_all) - given[:, None]
        gains = np.maximum(np.minimum(wanted, owed), 0.0).sum(axis=0)
        ranked = np.round(np.where(left, gains, -np.inf)[order], 9)
        best = int(order[np.argmax(ranked)])
        chosen.append(best)
        left[best] = False
        given += wanted[:, best]
    return np.array(chosen, np.intp)


def _check(
    aggregation: Aggregation,
    utilities: Utilities,
    predicted: NDArray[np.floating[Any]],
    n: int,
    weights: Weights,
) -> None:
    if aggregation not in get_args(Aggregation):
        raise ValueError(f"aggregation must be one of {get_args(Aggregation)}, not {aggregation!r}")
    if n < 0:
        raise ValueError(f"n must be 0 or more, not {n}")
    if not len(utilities) or utilities.shape != predicted.shape or weights.shape != utilities.shape[:1]:
        raise ValueError(
            f"utilities {utilities.shape}, predicted {predicted.shape} and weights {weights.shape} "
            "are not of one group"
        )
