"""Aggregations: ways to combine the members' preferences into one ranking for the group."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Aggregation = Literal[
    "average", "least misery", "average without misery", "most pleasure", "borda", "proportional"
]
DEFAULT: Aggregation = "average without misery"
FAVOURS: Mapping[Aggregation, str] = MappingProxyType(
    {
        "average": "Best on average, even if someone dislikes it.",
        "least misery": "Best for the person who likes it least.",
        "average without misery": "Best on average, without what anyone would dislike.",
        "most pleasure": "What at least one of you would love.",
        "borda": "High on most of your own lists.",
        "proportional": "A list with something for everyone.",
    }
)
"""What each aggregation favours, as a sentence for members, at most 100 characters."""

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
    """Choose n candidates by the members' utilities, and order them by the predicted ratings.

    The aggregation is applied to the utilities to choose, and to the predicted ratings to order the list.
    Borda and the proportional aggregation keep their own order, because a proportional list is fair from its
    first place on.

    Average, least misery, average without misery, most pleasure and Borda: Masthoff, *Group Recommender
    Systems: Combining Individual Models*, in: Recommender Systems Handbook, 2011, §21.3. Proportional:
    EP-FuzzDA, Malecek & Peska, *Fairness-preserving Group Recommendations With User Weighting*, UMAP
    Adjunct 2021.

    Args:
        aggregation: the aggregation; only ``average without misery`` uses the floor.
        utilities: how much each member wants each candidate, 0 or more, shape (n_members, n_candidates).
        predicted: the predicted ratings, 1–10, of the same shape.
        n: maximum number of candidates, 0 or more.
        floor: candidates that any member is predicted to rate lower are left out.
        weights: how much each member counts, above 0, 1 on average, shape (n_members,); see `worth`.

    Returns:
        Columns, the best first; ties by the highest mean, the highest minimum, then by column.

    Raises:
        ValueError: an unknown aggregation, a negative n, or arrays whose shapes do not match.
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
    """Compute the worth of each candidate to the group, independently of the other candidates.

    Averages: Σ w_u·x_uc / Σ w_u. Least misery: min x_uc / w_u, so that members with more weight are miserable
    sooner. Most pleasure: max w_u·x_uc. Borda and the proportional aggregation compare candidates with each
    other: here they use the average, which is good enough to choose a pool.

    Args:
        aggregation: the aggregation.
        utilities: 0 or more, at least one member, shape (n_members, n_candidates).
        weights: how much each member counts, above 0, shape (n_members,).

    Returns:
        Worths, higher is better, shape (n_candidates,).
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
    """Sort columns by score, the highest first; rounded, as equal sums may differ in their last bits."""
    keys = (-liked.min(axis=0), -worth("average", wanted, weights), -scores)
    return np.lexsort(tuple(np.round(key, 9) for key in keys))


def _borda(wanted: Utilities, weights: Weights) -> NDArray[np.float64]:
    """Compute Σ w_u·b_uc, b_uc being the number of candidates that u wants less; ties share their points."""
    points = np.empty(wanted.shape)
    for at, row in enumerate(wanted):
        in_order = np.sort(row)
        below, not_above = (np.searchsorted(in_order, row, side) for side in ("left", "right"))
        points[at] = (below + not_above - 1) / 2
    return np.asarray(weights @ points, np.float64)


def _proportional(
    wanted: Utilities, liked: NDArray[np.float64], n: int, weights: Weights
) -> NDArray[np.intp]:
    """Choose candidates one by one, each time the one that adds most of the utility that members are owed.

    The gain of c is Σ_u max(0, min(x_uc, s_u·T_c − R_u)): s_u is a member's share of all weights, R_u the
    utility they were given so far, T_c the utility that all members were given with c included.
    """
    shares = weights.astype(np.float64) / float(weights.sum())
    given = np.zeros(len(wanted))
    left = np.ones(wanted.shape[1], np.bool_)
    chosen: list[int] = []
    # Ties in gain go to the candidate with the higher average utility.
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
            "do not belong to one group"
        )
