"""Rules of a watch party: how votes decide, how long it lasts, and fields always set at a given stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.store import Contender, Party

SHORTEST, USUAL, LONGEST = timedelta(minutes=30), timedelta(hours=2), timedelta(hours=3)
"""Lengths of a watch party; a longer anime takes several."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The winner of a vote."""

    winner: Contender
    votes: int
    tied: int
    """How many anime had this many votes; 1 if the winner alone had most."""


def contenders_of(picks: Sequence[Mapping[str, Any]]) -> tuple[Contender, ...]:
    """Make the options of the vote from the picks that a suggestion keeps."""
    return tuple(
        Contender(pick["anime_id"], pick["mean"], pick.get("hours"), pick.get("personal", 0))
        for pick in picks
    )


def decide(contenders: Sequence[Contender], votes: Sequence[int]) -> Decision | None:
    """Choose the anime with most votes; in a tie the best predicted for the group, then the first.

    The votes are in the order of the contenders; None if nobody voted.
    """
    most = max(votes, default=0)
    if most == 0:
        return None
    first = [one for one, votes_for in zip(contenders, votes, strict=True) if votes_for == most]
    return Decision(max(first, key=lambda one: one.mean), most, len(first))


def watch_party_length(hours: float | None) -> timedelta:
    """How long a watch party with an anime of this length takes; `USUAL` if the length is unknown."""
    return USUAL if hours is None else min(max(timedelta(hours=hours), SHORTEST), LONGEST)


T = TypeVar("T")

RATINGS_OPEN = timedelta(days=2)
"""How long members can rate what they watched."""


def require(value: T | None) -> T:
    """Get a value that is always set at the party's stage: the store sets them together.

    Raises:
        LookupError: it is missing, so the row is damaged.
    """
    if value is None:
        raise LookupError("a watch party lacks a value that its stage needs")
    return value


def winner_of(party: Party) -> Contender:
    """Get the anime that was decided on.

    Raises:
        LookupError: nothing was decided.
    """
    found = (one for one in party.ballot.answers if one.anime_id == party.anime_id)
    return require(next(found, None))


def decision_of(party: Party) -> Decision | None:
    """Get the decision by votes; None if there was no vote."""
    votes = party.ballot.votes
    return None if votes is None else decide(party.ballot.answers[: len(votes)], votes)


def end_of(party: Party) -> datetime:
    """When a watch party with a start time ends."""
    return require(party.starts_at) + watch_party_length(winner_of(party).hours)


def watched_at(party: Party) -> datetime:
    """When a watch party that is being rated took place: its start time, or when ratings were asked for."""
    return party.starts_at or require(party.next_at) - RATINGS_OPEN
