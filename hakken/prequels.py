"""What each anime continues: by typed relations where there are any, otherwise by its title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from hakken.anime import Anime
from hakken.part_titles import PartTitle, same_ending, tells_of_a_recap

__all__ = ["Continuity", "Kind", "continuity", "when"]

Kind = Literal["season", "film", "extra", "clip", "recap"]

_NEW_TELLING = 1.3
"""So many times the members of what went before: people evidently watch it without."""
_SHORT = 0.05
"""Which share of a series' members at most know its recap films and its shorts."""
_LONG_RUNNER = 100
"""Episodes from which on a series' films are stories of their own, not recaps."""
_MOST_WORDS = 30
"""Words of a title that are compared."""


@dataclass(frozen=True, slots=True)
class Continuity:
    """How the anime of a catalogue hang together."""

    before: dict[int, tuple[int, ...]]
    """What each anime continues directly, by id; may run in circles where typed relations do."""
    kind: dict[int, Kind]
    """What each anime is within its franchise."""
    together: dict[int, set[int]]
    """Ids of anime of the same franchise, one direction sufficing; every anime is a key."""


def continuity(anime: Collection[Anime]) -> Continuity:
    """Read how anime hang together.

    Args:
        anime: all of a catalogue; relations to others are passed over.
    """
    found = Continuity(
        {}, {one.anime_id: _kind(one) for one in anime}, {one.anime_id: set() for one in anime}
    )
    typed = _typed(anime)
    for before, ids in typed.items():
        found.together[before].update(ids)
    for group in _groups(anime):
        _Group(group, typed, found).read()
    return found


def when(anime: Anime) -> tuple[float, int]:
    """What sorts anime by the time when they aired: the year, then the id; unknown years last."""
    return (inf if anime.year is None else anime.year, anime.anime_id)


def _kind(anime: Anime) -> Kind:
    if tells_of_a_recap(anime.title):
        return "recap"
    match anime.type:
        case "TV" | None:
            return "season"
        case "ONA":
            return "season" if anime.episodes is None or anime.episodes > 3 else "extra"
        case "TV Special":
            return "season" if (anime.episodes or 0) > 2 else "extra"
        case "Movie":
            return "film"
        case "Music" | "CM" | "PV":
            return "clip"
        case _:
            return "extra"


def _typed(anime: Collection[Anime]) -> dict[int, set[int]]:
    known = {one.anime_id for one in anime}
    typed = defaultdict[int, set[int]](set)
    for one in anime:
        typed[one.anime_id].update(before for before in one.prequels if before in known)
        for after in one.sequels:
            if after in known:
                typed[after].add(one.anime_id)
    return {after: ids - {after} for after, ids in typed.items() if ids - {after}}


def _groups(anime: Collection[Anime]) -> Iterable[list[Anime]]:
    """Anime that may belong together, each group in the order of time."""
    by_title = {PartTitle.of(one.title).words: one for one in sorted(anime, key=when, reverse=True)}
    groups = defaultdict[int, list[Anime]](list)
    for one in sorted(anime, key=when):
        home = one
        if one.franchise is None:
            # New seasons are in the catalogue before anybody has joined them to their franchise.
            home = by_title.get(PartTitle.of(one.title).before_number, one)
        groups[-home.anime_id if home.franchise is None else home.franchise].append(one)
    return groups.values()


@dataclass(frozen=True, slots=True)
class _Match:
    anime: Anime
    title: PartTitle
    """The title of the later one that matched."""
    shared: int
    """How many of its words it shares, from ``start`` on; 0 for an ending."""
    start: int = 0

    @property
    def strength(self) -> float:
        """What begins alike belongs together more closely than what is merely named within."""
        return self.shared if self.start == 0 else self.shared / _MOST_WORDS

    @property
    def numbered(self) -> bool:
        return self.title.is_numbered_after(self.start + self.shared)

    @property
    def told_anew(self) -> bool:
        return self.title.retold or self.title.is_first_after(self.start + self.shared)


@dataclass(slots=True)
class _Index:
    """Anime by how their titles begin; of those that begin alike, the one that was put in last."""

    beginnings: dict[tuple[str, ...], Anime] = field(default_factory=dict)
    names: dict[tuple[str, ...], Anime] = field(default_factory=dict)
    endings: dict[str, Anime] = field(default_factory=dict)

    def put(self, anime: Anime, titles: Iterable[PartTitle], start: int = 0) -> None:
        for title in titles:
            for begin in {0, start}:
                words = title.words[begin : begin + _MOST_WORDS]
                for end in range(1, len(words) + 1):
                    if end + begin >= title.head or _is_telling(words[:end]):
                        self.beginnings[words[:end]] = anime
            name = title.words[: title.head]
            if len(name) > 1 or len(name[0]) > 4:
                self.names[name] = anime
            if ending := same_ending(title):
                self.endings[ending] = anime

    def match(self, titles: Sequence[PartTitle]) -> _Match | None:
        if not self.beginnings:
            return None
        return max(
            filter(None, (self._match(title) for title in titles)),
            key=lambda match: match.strength,
            default=None,
        )

    def _match(self, title: PartTitle) -> _Match | None:
        words = title.words[:_MOST_WORDS]
        for end in range(len(words), 0, -1):
            if anime := self.beginnings.get(words[:end]):
                return _Match(anime, title, end)
        for start in range(1, len(words)):
            for end in range(len(words), start, -1):
                if anime := self.names.get(words[start:end]):
                    return _Match(anime, title, end - start, start)
        ending = same_ending(title)
        return _Match(self.endings[ending], title, 0) if ending in self.endings else None


def _is_telling(words: Sequence[str]) -> bool:
    """Whether so many words are hardly shared by chance within a franchise."""
    return len(words) > 2 or (len(words) == 2 and sum(map(len, words)) > 9)


class _Group:
    """Anime that may belong together, read in the order of time."""

    def __init__(self, anime: Sequence[Anime], typed: dict[int, set[int]], found: Continuity) -> None:
        self._anime, self._found = anime, found
        self._typed = typed
        self._is_typed = any(one.anime_id in typed for one in anime)
        self._titles = {one.anime_id: _titles(one) for one in anime} if len(anime) > 1 else {}
        self._seasons, self._films, self._extras = _Index(), _Index(), _Index()
        self._most_known: dict[int, Anime] = {}

    def read(self) -> None:
        if len(self._anime) == 1:
            self._relate(self._anime[0])
            return
        self._join_first_words()
        early = [one for one in self._anime if not self._read(one)]
        for one in early:
            self._read_early(one)

    def _read(self, one: Anime) -> bool:
        """Find what it continues among what aired before it; whether there is no more to find."""
        titles = self._titles[one.anime_id]
        kind = self._found.kind[one.anime_id]
        season = self._seasons.match(titles)
        if kind == "season":
            match = season
            if match and one.type != "TV" and self._is_little_known(one, match.anime):
                kind = self._found.kind[one.anime_id] = "extra"
        else:
            film = self._films.match(titles)
            match = film if film and (not season or film.strength > season.strength) else season
        if kind == "film" and season and match is season and self._is_recap(one, season.anime):
            self._found.kind[one.anime_id] = "recap"
        self._follow(one, match)
        start = match.start if match else 0
        if kind == "season":
            self._seasons.put(one, titles, start)
        elif self._found.kind[one.anime_id] == "film":
            self._films.put(one, titles, start)
        return kind == "season" or match is not None

    def _read_early(self, one: Anime) -> None:
        """Find what it belongs to among what aired later; a pilot must not stand for its series."""
        titles = self._titles[one.anime_id]
        match = self._seasons.match(titles)
        if self._found.kind[one.anime_id] == "film":
            if match and match.anime.year == one.year:
                self._follow(one, match)
            return
        match = match or self._films.match(titles) or self._extras.match(titles)
        self._follow(one, match)
        if not match:
            self._belong(one)
        if self._found.kind[one.anime_id] == "extra":
            self._extras.put(one, titles)

    def _belong(self, one: Anime) -> None:
        """An extra of another name goes with what most people know of its group."""
        main = [other for other in self._anime if self._found.kind[other.anime_id] in ("season", "film")]
        if main and not self._relate(one):
            best = max(main, key=lambda other: other.members)
            self._found.before[one.anime_id] = (best.anime_id,)
            self._found.together[one.anime_id].add(best.anime_id)

    def _follow(self, one: Anime, match: _Match | None) -> None:
        if match:
            self._found.together[one.anime_id].add(match.anime.anime_id)
        if self._relate(one) or not match or self._stands_alone(one, match):
            return
        self._found.before[one.anime_id] = (match.anime.anime_id,)
        self._most_known[one.anime_id] = max(
            one, self._best_known(match.anime), key=lambda other: other.members
        )

    def _relate(self, one: Anime) -> bool:
        """Take what is typed; whether that settles what it continues."""
        if one.anime_id in self._typed:
            self._found.before[one.anime_id] = tuple(sorted(self._typed[one.anime_id]))
            return True
        return self._is_typed and self._found.kind[one.anime_id] == "season"

    def _stands_alone(self, one: Anime, match: _Match) -> bool:
        before = match.anime.members
        return match.told_anew or (not match.numbered and one.members > _NEW_TELLING * before > 0)

    def _best_known(self, one: Anime) -> Anime:
        return self._most_known.get(one.anime_id, one)

    def _is_little_known(self, one: Anime, before: Anime) -> bool:
        return 0 < one.members <= _SHORT * self._best_known(before).members

    def _is_recap(self, one: Anime, before: Anime) -> bool:
        long_runner = (self._best_known(before).episodes or inf) >= _LONG_RUNNER
        # Without a year, its members may have been counted before it aired.
        return one.year is not None and not long_runner and self._is_little_known(one, before)

    def _join_first_words(self) -> None:
        first: dict[str, int] = {}
        for one in self._anime:
            word = self._titles[one.anime_id][0].words[0]
            if len(word) > 3:
                self._found.together[one.anime_id].add(first.setdefault(word, one.anime_id))


def _titles(anime: Anime) -> tuple[PartTitle, ...]:
    titles = (anime.title,) if anime.english in (None, anime.title) else (anime.title, anime.english)
    return tuple(PartTitle.of(title) for title in titles if title)
