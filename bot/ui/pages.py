"""What paged answers keep, and how one page of each looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
from discord.utils import format_dt

from bot.store import Rated
from bot.ui.embeds import COLOUR, ShownReason, anime_embed, because_line, clip, linked
from hakken import Anime, Catalogue, Recommendation
from hakken.group import GroupPick

PICKS_PER_PAGE = 5
"""At the longest titles, five embeds of picks stay within the 6,000 characters of a message."""
LINES_PER_PAGE = 15
CONTENT_LIMIT = 2000
"""Discord's, in characters."""

Body = dict[str, Any]
"""Plain data, as JSON keeps it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer, ready to be sent."""

    content: str
    embeds: list[discord.Embed]
    number: int
    """From 0 on."""
    last: int
    """The number of the last page."""


def recommendation_body(intro: str, picks: Sequence[Recommendation]) -> Body:
    """What `/recommend` keeps: each pick with the ratings that raised it."""
    return {
        "intro": intro,
        "picks": [
            {
                "anime_id": pick.anime_id,
                "predicted": round(pick.predicted, 1),
                "because": [
                    [reason.anime_id, round(reason.score)]
                    for reason in pick.because
                    if reason.contribution > 0
                ],
            }
            for pick in picks
        ],
    }


def suggestion_body(intro: str, picks: Sequence[GroupPick], members: int) -> Body:
    """What `/suggest` keeps: figures of the group, of no member alone."""
    return {
        "intro": intro,
        "members": members,
        "picks": [
            {
                "anime_id": pick.anime_id,
                "mean": round(pick.mean, 1),
                "lowest": round(pick.lowest, 1),
                "highest": round(pick.highest, 1),
            }
            for pick in picks
        ],
    }


def ratings_body(intro: str, rated: Sequence[Rated]) -> Body:
    """What `/ratings` keeps: the list as it was when asked for."""
    return {
        "intro": intro,
        "rated": [[one.anime_id, one.score, int(one.rated_at.timestamp())] for one in rated],
    }


def recommendation_page(body: Body, page: int, catalogue: Catalogue) -> Page:
    """One page of recommended anime."""

    def embed(anime: Anime, pick: Mapping[str, Any]) -> discord.Embed:
        because = because_line([ShownReason(*reason) for reason in pick["because"]], catalogue)
        return anime_embed(anime, f"**★ {pick['predicted']:.1f}** predicted", because)

    return _picks_page(body, page, catalogue, embed)


def popular_page(body: Body, page: int, catalogue: Catalogue) -> Page:
    """One page of what most people love, for members whose taste is not known yet."""
    return _picks_page(
        body,
        page,
        catalogue,
        lambda anime, pick: anime_embed(anime, f"**★ {pick['predicted']:.1f}** on average"),
    )


def suggestion_page(body: Body, page: int, catalogue: Catalogue) -> Page:
    """One page of anime for a group."""
    members = body["members"]
    people = "1 member" if members == 1 else f"{members} members"

    def embed(anime: Anime, pick: Mapping[str, Any]) -> discord.Embed:
        headline = f"**★ {pick['mean']:.1f}** for {people}"
        if members > 1:
            headline += f" · from {pick['lowest']:.1f} to {pick['highest']:.1f}"
        return anime_embed(anime, headline)

    return _picks_page(body, page, catalogue, embed)


def ratings_page(body: Body, page: int, catalogue: Catalogue) -> Page:
    """One page of a member's own ratings."""
    rated, number, last = _part(body["rated"], page, LINES_PER_PAGE)
    lines = []
    for anime_id, score, at in rated:
        when = format_dt(datetime.fromtimestamp(at).astimezone(), "d")
        lines.append(f"`{score:>2}` {linked(catalogue.anime(anime_id))} · {when}")
    embed = discord.Embed(description="\n".join(lines), colour=COLOUR)
    return _page(body, [embed], number, last)


RENDERERS: Mapping[str, Callable[[Body, int, Catalogue], Page]] = {
    "recommendation": recommendation_page,
    "popular": popular_page,
    "suggestion": suggestion_page,
    "ratings": ratings_page,
}
"""The kinds of answers that can be paged."""


def _picks_page(
    body: Body, page: int, catalogue: Catalogue, embed: Callable[[Anime, Mapping[str, Any]], discord.Embed]
) -> Page:
    picks, number, last = _part(body["picks"], page, PICKS_PER_PAGE)
    return _page(body, [embed(catalogue.anime(pick["anime_id"]), pick) for pick in picks], number, last)


def _part(items: Sequence[Any], page: int, per_page: int) -> tuple[Sequence[Any], int, int]:
    """What stands on the page or, beyond the last, on the last; its number; the last one's."""
    last = max(0, (len(items) - 1) // per_page)
    number = min(page, last)
    return items[number * per_page : (number + 1) * per_page], number, last


def _page(body: Body, embeds: list[discord.Embed], number: int, last: int) -> Page:
    if last:
        embeds[-1].set_footer(text=f"Page {number + 1} of {last + 1}")
    return Page(clip(body["intro"], CONTENT_LIMIT), embeds, number, last)
