"""Texts about an imported list: its preview, its questions and its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import discord
from discord.utils import format_dt

from bot.cogs.importing.plan import Plan
from bot.cogs.importing.proposal import Proposal
from bot.lists import Unsure
from bot.store import Taken, Undone
from bot.ui.embeds import COLOUR, Display, clip, escaped, named

SOURCES: Mapping[str, str] = {
    "myanimelist": "MyAnimeList",
    "anilist": "AniList",
    "hakken": "my own export",
    "csv": "your table",
}
"""Names of the lists' sources, by kind."""
_SHOWN = 5
"""Differing scores that are shown."""
_REASONS, _NOTES, _SENTENCE_LIMIT = 3, 3, 200
_TEXT_LIMIT = 80
"""Characters shown of a title from the member's table."""


def preview_embed(plan: Plan, proposal: Proposal, display: Display, *, adult: bool) -> discord.Embed:
    """Make the preview of what a list would change.

    Args:
        plan: the changes.
        proposal: the waiting list.
        display: how to show anime.
        adult: whether 18+ may be named.
    """
    read = proposal.read
    embed = discord.Embed(
        title=f"Your list from {SOURCES[read.kind]}: {plan.found:,} anime",
        description="\n".join(_counts(plan, plan.unsure + proposal.unasked)),
        colour=COLOUR,
    )
    differing = [
        change for change in plan.changed if adult or not display.catalogue.anime(change.anime_id).adult
    ][:_SHOWN]
    if differing:
        lines = [
            f"{named(change.anime_id, display)}: yours **{plan.mine[change.anime_id]}**, "
            f"theirs **{change.score}**"
            for change in differing
        ]
        if len(plan.changed) > len(differing):
            lines.append(f"and {len(plan.changed) - len(differing):,} more")
        embed.add_field(name="Other scores", value="\n".join(lines), inline=False)
    if read.passed_over:
        total = sum(read.passed_over.values())
        embed.add_field(name=f"Not understood: {total:,}", value=_reasons(read.passed_over), inline=False)
    if read.notes:
        notes = "\n".join(clip(note, _SENTENCE_LIMIT) for note in read.notes[:_NOTES])
        embed.add_field(name="Good to know", value=notes, inline=False)
    return embed.set_footer(text="Nothing is saved before you press a button; /undo takes it back.")


def _counts(plan: Plan, unsure: int) -> Iterator[str]:
    counts = {
        "new": len(plan.new),
        "with another score than yours": len(plan.changed),
        "with more or newer facts than yours": len(plan.updated),
        "just as you have them": plan.unchanged,
    }
    yield from (f"**{count:,}** {what}" for what, count in counts.items() if count)
    if plan.unrated:
        yield f"{plan.unrated:,} of them without a score"
    if plan.unknown:
        yield f"{plan.unknown:,} of them I don't know yet; kept all the same"
    if unsure:
        yield f"Also, I am not sure about {_titles(unsure)}; left out unless you tell me"


def _titles(count: int) -> str:
    return "1 title" if count == 1 else f"{count:,} titles"


def _reasons(passed_over: Mapping[str, int]) -> str:
    commonest = sorted(passed_over.items(), key=lambda one: -one[1])
    lines = [f"{count:,} × {clip(why, _SENTENCE_LIMIT)}" for why, count in commonest[:_REASONS]]
    if len(commonest) > _REASONS:
        lines.append("…")
    return "\n".join(lines)


def question_text(unsure: Unsure, number: int, of: int) -> str:
    """Make the question about a title; the menu below answers it."""
    score = "" if unsure.score is None else f", your {unsure.score}"
    return f"Which anime is “{escaped(clip(unsure.text, _TEXT_LIMIT))}”{score}? ({number} of {of})"


def nothing_new_text(plan: Plan, proposal: Proposal) -> str:
    """Make the answer to a list with nothing new."""
    answer = f"Nothing new: I already have the {plan.found:,} anime of this list."
    if plan.found == 0:
        answer = "I found no anime on this list that I am sure of, so nothing changes."
    lines = [answer]
    if proposal.read.passed_over:
        lines.append(_reasons(proposal.read.passed_over))
    return "\n".join(lines)


def taken_text(taken: Taken, kept: int) -> str:
    """Say what was taken, and what the member can do next.

    Args:
        taken: the result.
        kept: how many scores of the member stay although the list has different ones.
    """
    parts = [
        _scores(taken.rated, "new") if taken.rated else "",
        _scores(taken.rescored, "changed") if taken.rescored else "",
        f"status or dates of {taken.listed:,} anime" if taken.listed else "",
    ]
    lines = [f"Taken: {', '.join(part for part in parts if part)}." if any(parts) else "Nothing was changed."]
    if kept:
        lines.append(f"{_scores(kept, 'other')} of the list left out: you keep yours.")
    if taken.import_id is not None:
        lines.append("`/recommend` goes by it from now on; `/undo` takes it back whole.")
    return "\n".join(lines)


def _scores(count: int, which: str) -> str:
    return f"1 {which} score" if count == 1 else f"{count:,} {which} scores"


def undo_question(source: str, at: datetime) -> str:
    """Make the question before an import is taken back."""
    when = format_dt(at, "R")
    return f"Take back your list from {SOURCES[source]}, taken {when}? What you changed since stays as it is."


def undone_text(undone: Undone) -> str:
    """Say what was restored when an import was taken back."""
    are = "is as it was" if undone.restored == 1 else "are as they were"
    text = f"Taken back: {undone.restored:,} anime {are} before."
    if undone.by_hand == 1:
        text += " 1 that you have changed since stays as you left it."
    elif undone.by_hand:
        text += f" {undone.by_hand:,} that you have changed since stay as you left them."
    return text
