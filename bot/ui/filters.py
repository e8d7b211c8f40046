"""Filters in a member's words."""

from __future__ import annotations

from discord.utils import escape_markdown

from hakken.recommend.filters import Filters


def in_words(wishes: Filters) -> str:
    """What is wished, 'TV · Drama · without Horror · from 2010'; empty for no wish."""
    parts = (
        " or ".join(sorted(wishes.types)),
        ", ".join(sorted(wishes.genres)),
        f"without {', '.join(sorted(wishes.without_genres))}" if wishes.without_genres else "",
        _years(wishes.from_year, wishes.to_year),
        wishes.length or "",
        "" if wishes.min_raters is None else f"rated by {wishes.min_raters:,} or more",
        "" if wishes.adventure == "balanced" else wishes.adventure,
        "sequels included" if wishes.sequels == "include" else "",
        "planned ones too" if wishes.planned else "",
    )
    return escape_markdown(" · ".join(part for part in parts if part))


def narrowing(wishes: Filters) -> list[str]:
    """The options of `/recommend` that leave anime out, in the order of the command."""
    options = {
        "type": wishes.types,
        "genre": wishes.genres,
        "without": wishes.without_genres,
        "from_year": wishes.from_year,
        "to_year": wishes.to_year,
        "length": wishes.length,
        "min_raters": wishes.min_raters,
    }
    return [option for option, wished in options.items() if wished]


def _years(first: int | None, last: int | None) -> str:
    if first and last:
        return str(first) if first == last else f"{first}–{last}"
    if first:
        return f"from {first}"
    return f"up to {last}" if last else ""
