"""How far a member has come in `/start`: what was asked, what comes next, and when it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from hakken.recommend.recommender import Member

SCORES, QUESTIONS = 10, 20
"""A round of questions ends with so many scores, or after so many questions."""


@dataclass(frozen=True, slots=True)
class InterviewProgress:
    """Where a member's interview stands. After one round there may be another, with further anime."""

    asked: tuple[int, ...]
    """Ids of the anime that were asked about in all rounds, in this order."""
    passed: tuple[int, ...]
    """Those of them that the member has not rated."""
    ahead: tuple[int, ...]
    """Ids of the anime that may still be asked about, the next first."""
    scored: int = 0
    """How many of the round's questions were answered by a score."""
    put: int = 0
    """How many questions the round has had."""

    @property
    def over(self) -> bool:
        """Whether the round is at its end."""
        return self.scored >= SCORES or self.put >= QUESTIONS or not self.ahead

    @property
    def goal(self) -> int:
        """With how many scores the round ends; fewer than ten where there is not so much left to ask."""
        return min(SCORES, self.scored + len(self.ahead))

    def next_round(self) -> Self:
        """The same at the beginning of another round."""
        return replace(self, scored=0, put=0)


def standing(questions: Sequence[int], asked: Sequence[int], member: Member) -> InterviewProgress:
    """Where an interview stands.

    What the member has rated is not asked about, nor what they have turned down.

    Args:
        questions: ids of the anime to ask about, the best first.
        asked: ids of those that the member was asked about already.
        member: what is known of them now.
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
