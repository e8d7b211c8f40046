"""A member's progress in `/start`: what was asked, what comes next, and when a round ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from hakken.recommend.recommender import Member

SCORES, QUESTIONS = 10, 20
"""A round ends after this many scores, or this many questions."""


@dataclass(frozen=True, slots=True)
class InterviewProgress:
    """A member's progress in the interview. After one round there may be another, with more anime."""

    asked: tuple[int, ...]
    """Ids of the anime asked about in all rounds, in order."""
    passed: tuple[int, ...]
    """Ids of asked anime that the member has not rated."""
    ahead: tuple[int, ...]
    """Ids of the anime that may still be asked about, the next first."""
    scored: int = 0
    """How many of the round's questions were answered with a score."""
    put: int = 0
    """How many questions the round has had."""

    @property
    def over(self) -> bool:
        """Whether the round has ended."""
        return self.scored >= SCORES or self.put >= QUESTIONS or not self.ahead

    @property
    def goal(self) -> int:
        """The number of scores that ends the round; below ten if fewer questions are left."""
        return min(SCORES, self.scored + len(self.ahead))

    def next_round(self) -> Self:
        """Begin another round."""
        return replace(self, scored=0, put=0)


def standing(questions: Sequence[int], asked: Sequence[int], member: Member) -> InterviewProgress:
    """Work out a member's progress in an interview with these questions, the best first.

    It skips anime that the member has rated or turned down.
    """
    known = {*asked, *member.ratings, *member.dismissed}
    now = InterviewProgress(
        asked=tuple(asked),
        passed=tuple(one for one in asked if one not in member.ratings),
        ahead=tuple(one for one in questions if one not in known),
    )
    for anime_id in asked:
        if now.scored >= SCORES or now.put >= QUESTIONS:
            now = now.next_round()
        now = replace(now, scored=now.scored + (anime_id in member.ratings), put=now.put + 1)
    return now
