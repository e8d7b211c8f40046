"""Watch order: what to watch before and after an anime."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.franchises import franchises
from hakken.catalogue.parts import MAIN, when
from hakken.catalogue.prequels import Continuity, continuity

__all__ = ["WatchOrder"]

_MOST_SKIPPED = 20
"""Maximum number of parts before an anime that are looked at until one is needed."""


class WatchOrder:
    """Derives from a catalogue what must be seen before an anime.

    The typed relations of an anime decide if it has any. Otherwise the titles within a franchise do: a season
    follows the latest earlier season that shares the most first words of its title, a film the latest season
    before it, an OVA or a special the season or film that it belongs to. A part with many more members than
    the part before it stands alone, because it is a remake, unless its title has a number.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Compute the order of all anime.

        Args:
            catalogue: facts; unknown ids in relations are ignored.
        """
        found = continuity(catalogue.values())
        self._franchise = franchises(found.together)
        self._recuts = found.typed.recuts()
        self._place = _places(catalogue, found.before)
        self._before = _needed(found, self._place)
        self._never = frozenset(
            anime_id
            for anime_id, kind in found.kind.items()
            if kind == "recap" or (kind == "clip" and anime_id in self._before)
        )
        self._lines = _lines(found, self._before, self._place)
        self._line_of = {one: line for line, members in self._lines.items() for one in members}
        self._after = defaultdict[int, list[int]](list)
        for one in sorted(catalogue.values(), key=lambda one: (-one.members, one.anime_id)):
            # What comes directly before is also the last of all that comes before: each part follows its own.
            if before := self._before.get(one.anime_id):
                self._after[max(before, key=self._place.__getitem__)].append(one.anime_id)

    def franchise(self, anime_id: int) -> int:
        """Return the number that all anime of a franchise share, its lowest id; or the anime's own id."""
        return self._franchise.get(anime_id, anime_id)

    def entry(self, anime_id: int, seen: Collection[int]) -> int | None:
        """Find the first anime that a member must watch for this one and has not seen.

        Args:
            anime_id: any anime, known or not.
            seen: ids of the anime they have seen; fast as a set, frozenset or dict.

        Returns:
            An anime that it needs, or itself if they have seen all of these; None if nothing is left: it is
            seen, also in another cut, a recap, or a music video of a series that is seen.
        """
        unseen = [one for one in self._all_before(anime_id) if not self._is_seen(one, seen)]
        if unseen:
            return min(unseen, key=self._place.__getitem__)
        return None if anime_id in self._never or self._is_seen(anime_id, seen) else anime_id

    def before(self, anime_id: int) -> list[int]:
        """List all anime that must be seen before an anime, in watch order."""
        return sorted(self._all_before(anime_id), key=self._place.__getitem__)

    def after(self, anime_id: int) -> list[int]:
        """List all anime that come directly after an anime, the best known first."""
        return list(self._after.get(anime_id, ()))

    def following(self, seen: Collection[int]) -> list[tuple[int, int]]:
        """List the next season or film of every series that a member has begun; never a recap.

        Args:
            seen: ids of the anime that a member has seen.

        Returns:
            Pairs of anime: the next after the latest seen, and the seen anime that it continues.
        """
        seen = frozenset(seen)
        # The cut of each that was seen in its place; the last of several films.
        cut = {one: max(cuts) for one, cuts in self._recuts.items() if one not in seen and cuts <= seen}
        known = seen | cut.keys()
        latest: dict[int, int] = {}
        for one in known & self._line_of.keys():
            line = self._line_of[one]
            latest[line] = max(latest.get(line, 0), self._lines[line][one])
        pairs = (self._next(line, place, known) for line, place in latest.items())
        return sorted((after, cut.get(before, before)) for after, before in filter(None, pairs))

    def _is_seen(self, anime_id: int, seen: Collection[int]) -> bool:
        """Return whether an anime is seen, or all that was cut from it, or what it was cut from."""
        return anime_id in seen or (
            anime_id in self._recuts and all(other in seen for other in self._recuts[anime_id])
        )

    def _next(self, line: int, place: int, seen: Collection[int]) -> tuple[int, int] | None:
        for one in islice(self._lines[line], place + 1, None):
            continued = [before for before in self._before.get(one, ()) if before in seen]
            if continued:
                return one, max(continued, key=self._place.__getitem__)
        return None

    def _all_before(self, anime_id: int) -> Iterator[int]:
        met, ahead = {anime_id}, [anime_id]
        while ahead:
            for one in self._before.get(ahead.pop(), ()):
                if one not in met:
                    met.add(one)
                    ahead.append(one)
                    yield one


def _places(catalogue: Catalogue, before: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Number anime so that each comes after the anime it continues, otherwise by the time they aired.

    Cycles, which only typed relations can have, are broken at the anime that aired first.
    """
    after = defaultdict[int, list[int]](list)
    waiting = {one: len(before.get(one, ())) for one in catalogue}
    for one, ids in before.items():
        for other in ids:
            after[other].append(one)
    by_time = [one.anime_id for one in sorted(catalogue.values(), key=when)]
    time = {one: at for at, one in enumerate(by_time)}
    places: dict[int, int] = {}
    free = (one for one in by_time if not waiting[one])
    for first in (*free, *by_time):
        ready = [] if first in places else [time[first]]
        while ready:
            one = by_time[heapq.heappop(ready)]
            if one in places:
                continue
            places[one] = len(places)
            for other in after[one]:
                waiting[other] -= 1
                if waiting[other] == 0:
                    heapq.heappush(ready, time[other])
    return places


def _needed(found: Continuity, place: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """Find the anime that must be seen directly before each.

    What comes before a part that nobody needs takes its place: a recap, a clip, an extra that needs others,
    and what people skip. Another version of the anime never does.
    """
    typed, needed = found.typed, dict[int, tuple[int, ...]]()
    for one, anime in ((one, typed.anime[one]) for one in place):
        direct = dict[int, None]()
        for before in found.before.get(one, ()):
            ahead = [before] if place[before] < place[one] else []
            for _ in range(_MOST_SKIPPED):
                if not ahead:
                    break
                other = ahead.pop()
                if other != before and typed.retells(anime, typed.anime[other]):
                    continue
                kind = found.kind[other]
                is_part = kind in MAIN or (kind == "extra" and other not in needed)
                if is_part and not (one in found.settled and typed.skips(anime, typed.anime[other])):
                    direct[other] = None
                else:
                    ahead.extend(needed.get(other, ()))
        if direct:
            needed[one] = tuple(direct)
    return needed


def _lines(
    found: Continuity, before: Mapping[int, Collection[int]], place: Mapping[int, int]
) -> dict[int, dict[int, int]]:
    """Group the seasons and films by series, in watch order, with their positions."""
    series = franchises({one: before.get(one, ()) for one in place})
    lines = defaultdict[int, dict[int, int]](dict)
    for one in place:
        if one in series and found.kind[one] in MAIN:
            lines[series[one]][one] = len(lines[series[one]])
    return dict(lines)
