"""The embed of `/why`: the parts of a prediction, which add up as shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.cogs.anime.basis import by_facts
from bot.cogs.anime.sums import hundredths, signed, unsigned
from bot.ui.embeds import Display, ShownReason, named, rated_titles, titled_embed
from bot.ui.recommend_embed import speaks_for
from hakken import Anime, Reason
from hakken.model.explanations import Confidence, Explanation

NAMED = 6
"""Number of ratings that are named; the rest are one part of the sum."""

_CONFIDENCE: dict[Confidence, str] = {
    "sure": "I am sure.",
    "fairly sure": "I am fairly sure.",
    "unsure": "I am unsure.",
    "a guess": "This is just a guess.",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the sum."""

    amount: float
    """Rating points."""
    said: str


def why_embed(
    anime: Anime, explanation: Explanation, own: int | None, display: Display, *, adult: bool
) -> discord.Embed:
    """Show reasons for and against an anime; the shown numbers add up to the prediction.

    The explanation is of the prediction without `own`, the member's rating of the anime itself.
    """
    moved = [one for one in explanation.neighbours if one.contribution]
    nameable = [
        one for one in explanation.neighbours if adult or not display.catalogue.anime(one.anime_id).adult
    ]
    ratings = _ratings(moved, nameable, display)
    groups = {
        "The start": _start(explanation),
        "For it": [part for part in ratings if part.amount > 0],
        "Against it": [part for part in ratings if part.amount <= 0],
        "The end": _end(explanation.clipped),
    }
    shown = hundredths([part.amount for parts in groups.values() for part in parts])
    predicted, amounts = unsigned(sum(shown)), iter(shown)
    paragraphs = [
        _opening(predicted, own, explanation, len(moved), _raters(anime, explanation.raters)),
        f"The average on MyAnimeList is **{anime.score:.2f}**." if anime.score is not None else "",
        _interest(nameable, own, display),
        *(_group(heading, parts, amounts) for heading, parts in groups.items() if parts),
        f"= **{predicted}**",
    ]
    return titled_embed(anime, display, "\n".join(one for one in paragraphs if one))


def _opening(predicted: str, own: int | None, explanation: Explanation, moved: int, raters: str) -> str:
    if own is None:
        expected = f"I think you would give it **{predicted}**."
    else:
        expected = f"You gave it **{own}**. Without that rating, I would expect **{predicted}**."
    return f"{expected} {_evidence(explanation.confidence, moved)} {raters}"


def _evidence(confidence: Confidence, moved: int) -> str:
    if not moved and confidence == "a guess":
        return "Just a guess: nothing you rated is close to it."
    if not moved:
        return f"{_CONFIDENCE[confidence]} Nothing you rated is close to it."
    if moved == 1:
        return f"{_CONFIDENCE[confidence]} 1 of your ratings helps me here."
    return f"{_CONFIDENCE[confidence]} {moved} of your ratings help me here."


def _raters(anime: Anime, raters: int) -> str:
    if not raters:
        return by_facts(anime)
    return "1 person has rated it." if raters == 1 else f"{raters:,} people have rated it."


def _interest(nameable: Sequence[Reason], own: int | None, display: Display) -> str:
    drawn = [one for one in nameable if one.interest > 0 and speaks_for(one)]
    drawn.sort(key=lambda one: -one.interest)
    reasons = rated_titles([ShownReason(one.anime_id, round(one.score)) for one in drawn], display)
    if not reasons:
        return ""
    if own is None:
        return f"You might like it because you rated {reasons}."
    return f"You might have liked it because you rated {reasons}."


def _start(explanation: Explanation) -> list[_Part]:
    of_anime = "how well others like it" if explanation.raters else "its known facts"
    return [
        _Part(explanation.mean, "the mean of all ratings"),
        _Part(explanation.of_member, "how high you rate in general"),
        _Part(explanation.of_anime, of_anime),
    ]


def _ratings(moved: Sequence[Reason], nameable: Sequence[Reason], display: Display) -> list[_Part]:
    """List the strongest ratings by name, the others as one part."""
    strongest = sorted((one for one in nameable if one.contribution), key=lambda one: -abs(one.contribution))
    by_name = strongest[:NAMED]
    parts = [
        _Part(one.contribution, f"your {round(one.score)} for {named(one.anime_id, display)}")
        for one in by_name
    ]
    others = [one.contribution for one in moved if one not in by_name]
    if others:
        parts.append(_Part(sum(others), _others(len(others), len(by_name))))
    return parts


def _others(count: int, by_name: int) -> str:
    if not by_name:
        return f"{count} of your ratings"
    return "another of your ratings" if count == 1 else f"the other {count} of your ratings"


def _end(clipped: float) -> list[_Part]:
    if not clipped:
        return []
    return [_Part(clipped, "the scale ends at 10" if clipped < 0 else "the scale begins at 1")]


def _group(heading: str, parts: Sequence[_Part], amounts: Iterator[int]) -> str:
    lines = [f"`{signed(next(amounts))}` {part.said}" for part in parts]
    return "\n".join((f"**{heading}**", *lines))
