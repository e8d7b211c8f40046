"""Parses titles for their part in a series: 'X II', 'X 2nd Season', 'X: Soushuuhen', 'X (2011)'."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["PartTitle", "same_ending", "tells_of_a_recap"]

_WORD = re.compile(r"[^\W_]+")
# The year or form of a remake, 'Hunter x Hunter (2011)', which is not part of the title.
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SUBTITLE = re.compile(r"[:~]|\. | [-–] ")
_NUMBERS = frozenset(
    {str(number) for number in range(2, 20)}
    | {"2nd", "3rd"}
    | {f"{number}th" for number in range(4, 20)}
    | {f"s{number}" for number in range(2, 10)}
    | {"ii", "iii", "iv", "v", "vi", "vii", "viii"}
)
_SPELT = frozenset({"second", "third", "fourth", "fifth", "final", "zoku"})
_ARTICLES = frozenset({"the", "a", "an"})
_FORMS = frozenset({"season", "part", "movie", "film", "cour", "tv", "ova", "ona", "special", "specials"})
_MARKS = _FORMS | _NUMBERS | {"s1", "1st", "second", "final"}
_FIRST = frozenset({("1st", "season"), ("season", "1"), ("first", "season")})
_RECAP = re.compile(
    r"\b(?:recaps?|soushuu-?hen|re-?cap|compilation|digest|special edition|tokubetsu henshuu(?:-?ban)?"
    r"|tv reproduction|remix|furikaeri|highlights?)\b",
    re.IGNORECASE,
)
_APOSTROPHES = str.maketrans("", "", "'’`")

_MOST_WORDS = 30
"""Maximum number of words of a title that are compared; the longest titles have few more."""
_ENDING = 8
"""Number of last letters that the parts of a series share: Bake-, Nise-, Owarimonogatari."""


@dataclass(frozen=True, slots=True)
class PartTitle:
    """A title as comparable words, without case, accents and punctuation."""

    words: tuple[str, ...]
    head: int
    """Number of words that name the series, before the first subtitle, number or 'Movie'; at least 1."""
    subtitle: int
    """Index of the word where the subtitle begins; the number of words if there is none."""
    retold: bool
    """Whether the title has a year in brackets, as remakes have."""

    @classmethod
    def of(cls, title: str) -> PartTitle:
        """Parse a title; a title without letters and digits becomes a single word."""
        inside = _BRACKETS.findall(title)
        retold = any(_YEAR.fullmatch(text.strip()) for text in inside)
        bare = (_BRACKETS.sub(" ", title) if inside else title).strip()
        words = _words(bare)[:_MOST_WORDS] or (title.casefold(),)
        subtitle = _SUBTITLE.search(bare)
        before_subtitle = len(_words(bare[: subtitle.start()])[:_MOST_WORDS]) if subtitle else len(words)
        before_mark = next((at for at, word in enumerate(words) if at and word in _MARKS), len(words))
        before_subtitle = before_subtitle or len(words)
        return cls(words, min(before_subtitle, before_mark), before_subtitle, retold)

    def series(self) -> Iterator[tuple[str, ...]]:
        """Yield possible titles of the first part of its series, the longest first.

        They are its own words, the words before its number, form or subtitle, and the first words of its
        subtitle.
        """
        yield self.words
        for end in sorted({self.head, self.subtitle} - {len(self.words)}, reverse=True):
            yield self.words[:end]
        for end in range(len(self.words), self.subtitle, -1):
            if end < len(self.words) or end - self.subtitle > 1:
                yield self.words[self.subtitle : end]

    def telling(self, shared: int) -> int:
        """Count the meaningful of the first ``shared`` words: without 'Season' or 'Movie' at their end."""
        while shared > 1 and self.words[shared - 1] in _FORMS:
            shared -= 1
        return shared

    def is_numbered_after(self, shared: int) -> bool:
        """Return whether the words after the first ``shared`` ones mark a later part."""
        return any(_numbers(self.words, at) for at in range(shared, len(self.words)))

    def is_first_after(self, shared: int) -> bool:
        """Return whether the words after the first ``shared`` ones mark a first part."""
        return not _FIRST.isdisjoint(pairwise(self.words[shared:]))


def tells_of_a_recap(title: str) -> bool:
    """Return whether a title marks a recap."""
    return _RECAP.search(title) is not None


def same_ending(title: PartTitle) -> str | None:
    """Return the last letters of the first word, which parts of a series may share; None if it is short."""
    first = title.words[0]
    return first[-_ENDING:] if len(first) >= _ENDING + 2 else None


def _words(text: str) -> tuple[str, ...]:
    plain = text.translate(_APOSTROPHES)
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return tuple(word for word in _WORD.findall(plain.casefold()) if word not in _ARTICLES)


def _numbers(words: tuple[str, ...], at: int) -> bool:
    if words[at] in {"season", "part", "cour"}:
        return at + 1 < len(words) and words[at + 1] in _NUMBERS
    return words[at] in _SPELT or words[at] in _NUMBERS
