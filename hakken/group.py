"""What a group should watch: members' predictions in, a ranking out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hakken.model import ItemKNNBaseline


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
    model: ItemKNNBaseline,
    members: Sequence[Mapping[int, float]],
    n: int,
    *,
    floor: float,
    min_raters: int = 0,
    exclude: Collection[int] = (),
) -> list[GroupPick]:
    """The n best anime for a group that none of its members has rated.

    Args:
        model: predicts each member's ratings.
        members: their ratings by anime id, 1–10; at least one member.
        n: how many at most.
        floor: see `average_without_misery`.
        min_raters: leaves out anime that fewer users rated.
        exclude: anime ids to leave out besides.
    """
    seen = set(exclude).union(*members)
    allowed = np.flatnonzero(~np.isin(model.anime_ids, list(seen)) & (model.raters >= min_raters))
    predicted = model.predict_batch(members)[:, allowed]
    best = average_without_misery(predicted, floor)[:n]
    return [
        GroupPick(
            anime_id=int(model.anime_ids[allowed[at]]),
            mean=float(predicted[:, at].mean()),
            lowest=float(predicted[:, at].min()),
            highest=float(predicted[:, at].max()),
        )
        for at in best
    ]
