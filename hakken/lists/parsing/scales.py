"""Scores as lists write them, and the scale that a whole column of them is on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from .statuses import UnknownWordError
from .words import plain, table_of

TOPS = (5, 10, 20, 100)
"""The best scores of the scales that lists use."""
_NOT_SCORED = table_of(
    {
        "": """
        none, null, nil, na, nan, undefined, unknown, unrated, not rated, unscored, not scored, no rating,
        no score, not yet rated, keine, nicht bewertet, unbewertet, ohne Wertung, non noté, sin puntuar,
        sin nota, sem nota, non votato, без оценки, не оценено, нет, bez oceny, brak oceny, puanlanmadı,
        puan yok, belum dinilai, 未評価, 未评分, 未評分, 없음
    """
    }
)
_NARROW = {0xFE0F: None, **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}}
"""Full-width forms as ASCII, and emoji without the mark that makes them colourful."""
_STARS = re.compile(r"([★⭐*]{1,10})(½)?([☆✩✰]{0,10})")
_SCORE = re.compile(
    r"(-?[0-9]{1,3}(?:[.,][0-9]{1,9})?)\s*"
    r"(?:(?:/|⁄|\bout\s+of\b|\bof\b|\bvon\b|\bsur\b|\bde\b|\bsu\b|\bиз\b|\bz\b)\s*([0-9]{1,3})(?:[.,]0+)?|(%)|([★⭐]|\bstars?\b))?",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?<![0-9])(5|10|20|100)(?:[.,]0+)?\W*$")
_NUMBER_WORDS = {"ratingtwenty": 20, "scorehundred": 100}
ANILIST_TOPS = {"POINT_100": 100, "POINT_10_DECIMAL": 10, "POINT_10": 10, "POINT_5": 5, "POINT_3": 3}
"""Best scores of AniList's formats: https://docs.anilist.co/reference/enum/scoreformat."""
SMILEY_TOP = 3
# They are not thirds: the happy one is not 100.
SMILEYS = {1: 35, 2: 60, 3: 85}
"""Points out of 100 that AniList's own site stores for a smiley; see tachiyomi's pull request 1631."""
NOTES: dict[int, str] = {
    3: "Smileys became points as AniList counts them, halves rounded up: 🙁 → 4, 😐 → 6, 🙂 → 9.",
    5: "Scores out of 5 count double: 4.5 → 9.",
    20: "Scores out of 20 became 1–10, halves rounded up: 17 → 9.",
    100: "Scores of 1–100 became 1–10, halves rounded up: 85 → 9, 84 → 8.",
}
"""Notes for the member on how their scores became 1–10, by the best score of their scale."""
ROUNDED = "Scores with decimals were rounded: 7.5 counts as 8."


@dataclass(frozen=True, slots=True)
class Given:
    """A score as a list gives it."""

    value: Decimal
    """More than 0."""
    top: int | None = None
    """The best score of its scale, where the score itself says it: 10 of ``9/10``."""
    stars: bool = False


@lru_cache(1024)
def read_score(text: str) -> Given | None:
    """Return the score that a cell means; None for 'not scored'.

    Raises:
        UnknownWordError: the cell is no score.
    """
    written = text.translate(_NARROW).strip()
    word = plain(written)
    if not written.strip("-–—?./☆✩✰ ") or word in _NOT_SCORED:
        return None
    given = _stars(written) or _number(written)
    if given is None or given.value < -1 or (given.top and given.value > given.top):
        raise UnknownWordError(text)
    return given if given.value > 0 else None


def top_of_heading(heading: str) -> int | None:
    """Return the best score that a column's heading names, such as 100 of ``Score (1-100)``."""
    named = _HEADING.search(heading)
    return int(named[1]) if named else _NUMBER_WORDS.get(plain(heading))


def possible_tops(scores: Sequence[Given], usual: int | None) -> tuple[int, ...]:
    """Return the best scores of all scales that a column may be on; of several, the member must choose.

    Scores that say their scale themselves do not count here, and neither do a few beyond the usual scale.

    Args:
        scores: the column.
        usual: the best score of the scale that the list's site or the column's heading names, if any.
    """
    stars = [one.value for one in scores if one.top is None and one.stars]
    values = [one.value for one in scores if one.top is None and one.value <= TOPS[-1]]
    if not values:
        return (usual or 10,)
    highest = max(values)
    if stars:  # beside points, too
        return (10,) if max(stars) > 5 else (5,) if highest <= 5 else (5, 10)
    expected = usual or 10
    beyond = sum(value > expected for value in values)
    if 10 * beyond <= len(values) and expected > TOPS[0]:
        values, beyond = [value for value in values if value <= expected], 0
        highest = max(values)
    if usual is not None and not beyond:
        return (usual,)
    # Half of a scale may have been used alone, a tenth of it not.
    tops = {5: (5, 10), 10: (10,), 20: (20, 100), 100: (100,)}[next(top for top in TOPS if highest <= top)]
    mistyped = expected not in tops and 2 * beyond <= len(values)
    return (expected, *tops) if mistyped else tops


def points(value: Decimal, top: int) -> int | None:
    """Convert a score to 1–10; halves are rounded up, and what would be 0 is 1, since 0 means 'not scored'.

    Args:
        value: more than 0.
        top: the best score of its scale.

    Returns:
        1–10; None if the scale does not go so far.
    """
    if value > top or (top == SMILEY_TOP and value not in SMILEYS):
        return None
    if top == SMILEY_TOP:
        value, top = Decimal(SMILEYS[int(value)]), 100
    return max(1, int((value * 10 / top).quantize(Decimal(1), ROUND_HALF_UP)))


def _stars(text: str) -> Given | None:
    found = _STARS.fullmatch(text)
    if found is None:
        return None
    full, half, empty = found.groups()
    value = len(full) + (Decimal("0.5") if half else Decimal(0))
    shown = len(full) + bool(half) + len(empty)
    return Given(value, shown if empty and shown in TOPS else None, stars=True)


def _number(text: str) -> Given | None:
    found = _SCORE.fullmatch(text)
    if found is None:
        return None
    number, of, percent, star = found.groups()
    value = Decimal(number.replace(",", "."))
    top = int(of) if of else 100 if percent else None
    if top is not None and top not in TOPS:
        return None
    return Given(value, top, stars=star is not None)
