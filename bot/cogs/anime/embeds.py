"""Embeds of `/similar` and `/anime`: pure functions of plain data, within Discord's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.cogs.anime.basis import by_facts
from bot.cogs.anime.similar import bar
from bot.ui.embeds import COLOUR, Display, anime_embed, clip, escaped, facts_line, linked, named
from bot.ui.recommend_embed import PREDICTED
from hakken import Anime, Similar
from hakken.model.explanations import Confidence
from hakken.recommend.shown_ratings import ShownRating

_STUDIOS_LIMIT, _SOURCE_LIMIT = 120, 40
_AFTER_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Expected:
    """The rating that the member is predicted to give an anime."""

    rating: ShownRating
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Opinions:
    """Ratings of an anime; None where there is none."""

    own: int | None
    """The member's own rating, 1–10."""
    expected: Expected | None
    of_server: float | None
    """The mean rating by the server's participants, 1–10."""


def similar_embed(anime: Anime, similar: Sequence[Similar], raters: int, display: Display) -> discord.Embed:
    """List at most ten similar anime, two lines each, short enough for a phone.

    Without raters, the anime is known by its facts alone; that stands above the list.
    """
    lines = [] if raters else [by_facts(anime)]
    lines.append(f"If you liked {named(anime.anime_id, display)}, try:")
    for number, one in enumerate(similar, start=1):
        other = display.catalogue.anime(one.anime_id)
        facts = " · ".join(part for part in (bar(one.similarity), facts_line(other)) if part)
        lines.append(f"{number}. {linked(other, display)}\n{facts}")
    embed = discord.Embed(description="\n".join(lines), colour=COLOUR)
    return embed.set_thumbnail(url=display.cover(anime))


def facts_embed(
    anime: Anime,
    opinions: Opinions,
    before: Sequence[int],
    after: Sequence[int],
    display: Display,
    *,
    scores: bool,
) -> discord.Embed:
    """Show all facts about an anime.

    Args:
        anime: the anime.
        opinions: ratings of it.
        before: ids of anime to watch before it, in order; the last is shown.
        after: ids of anime that continue it; the first two are shown.
        display: how it is shown.
        scores: whether the member's own score may be named.
    """
    lines = (
        _made_by(anime),
        f"MyAnimeList's average: **{anime.score:.2f}**" if anime.score is not None else "",
        f"This server's average: about **{opinions.of_server:g}**" if opinions.of_server is not None else "",
        f"Watch first: {_titles(before[-1:], display)}" if before else "",
        f"Continues with: {_titles(after[:_AFTER_SHOWN], display)}" if after else "",
    )
    return anime_embed(
        anime, display, _headline(opinions, scores=scores), "\n".join(line for line in lines if line)
    )


def _headline(opinions: Opinions, *, scores: bool) -> str:
    if opinions.own is not None:
        return f"You gave it **{opinions.own}**" if scores else "You have rated it"
    if opinions.expected is None:
        return "Too few people have rated it, so I can't predict your rating."
    return f"{PREDICTED.format(opinions.expected.rating)} · {opinions.expected.confidence}"


def _made_by(anime: Anime) -> str:
    studios = escaped(clip(", ".join(anime.studios), _STUDIOS_LIMIT))
    parts = (
        (f"Studio: {studios}" if len(anime.studios) == 1 else f"Studios: {studios}") if studios else "",
        f"Source: {escaped(clip(anime.source, _SOURCE_LIMIT))}" if anime.source else "",
    )
    return " · ".join(part for part in parts if part)


def _titles(anime_ids: Sequence[int], display: Display) -> str:
    return ", ".join(linked(display.catalogue.anime(one), display) for one in anime_ids)
