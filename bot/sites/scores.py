"""Converts AniList's five score formats to Hakken's 1–10."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

ScoreFormat = Literal["POINT_100", "POINT_10_DECIMAL", "POINT_10", "POINT_5", "POINT_3"]
"""https://docs.anilist.co/reference/enum/scoreformat"""

_TOP: dict[ScoreFormat, int] = {
    "POINT_100": 100,
    "POINT_10_DECIMAL": 10,
    "POINT_10": 10,
    "POINT_5": 5,
    "POINT_3": 3,
}

# The points out of 100 that AniList's own site stores for a smiley
# (https://github.com/tachiyomiorg/tachiyomi/pull/1631). They are not thirds: the happy one is not 100.
_SMILEYS = {1: 35, 2: 60, 3: 85}

ROUNDING: dict[ScoreFormat, str | None] = {
    "POINT_100": "Scores of 1–100 became 1–10, halves rounded up: 85 → 9, 84 → 8.",
    "POINT_10_DECIMAL": "Scores with decimals became whole, halves rounded up: 8.5 → 9, 8.4 → 8.",
    "POINT_10": None,
    "POINT_5": "Each star counts two points: ★★★★★ → 10.",
    "POINT_3": "Smileys became points as AniList counts them, halves rounded up: 🙁 → 4, 😐 → 6, 🙂 → 9.",
}
"""Note for the member on how their scores became 1–10; None if nothing changed."""


class ScoreOutOfScaleError(ValueError):
    """A score is not part of its format."""


def ten_points(score: float, form: ScoreFormat) -> int | None:
    """Convert a score on AniList to 1–10.

    Halves are rounded up. A result of 0 becomes 1, because 0 means 'not scored'.

    Args:
        score: as AniList gives it in the owner's format, 0 for not scored.
        form: the owner's format.

    Returns:
        1–10, or None for not scored.

    Raises:
        ScoreOutOfScaleError: the score is below 0, above the format's top, no number, or half a smiley.
    """
    if not 0 <= score <= _TOP[form]:
        raise ScoreOutOfScaleError(score)
    if score == 0:
        return None
    if form == "POINT_3":
        if score not in _SMILEYS:
            raise ScoreOutOfScaleError(score)
        return _rounded(Decimal(_SMILEYS[int(score)]) / 10)
    # Converted through its text, so that 8.5 and 84.5 are exact.
    return _rounded(Decimal(str(score)) * 10 / _TOP[form])


def _rounded(points: Decimal) -> int:
    return max(1, int(points.quantize(Decimal(1), ROUND_HALF_UP)))
