"""How a list is cut into pages, and the buttons that turn them, wherever there are pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import discord

from bot.ui.buttons import Button
from bot.ui.custom_ids import Field

T = TypeVar("T")

SIDE = Field("[<>]", str)
"""``<`` back, ``>`` on."""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """What stands on one page of a list."""

    entries: Sequence[T]
    total: int
    """How many entries all pages have."""
    hidden: int
    """How many more may not be shown here."""
    page: int
    """From 0 on."""
    last: int
    """The number of the last page."""


def cut(listed: Sequence[T], page: int, per_page: int, *, hidden: int = 0) -> Part[T]:
    """A page of a list; beyond the last page, that one.

    Args:
        listed: all that may be shown, in its order.
        page: from 0 on.
        per_page: entries on each page, at least 1.
        hidden: how many more may not be shown.
    """
    last = max(0, (len(listed) - 1) // per_page)
    page = min(page, last)
    return Part(listed[page * per_page : (page + 1) * per_page], len(listed), hidden, page, last)


def number_page(embed: discord.Embed, part: Part[Any]) -> None:
    """Write beneath an embed which page it shows, if there are several."""
    if part.last:
        embed.set_footer(text=f"Page {part.page + 1} of {part.last + 1}")


def turns(page: int, last: int) -> Iterator[tuple[str, int, bool]]:
    """The two buttons beneath a page, if there are several.

    Yields:
        The side, the page that it turns to, and whether it is disabled.
    """
    if last:
        yield "<", max(page - 1, 0), page == 0
        yield ">", min(page + 1, last), page == last


def turning(side: str, *, disabled: bool) -> Button:
    """A button that turns a page; disabled where there is no page on that side."""
    return Button(
        label="Back" if side == "<" else "More",
        emoji="◀️" if side == "<" else "▶️",
        style=discord.ButtonStyle.secondary,
        disabled=disabled,
        row=4,  # the last: beneath all else
    )
