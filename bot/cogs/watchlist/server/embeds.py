"""Texts of a server's list and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord
from discord.utils import format_dt

from bot.privacy import LEAST_RATERS
from bot.store import Added, PublishedMean, ServerListEntry, Vote, Watched
from bot.ui.embeds import COLOUR, Display, facts_line, linked
from bot.ui.paging import Part, number_page
from hakken import Anime


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


def counted(votes: int) -> str:
    """'1 vote', '3 votes'."""
    return f"{votes} vote{'' if votes == 1 else 's'}"


def added_words(title: str, added: Added) -> str:
    """Make the public text after a member added an anime."""
    return f"{title} is {'now on' if added.new else 'already on'} this server's list: {counted(added.votes)}."


def standing_words(title: str, votes: int) -> str:
    """Make the text above the button for voting."""
    return f"{title} is on this server's list: {counted(votes)}."


def vote_words(title: str, vote: Vote) -> str:
    """Make the private answer to a vote."""
    return f"You {'vote' if vote.theirs else 'no longer vote'} for {title}: {counted(vote.votes)}."


def removed_words(title: str) -> str:
    """Make the public text after an anime was removed."""
    return f"{title} is off this server's list."


def moved_words(title: str, forecast: float | None) -> str:
    """Make the public text after an anime was watched."""
    foreseen = f" Forecast for you: {forecast:.1f}." if forecast is not None else ""
    return (
        f"{title} is watched: off the list, into `/watchlist server history`.{foreseen} How was it? "
        f"Your `/rate` counts: from {LEAST_RATERS} ratings on, the mean stands there."
    )


def list_intro(part: Part[ServerListEntry], *, forecast: bool) -> str:
    """Make the text above the list, or in its place if it is empty."""
    if not part.total and not part.hidden:
        return "Nothing is on this server's list yet. Put something on it with `/watchlist server add`."
    sentences = []
    if part.total:
        star = ", ★ what you should rate it on average" if forecast else ""
        sentences.append(f"This server wants to watch {part.total:,} anime. The number is its votes{star}.")
    return " ".join([*sentences, *_hidden(part)])


def history_intro(part: Part[HistoryEntry]) -> str:
    """Make the text above the history, or in its place if it is empty."""
    if not part.total and not part.hidden:
        return (
            "This server has watched nothing together yet. `/watchlist server watched` says what you have, "
            "and so does a `/watchparty`."
        )
    sentences = []
    if part.total:
        sentences.append(
            f"This server has watched {part.total:,} anime together. A mean stands where {LEAST_RATERS} "
            "of you have rated it: `/rate`."
        )
    return " ".join([*sentences, *_hidden(part)])


def list_embed(
    part: Part[ServerListEntry], forecasts: Mapping[int, float], display: Display
) -> discord.Embed:
    """Make a page of the list, with a line for each anime."""
    return _embed(part, [_list_line(one, forecasts.get(one.anime_id), display) for one in part.entries])


def history_embed(part: Part[HistoryEntry], display: Display) -> discord.Embed:
    """Make a page of the history, with a line for each watched anime."""
    return _embed(part, [_history_line(one, display) for one in part.entries])


def entry_facts(entry: ServerListEntry, forecast: float | None, anime: Anime) -> str:
    """Describe an entry in a menu: its votes, its forecast and the anime's facts."""
    return _joined(counted(entry.votes), _star(forecast), facts_line(anime))


def _list_line(entry: ServerListEntry, forecast: float | None, display: Display) -> str:
    anime = display.catalogue.anime(entry.anime_id)
    return f"`{entry.votes:>2}` {_joined(linked(anime, display), facts_line(anime), _star(forecast))}"


def _history_line(entry: HistoryEntry, display: Display) -> str:
    watched, rated = entry.watched, entry.rated
    foreseen = f"forecast {watched.forecast:.1f}" if watched.forecast is not None else ""
    given = f"you gave **{rated:g}**" if rated is not None else ""
    means = ", ".join(part for part in (foreseen, given) if part)
    return _joined(
        linked(display.catalogue.anime(entry.anime_id), display), format_dt(watched.at, "d"), means
    )


def _star(forecast: float | None) -> str:
    return f"★ {forecast:.1f}" if forecast is not None else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _hidden(part: Part[ServerListEntry] | Part[HistoryEntry]) -> list[str]:
    if not part.hidden:
        return []
    more = " more" if part.total else ""
    return [f"{part.hidden:,}{more} rated 18+ can be seen in an age-restricted channel."]


def _embed(part: Part[ServerListEntry] | Part[HistoryEntry], lines: Sequence[str]) -> discord.Embed:
    embed = discord.Embed(description="\n".join(lines), colour=COLOUR)
    number_page(embed, part)
    return embed
