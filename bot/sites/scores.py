"""Converts AniList's five score formats to Hakken's 1–10, by the scales that files use, too."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Literal

from hakken.lists.parsing.scales import ANILIST_TOPS, NOTES, points

ScoreFormat = Literal["POINT_100", "POINT_10_DECIMAL", "POINT_10", "POINT_5", "POINT_3"]
"""https://docs.anilist.co/reference/enum/scoreformat"""

ROUNDING: dict[ScoreFormat, str | None] = {
    "POINT_100": NOTES[100],
    "POINT_10_DECIMAL": "Scores with decimals became whole, halves rounded up: 8.5 → 9, 8.4 → 8.",
    "POINT_10": None,
    "POINT_5": "Each star counts two points: ★★★★★ → 10.",
    "POINT_3": NOTES[3],
}
"""Note for the member on how their scores became 1–10; None if nothing changed."""


class ScoreOutOfScaleError(ValueError):
    """A score is not part of its format."""


def ten_points(score: float, form: ScoreFormat) -> int | None:
    """Convert a score on AniList, in its owner's format, to 1–10; None for 0, which means not scored.

    Halves are rounded up. A result of 0 becomes 1, because 0 means 'not scored'.

    Raises:
        ScoreOutOfScaleError: the score is below 0, above the format's top, no number, or half a smiley.
    """
    if score == 0:
        return None
    # Converted through its text, so that 8.5 and 84.5 are exact.
    on_scale = math.isfinite(score) and score > 0
    converted = points(Decimal(str(score)), ANILIST_TOPS[form]) if on_scale else None
    if converted is None:
        raise ScoreOutOfScaleError(score)
    return converted
