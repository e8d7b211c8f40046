"""Filters of a group, and the suggestion it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hakken.groups.aggregations import DEFAULT, Aggregation

Novelty = Literal["new to all", "new to most", "rewatch"]


@dataclass(frozen=True, slots=True)
class GroupFilters:
    """Filters of a suggestion for a group."""

    novelty: Novelty = "new to all"
    """How new an anime must be: no member has seen it, fewer than half have, or it may be watched again."""
    hours: float | None = None
    """Maximum hours, including the earlier parts to catch up on; see `hakken.catalogue.anime`."""
    one_cour: bool = False
    """Whether an anime may have at most 13 episodes, the number that television shows in three months."""
    adult: bool = False
    """Whether 18+ anime may be shown: only where Discord says that all members are of age."""
    ecchi: bool = True
    """Whether ecchi anime may be shown."""
    aggregation: Aggregation = DEFAULT
    floor: float = 5.0
    """If the aggregation avoids misery, anime that any member should rate lower are left out; 1–10."""


@dataclass(frozen=True, slots=True)
class GroupPick:
    """An anime for a group, with figures of the whole group, not of single members; ratings 1–10."""

    anime_id: int
    mean: float
    """Mean of the members' predicted ratings."""
    lowest: float
    highest: float
    new_to: int = 0
    """Number of members who have not seen it."""
    episodes: int | None = None
    hours: float | None = None
    """Estimated hours of this part alone; None if its number of episodes is unknown."""
    catching_up: float | None = 0.0
    """Hours of earlier parts that some members have not seen; None if the episodes of a part are unknown."""
    in_place_of: int | None = None
    """The later part of its franchise that it stands in for."""
    genres: tuple[str, ...] = ()
    """Those of its genres that more than half of the group rate above their own average."""
    loved: tuple[int, ...] = ()
    """Similar titles that at least 3 members gave 8 or more, the most similar first."""


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """Picks for a group, and how they were chosen."""

    picks: list[GroupPick]
    """The best first."""
    personal: int
    """Number of members who have rated enough; the others count with the average user's taste."""
    members: int
    floor: float | None
    """The lowered floor if too few anime reached the requested one; otherwise None."""
    weighted: bool
    """Whether some members counted noticeably more than others."""
    predicted: NDArray[np.float64]
    """The members' predicted ratings of the picks, 1–10, shape (n_members, n_picks)."""
    best: NDArray[np.float64]
    """Each member's predicted rating of the anime that they alone would choose.

    They choose among the thousand anime that the group could watch and wants most, regardless of the other
    members. 1–10, NaN if there is nothing to choose from; shape (n_members,).
    """
