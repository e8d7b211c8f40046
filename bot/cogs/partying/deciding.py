"""What the votes decide, and how long an evening takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.store import Contender

SHORTEST, USUAL, LONGEST = timedelta(minutes=30), timedelta(hours=2), timedelta(hours=3)
"""Of an evening: what lasts longer is watched on several."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What won."""

    winner: Contender
    votes: int
    tied: int
    """How many had so many votes; 1 where the winner alone had most."""


def contenders_of(picks: Sequence[Mapping[str, Any]]) -> tuple[Contender, ...]:
    """What a group may decide for, from the picks that a gathering keeps."""
    return tuple(Contender(pick["anime_id"], pick["mean"], pick.get("hours")) for pick in picks)


def decide(contenders: Sequence[Contender], votes: Sequence[int]) -> Decision | None:
    """The one with most votes; of several, the one predicted best for the group, then the first.

    Args:
        contenders: in the order in which they were picked.
        votes: for each of them.

    Returns:
        None where nobody voted.
    """
    most = max(votes, default=0)
    if most == 0:
        return None
    first = [one for one, votes_for in zip(contenders, votes, strict=True) if votes_for == most]
    return Decision(max(first, key=lambda one: one.mean), most, len(first))


def evening_length(hours: float | None) -> timedelta:
    """How long an evening with something of so many hours takes; `USUAL` where that is not known."""
    return USUAL if hours is None else min(max(timedelta(hours=hours), SHORTEST), LONGEST)
