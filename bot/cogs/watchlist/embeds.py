"""Shows a member's own lists."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.store import Feedback, FeedbackKind
from bot.ui.embeds import Display, facts_line, linked
from bot.ui.paging import Part, hidden_text, page_embed

_COUNTED: Mapping[FeedbackKind, str] = {
    "planned": "You plan to watch {count:,} anime.",
    "dismissed": "You turned down {count:,} anime. I suggest none of them.",
    "seen": "You have seen {count:,} anime that you haven't rated.",
}
_EMPTY: Mapping[FeedbackKind, str] = {
    "planned": "You plan nothing yet. Press **Plan** under a pick of `/recommend` to add it here.",
    "dismissed": "Nothing turned down yet. Press **Not for me** under a pick, and I won't suggest it again.",
    "seen": "Nothing is marked as seen here. `/ratings` shows what you have rated.",
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
        title, facts = linked(display.catalogue.anime(entry.anime_id), display), detail(entry, display)
        lines.append(f"{title} · {facts}" if facts else title)
    return page_embed(part, lines)


def detail(entry: Feedback, display: Display) -> str:
    """Say why it was turned down, or else its type, episodes and year, as far as known."""
    return entry.reason or facts_line(display.catalogue.anime(entry.anime_id))
