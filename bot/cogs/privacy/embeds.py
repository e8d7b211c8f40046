"""Texts about a member's data and what happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot.privacy import LEAST_RATERS
from bot.store import GRACE
from bot.ui.embeds import COLOUR

WORDS: Mapping[str, str] = {
    "members": "your Discord id, and the day you first came",
    "ratings": "ratings",
    "list_entries": "entries of your list",
    "feedback": "anime that you plan, turned down or marked as seen",
    "participants": "servers where you use me",
    "gathering_members": "suggestions that you were named for or joined",
    "party_hosts": "watch parties that you host",
    "party_forecasts": "forecasts for watch parties to come",
    "server_list_votes": "votes for what a server wants to watch",
    "served": "watch parties that you were part of",
    "published_changes": "server averages that your latest rating is part of",
    "answers": "answers whose buttons may still work",
    "preferences": "how you want to be answered",
    "interviews": "how far you are in `/start`",
    "imports": "imports that `/undo` knows",
    "import_changes": "changes that `/undo` knows",
    "pending_imports": "lists that wait for you to take them",
    "links": "lists that are synced",
    "switches": "your choices in `/privacy`",
}
"""Words for members about the rows of each table; tables without members' data have none."""
_ONE: Mapping[str, str] = {
    "ratings": "rating",
    "list_entries": "entry of your list",
    "participants": "server where you use me",
    "gathering_members": "suggestion that you were named for or joined",
    "party_hosts": "watch party that you host",
    "party_forecasts": "forecast for a watch party to come",
    "server_list_votes": "vote for what a server wants to watch",
    "served": "watch party that you were part of",
    "published_changes": "server average that your latest rating is part of",
    "answers": "answer whose buttons may still work",
    "imports": "import that `/undo` knows",
    "import_changes": "change that `/undo` knows",
    "pending_imports": "list that waits for you to take it",
    "links": "list that is synced",
}
"""The words for a single row, where they differ."""
_SINGLE = frozenset({"members", "preferences", "interviews", "switches"})
"""Tables with at most one row per member, so their count is not shown."""


@dataclass(frozen=True, slots=True)
class Choices:
    """A member's choices in `/privacy`, or the defaults."""

    takes_part: bool | None
    """Whether their ratings count in this server's suggestions; None outside a server."""
    compare: bool
    """Whether other members may use `/compare` with this member."""
    remember_filters: bool
    """Whether `/recommend` may remember filters."""
    show_scores: bool
    """Whether answers that others read, too, may name their scores."""


def held_lines(counts: Mapping[str, int]) -> str:
    """List the kept data, a line for each kind that exists."""
    lines = []
    for table, count in counts.items():
        words = WORDS.get(table, table.replace("_", " "))
        if count == 1:
            words = _ONE.get(table, words)
        if count:
            lines.append(f"· {words}" if table in _SINGLE else f"· {count:,} {words}")
    return "\n".join(lines)


def forget_embed(counts: Mapping[str, int]) -> discord.Embed:
    """Show what would be deleted, and ask."""
    return discord.Embed(
        title="Delete all of this?",
        description=(
            f"{held_lines(counts)}\n\n"
            "It cannot be brought back; `/export` gives you a copy first. "
            "What I have posted in channels stays there until somebody deletes it."
        ),
        colour=discord.Colour.red(),
    )


def privacy_embed(choices: Choices, answers_minutes: float, contact: str) -> discord.Embed:
    """Show what is kept, why, for how long, who sees it, and the member's choices.

    Args:
        choices: the member's choices.
        answers_minutes: how long answers with page buttons are kept.
        contact: whom to ask; empty if the bot's operator names nobody.
    """
    sections = {
        "What I keep": (
            "Your Discord id and what you tell me: ratings, lists, plans, preferences, links; "
            "and in which servers you use me. No messages, no names of Discord. `/export` shows all of it."
        ),
        "Why": "To recommend to you, and to find what a server can watch together. Nothing else.",
        "How long": (
            f"Until `/forget-me`. Answers with page buttons: {answers_minutes:g} minutes. "
            f"What belongs to a server: until {GRACE.days} days after I was removed from it."
        ),
        "Who sees it": (
            "You, and the people who run me. Others see what you ask me for in a channel, with titles that "
            "you liked, but without your scores. They also see rounded averages of "
            f"{LEAST_RATERS} or more members. "
            "Members who may `/compare` with you see your scores."
        ),
        "Your choices": _choices(choices),
    }
    embed = discord.Embed(title="Your data", colour=COLOUR)
    for name, value in sections.items():
        embed.add_field(name=name, value=value, inline=False)
    return embed.set_footer(text=f"Questions: {contact}") if contact else embed


def _choices(choices: Choices) -> str:
    lines = [
        f"{_mark(chosen=choices.compare)} Others who allow it too may `/compare` with you and `/lend` to you",
        f"{_mark(chosen=choices.remember_filters)} `/recommend` may remember filters",
        f"{_mark(chosen=choices.show_scores)} Answers that everyone reads may show your scores",
    ]
    if choices.takes_part is not None:
        lines.insert(0, f"{_mark(chosen=choices.takes_part)} You count in this server's `/suggest`")
    return "\n".join(lines)


def _mark(*, chosen: bool) -> str:
    return "✅" if chosen else "❌"
