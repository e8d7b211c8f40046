"""Paged answers: the data stored for them, and the rendering of one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import discord
from discord.utils import format_dt

from bot.store import Rated, Titles
from bot.ui.embeds import (
    COLOUR,
    Display,
    ShownReason,
    anime_embed,
    because_line,
    clip,
    linked,
    named,
)
from bot.ui.paging import Part, cut, number_page
from hakken import Reason
from hakken.recommend.recommender import Continuation, Pick

PICKS_PER_PAGE = 4
"""A message has five rows of buttons: one for each pick, and one to turn pages."""
LINES_PER_PAGE = 15
_MIDDLING = 5
"""The score up to which an anime was not liked."""
PREDICTED, ON_AVERAGE = "**★ {:.1f}** predicted", "**★ {:.1f}** on average"
"""How the rating of a pick is shown."""
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


def pick_facts(pick: Pick, display: Display, *, adult: bool, scores: bool) -> Body:
    """Return the data to store for one pick: its predicted rating, and the ratings that raised it.

    Without scores, only anime that the member liked are named as reasons.
    """
    reasons = [
        reason
        for reason in pick.because
        if speaks_for(reason) and (adult or not display.catalogue.anime(reason.anime_id).adult)
    ]
    return {
        "anime_id": pick.anime_id,
        "predicted": round(pick.predicted, 1),
        "confidence": pick.confidence,
        "because": [
            [reason.anime_id, round(reason.score) if scores else None]
            for reason in reasons
            if scores or reason.score > _MIDDLING
        ],
        "in_place_of": pick.in_place_of,
    }


def speaks_for(reason: Reason) -> bool:
    """Return whether a rating makes sense to a member as a reason for an anime."""
    # A disliked anime also shows interest in its kind; but as a reason it would read like a mistake.
    liked = reason.contribution > 0 or reason.score > _MIDDLING
    return liked and reason.contribution + reason.interest > 0


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
                "predicted": round(one.predicted, 1),
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


def pick_embed(
    pick: Mapping[str, Any], display: Display, *, rating: str = PREDICTED, number: int | None = None
) -> discord.Embed:
    """Show one pick of `pick_facts`: its rating, as `PREDICTED` or `ON_AVERAGE`, and why it was chosen."""
    last_lines = []
    if pick["in_place_of"] is not None:
        last_lines.append(f"Start here, then {named(pick['in_place_of'], display)}")
    headline = rating.format(pick["predicted"])
    if because := because_line([ShownReason(*reason) for reason in pick["because"]], display):
        last_lines.append(because)
        headline = f"{headline} · {pick['confidence']}"  # without a reason it is the average user's rating
    return anime_embed(
        display.catalogue.anime(pick["anime_id"]), display, headline, "\n".join(last_lines), number=number
    )


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
