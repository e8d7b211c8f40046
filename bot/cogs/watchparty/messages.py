"""Texts about a watch party, short enough for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord
from discord.utils import format_dt

from bot.cogs.watchparty.answers import answers
from bot.cogs.watchparty.rules import Decision
from bot.privacy import enough
from bot.store import Contender, Party, PartyResult
from bot.ui.embeds import Display, anime_embed, clip, named
from hakken.recommend.shown_ratings import shown_mean

NOBODY_VOTED = "Nobody voted, so nothing is decided. `/watchparty` tries again."
POLL_DELETED = "The poll was deleted, so the watch party is called off. `/watchparty` begins a new one."
EVENT_DELETED = "The event was deleted. You still watch what you chose. **Make an event** sets a new time."
CALLED_OFF = "The watch party is called off."
CHANNEL_DELETED = "its channel was deleted"
NOT_GONE_ON = "nobody went on with it"
NOT_ALLOWED = "the bot could not go on there for a day"
GONE = "That watch party is over, or I no longer know it. `/watchparty` starts a new one."
NOT_LEADING = "Only the host or moderators (Manage Events or Manage Server) can do that."
NOT_MODERATING = "Only moderators (Manage Events or Manage Server) can take over a watch party."
RATINGS_CLOSED = "Ratings for that watch party are closed. You can still use `/rate`."
IS_DONE = "Already done: the watch party has moved on."


def panel(party: Party) -> str:
    """Make the text over the host's buttons, before the vote."""
    sentences = [
        "This watch party has no host."
        if party.host_id is None
        else f"<@{party.host_id}> is the host of this watch party.",
        "Press **I'm in** above to be counted. Then the vote can start.",
    ]
    if party.starts_at is not None:
        sentences.append(f"It starts {format_dt(party.starts_at, 'F')}.")
    return " ".join(sentences)


def announcement(party: Party, decision: Decision | None) -> str:
    """Make the text over the winner; without a decision, there was no vote."""
    if decision is None:
        return "**Decided** without a vote:"
    votes, total, tied = decision.votes, sum(party.ballot.votes or ()), decision.tied
    if tied > 1:
        return (
            f"**A tie:** {tied} anime have 1 vote each. The one predicted best for the group wins:"
            if votes == 1
            else f"**A tie:** {tied} anime have {votes} votes each. "
            "The one predicted best for the group wins:"
        )
    return "**Decided** with the only vote:" if total == 1 else f"**Decided** with {votes} of {total} votes:"


def start_line(starts_at: datetime | None, lacking: Sequence[str], now: datetime) -> str:
    """Say when it starts, and why there is no event; empty without a start time."""
    if starts_at is None:
        return ""
    if starts_at <= now:
        return "The start time has passed. **Make an event** sets a new one."
    starts = f"Starts {format_dt(starts_at, 'F')} ({format_dt(starts_at, 'R')})."
    return f"{starts} {lacking_for_event(lacking)}" if lacking else starts


def lacking_for_event(lacking: Sequence[str]) -> str:
    """Say which permissions the bot needs to make an event."""
    return f"I can't make an event. I need these permissions: {', '.join(lacking)}."


def lacking_here(lacking: Sequence[str]) -> str:
    """Say which permissions the bot needs to go on."""
    return (
        f"I can't do that here. I need these permissions: {', '.join(lacking)}. Allow them, then press again."
    )


def rating_question(anime_id: int, display: Display, closes_at: datetime) -> str:
    """Make the text over the scores."""
    return (
        f"How was {named(anime_id, display)}? Press your score. Nobody sees it. "
        f"Open until {format_dt(closes_at, 'f')}."
    )


def rating_result(anime_id: int, display: Display, result: PartyResult) -> str:
    """Make the text after the ratings have closed; it shows means only of enough raters."""
    title = named(anime_id, display)
    if result.rated is None:
        return f"Ratings for {title} are closed. Thank you!"
    rated = f"{result.raters} of you rated {title}: about **★ {result.rated:g}** on average."
    return rated if result.forecast is None else f"{rated} I predicted {shown_mean(result.forecast)}."


MOST_ANSWERS = 10
"""Discord's limit for a poll."""
QUESTION = "What shall we watch together?"
_EVENT_LIMIT = 100


def poll(contenders: Sequence[Contender], hours: int, display: Display) -> discord.Poll:
    """Make Discord's poll on at most 10 anime; everybody may choose several."""
    asked = discord.Poll(QUESTION, timedelta(hours=hours), multiple=True)
    for text in answers([one.anime_id for one in contenders[:MOST_ANSWERS]], display):
        asked.add_answer(text=text)
    return asked


def winner_embed(winner: Contender, display: Display, last_line: str) -> discord.Embed:
    """Show the winner, with the rating predicted for the group if it has enough members."""
    headline = f"**★ {shown_mean(winner.mean)}** predicted for the group" if enough(winner.personal) else ""
    return anime_embed(display.catalogue.anime(winner.anime_id), display, headline, last_line)


def event_name(anime_id: int, display: Display) -> str:
    """Name a server event; the whole server reads it, so it never names an 18+ anime."""
    if display.catalogue.anime(anime_id).adult:
        return "Watch party"
    return clip(f"Watch party: {display.title(anime_id)}", _EVENT_LIMIT)
