"""Title search at every keystroke: tolerates typos, case, accents and language, and prefers popular anime."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from hakken.catalogue.catalogue import Anime, Catalogue

_MAX_QUERY = 100
_MAX_TITLE = 1000
"""Maximum length of a title; longer text matches nothing, as truncated text could match another title."""
_CANDIDATES = 200
_LEAST_SIMILARITY = 0.5
_BEGINNING = 3
# Worth of kinds of matches, compared with an exact match of the whole title (1).
_PREFIX, _PART, _INITIALS, _FIRST_INITIALS = 0.96, 0.88, 0.9, 0.8
_SYNONYM = 0.97
"""Worth of a synonym compared with a title: anime share synonyms, and some are another anime's title."""
_POPULARITY = 0.15
"""Bonus of the most popular anime over an unknown one: more than a typo or two, less than a word."""


@dataclass(frozen=True, slots=True)
class Match:
    """An anime that fits a query."""

    anime_id: int
    title: str
    """The title that matched, romaji, English or a synonym, as the catalogue writes it."""
    similarity: float
    """Similarity of the query and the title, 0–1."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A title of an anime."""

    anime_id: int
    title: str
    words: str
    """The normalised title, its words separated by one space."""
    joined: str
    """The normalised title without spaces."""
    initials: str
    popularity: float
    worth: float
    """1 for a title, less for a synonym."""


class TitleSearch:
    """Finds anime by typed text.

    Trigrams weighted by rarity select the candidates (like PostgreSQL's pg_trgm, with the same padding of
    words); edit distance ranks them.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Build the index; about a second for 19,000 anime."""
        most = math.log1p(max((anime.members for anime in catalogue.values()), default=1) or 1)
        self._entries = [
            entry
            for anime in catalogue.values()
            for entry in _entries(anime, math.log1p(anime.members) / most)
        ]
        self._popularity = np.array([entry.popularity for entry in self._entries])
        self._years = {anime.anime_id: anime.year for anime in catalogue.values()}
        self._ids = np.array([entry.anime_id for entry in self._entries], dtype=np.int64)
        # The titles of an anime are adjacent, the main one first.
        self._main = np.diff(self._ids, prepend=0) != 0
        self._joined: dict[str, list[int]] = defaultdict(list)
        postings: dict[str, list[int]] = defaultdict(list)
        for at, entry in enumerate(self._entries):
            self._joined[entry.joined].append(at)
            for gram in _grams({*entry.words.split(), entry.joined, entry.initials}, end=" "):
                postings[gram].append(at)
        self._postings = {gram: np.array(held, dtype=np.int32) for gram, held in postings.items()}

    def find(self, query: str, n: int = 25, among: Collection[int] | None = None) -> list[Match]:
        """Find the n anime that match best, each once; for an empty query the most popular.

        Args:
            query: the typed text; only its first 100 characters count.
            n: maximum number of anime.
            among: anime ids to choose from; all by default.
        """
        allowed = None if among is None else np.isin(self._ids, np.fromiter(among, np.int64, len(among)))
        typed = query[:_MAX_QUERY].strip()
        words = _normalised(typed)
        if not typed:
            ranked = self._most_popular(n, allowed)
        elif not words:
            return []
        else:
            # An exact title ranks before popular titles that merely begin with it.
            ranked = sorted(
                (
                    (similarity + _POPULARITY * (entry.popularity + (similarity == 1)), similarity, entry)
                    for entry in self._candidates(words, allowed)
                    if (similarity := _similarity(words, entry)) >= _LEAST_SIMILARITY
                ),
                key=lambda one: (-one[0], one[2].anime_id, one[2].title),
            )
        best: dict[int, Match] = {}
        for _, similarity, entry in ranked:
            best.setdefault(entry.anime_id, Match(entry.anime_id, entry.title, similarity))
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
        words = _normalised(title)
        entries = [self._entries[at] for at in self._joined.get(words.replace(" ", ""), ())]
        same = [entry for entry in entries if entry.words == words]
        found = {entry.anime_id for entry in same if entry.worth == 1} or {entry.anime_id for entry in same}
        if year is not None:
            found = {one for one in found if abs((self._years[one] or year) - year) <= 1}
        return next(iter(found)) if len(found) == 1 else None

    def _most_popular(self, n: int, allowed: NDArray[np.bool_] | None) -> list[tuple[float, float, _Entry]]:
        places = np.flatnonzero(self._main if allowed is None else self._main & allowed)
        order = places[np.argsort(-self._popularity[places], kind="stable")][:n]
        return [(1.0, 1.0, self._entries[at]) for at in order.tolist()]

    def _candidates(self, words: str, allowed: NDArray[np.bool_] | None) -> list[_Entry]:
        if allowed is not None and int(allowed.sum()) <= _CANDIDATES:
            return [self._entries[at] for at in np.flatnonzero(allowed).tolist()]
        shared = np.zeros(len(self._entries))
        possible = 0.0
        # Up to three letters are more likely the beginning of a word than a whole word.
        *finished, last = words.split()
        joined = words.replace(" ", "")
        end = "" if len(last) <= _BEGINNING else " "
        for gram in _grams(finished, end=" ") | _grams([last, joined], end):
            held = self._postings.get(gram)
            rarity = math.log(1 + len(self._entries) / (1 if held is None else len(held)))
            possible += rarity
            if held is not None:
                shared[held] += rarity
        if allowed is not None:
            shared[~allowed] = 0.0
        score = np.where(shared > 0, shared / max(possible, 1e-9) + _POPULARITY * self._popularity, 0.0)
        count = min(_CANDIDATES, len(score))
        best = np.argpartition(-score, count - 1)[:count] if count else np.empty(0, np.intp)
        chosen = {at for at in best.tolist() if score[at] > 0}
        # A complete title as short as 'X' is also the beginning of hundreds of more popular ones.
        chosen.update(at for at in self._joined.get(joined, ()) if allowed is None or allowed[at])
        return [self._entries[at] for at in chosen]


def _entries(anime: Anime, popularity: float) -> Iterator[_Entry]:
    worths = {title: 1.0 for title in (anime.title, anime.english) if title}
    for title in anime.synonyms:
        worths.setdefault(title, _SYNONYM)
    for title, worth in worths.items():
        words = _normalised(title)
        parts = words.split()
        initials = "".join(part[0] for part in parts) if len(parts) > 2 else ""
        yield _Entry(anime.anime_id, title, words, words.replace(" ", ""), initials, popularity, worth)


def _normalised(text: str) -> str:
    """Remove case, width, accents and punctuation; separate words by one space."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = (character for character in plain if not unicodedata.combining(character))
    words = re.sub(r"[\W_]+", " ", re.sub(r"['’]", "", "".join(letters))).strip()
    # A few titles consist only of symbols.
    return words or plain.strip()


def _grams(words: Iterable[str], end: str) -> set[str]:
    """Return the trigrams of each word, with two spaces before it and the given end after it."""
    grams: set[str] = set()
    for word in words:
        if word:
            padded = f"  {word}{end}"
            grams.update(padded[at : at + 3] for at in range(len(padded) - 2))
    return grams


def _similarity(words: str, entry: _Entry) -> float:
    """Compute how well words match a title, 0–1: as a whole, as its beginning, as a part, as initials."""
    joined = words.replace(" ", "")
    whole = OSA.normalized_similarity(joined, entry.joined)
    prefix = OSA.normalized_similarity(joined, entry.joined[: len(joined)])
    part = fuzz.partial_ratio(words, entry.words) / 100 if len(words) <= len(entry.words) else 0.0
    if len(joined) < 3:  # one or two letters occur somewhere in every title
        part = float(f" {words}" in f" {entry.words}")
    initials = 0.0
    if entry.initials.startswith(joined):
        initials = _INITIALS if joined == entry.initials else _FIRST_INITIALS
    return entry.worth * max(whole, _PREFIX * prefix, _PART * part, initials)
