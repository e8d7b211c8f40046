"""Reasons for a group's picks: genres that it shares and titles that several of its members love."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hakken.recommend.recommender import Member, Recommender

LOVED = 8
"""Minimum score at which a title counts as loved."""
LEAST_MEMBERS = 3
"""Minimum number of members behind what others may see: the ratings of one or two stay private."""
LEAST_GROUP = 5
"""Minimum size of a group for naming titles: in a smaller one, a member who does not love a title would know
that all the others do."""
NAMED = 3
"""Maximum number of titles, and of genres, that are named."""
_SIMILAR = 40
_RATED = 3
"""Minimum number of a member's ratings in a genre for their taste in it to count."""


class Reasons:
    """Reasons for picks, from all members together; no reason reveals who it comes from."""

    def __init__(self, recommender: Recommender, members: Sequence[Member], *, adult: bool) -> None:
        """Count what the members love.

        Args:
            recommender: finds similar titles.
            members: those whose ratings count.
            adult: whether 18+ titles may be named.
        """
        self._recommender, self._members, self._adult = recommender, len(members), adult
        lengths = [len(one.ratings) for one in members]
        ids = np.fromiter(chain.from_iterable(one.ratings for one in members), np.int64, sum(lengths))
        self._scores = np.fromiter(
            chain.from_iterable(one.ratings.values() for one in members), np.float64, sum(lengths)
        )
        self._whose = np.repeat(np.arange(len(members)), lengths)
        rated, self._which = np.unique(ids, return_inverse=True)
        lovers = np.bincount(self._which[self._scores >= LOVED], minlength=len(rated))
        named = lovers >= (LEAST_MEMBERS if len(members) >= LEAST_GROUP else np.inf)
        self._loved = frozenset(rated[named].tolist())
        self._genres = [frozenset(recommender.catalogue.anime(one).genres) for one in rated.tolist()]
        self._usual = self._means(np.ones(len(ids), np.bool_), 1)
        self._shared: dict[str, bool] = {}

    def loved(self, anime_id: int) -> tuple[int, ...]:
        """List similar titles that at least three members love, the most similar first."""
        similar = self._recommender.similar(anime_id, _SIMILAR, adult=self._adult)
        return tuple([one.anime_id for one in similar if one.anime_id in self._loved][:NAMED])

    def genres(self, anime_id: int) -> tuple[str, ...]:
        """List the genres of an anime that more than half of the members, at least two, like above others."""
        named = self._recommender.catalogue.anime(anime_id).genres
        return tuple([one for one in named if self._is_shared(one)][:NAMED])

    def _is_shared(self, genre: str) -> bool:
        if genre not in self._shared:
            of_it = np.array([genre in genres for genres in self._genres], np.bool_)[self._which]
            likers = int(np.count_nonzero(self._means(of_it, _RATED) > self._usual))
            self._shared[genre] = likers >= 2 and 2 * likers > self._members
        return self._shared[genre]

    def _means(self, counting: NDArray[np.bool_], least: int) -> NDArray[np.float64]:
        """Each member's mean of the selected ratings, NaN for fewer than ``least``; shape (n_members,)."""
        counts = np.bincount(self._whose[counting], minlength=self._members)
        sums = np.bincount(self._whose[counting], self._scores[counting], minlength=self._members)
        means = np.full(self._members, np.nan)
        np.divide(sums, counts, out=means, where=counts >= least)
        return means
