"""Why a group gets a pick: genres that it shares and titles that several of its members love."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from hakken.recommender import Member, Recommender

LOVED = 8
"""From this score on a title is loved."""
FEWEST = 3
"""A title is named only where so many love it: what one or two members gave is nobody's business."""
NAMED = 3
"""So many titles are named at most, and so many genres."""
_SIMILAR = 40
_RATED = 3
"""A member with fewer ratings in a genre has no say in it."""


class Reasons:
    """What speaks for picks, of all members together; no reason says whose it is."""

    def __init__(self, recommender: Recommender, members: Sequence[Member]) -> None:
        """Take the members whose ratings count."""
        self._recommender, self._members = recommender, members
        self._lovers = Counter(
            one for member in members for one, score in member.ratings.items() if score >= LOVED
        )
        self._usual = [float(np.mean(list(member.ratings.values()))) for member in members if member.ratings]
        self._shared: dict[str, bool] = {}

    def loved(self, anime_id: int) -> tuple[int, ...]:
        """Similar titles that at least three members love, the most similar first."""
        similar = self._recommender.model.similar(anime_id, _SIMILAR)
        loved = [one.anime_id for one in similar if self._lovers[one.anime_id] >= FEWEST]
        return tuple(loved[:NAMED])

    def genres(self, anime_id: int) -> tuple[str, ...]:
        """Of an anime's genres those that more than half of the members, two at least, like above others."""
        named = self._recommender.catalogue.anime(anime_id).genres
        return tuple(one for one in named if self._is_shared(one))[:NAMED]

    def _is_shared(self, genre: str) -> bool:
        if genre not in self._shared:
            likers = sum(self._likes(member, genre) for member in self._members)
            self._shared[genre] = likers >= 2 and 2 * likers > len(self._members)
        return self._shared[genre]

    def _likes(self, member: Member, genre: str) -> bool:
        catalogue = self._recommender.catalogue
        scores = [score for one, score in member.ratings.items() if genre in catalogue.anime(one).genres]
        return len(scores) >= _RATED and float(np.mean(scores)) > float(
            np.mean(list(member.ratings.values()))
        )
