"""How what is held about a member, and what becomes of it, reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot.privacy import LEAST_MEMBERS
from bot.store import GRACE
from bot.ui.embeds import COLOUR

WORDS: Mapping[str, str] = {
    "members": "your Discord id, and the day you first came",
    "ratings": "ratings",
    "list_entries": "entries of your list",
    "feedback": "anime that you plan, turned down or marked as seen",
    "participants": "servers where you use me",
    "gathering_members": "evenings that you were named for or are in",
    "party_hosts": "evenings that you lead",
    "party_forecasts": "forecasts for evenings to come",
    "server_list_votes": "votes for what a server wants to watch",
    "served": "evenings that you were part of",
    "answers": "answers whose buttons may still work",
    "preferences": "how you want to be answered",
    "interviews": "how far you are in `/start`",
    "imports": "imports that `/undo` knows",
    "import_changes": "changes that `/undo` knows",
    "pending_imports": "lists that wait for you to take them",
    "links": "lists that are kept in step",
    "switches": "your choices in `/privacy`",
}
"""What the rows of each table are, for a member; tables that hold nothing of members have no words."""
_SINGLE = frozenset({"members", "preferences", "interviews", "switches"})
"""Tables with one row at most about a member: a count would tell nothing."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a member has chosen in `/privacy`, or what holds without a choice."""

    takes_part: bool | None
    """Whether their ratings count in this server's suggestions; None outside a server."""
    compare: bool
    """Whether others may compare their list with it."""
    remember_filters: bool
    """Whether `/recommend` may remember filters."""


def held_lines(counts: Mapping[str, int]) -> str:
    """What is held, a line for each kind, without the kinds of which there is nothing."""
    lines = []
    for table, count in counts.items():
        words = WORDS.get(table, table.replace("_", " "))
        if count:
            lines.append(f"· {words}" if table in _SINGLE else f"· {count:,} {words}")
    return "\n".join(lines)


def forget_embed(counts: Mapping[str, int]) -> discord.Embed:
    """What goes if the member wants to be forgotten."""
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
    """What is held, why, for how long, who sees it, and what the member has chosen.

    Args:
        choices: the member's.
        answers_minutes: how long answers with page buttons are kept.
        contact: whom to ask; empty where the host names nobody.
    """
    told = {
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
            "You, and whoever runs me. Others see what you ask me for in a channel, "
            f"and what {LEAST_MEMBERS} or more of you give on the whole. "
            "Your own scores only who may `/compare` with you."
        ),
        "Your choices": _choices(choices),
    }
    embed = discord.Embed(title="Your data", colour=COLOUR)
    for name, value in told.items():
        embed.add_field(name=name, value=value, inline=False)
    return embed.set_footer(text=f"Questions: {contact}") if contact else embed


def _choices(choices: Choices) -> str:
    lines = [
        f"{_mark(chosen=choices.compare)} Who allows it, too, may `/compare` with you and `/lend` to you",
        f"{_mark(chosen=choices.remember_filters)} `/recommend` may remember filters",
    ]
    if choices.takes_part is not None:
        lines.insert(0, f"{_mark(chosen=choices.takes_part)} You count in this server's `/suggest`")
    return "\n".join(lines)


def _mark(*, chosen: bool) -> str:
    return "✅" if chosen else "❌"
