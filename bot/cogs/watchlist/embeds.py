"""Shows a member's own lists."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.store import Feedback, FeedbackKind
from bot.ui.embeds import COLOUR, Display, facts_line, linked
from bot.ui.paging import Part, hidden_text, number_page

_COUNTED: Mapping[FeedbackKind, str] = {
    "planned": "You plan to watch {count:,} anime.",
    "dismissed": "Turned down, never suggested: {count:,} anime.",
    "seen": "Seen, not rated: {count:,} anime.",
}
_EMPTY: Mapping[FeedbackKind, str] = {
    "planned": "You plan nothing yet. Press **Plan** under a pick of `/recommend` to add it here.",
    "dismissed": "Nothing turned down yet. Press **Not for me** under a pick, and I won't suggest it again.",
    "seen": "Nothing is marked as seen. `/ratings` shows what you have rated.",
}


def list_intro(kind: FeedbackKind, part: Part[Feedback]) -> str:
    """Make the text above a list, or in its place if it is empty."""
    sentences = []
    if part.total or not part.hidden:
        sentences.append(_COUNTED[kind].format(count=part.total) if part.total else _EMPTY[kind])
    if part.hidden:
        sentences.append(hidden_text(part.hidden))
    return " ".join(sentences)


def list_embed(part: Part[Feedback], display: Display) -> discord.Embed:
    """Make a page of a list, with a line for each anime."""
    lines = []
    for entry in part.entries:
        facts = detail(entry, display)
        lines.append(
            linked(display.catalogue.anime(entry.anime_id), display) + (f" · {facts}" if facts else "")
        )
    embed = discord.Embed(description="\n".join(lines), colour=COLOUR)
    number_page(embed, part)
    return embed


def detail(entry: Feedback, display: Display) -> str:
    """Say why it was turned down, or else its type, episodes and year, as far as known."""
    return entry.reason or facts_line(display.catalogue.anime(entry.anime_id))
