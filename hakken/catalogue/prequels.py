"""Prequels: finds the anime that each anime continues, by typed relations if available, else by its title."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hakken.catalogue.anime import Anime
from hakken.catalogue.franchises import franchises
from hakken.catalogue.part_titles import PartTitle, same_ending
from hakken.catalogue.parts import MAIN, Kind, when
from hakken.catalogue.typed_relations import TypedRelations

__all__ = ["Continuity", "continuity"]

_NEW_TELLING = 1.4
"""If an anime has this many times the members of the previous part, people evidently watch it on its own."""
_BESIDE = 2
"""If an anime has this many times the members of the previous part, people skip that part."""
_MOST_BESIDE = 20
"""Maximum number of parts that are skipped; a longer row of them is a series of its own."""
_FEW = 0.05
"""Maximum share of a season's members who know its recap films and shorts."""
_GENERATION = 10
"""Minimum years until a year in brackets means a remake; 'Fairy Tail (2014)' is a continuation."""
_LONG_RUNNER = 100
"""Minimum number of episodes of a series whose films are stories of their own, not recaps."""


@dataclass(frozen=True, slots=True)
class Continuity:
    """Relations between the anime of a catalogue."""

    before: dict[int, tuple[int, ...]]
    """Ids of the anime that each continues directly; may have cycles if typed relations have."""
    kind: dict[int, Kind]
    """The kind of each anime within its franchise."""
    together: dict[int, set[int]]
    """Ids of anime of the same franchise, at least in one direction; every anime is a key."""
    typed: TypedRelations
    settled: set[int]
    """Ids of the anime whose typed relations say what they continue; the others are guessed."""


def continuity(anime: Collection[Anime]) -> Continuity:
    """Find the relations between the anime of a catalogue; relations to others are ignored."""
    typed = TypedRelations.of(anime)
    before = {one.anime_id: typed.before(one) for one in anime}
    found = Continuity(
        {one: tuple(sorted(others)) for one, others in before.items() if others},
        typed.kind,
        {one: typed.prequels[one] | others for one, others in before.items()},
        typed,
        {one.anime_id for one in anime if before[one.anime_id] or typed.stands_alone(one)},
    )
    titles = {one.anime_id: PartTitle.of(one.title) for one in anime}
    for group in _groups(found, anime, titles):
        if len(group) > 1:
            _Group(group, titles, found).read()
    return found


def _groups(
    found: Continuity, anime: Collection[Anime], titles: Mapping[int, PartTitle]
) -> Iterable[list[Anime]]:
    """Group the anime that may belong together, each group in the order of airing."""
    by_time = sorted(anime, key=when)
    by_members = sorted(by_time, key=lambda one: one.members)
    whole = {titles[one.anime_id].words: one for one in by_members if found.kind[one.anime_id] in MAIN}
    first: dict[int, int] = {}
    kin: dict[int, set[int]] = {}
    for one in by_time:
        kin[one.anime_id] = joined = set(found.together[one.anime_id])
        if namesake := _namesake(one, titles[one.anime_id], whole, found):
            joined.add(namesake.anime_id)
        if one.franchise is not None:
            joined.add(first.setdefault(one.franchise, one.anime_id))
    number = franchises(kin)
    groups = defaultdict[int, list[Anime]](list)
    for one in by_time:
        groups[number.get(one.anime_id, one.anime_id)].append(one)
    return groups.values()


def _namesake(
    one: Anime, title: PartTitle, whole: Mapping[tuple[str, ...], Anime], found: Continuity
) -> Anime | None:
    """Find the anime that is named like its series, as catalogues do not join all of them to a franchise."""
    for words in title.series():
        other = whole.get(words)
        if other and other is not one and sum(map(len, words)) > 4:
            same_words, at_beginning = words == title.words, words == title.words[: len(words)]
            if same_words and found.kind[one.anime_id] == "clip":
                continue
            if at_beginning or (one.franchise is None and other.franchise is None):
                return other
    if one.franchise is not None and found.kind[one.anime_id] in MAIN:
        return None
    # 'Dragon Ball Z' has neither a number nor a subtitle; two longer words in common are no accident.
    for end in range(len(title.words) - 1, 1, -1):
        other = whole.get(title.words[:end])
        if other and other.franchise is None and sum(map(len, title.words[:end])) > 7:
            return other
    return None


@dataclass(frozen=True, slots=True)
class _Match:
    anime: Anime
    """The earlier anime."""
    title: PartTitle
    """The title of the later anime that matched."""
    shared: int
    """Number of shared words, from ``start`` on; 0 if only the ending matched."""
    start: int = 0

    @property
    def strength(self) -> tuple[int, int]:
        """Sort key: titles with the same beginning match more strongly than titles that contain the other."""
        return (0 if self.start else self.title.telling(self.shared), self.shared)

    @property
    def numbered(self) -> bool:
        return self.title.is_numbered_after(self.start + self.shared)

    @property
    def first(self) -> bool:
        return self.title.is_first_after(self.start + self.shared)


@dataclass(slots=True)
class _Index:
    """Index of anime by the beginning of their titles; for equal beginnings it keeps the last added."""

    beginnings: dict[tuple[str, ...], Anime] = field(default_factory=dict)
    names: dict[tuple[str, ...], Anime] = field(default_factory=dict)
    endings: dict[str, Anime] = field(default_factory=dict)

    def put(self, anime: Anime, titles: Iterable[PartTitle], match: _Match | None = None) -> None:
        """Add an anime by its titles; the words that it shares with an earlier anime name their series."""
        for title in titles:
            self._put(anime, title.words, title.head)
            name = title.words[: title.head]
            if len(name) > 1 or len(name[0]) > 4:
                self.names[name] = anime
            if ending := same_ending(title):
                self.endings[ending] = anime
        # 'Zoku X' comes before 'X San', but a spin-off 'Y: X Gaiden' comes before no part of X.
        if match and match.shared and match.start < match.title.head:
            self._put(anime, match.title.words[match.start :], match.shared)

    def match(self, titles: Sequence[PartTitle]) -> _Match | None:
        """Find the anime whose title has the most similar beginning to one of these."""
        if not self.beginnings:
            return None
        matches = (self._match(title) for title in titles)
        return max(filter(None, matches), key=lambda match: match.strength, default=None)

    def _put(self, anime: Anime, words: tuple[str, ...], named: int) -> None:
        for end in range(1, len(words) + 1):
            if end >= named or _is_telling(words[:end]):
                self.beginnings[words[:end]] = anime

    def _match(self, title: PartTitle) -> _Match | None:
        words = title.words
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
    """Return whether these words are unlikely to be shared by chance within a franchise."""
    return len(words) > 2 or (len(words) == 2 and sum(map(len, words)) > 9)


class _Group:
    """Anime that may belong together, processed in the order of airing."""

    def __init__(
        self,
        anime: Sequence[Anime],
        titles: Mapping[int, PartTitle],
        found: Continuity,
    ) -> None:
        self._anime, self._typed, self._found = anime, found.typed, found
        self._is_typed = any(self._typed.prequels[one.anime_id] for one in anime)
        self._titles = {one.anime_id: _titles(one, titles[one.anime_id]) for one in anime}
        self._seasons, self._films, self._extras = _Index(), _Index(), _Index()
        self._most_known: dict[int, Anime] = {}
        self._continued: dict[int, Anime] = {}
        self._series: dict[int, int] = {}
        self._first_words: dict[str, int] = {}

    def read(self) -> None:
        """Find the anime that each of them continues."""
        early = [one for one in self._anime if not self._read(one)]
        # Backwards, so that a title finds the first part of its series.
        for one in reversed(self._anime):
            self._put(one, None)
        main = [one for one in self._anime if self._found.kind[one.anime_id] in MAIN]
        best = max(main, key=lambda other: other.members, default=None)
        parts = Counter(self._series[one.anime_id] for one in main)
        for one in early:
            joined = self._series[one.anime_id]
            is_read = self._read_early(one)
            if self._found.kind[one.anime_id] in MAIN:
                parts[joined] -= 1
                parts[self._series[one.anime_id]] += 1
                if not parts[joined]:
                    del parts[joined]
            # An extra with another name, if there is only one series that it can belong to.
            if not is_read and len(parts) == 1 and best and _years(best, one) >= 0:
                self._follow(one, best)

    def _read(self, one: Anime) -> bool:
        """Find what an anime continues among earlier anime; return whether the search is complete."""
        titles, kind = self._titles[one.anime_id], self._found.kind[one.anime_id]
        season = self._seasons.match(titles)
        film = None if kind == "season" else self._films.match(titles)
        if film and season and film.strength <= season.strength:
            film = None
        match = film or season
        self._join(one, match)
        if match and kind in MAIN and not self._is_part(one) and _is_aside(one, match.anime):
            self._found.kind[one.anime_id] = "recap" if kind == "film" else "extra"
        continued = (each for each in (season, film) if each and not self._is_new(one, each))
        self._follow(one, *(self._not_beside(each.anime, one) for each in continued))
        if kind == "film" and season:
            self._follow_seasons(one, season.anime)
        self._put(one, match)
        return kind == "season" or match is not None

    def _read_early(self, one: Anime) -> bool:
        """Find what an anime belongs to among later anime, so that a pilot does not stand for its series."""
        titles, is_film = self._titles[one.anime_id], self._found.kind[one.anime_id] == "film"
        match = self._seasons.match(titles)
        if is_film:
            match = match if match and match.anime.year == one.year else None
        else:
            match = match or self._films.match(titles) or self._extras.match(titles)
            self._extras.put(one, titles, match)
        if match:
            self._join(one, match)
            if not self._is_new(one, match):
                self._follow(one, match.anime)
        return is_film or match is not None

    def _put(self, one: Anime, match: _Match | None) -> None:
        match self._found.kind[one.anime_id]:
            case "season":
                self._seasons.put(one, self._titles[one.anime_id], match)
            case "film":
                self._films.put(one, self._titles[one.anime_id], match)

    def _join(self, one: Anime, match: _Match | None) -> None:
        word = self._titles[one.anime_id][0].words[0]
        series = self._series[match.anime.anime_id] if match else self._series.get(one.anime_id, one.anime_id)
        if not match and len(word) > 3:
            series = self._first_words.setdefault(word, series)
        self._series[one.anime_id] = series
        self._found.together[one.anime_id].add(series)

    def _follow(self, one: Anime, *before: Anime) -> None:
        if self._is_settled(one) or not before:
            return
        self._found.before[one.anime_id] = tuple(other.anime_id for other in before)
        self._found.together[one.anime_id].update(other.anime_id for other in before)
        self._continued[one.anime_id] = before[0]
        known = (one, *(self._best_known(other) for other in before))
        self._most_known[one.anime_id] = max(known, key=lambda other: other.members)

    def _is_part(self, one: Anime) -> bool:
        """Return whether typed relations name an anime as a part of its own, not as another version."""
        return one.anime_id in self._found.before and not self._typed.versions[one.anime_id]

    def _is_settled(self, one: Anime) -> bool:
        """Return whether typed relations settle what an anime continues."""
        in_typed = self._is_typed and self._found.kind[one.anime_id] == "season"
        return in_typed or one.anime_id in self._found.settled

    def _follow_seasons(self, film: Anime, latest: Anime) -> None:
        """Let a side story follow the seasons before it, where the relations name only its series."""
        series = self._found.before.get(film.anime_id, ())
        if self._typed.prequels[film.anime_id] or not series:
            return
        for _ in range(_MOST_BESIDE):
            before = self._found.before.get(latest.anime_id, ())
            if _years(latest, film) > 0 or len(before) != 1:
                break
            latest = self._typed.anime[before[0]]
        line = self._typed.line
        lines = {line.get(other, other) for other in series}
        if _years(latest, film) > 0 and line.get(latest.anime_id) in lines:
            self._found.before[film.anime_id] = tuple({*series, latest.anime_id})

    def _is_new(self, one: Anime, match: _Match) -> bool:
        """Return whether an anime is a remake or another story."""
        before = match.anime
        if self._typed.retells(one, before):
            return True
        if match.first or (match.title.retold and _years(before, one) >= _GENERATION):
            return True
        return not match.numbered and one.members > _NEW_TELLING * self._best_known(before).members > 0

    def _not_beside(self, before: Anime, one: Anime) -> Anime:
        """Find what an anime continues, skipping parodies and side stories that most viewers do not know."""
        for _ in range(_MOST_BESIDE):
            further = self._continued.get(before.anime_id)
            if further is None or not one.members > _BESIDE * before.members > 0:
                break
            before = further
        return before

    def _best_known(self, one: Anime) -> Anime:
        return self._most_known.get(one.anime_id, one)


def _is_aside(one: Anime, before: Anime) -> bool:
    """Return whether an anime has so few members that it must be a recap film or shorts, not a real part."""
    # Without a year, its members may have been counted before it aired.
    if one.type in ("TV", None) or one.year is None or not 0 < one.members <= _FEW * before.members:
        return False
    return one.type != "Movie" or (before.episodes or _LONG_RUNNER) < _LONG_RUNNER


def _years(before: Anime, after: Anime) -> int:
    return 0 if before.year is None or after.year is None else after.year - before.year


def _titles(anime: Anime, main: PartTitle) -> tuple[PartTitle, ...]:
    return (main,) if anime.english in (None, anime.title) else (main, PartTitle.of(anime.english))
