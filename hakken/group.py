"""What a group should watch: members' predictions in, a ranking out."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hakken.recommender import Member, Recommender
from hakken.watch_order import WatchOrder
from hakken.wishes import Wishes

_CANDIDATES = 5
"""So many times n are looked at: a part may be unbearable, or need what not all have seen."""


@dataclass(frozen=True, slots=True)
class GroupPick:
    """An anime for a group; ratings 1–10."""

    anime_id: int
    mean: float
    """Of the members' predicted ratings."""
    lowest: float
    highest: float


def average_without_misery(predicted: NDArray[np.float64], floor: float) -> NDArray[np.intp]:
    """Rank by the members' mean, without what would make any of them miserable.

    Masthoff, *Group Recommender Systems*, in: Recommender Systems Handbook, 2011, §21.3.

    Args:
        predicted: ratings 1–10, shape (n_members, n_anime), at least one member.
        floor: anime below it for any member are left out, 1–10.

    Returns:
        Columns, the highest mean first, ties by the highest minimum, then by column.
    """
    lowest = predicted.min(axis=0)
    bearable = np.flatnonzero(lowest >= floor)
    order = np.lexsort((-lowest[bearable], -predicted.mean(axis=0)[bearable]))
    return bearable[order]


def suggest(
    recommender: Recommender,
    members: Sequence[Mapping[int, float]],
    n: int,
    *,
    floor: float,
    seen: Collection[int] = (),
) -> list[GroupPick]:
    """The n anime for a group that its members would rather watch than others, new to all of them.

    Chosen by the mean of the members' matches, each in units of the member's own best, so that nobody speaks
    louder; listed by `average_without_misery` of their predicted ratings. One of each franchise, nothing that
    needs what one of them has not rated, nothing rated 18+.

    Args:
        recommender: knows the members' scores and what must be seen before what.
        members: their ratings by anime id, 1–10; at least one member.
        n: how many at most.
        floor: see `average_without_misery`.
        seen: anime ids that any of them has seen without rating them.
    """
    n_anime = len(recommender.model.anime_ids)
    predicted, wanted = np.empty((len(members), n_anime)), np.zeros(n_anime)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for row, one in zip(predicted, threads.map(recommender.model.scores, members), strict=True):
            row[:] = one.predicted
            best = one.match.max()
            if best > 0:  # who would watch nothing at all has no say in what they would rather watch
                wanted += one.match / best
    bearable = predicted.min(axis=0) >= floor
    # Only what they know counts here; how they rated it stands in the scores.
    everyone = Member(ratings=dict.fromkeys(set().union(*members), 0.0), seen=frozenset(seen))
    worth = np.where(bearable, wanted, -np.inf)
    candidates = recommender.candidates(everyone, Wishes(), worth, n * _CANDIDATES)
    ids = recommender.model.anime_ids
    fitting = [
        one.row
        for one in candidates
        if bearable[one.row] and _can_begin(recommender.order, int(ids[one.row]), members)
    ]
    rows = np.array(fitting[:n], np.intp)
    chosen = rows[average_without_misery(predicted[:, rows], floor)]
    return [
        GroupPick(
            anime_id=int(ids[row]),
            mean=float(predicted[:, row].mean()),
            lowest=float(predicted[:, row].min()),
            highest=float(predicted[:, row].max()),
        )
        for row in chosen
    ]


def _can_begin(order: WatchOrder, anime_id: int, members: Sequence[Mapping[int, float]]) -> bool:
    """Whether each of them has rated all that it needs."""
    return all(order.entry(anime_id, member) == anime_id for member in members)
