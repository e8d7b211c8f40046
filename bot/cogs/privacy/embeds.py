"""Texts about a member's data and what happens to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import discord

from bot.privacy import LEAST_RATERS
from bot.store import GRACE
from bot.ui.embeds import COLOUR

WORDS: Mapping[str, str] = {
    "members": "Your Discord id, and the day you first came",
    "ratings": "Ratings: {count:,}",
    "list_entries": "Entries of your list: {count:,}",
    "feedback": "Anime that you plan, turned down or marked as seen: {count:,}",
    "participants": "Servers where you use me: {count:,}",
    "gathering_members": "Suggestions that you joined or were named for: {count:,}",
    "party_hosts": "Watch parties that you host: {count:,}",
    "party_forecasts": "Forecasts for coming watch parties: {count:,}",
    "server_list_votes": "Votes for what a server wants to watch: {count:,}",
    "served": "Watch parties that you were part of: {count:,}",
    "published_changes": "Server averages that include your latest rating: {count:,}",
    "answers": "Answers with buttons that may still work: {count:,}",
    "preferences": "Your preferences for my answers",
    "interviews": "How far you are in `/start`",
    "imports": "Imports that `/undo` knows: {count:,}",
    "import_changes": "Changes that `/undo` knows: {count:,}",
    "pending_imports": "Lists that you have not confirmed yet: {count:,}",
    "links": "Synced lists: {count:,}",
    "switches": "Your choices in `/privacy`",
}
"""What members read about their rows in each table; tables without members' data have none."""


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
    return "\n".join(f"· {WORDS[table].format(count=count)}" for table, count in counts.items() if count)


def forget_embed(counts: Mapping[str, int]) -> discord.Embed:
    """Show what would be deleted, and ask."""
    return discord.Embed(
        title="Delete all of this?",
        description=(
            f"{held_lines(counts)}\n\n"
            "You can't undo this. `/export` gives you a copy first. "
            "My posts in channels stay until someone deletes them."
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
            "Your Discord id, the servers where you use me, and what you tell me: ratings, lists, plans, "
            "preferences and links. I keep no messages and no names from Discord. `/export` shows all of it."
        ),
        "Why": "To recommend anime to you, and to find what a server can watch together. For nothing else.",
        "How long": (
            f"Until you use `/forget-me`. Answers with page buttons: {answers_minutes:g} minutes. "
            f"A server's data: until {GRACE.days} days after it removed me."
        ),
        "Who sees it": (
            "You, and the people who run me. In a channel, others see what you ask me and titles that you "
            "liked or have seen, but not your scores. "
            f"They also see rounded averages of {LEAST_RATERS} or more members. "
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
