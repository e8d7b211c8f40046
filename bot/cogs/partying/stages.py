"""What an evening has at its stage: the store sets it together with the stage."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from bot.cogs.partying.deciding import Decision, decide, evening_length
from bot.store import Contender, Party

T = TypeVar("T")

RATINGS_OPEN = timedelta(days=2)
"""So long those who were there can rate it."""


def known(value: T | None) -> T:
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
    return known(next(found, None))


def decision_of(party: Party) -> Decision | None:
    """How the votes decided it; None without a vote."""
    votes = party.ballot.votes
    return None if votes is None else decide(party.ballot.answers[: len(votes)], votes)


def end_of(party: Party) -> datetime:
    """When an evening that has a time is over."""
    return known(party.starts_at) + evening_length(winner_of(party).hours)


def watched_at(party: Party) -> datetime:
    """When an evening that is being rated took place: at its time, or else by when it was asked about."""
    return party.starts_at or known(party.next_at) - RATINGS_OPEN
