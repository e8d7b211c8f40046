"""Counts of the anime that members of a group have seen or dismissed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from hakken.recommend.recommender import Member

DISMISSING = 0.1
"""Share of the group; an anime that a larger share dismissed is not shown to the group."""


class Knowledge:
    """How many members have seen each anime."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Count how many of the members, at least one, have seen each anime."""
        self.members = len(members)
        self._seen = Counter(chain.from_iterable(one.seen.union(one.ratings) for one in members))
        dismissed = Counter(chain.from_iterable(one.dismissed for one in members))
        self.dismissed = {one for one, times in dismissed.items() if times > DISMISSING * self.members}
        """Ids of the anime not to show; in a group of fewer than ten, those that any member dismissed."""
        self.by_all = self.by_at_least(self.members)
        """Ids of the anime that every member has seen."""
        self.by_half = self.by_at_least(self.members / 2)
        """Ids of the anime that at least half of the members have seen."""

    def by(self, anime_id: int) -> int:
        """Count the members who have seen it."""
        return self._seen[anime_id]

    def by_at_least(self, least: float) -> set[int]:
        """Return the ids of the anime that at least ``least`` members, and at least one, have seen."""
        return {one for one, times in self._seen.items() if times >= least}
