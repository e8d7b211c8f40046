"""Texts of a server's list and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord
from discord.utils import format_dt

from bot.privacy import LEAST_RATERS
from bot.store import Added, PublishedMean, ServerListEntry, Vote, Watched
from bot.ui.embeds import Display, facts_line, linked
from bot.ui.paging import Part, hidden_text, page_embed
from hakken import Anime
from hakken.recommend.shown_ratings import shown_mean


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A watched anime as the server sees it; ratings are means, 1–10."""

    watched: Watched
    rated: float | None
    """The server's published mean; None if too few have rated it."""

    @property
    def anime_id(self) -> int:
        """The id of the watched anime."""
        return self.watched.anime_id


def history_entries(watched: Sequence[Watched], means: Mapping[int, PublishedMean]) -> list[HistoryEntry]:
    """Join a server's watched anime with its published means, by anime id; the order stays."""
    return [HistoryEntry(one, means[one.anime_id].mean if one.anime_id in means else None) for one in watched]


def added_words(title: str, added: Added) -> str:
    """Make the public text after a member added an anime."""
    if added.new:
        return f"{title} is now on this server's list. Votes: {added.votes}."
    return f"{title} is already on this server's list. Votes: {added.votes}."


def standing_words(title: str, votes: int) -> str:
    """Make the text above the button for voting."""
    return f"{title} is on this server's list. Votes: {votes}."


def vote_words(title: str, vote: Vote) -> str:
    """Make the private answer to a vote."""
    if vote.theirs:
        return f"You voted for {title}. Votes: {vote.votes}."
    return f"You took back your vote for {title}. Votes: {vote.votes}."


def removed_words(title: str) -> str:
    """Make the public text after a member removed an anime."""
    return f"{title} is off this server's list."


def moved_words(title: str, forecast: float | None) -> str:
    """Make the public text after an anime moved to the history."""
    question = f"How was it? `/rate` it. The average shows once {LEAST_RATERS} of you have."
    if forecast is None:
        return f"{title} is now in `/watchlist server history`. {question}"
    predicted = shown_mean(forecast)
    return f"{title} is now in `/watchlist server history`. I predicted {predicted} for you. {question}"


def list_intro(part: Part[ServerListEntry], *, forecast: bool) -> str:
    """Make the text above the list, or in its place if it is empty."""
    return _intro(
        part,
        f"This server wants to watch {part.total:,} anime. The number shows its votes, "
        "★ what I predict you would rate it on average."
        if forecast
        else f"This server wants to watch {part.total:,} anime. The number shows its votes.",
        "Nothing is on this server's list yet. Add something with `/watchlist server add`.",
    )


def history_intro(part: Part[HistoryEntry]) -> str:
    """Make the text above the history, or in its place if it is empty."""
    return _intro(
        part,
        f"This server has watched {part.total:,} anime together. "
        f"The average shows once {LEAST_RATERS} of you have rated it: use `/rate`.",
        "This server has watched nothing together yet. Start a `/watchparty`, or add what you have watched "
        "with `/watchlist server watched`.",
    )


def list_embed(
    part: Part[ServerListEntry], forecasts: Mapping[int, float], display: Display
) -> discord.Embed:
    """Make a page of the list, with a line for each anime."""
    return page_embed(part, [_list_line(one, forecasts.get(one.anime_id), display) for one in part.entries])


def history_embed(part: Part[HistoryEntry], display: Display) -> discord.Embed:
    """Make a page of the history, with a line for each watched anime."""
    return page_embed(part, [_history_line(one, display) for one in part.entries])


def entry_facts(entry: ServerListEntry, forecast: float | None, anime: Anime) -> str:
    """Describe an entry in a menu: its votes, its forecast and the anime's facts."""
    return _joined(f"Votes: {entry.votes}", _star(forecast), facts_line(anime))


def _list_line(entry: ServerListEntry, forecast: float | None, display: Display) -> str:
    anime = display.catalogue.anime(entry.anime_id)
    return f"`{entry.votes:>2}` {_joined(linked(anime, display), facts_line(anime), _star(forecast))}"


def _history_line(entry: HistoryEntry, display: Display) -> str:
    watched, rated = entry.watched, entry.rated
    return _joined(
        linked(display.catalogue.anime(entry.anime_id), display),
        format_dt(watched.at, "d"),
        f"predicted {shown_mean(watched.forecast)}" if watched.forecast is not None else "",
        f"you gave **{rated:g}**" if rated is not None else "",
    )


def _star(forecast: float | None) -> str:
    return f"★ {shown_mean(forecast)}" if forecast is not None else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _intro(part: Part[ServerListEntry] | Part[HistoryEntry], some: str, none: str) -> str:
    """Put the text for some entries or for none before the one for hidden entries."""
    hidden = hidden_text(part.hidden) if part.hidden else ""
    if part.total:
        return f"{some} {hidden}".rstrip()
    return hidden or none
