"""Paged answers: the data stored for them, and the rendering of one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import discord
from discord.utils import format_dt

from bot.store import Rated, Titles
from bot.ui.embeds import COLOUR, Display, anime_embed, clip, linked, named
from bot.ui.paging import Part, cut, number_page
from bot.ui.recommend_embed import ON_AVERAGE, PREDICTED, pick_embed, pick_facts
from hakken.recommend.recommender import Continuation, Pick

PICKS_PER_PAGE = 4
"""A message has five rows of buttons: one for each pick, and one to turn pages."""
LINES_PER_PAGE = 15
CONTENT_LIMIT = 2000
"""Discord's limit, in characters."""

Body = dict[str, Any]
"""Plain data that can be stored as JSON."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer, ready to be sent."""

    content: str
    embeds: list[discord.Embed]
    number: int
    """The page's number, from 0."""
    last: int
    """The number of the last page."""
    picks: Mapping[int, int] = field(default_factory=dict)
    """Anime ids by the number in their embed's title, for picks that get feedback buttons."""


def recommendation_body(
    intro: str, picks: Sequence[Pick], display: Display, *, adult: bool, scores: bool
) -> Body:
    """Return the data to store for `/recommend`: each pick with the ratings that raised it.

    Ratings of 18+ anime are named only where `adult`, scores only with `scores`. The display decides the
    titles of every page.
    """
    return {
        "intro": intro,
        "titles": display.titles,
        "picks": [pick_facts(pick, display, adult=adult, scores=scores) for pick in picks],
    }


def continuation_body(
    intro: str, following: Sequence[Continuation], display: Display, *, scores: bool
) -> Body:
    """Return the data to store for `/continue`: each anime with the one that it follows."""
    return {
        "intro": intro,
        "titles": display.titles,
        "picks": [
            {
                "anime_id": one.anime_id,
                "predicted": str(one.shown),
                "after": one.after,
                "score": round(one.score) if scores and one.score is not None else None,
            }
            for one in following
        ],
    }


def ratings_body(intro: str, rated: Sequence[Rated], titles: Titles) -> Body:
    """Return the data to store for `/ratings`: a snapshot of the list."""
    return {
        "intro": intro,
        "titles": titles,
        "rated": [[one.anime_id, one.score, int(one.rated_at.timestamp())] for one in rated],
    }


def recommendation_page(body: Body, page: int, display: Display) -> Page:
    """Render one page of recommended anime."""
    return _picks_page(body, page, lambda pick, number: pick_embed(pick, display, number=number))


def popular_page(body: Body, page: int, display: Display) -> Page:
    """Render one page of popular anime, for members whose taste is not known yet."""
    return _picks_page(
        body, page, lambda pick, number: pick_embed(pick, display, rating=ON_AVERAGE, number=number)
    )


def continuation_page(body: Body, page: int, display: Display) -> Page:
    """Render one page of the next parts of series that a member likes."""

    def embed(pick: Mapping[str, Any], number: int) -> discord.Embed:
        anime = display.catalogue.anime(pick["anime_id"])
        title = named(pick["after"], display)
        after = (
            f"After {title}" if pick["score"] is None else f"After {title}, which you rated {pick['score']}"
        )
        return anime_embed(anime, display, PREDICTED.format(pick["predicted"]), after, number=number)

    return _picks_page(body, page, embed)


def ratings_page(body: Body, page: int, display: Display) -> Page:
    """Render one page of a member's own ratings."""
    part = cut(body["rated"], page, LINES_PER_PAGE)
    lines = []
    for anime_id, score, at in part.entries:
        when = format_dt(datetime.fromtimestamp(at).astimezone(), "d")
        lines.append(f"`{score:>2}` {linked(display.catalogue.anime(anime_id), display)} · {when}")
    embeds = [discord.Embed(description="\n".join(lines), colour=COLOUR)] if lines else []
    return _page(body, embeds, part)


RENDERERS: Mapping[str, Callable[[Body, int, Display], Page]] = {
    "recommendation": recommendation_page,
    "popular": popular_page,
    "continuation": continuation_page,
    "ratings": ratings_page,
}
"""The renderer of each kind of paged answer."""


def _picks_page(body: Body, page: int, embed: Callable[[Mapping[str, Any], int], discord.Embed]) -> Page:
    part = cut(body["picks"], page, PICKS_PER_PAGE)
    numbered = dict(enumerate(part.entries, part.page * PICKS_PER_PAGE + 1))
    shown = _page(body, [embed(pick, at) for at, pick in numbered.items()], part)
    return replace(shown, picks={at: pick["anime_id"] for at, pick in numbered.items()})


def _page(body: Body, embeds: list[discord.Embed], part: Part[Any]) -> Page:
    if embeds:
        number_page(embeds[-1], part)
    return Page(clip(body["intro"], CONTENT_LIMIT), embeds, part.page, part.last)
