"""What a group asks for, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hakken.groups.aggregations import DEFAULT, Aggregation

Novelty = Literal["new to all", "new to most", "rewatch"]


@dataclass(frozen=True, slots=True)
class GroupFilters:
    """What a group wants tonight."""

    novelty: Novelty = "new to all"
    """Nobody has seen it; fewer than half have; or whoever has seen it watches it again."""
    hours: float | None = None
    """At most so many, with all that some have to catch up on; see `hakken.catalogue.anime`."""
    one_cour: bool = False
    """Whether it has at most 13 episodes, what television shows in three months."""
    adult: bool = False
    """Whether 18+ may be shown: only where Discord says that all are of age."""
    aggregation: Aggregation = DEFAULT
    floor: float = 5.0
    """What any member is predicted to rate below it is left out, if the aggregation minds misery; 1–10."""


@dataclass(frozen=True, slots=True)
class GroupPick:
    """An anime for a group, with figures of the group, none of a single member; ratings 1–10."""

    anime_id: int
    mean: float
    """Of the members' predicted ratings."""
    lowest: float
    highest: float
    new_to: int = 0
    """How many members have not seen it."""
    episodes: int | None = None
    hours: float | None = None
    """Of this part alone, an estimate; None where its episodes are not known."""
    catching_up: float | None = 0.0
    """Hours of earlier parts that some have not seen; None where episodes of one are not known."""
    in_place_of: int | None = None
    """The later part of its franchise that it stands in for."""
    genres: tuple[str, ...] = ()
    """Of its genres those that more than half of the group rate above what they rate otherwise."""
    loved: tuple[int, ...] = ()
    """Similar titles that at least 3 members gave 8 or more, the most similar first."""


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """Picks for a group, and how they came about."""

    picks: list[GroupPick]
    """The best first."""
    personal: int
    """For how many members the picks are personal: they have rated enough; the others count as the crowd."""
    members: int
    floor: float | None
    """The floor that was kept where not enough lay above the one that was asked for; otherwise None."""
    leaning: bool
    """Whether some members counted noticeably more than others."""
    predicted: NDArray[np.float64]
    """The members' predicted ratings of the picks, 1–10, shape (n_members, n_picks)."""
    best: NDArray[np.float64]
    """What each member is predicted to give what they alone would choose.

    Of the thousand anime that the group could watch and wants most; whatever others think of it. 1–10, NaN
    where there is nothing; shape (n_members,).
    """
