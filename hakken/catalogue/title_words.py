"""Titles as words: written the same however they are spelled, and their numerals read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

_KATAKANA, _TO_HIRAGANA = range(0x30A1, 0x30F7), 0x60
_VOICED = "\u3099\u309a"
"""Marks that make a か a が; other marks are accents."""
_DROPPED = "'’ーｰ"
"""Apostrophes, and the mark of a long vowel, which people leave out."""
_NUMBERS = {
    **{letters: number for number, letters in enumerate(("ii", "iii", "iv"), 2)},
    **{letters: number for number, letters in enumerate(("vi", "vii", "viii", "ix"), 6)},
    **{
        word: number
        for number, word in enumerate(("first", "second", "third", "fourth", "fifth", "sixth"), 1)
    },
    **{kanji: number for number, kanji in enumerate("一二三四五六七八九", 1)},
}
_AT_ONCE = 2**12
"""Titles that are read at once, to keep the peak of memory low."""
_SEASON = "(?:season|part|cour|stage|series)"
_SEASON_WORD = re.compile(_SEASON)
_NUMERAL = re.compile(
    rf"\b(?:{_SEASON} ?([0-9]{{1,2}})|s([0-9])|([0-9]{{1,2}})(?:st|nd|rd|th) {_SEASON}"
    rf"|(first|second|third|fourth|fifth|sixth) {_SEASON}|(?<=[^\n] )(ii|iii|iv|vi|vii|viii|ix))\b"
    r"|第?([0-9]{1,2}|[一二三四五六七八九])期"
)


def words_of(text: str) -> str:
    """Remove case, width, accents, kinds of kana and punctuation; separate words by one space."""
    text = unicodedata.normalize("NFKD", text).casefold()
    text = unicodedata.normalize("NFC", text.translate({ord(one): _written(one) for one in set(text)}))
    return _spaced(text)


def with_numerals(words: str) -> str:
    """Write 's2', 'season 2', '2nd season', 'second season', 'II' and 'part 2' all as '2'."""
    return _spaced(_NUMERAL.sub(_number, words))


def without_seasons(joined: str) -> str:
    """Take 'season', 'part' and the like out of a title without its spaces."""
    return _SEASON_WORD.sub("", joined)


def lines_of_words(titles: Sequence[str]) -> list[str]:
    """Return `words_of` each title, fast; where nothing is left, as of '◯', the symbols themselves."""
    lines = _each_line(words_of, [" ".join(title.split("\n")) for title in titles])
    return [line or symbols(title) for line, title in zip(lines, titles, strict=True)]


def lines_with_numerals(lines: Sequence[str]) -> list[str]:
    """Return each line `with_numerals`, fast; where nothing is left, as of 'Part 1', the line itself."""
    found = _each_line(with_numerals, lines)
    return [one or line for one, line in zip(found, lines, strict=True)]


def _each_line(write: Callable[[str], str], lines: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(lines), _AT_ONCE):
        yield from write("\n".join(lines[start : start + _AT_ONCE])).split("\n")


def symbols(title: str) -> str:
    """Return a title of nothing but symbols as they are compared."""
    return " ".join(unicodedata.normalize("NFKD", title).casefold().split())


def _written(character: str) -> str | None:
    if character == "\n":
        return character
    if character in _DROPPED:
        return None
    if ord(character) in _KATAKANA:
        return chr(ord(character) - _TO_HIRAGANA)
    if character in _VOICED:
        return character
    if unicodedata.combining(character):
        return None
    return character if character.isalnum() else " "


def _number(numeral: re.Match[str]) -> str:
    digits = numeral[numeral.lastindex or 0]
    number = _NUMBERS.get(digits) or int(digits)
    # The first season is seldom called so.
    return f" {number} " if number > 1 else " "


def _spaced(text: str) -> str:
    return "\n".join(" ".join(filter(None, line.split(" "))) for line in text.split("\n"))
