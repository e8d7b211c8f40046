"""What the members of a group have seen, and what some of them do not want to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from hakken.recommend.recommender import Member

DISMISSING = 0.1
"""What a larger share of the group never wants to be shown again is not shown to it."""


class Knowledge:
    """How many members have seen what."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Count.

        Args:
            members: at least one.
        """
        self.members = len(members)
        self._seen = Counter(chain.from_iterable(one.seen.union(one.ratings) for one in members))
        dismissed = Counter(chain.from_iterable(one.dismissed for one in members))
        self.dismissed = {one for one, times in dismissed.items() if times > DISMISSING * self.members}
        """In a group of fewer than ten what any member dismissed."""
        self.by_all = self.by_at_least(self.members)
        """Ids of what every member has seen."""
        self.by_half = self.by_at_least(self.members / 2)
        """Ids of what at least half of the members have seen."""

    def by(self, anime_id: int) -> int:
        """How many have seen it."""
        return self._seen[anime_id]

    def by_at_least(self, least: float) -> set[int]:
        """Ids of what so many members have seen, at least one."""
        return {one for one, times in self._seen.items() if times >= least}
