"""Describes filters for members."""

from __future__ import annotations

from bot.ui.embeds import clip, escaped
from hakken.recommend.filters import Filters

_WORDS_LIMIT = 900
"""Characters: twenty long genres would be too many for a message."""


def in_words(filters: Filters) -> str:
    """Describe the filters, such as 'TV · Drama · without Horror · from 2010'; empty without any."""
    parts = (
        " or ".join(sorted(filters.types)),
        ", ".join(sorted(filters.genres)),
        f"without {', '.join(sorted(filters.without_genres))}" if filters.without_genres else "",
        _years(filters.from_year, filters.to_year),
        filters.length or "",
        "" if filters.min_raters is None else f"rated by {filters.min_raters:,} or more",
        "" if filters.adventure == "balanced" else filters.adventure,
        "sequels included" if filters.sequels == "include" else "",
        "planned ones too" if filters.planned else "",
        "" if filters.sort == "highest rating" else f"{filters.sort} first",
    )
    return clip(escaped(" · ".join(part for part in parts if part)), _WORDS_LIMIT)


def narrowing(filters: Filters) -> list[str]:
    """Return the used options of `/recommend` that exclude anime, in the order of the command."""
    options = {
        "type": filters.types,
        "genre": filters.genres,
        "without": filters.without_genres,
        "from_year": filters.from_year,
        "to_year": filters.to_year,
        "length": filters.length,
        "min_raters": filters.min_raters,
    }
    return [option for option, value in options.items() if value]


def _years(first: int | None, last: int | None) -> str:
    if first and last:
        return str(first) if first == last else f"{first}–{last}"
    if first:
        return f"from {first}"
    return f"up to {last}" if last else ""
