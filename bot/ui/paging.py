"""Splits a list into pages, and makes the buttons that turn them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import discord

from bot.ui.buttons import Button
from bot.ui.custom_ids import Field
from bot.ui.embeds import COLOUR

T = TypeVar("T")

SIDE = Field("[<>]", str)
"""``<`` for back, ``>`` for forward."""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One page of a list."""

    entries: Sequence[T]
    total: int
    """Number of entries on all pages."""
    hidden: int
    """Number of further entries that may not be shown here."""
    page: int
    """The page's number, from 0."""
    last: int
    """The number of the last page."""


def cut(listed: Sequence[T], page: int, per_page: int, *, hidden: int = 0) -> Part[T]:
    """Return a page of a list, from 0; a number beyond the last page gives the last page."""
    last = max(0, (len(listed) - 1) // per_page)
    page = min(page, last)
    return Part(listed[page * per_page : (page + 1) * per_page], len(listed), hidden, page, last)


def page_embed(part: Part[Any], lines: Sequence[str]) -> discord.Embed:
    """Return the embed of a page, with a line for each entry."""
    embed = discord.Embed(description="\n".join(lines), colour=COLOUR)
    number_page(embed, part)
    return embed


def number_page(embed: discord.Embed, part: Part[Any]) -> None:
    """Set the embed's footer to the page number, if there are several pages."""
    if part.last:
        embed.set_footer(text=f"Page {part.page + 1} of {part.last + 1}")


def hidden_text(hidden: int) -> str:
    """Say how many entries of a list are not shown here, and where they are."""
    if hidden == 1:
        return "1 anime counted as 18+ is hidden here. See it in an age-restricted channel."
    return f"{hidden:,} anime counted as 18+ are hidden here. See them in an age-restricted channel."


def turns(page: int, last: int) -> Iterator[tuple[str, int, bool]]:
    """Yield the two buttons below a page, if there are several pages.

    Yields:
        The side, the page that the button turns to, and whether it is disabled.
    """
    if last:
        yield "<", max(page - 1, 0), page == 0
        yield ">", min(page + 1, last), page == last


def turning(side: str, *, disabled: bool) -> Button:
    """Return a button that turns a page; disable it if there is no page on that side."""
    return Button(
        label="Back" if side == "<" else "More",
        emoji="◀️" if side == "<" else "▶️",
        style=discord.ButtonStyle.secondary,
        disabled=disabled,
        row=4,  # the last row, below everything else
    )
