"""Entry points of a group: for every anime the part of its franchise that the group would watch first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.anime import hours
from hakken.groups.picks import GroupFilters
from hakken.groups.seen import Knowledge
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Recommender

ONE_COUR = 13
"""Maximum number of episodes that television shows in three months."""


class EntryPoint(NamedTuple):
    """An anime that a group can watch next; rows of the model."""

    row: int
    of: int
    """The anime it leads to: itself, or a later part of its franchise."""


class EntryPoints:
    """Finds the anime that a group can watch among those that fit its filters.

    The entry point of an anime is the first part it needs that not all members have seen. If too many have
    seen that part for the group's filters, it is the first part that fewer than half have seen: the others
    have some catching up to do.
    """

    def __init__(self, recommender: Recommender, known: Knowledge, filters: GroupFilters) -> None:
        """Find the suitable anime; entry points are computed on demand."""
        self._recommender, self._order = recommender, recommender.order
        self._known, self._filters = known, filters
        # In large groups both sets are mostly equal, and need not be tried twice.
        self._seen = (known.by_all, known.by_half) if known.by_half != known.by_all else (known.by_all,)
        self._ids: list[int] = recommender.model.anime_ids.tolist()
        self._rows = {one: row for row, one in enumerate(self._ids)}
        self._found: dict[int, EntryPoint | None] = {}
        self.suitable = recommender.suitable(Filters(adult=filters.adult, ecchi=filters.ecchi))
        """Whether each anime is of the wanted kind, seen or not, shape (n_anime,)."""
        self.suitable[[self._rows[one] for one in known.dismissed if one in self._rows]] = False

    def of(self, row: int) -> EntryPoint | None:
        """Return the entry point for this anime; None if nothing fits."""
        if row not in self._found:
            self._found[row] = self._find(row)
        return self._found[row]

    def ranked(
        self,
        rows: NDArray[np.intp],
        among: NDArray[np.bool_] | None = None,
        *,
        after: Iterable[EntryPoint] = (),
    ) -> Iterator[EntryPoint]:
        """Yield the entry points of these anime in the same order, one for each franchise.

        Franchises with an entry point in `after`, an earlier ranking, are left out.
        """
        begun = {self._order.franchise(self._ids[one.row]) for one in after}
        for row in rows.tolist():
            franchise = self._order.franchise(self._ids[row])
            if franchise in begun:
                continue
            found = self.of(row)
            if found is not None and (among is None or among[found.row]):
                begun.add(franchise)
                yield found

    def new_to(self, anime_id: int) -> int:
        """Count the members who have not seen it."""
        return self._known.members - self._known.by(anime_id)

    def catching_up(self, anime_id: int) -> float | None:
        """Hours of the earlier parts that not all members have seen; None if any of them is unknown."""
        needed = [one for one in self._order.before(anime_id) if one not in self._known.by_all]
        each = [hours(self._recommender.catalogue.anime(one)) for one in needed]
        return sum((one for one in each if one is not None), 0.0) if None not in each else None

    def _find(self, row: int) -> EntryPoint | None:
        for seen in self._seen:
            entry = self._order.entry(self._ids[row], seen)
            if entry is None and self._filters.novelty == "rewatch" and self._ids[row] in seen:
                entry = self._ids[row]
            at = None if entry is None else self._rows.get(entry)
            if entry is not None and at is not None and self.suitable[at] and self._fits(entry):
                return EntryPoint(at, row)
        return None

    def _fits(self, anime_id: int) -> bool:
        return self._is_new(anime_id) and self._is_short(anime_id)

    def _is_new(self, anime_id: int) -> bool:
        seen = self._known.by(anime_id)
        if self._filters.novelty == "new to all":
            return seen == 0
        return self._filters.novelty == "rewatch" or 2 * seen < self._known.members

    def _is_short(self, anime_id: int) -> bool:
        most = self._filters.hours
        if most is None and not self._filters.one_cour:
            return True
        anime = self._recommender.catalogue.anime(anime_id)
        if self._filters.one_cour and not 0 < (anime.episodes or 0) <= ONE_COUR:
            return False
        own, before = hours(anime), self.catching_up(anime_id)
        return most is None or (own is not None and before is not None and own + before <= most)
