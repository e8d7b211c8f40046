"""What an evening has at its stage: the store sets it together with the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.store import Contender, Party

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


def watch_party_length(hours: float | None) -> timedelta:
    """How long an evening with something of so many hours takes; `USUAL` where that is not require."""
    return USUAL if hours is None else min(max(timedelta(hours=hours), SHORTEST), LONGEST)


T = TypeVar("T")

RATINGS_OPEN = timedelta(days=2)
"""So long those who were there can rate it."""


def require(value: T | None) -> T:
    """What must be there at an evening's stage.

    Raises:
        LookupError: it is not, so the row is damaged.
    """
    if value is None:
        raise LookupError("an evening lacks what its stage needs")
    return value


def winner_of(party: Party) -> Contender:
    """What was decided.

    Raises:
        LookupError: nothing was.
    """
    found = (one for one in party.ballot.answers if one.anime_id == party.anime_id)
    return require(next(found, None))


def decision_of(party: Party) -> Decision | None:
    """How the votes decided it; None without a vote."""
    votes = party.ballot.votes
    return None if votes is None else decide(party.ballot.answers[: len(votes)], votes)


def end_of(party: Party) -> datetime:
    """When an evening that has a time is over."""
    return require(party.starts_at) + watch_party_length(winner_of(party).hours)


def watched_at(party: Party) -> datetime:
    """When an evening that is being rated took place: at its time, or else by when it was asked about."""
    return party.starts_at or require(party.next_at) - RATINGS_OPEN
