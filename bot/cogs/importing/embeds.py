"""Texts about an imported list: its preview, its questions and its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import discord
from discord.utils import format_dt

from bot.cogs.importing.plan import Plan
from bot.cogs.importing.proposal import Proposal
from bot.lists import ReadList, Unsure
from bot.store import Taken, Undone
from bot.ui.embeds import COLOUR, Display, clip, escaped, named

SOURCES: Mapping[str, str] = {
    "myanimelist": "MyAnimeList",
    "anilist": "AniList",
    "hakken": "Hakken",
    "csv": "a table",
    "json": "a file",
}
"""Names of the lists' sources, by kind."""
_SHOWN = 5
"""Differing scores that are shown."""
_REASONS, _WORDS, _SENTENCE_LIMIT = 3, 4, 200
_NOTES = 5
"""Notes in a field of an embed: Discord takes 1,024 characters."""
_TEXT_LIMIT = 80
"""Characters shown of a title from the member's table."""


def preview_embed(
    plan: Plan, read: ReadList, unasked: int, display: Display, *, adult: bool
) -> discord.Embed:
    """Make the preview of what a list would change.

    Args:
        plan: the changes.
        read: the list, as far as it was asked about.
        unasked: how many more titles are unsure.
        display: how to show anime.
        adult: whether 18+ may be named.
    """
    embed = discord.Embed(
        title=f"Your list from {SOURCES[read.kind]}: {plan.found:,} anime",
        description="\n".join(_counts(plan, plan.unsure + unasked)),
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
    _add_doubts(embed, read)
    return embed.set_footer(text="Nothing is saved until you press a button. /undo takes it back.")


def choice_text(proposal: Proposal) -> str:
    """Make the question about the whole list; the buttons below answer it."""
    read = proposal.read
    if read.titles_alone:
        titles = len(read.entries) + len(read.unsure) + proposal.unasked
        if titles == 1:
            return "This list only names 1 title, without a score. Have you seen it?"
        return f"This list only names {titles:,} titles, without scores. Have you seen them?"
    *tops, last = read.tops
    return f"Are these scores out of {', '.join(map(str, tops))} or {last}? I can't tell."


def choice_embed(read: ReadList, display: Display, *, adult: bool) -> discord.Embed:
    """Make what helps to answer the question about the whole list: some anime, the best scores first.

    Args:
        read: the list.
        display: how to show anime.
        adult: whether 18+ may be named.
    """
    shown = (one for one in read.entries if adult or not display.catalogue.anime(one.anime_id).adult)
    scored = sorted(shown, key=lambda one: -(one.given or 0))[:_SHOWN]
    embed = discord.Embed(
        title=f"Your list from {SOURCES[read.kind]}: {len(read.entries):,} anime",
        description="\n".join(
            f"{named(one.anime_id, display)}: **{one.given}**" if one.given else named(one.anime_id, display)
            for one in scored
        ),
        colour=COLOUR,
    )
    _add_doubts(embed, read)
    return embed.set_footer(text="Nothing is saved yet.")


def _add_doubts(embed: discord.Embed, read: ReadList) -> None:
    """Add what was not understood, and what was mended or converted."""
    if read.passed_over:
        total = sum(read.passed_over.values())
        embed.add_field(name=f"Not understood: {total:,}", value=_reasons(read.passed_over), inline=False)
    if words := _unknown_words(read):
        embed.add_field(name="Words I don't know", value=words, inline=False)
    for at in range(0, len(read.notes), _NOTES):
        notes = "\n".join(clip(note, _SENTENCE_LIMIT) for note in read.notes[at : at + _NOTES])
        embed.add_field(name="Also good to know" if at else "Good to know", value=notes, inline=False)


def _unknown_words(read: ReadList) -> str:
    return "\n".join(
        [
            *_words(read.unknown_statuses, "{count:,} × the status “{word}”, left out"),
            *_words(read.unknown_scores, "{count:,} × the score “{word}”, left out"),
        ]
    )


def _words(counts: Mapping[str, int], sentence: str) -> Iterator[str]:
    commonest = sorted(counts.items(), key=lambda one: -one[1])
    for word, count in commonest[:_WORDS]:
        yield sentence.format(count=count, word=escaped(word))
    if len(commonest) > _WORDS:
        yield "…"


def _counts(plan: Plan, unsure: int) -> Iterator[str]:
    counts = {
        "**{count:,}** new": len(plan.new),
        "**{count:,}** with another score than yours": len(plan.changed),
        "**{count:,}** with more or newer facts than yours": len(plan.updated),
        "**{count:,}** just as you have them": plan.unchanged,
        "{count:,} of them without a score": plan.unrated,
        "{count:,} of them new to me, but kept": plan.unknown,
    }
    yield from (text.format(count=count) for text, count in counts.items() if count)
    if unsure == 1:
        yield "I'm not sure about 1 title. I leave it out unless you choose its anime."
    elif unsure:
        yield f"I'm not sure about {unsure:,} titles. I leave them out unless you choose their anime."


def _reasons(passed_over: Mapping[str, int]) -> str:
    commonest = sorted(passed_over.items(), key=lambda one: -one[1])
    lines = [f"{count:,} × {clip(why, _SENTENCE_LIMIT)}" for why, count in commonest[:_REASONS]]
    if len(commonest) > _REASONS:
        lines.append("…")
    return "\n".join(lines)


def question_text(unsure: Unsure, number: int, of: int) -> str:
    """Make the question about a title; the menu below answers it."""
    text = escaped(clip(unsure.text, _TEXT_LIMIT))
    if unsure.score is None:
        return f"Which anime is “{text}”? ({number} of {of})"
    return f"Which anime is “{text}”, your {unsure.score}? ({number} of {of})"


def nothing_new_text(plan: Plan, read: ReadList) -> str:
    """Make the answer to a list with nothing new."""
    lines = [
        f"Nothing new: I already have all {plan.found:,} anime of this list."
        if plan.found
        else "I found no anime on this list that I'm sure of, so nothing changes."
    ]
    if read.passed_over:
        lines.append(_reasons(read.passed_over))
    if words := _unknown_words(read):
        lines.append(words)
    return "\n".join(lines)


def taken_text(taken: Taken, kept: int) -> str:
    """Say what was taken, and what the member can do next.

    Args:
        taken: the result.
        kept: how many scores of the member stay although the list has different ones.
    """
    lines = [
        f"Imported. New scores: {taken.rated:,}. Changed scores: {taken.rescored:,}. Other: {taken.listed:,}."
        if taken.rated or taken.rescored or taken.listed
        else "Nothing changed."
    ]
    if kept:
        lines.append(f"You keep your own score for {kept:,} anime.")
    if taken.import_id is not None:
        lines.append("`/recommend` uses it from now on. `/undo` takes back all of it.")
    return "\n".join(lines)


def undo_question(source: str, at: datetime) -> str:
    """Make the question before an import is taken back."""
    when = format_dt(at, "R")
    return f"Undo your import from {SOURCES[source]} ({when})? What you changed since then stays."


def undone_text(undone: Undone) -> str:
    """Say what was restored when an import was taken back."""
    text = (
        "Undone: 1 anime is as it was before."
        if undone.restored == 1
        else f"Undone: {undone.restored:,} anime are as they were before."
    )
    if undone.by_hand == 1:
        return f"{text} 1 anime that you changed since then stays as it is."
    if undone.by_hand:
        return f"{text} {undone.by_hand:,} anime that you changed since then stay as they are."
    return text
