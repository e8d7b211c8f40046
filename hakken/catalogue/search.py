"""Title search at every keystroke: tolerates typos, case, accents and language, and prefers popular anime."""

from __future__ import annotations

import csv
import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from hakken.catalogue.catalogue import Anime, Catalogue
from hakken.catalogue.title_index import TitleIndex, initials
from hakken.catalogue.title_words import (
    lines_of_words,
    lines_with_numerals,
    symbols,
    with_numerals,
    without_seasons,
    words_of,
)

_MAX_QUERY = 100
_MAX_TITLE = 1000
"""Maximum length of a title; longer text matches nothing, as truncated text could match another title."""
_FOUND = 0.93
"""Where a title is so similar, what was typed is not read in other ways."""
_LOST = 0.8
"""Where none is so similar, numerals may be misspelled."""
_CANDIDATES, _FEWER = 120, 30
_LEAST_SIMILARITY = 0.5
_BEGINNING = 3
# Worth of kinds of matches, compared with an exact match of the whole title (1).
_PREFIX, _PART, _INITIALS, _FIRST_INITIALS = 0.96, 0.88, 0.9, 0.8
_SYNONYM = 0.97
"""Worth of a synonym compared with a title: anime share synonyms, and some are another anime's title."""
_OTHER_NUMBER = 0.85
"""Worth of a title that lacks a number of the query."""
_POPULARITY = 0.15
"""Bonus of the most popular anime over an unknown one: more than a typo or two, less than a word."""
_SAME, _SAME_SYNONYM = 1.0, 0.3
"""Bonus for the whole title, as a share of the above: it ranks before popular ones that begin with it."""
_AS_WRITTEN = 0.1
"""Bonus, as a share of the above, where not even the numerals differ."""
_LEAST_SHARE = 0.25
"""Titles that share less with the query than this part of what the nearest one shares are not looked at."""
_MOST_INITIALS = 8
_POPULAR = 1500
"""The most popular anime, of which initials that only one has mean this one."""
_CLEAR, _CLEARLY = 0.85, 0.05
"""A title is meant if it is so similar as a whole, and by so much more than all others."""
_YEAR = re.compile(r"(.+) ((?:19|20)[0-9]{2})")
_SUFFIX = re.compile(r"\(TV\)|\([0-9]{4}\)")


@dataclass(frozen=True, slots=True)
class Match:
    """An anime that fits a query."""

    anime_id: int
    title: str
    """The title that matched, romaji, English or a synonym, as the catalogue writes it."""
    similarity: float
    """Similarity of the query and the title or its beginning or part, 0–1."""
    whole: float = field(default=0.0, compare=False)
    """Similarity of the query and the whole title, 0–1."""


_Ranked = tuple[float, int, str, float, float]
"""Rank, the lowest first, then the anime, its title, its similarity, and that as a whole."""


@dataclass(frozen=True, slots=True)
class _Query:
    """One way to read what was typed."""

    words: str
    """Its words, their numerals read."""
    written: str
    """Its words as they were written."""
    year: int | None = None
    """The year that the anime must be of."""
    candidates: int = _CANDIDATES
    """Most titles that are compared with it."""
    unless: float = math.inf
    """It is not tried if another way has found something so similar."""
    spelled: bool = False
    """Whether it is compared with titles as they are written, numerals and all."""


class TitleSearch:
    """Finds anime by typed text.

    N-grams weighted by rarity select the candidates; edit distance ranks them.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Build the index; a second or two for 30,000 anime."""
        self._catalogue = catalogue
        titles = [(anime, *one) for anime in catalogue.values() for one in _titles(anime)]
        self._titles = [title for _, title, _ in titles]
        self._worth = np.array([worth for *_, worth in titles])
        self._ids = np.array([anime.anime_id for anime, *_ in titles], dtype=np.int64)
        members = np.array([anime.members for anime, *_ in titles], dtype=np.float64)
        self._popularity = np.log1p(members) / math.log1p(max(members.max(initial=1), 1))
        # The titles of an anime are adjacent, the main one first.
        self._main = np.diff(self._ids, prepend=0) != 0
        written = lines_of_words(self._titles)
        self._exactly = _Places(written)
        words = lines_with_numerals(written)
        self._joined = _Places([one.replace(" ", "") for one in words])
        self._index = TitleIndex(words)
        self._words = _Lines(words)
        del titles, written, words
        main = dict(zip(self._ids[self._main].tolist(), np.flatnonzero(self._main).tolist(), strict=True))
        self._abbreviations, self._alone = _abbreviations(main)
        self._initials = self._unique_initials()

    def find(self, query: str, n: int = 25, among: Collection[int] | None = None) -> list[Match]:
        """Find the n anime that match best, each once; for an empty query the most popular.

        Args:
            query: the typed text; only its first 100 characters count.
            n: maximum number of anime.
            among: anime ids to choose from; all by default.
        """
        allowed = None if among is None else np.isin(self._ids, np.fromiter(among, np.int64, len(among)))
        typed = query[:_MAX_QUERY].strip()
        if not typed:
            return self._most_popular(n, allowed)
        written = _words(typed)
        if not written:
            return []
        best: dict[int, Match] = {}
        ranked = list(self._abbreviated(written, allowed))
        for reading in self._readings(written):
            if any(one[3] >= reading.unless for one in ranked):
                break
            ranked += self._ranked(reading, allowed)
        for _, anime_id, title, similarity, whole in sorted(ranked):
            best.setdefault(anime_id, Match(anime_id, title, similarity, whole))
            if len(best) == n:
                break
        return list(best.values())[:n]

    def exact(self, title: str, year: int | None = None) -> int | None:
        """Find the anime with this title, ignoring case, accents and punctuation; None for none or several.

        Synonyms count if no anime has this title.

        Args:
            title: the whole title.
            year: when it began, give or take one; any year by default.
        """
        if len(title) > _MAX_TITLE:
            return None
        words = _words(title)
        same = [at for at in self._exactly.of(words) if _words(self._titles[at]) == words]
        found = {int(self._ids[at]) for at in same if self._worth[at] == 1}
        found = found or {int(self._ids[at]) for at in same}
        if year is not None:
            found = {one for one in found if abs((self._catalogue.anime(one).year or year) - year) <= 1}
        return next(iter(found)) if len(found) == 1 else None

    def _most_popular(self, n: int, allowed: NDArray[np.bool_] | None) -> list[Match]:
        places = np.flatnonzero(self._main if allowed is None else self._main & allowed)
        order = places[np.argsort(-self._popularity[places], kind="stable")][:n]
        return [Match(int(self._ids[at]), self._titles[at], 1.0, 1.0) for at in order.tolist()]

    def _abbreviated(self, written: str, allowed: NDArray[np.bool_] | None) -> Iterator[_Ranked]:
        """Yield the anime that the whole query abbreviates."""
        joined = written.replace(" ", "")
        for known, rank, similarity, whole in (
            (self._abbreviations, 1 + _POPULARITY * (_SAME + _AS_WRITTEN), 1.0, 1.0),
            (self._initials, _PREFIX, _INITIALS, 0.0),
        ):
            if (at := known.get(joined)) is not None and (allowed is None or allowed[at]):
                rank += _POPULARITY * float(self._popularity[at])
                yield -rank, int(self._ids[at]), self._titles[at], similarity, whole

    def _readings(self, written: str) -> Iterator[_Query]:
        words = with_numerals(written) or written
        yield _Query(words, written)
        if dated := _YEAR.fullmatch(written):
            yield _Query(with_numerals(dated[1]) or dated[1], dated[1], int(dated[2]))
        parts = words.split()
        for count in range(len(parts) - 1, 0, -1):
            short, rest = "".join(parts[:count]), parts[count:]
            at = self._abbreviations.get(short)
            if at is None or (short in self._alone and not all(part.isdigit() for part in rest)):
                continue
            anime = self._catalogue[int(self._ids[at])]
            for title in dict.fromkeys(_SUFFIX.sub("", one) for one in (anime.title, anime.english) if one):
                whole = " ".join((_words(title), *rest))
                yield _Query(with_numerals(whole), whole, candidates=_FEWER, unless=_FOUND)
            break
        joined = words.replace(" ", "")
        if (bare := without_seasons(joined)) not in ("", joined):
            yield _Query(bare, bare, candidates=_FEWER, unless=_FOUND)
        if " " in written:  # a slip in 'second season'
            yield _Query(written, written, unless=_LOST, spelled=True)

    def _ranked(self, query: _Query, allowed: NDArray[np.bool_] | None) -> Iterator[_Ranked]:
        """Yield the titles that fit one reading."""
        places = self._candidates(query, allowed)
        if query.year is not None:
            places = places[[self._catalogue[one].year == query.year for one in self._ids[places].tolist()]]
        titles = [_words(self._titles[at]) if query.spelled else self._words[at] for at in places.tolist()]
        if not titles:
            return
        whole, similarity = _similarities(query.words, titles)
        if numbers := {word for word in query.words.split() if word.isdigit()}:
            other = np.array([not numbers.issubset(title.split()) for title in titles])
            similarity[other & (similarity < 1)] *= _OTHER_NUMBER
        worth = self._worth[places]
        bonus = np.where(similarity < 1, 0.0, np.where(worth == 1, _SAME, _SAME_SYNONYM))
        exactly = self._exactly.of(query.written)
        bonus[[at in exactly for at in places.tolist()] & (worth == 1)] += _AS_WRITTEN
        similarity *= worth
        rank = -similarity - _POPULARITY * (self._popularity[places] + bonus)
        fits = similarity >= _LEAST_SIMILARITY
        names = [self._titles[at] for at in places[fits].tolist()]
        ids = self._ids[places]
        rank, ids, similarity, whole = (of[fits].tolist() for of in (rank, ids, similarity, whole))
        yield from zip(rank, ids, names, similarity, whole, strict=True)

    def _candidates(self, query: _Query, allowed: NDArray[np.bool_] | None) -> NDArray[np.intp]:
        words = query.words
        if allowed is not None and int(allowed.sum()) <= query.candidates:
            return np.flatnonzero(allowed)
        # Up to three letters are more likely the beginning of a word than a whole word.
        shared = self._index.shared(words, begun=len(words.rpartition(" ")[2]) <= _BEGINNING)
        if allowed is not None:
            shared[~allowed] = 0.0
        found = np.flatnonzero(shared > _LEAST_SHARE * shared.max(initial=0.0))
        if len(found) > query.candidates:
            score = shared[found] + _POPULARITY * self._popularity[found]
            found = found[np.argpartition(-score, query.candidates)[: query.candidates]]
        # A complete title as short as 'X' is also the beginning of hundreds of more popular ones.
        same = [at for at in self._joined.of(words.replace(" ", "")) if allowed is None or allowed[at]]
        return np.union1d(found, np.array(same, np.intp))

    def _unique_initials(self) -> Mapping[str, int]:
        mains = np.flatnonzero(self._worth == 1)
        popular = mains[np.argsort(-self._popularity[mains], kind="stable")][:_POPULAR]
        places = {(initials(self._words[at]), int(self._ids[at])): at for at in popular.tolist()}
        times = Counter(letters for letters, _ in places)
        return {letters: at for (letters, _), at in places.items() if letters and times[letters] == 1}


class _Lines:
    """A list of texts, kept as one: a fourth of the memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._bytes = b"".join(encoded)
        self._ends = array("I", accumulate(map(len, encoded), initial=0))

    def __getitem__(self, at: int) -> str:
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")


class _Places:
    """Finds the places of equal texts in a list, in two arrays instead of a dict of lists.

    Texts are compared by their hashes, so that very seldom an unlike one is among them.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        hashes = np.fromiter(map(hash, texts), np.int64, len(texts))
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._hashes = hashes[self._order]

    def of(self, text: str) -> list[int]:
        """Return the places of a text, ascending."""
        start, end = (np.searchsorted(self._hashes, hash(text), side) for side in ("left", "right"))
        places: list[int] = self._order[start:end].tolist()
        return places


def _titles(anime: Anime) -> Iterator[tuple[str, float]]:
    worths = {title: 1.0 for title in (anime.title, anime.english) if title}
    for title in anime.synonyms:
        worths.setdefault(title, _SYNONYM)
    return iter(worths.items())


def _words(text: str) -> str:
    return words_of(" ".join(text.split("\n"))) or symbols(text)


def _abbreviations(main: Mapping[int, int]) -> tuple[Mapping[str, int], frozenset[str]]:
    """The places of what people abbreviate, and which abbreviations count only as the whole query."""
    with (resources.files("hakken.catalogue") / "abbreviations.tsv").open(encoding="utf-8") as file:
        rows = [
            (words_of(row["abbreviation"]).replace(" ", ""), int(row["anime_id"]), row["alone"])
            for row in csv.DictReader(file, delimiter="\t")
        ]
    known = {short: main[anime_id] for short, anime_id, _ in rows if anime_id in main}
    return known, frozenset(short for short, _, alone in rows if alone)


def _similarities(words: str, titles: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute how well words match titles, 0–1: as a whole, and in whichever way is best."""
    joined, titles_joined = words.replace(" ", ""), [title.replace(" ", "") for title in titles]
    beginnings = [title[: len(joined)] for title in titles_joined]
    whole = _each(OSA.normalized_similarity, joined, titles_joined, _LEAST_SIMILARITY)
    prefix = _each(OSA.normalized_similarity, joined, beginnings, _LEAST_SIMILARITY)
    best = np.maximum(whole, _PREFIX * prefix)
    if len(joined) < 3:  # one or two letters occur somewhere in every title
        part = np.array([float(f" {words}" in f" {title}") for title in titles])
    else:
        part = np.zeros(len(titles))
        # The slowest kind: only where it could be the best one.
        open_places = [at for at, title in enumerate(titles) if best[at] < _PART and len(words) <= len(title)]
        some = [titles[at] for at in open_places]
        part[open_places] = _each(fuzz.partial_ratio, words, some, 100 * _LEAST_SIMILARITY) / 100
    of_initials = np.zeros(len(titles))
    if " " not in words and len(words) <= _MOST_INITIALS:
        letters = [initials(title) for title in titles]
        of_initials[[one.startswith(words) for one in letters]] = _FIRST_INITIALS
        of_initials[[one == words for one in letters]] = _INITIALS
    return whole, np.maximum.reduce([best, _PART * part, of_initials])


def _each(scorer: Callable[..., float], query: str, titles: list[str], least: float) -> NDArray[np.float64]:
    return np.asarray(process.cdist([query], titles, scorer=scorer, score_cutoff=least, dtype=np.float64)[0])


def clear(matches: Sequence[Match]) -> Match | None:
    """Return the first match if it is clearly meant: nearly its whole title was typed, and no other's."""
    if not matches or matches[0].whole < _CLEAR:
        return None
    others = max((match.whole for match in matches[1:]), default=0.0)
    return matches[0] if matches[0].whole - others >= _CLEARLY else None
