"""Index of titles by their n-grams, in three arrays: small, and built in a second."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from itertools import pairwise
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

_BITS = 18
"""Bits of the hash that numbers n-grams; with a collision, one n-gram counts as another."""
_FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
_WORD = 2**32 - 1
_CJK = 0x3040
"""The first code of Japanese, Chinese and Korean letters; two of them say as much as three Latin ones."""
_PAIR, _SPACE = 1, 32
_GRAMS_OF_A_LETTER = 8
"""More than there can be: padded, joined, in pairs, and of initials."""
_AT_ONCE = 2**12
"""Titles that are indexed at once, to keep the peak of memory low."""
_POSTINGS = 15_000
"""Most postings that a query reads, the rarest n-grams first, to bound its time."""


class TitleIndex:
    """Tells how many n-grams of a query each title has, weighted by rarity.

    Words are padded by two spaces before and one behind, as PostgreSQL's pg_trgm does.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        """Build the index of titles, which are words separated by one space."""
        # In memory of its own, which is given back as a whole: a process keeps what it gets piece by piece.
        room = sum(map(len, titles)) * _GRAMS_OF_A_LETTER + len(titles) * _GRAMS_OF_A_LETTER + 1
        pairs = np.frombuffer(mmap(-1, room * 8), np.int64)
        filled = 0
        for start in range(0, len(titles), _AT_ONCE):
            found = _grams_of_titles(titles[start : start + _AT_ONCE], start)
            pairs[filled : filled + len(found)] = found
            filled += len(found)
        pairs = pairs[:filled]
        pairs.sort()
        self._postings = np.empty(filled, np.int32)
        np.bitwise_and(pairs, _WORD, out=self._postings, casting="unsafe")
        # Much faster than NumPy's array where single numbers are asked.
        starts = np.searchsorted(pairs, np.arange(2**_BITS + 1, dtype=np.int64) << 32)
        self._start = array("I", starts.astype(np.uint32).tobytes())
        self._size = len(titles)

    def shared(self, words: str, *, begun: bool) -> NDArray[np.float64]:
        """Return for each title which share of the query's n-grams it has, 0–1.

        Args:
            words: the query.
            begun: whether its last word may go on.
        """
        grams = _grams_of_query(words, begun=begun)
        places = sorted(
            ((self._start[gram], self._start[gram + 1]) for gram in grams),
            key=lambda place: place[1] - place[0],
        )
        chosen, rarities, possible, total = list[NDArray[np.int32]](), list[float](), 0.0, 0
        for start, end in places:
            total += end - start
            if total > _POSTINGS and len(chosen) > 1:
                break
            rarity = math.log(1 + self._size / max(end - start, 1))
            possible += rarity
            if end > start:
                chosen.append(self._postings[start:end])
                rarities.append(rarity)
        if not chosen:
            return np.zeros(self._size)
        weights = np.repeat(rarities, [len(some) for some in chosen])
        return np.bincount(np.concatenate(chosen), weights, self._size) / possible


def initials(words: str) -> str:
    """Return the first letters of three words or more; two have no initials."""
    parts = words.split()
    return "".join(part[0] for part in parts) if len(parts) > 2 else ""


def _grams_of_titles(titles: Sequence[str], first: int) -> NDArray[np.int64]:
    """Return pairs of an n-gram and a title that has it, as one number each, ascending."""
    # Three spaces between words: two before a word and one behind it.
    padded = [f"  {title.replace(' ', '   ')} " for title in titles]
    codes = _codes("".join(padded))
    title = np.repeat(np.arange(first, first + len(padded)), [len(one) for one in padded])
    spaces = codes == _SPACE
    trigrams = _trigrams(codes, title, ~spaces[1:-1] | ~spaces[2:])
    # Without spaces, so that 'fullmetal' finds 'full metal'.
    word, letters, of = np.cumsum(spaces)[~spaces], codes[~spaces], title[~spaces]
    across = _trigrams(letters, of, (word[2:] != word[:-2]) & (of[2:] == of[:-2]))
    pairs = _pairs(codes, title)
    found = np.concatenate((trigrams, across, pairs, _initials(titles, first)))
    found.sort()
    return np.asarray(found[np.diff(found, prepend=-1) != 0])


def _initials(titles: Sequence[str], first: int) -> NDArray[np.int64]:
    """Pairs of the n-grams of initials and their titles."""
    padded = [f"  {letters} " if (letters := initials(title)) else "" for title in titles]
    codes = _codes("".join(padded))
    title = np.repeat(np.arange(first, first + len(padded)), [len(one) for one in padded])
    return _trigrams(codes, title, title[2:] == title[:-2])


def _trigrams(
    codes: NDArray[np.uint32], title: NDArray[np.int64], where: NDArray[np.bool_]
) -> NDArray[np.int64]:
    grams = _hashed(codes[:-2][where], codes[1:-1][where], codes[2:][where])
    return (grams.astype(np.int64) << 32) | title[2:][where]


def _pairs(codes: NDArray[np.uint32], title: NDArray[np.int64]) -> NDArray[np.int64]:
    where = (codes[:-1] >= _CJK) & (codes[1:] >= _CJK)
    grams = _hashed(np.uint32(_PAIR), codes[:-1][where], codes[1:][where])
    return (grams.astype(np.int64) << 32) | title[1:][where]


def _grams_of_query(words: str, *, begun: bool) -> set[int]:
    *finished, last = words.split(" ")
    end = "" if begun else " "
    padded = [f"  {word} " for word in finished]
    padded += [f"  {word}{end}" for word in {last, words.replace(" ", "")}]
    grams = set[int]()
    for word in padded:
        codes = [ord(one) for one in word]
        grams.update(_hash(*codes[at : at + 3]) for at in range(len(codes) - 2))
        pairs = pairwise(codes)
        grams.update(_hash(_PAIR, one, other) for one, other in pairs if min(one, other) >= _CJK)
    return grams


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)


def _hash(before: int, middle: int, after: int) -> int:
    one, two, three = _FACTORS
    mixed = ((before * one) ^ (middle * two) ^ (after * three)) & _WORD
    return ((mixed * one) & _WORD) >> (32 - _BITS)


def _hashed(
    before: NDArray[np.uint32] | np.uint32, middle: NDArray[np.uint32], after: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Compute `_hash` of many."""
    one, two, three = (np.uint32(factor) for factor in _FACTORS)
    with np.errstate(over="ignore"):
        mixed = np.multiply(before, one) ^ np.multiply(middle, two) ^ np.multiply(after, three)
        return (mixed * one) >> np.uint32(32 - _BITS)
