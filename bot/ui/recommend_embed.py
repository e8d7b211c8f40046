"""The embed of a pick, as `/recommend` shows it: its rating, and the member's ratings that raised it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.ui.embeds import Display, ShownReason, anime_embed, because_line, close_line, named
from hakken import Reason
from hakken.recommend.recommender import EarlierPart, Pick

_MIDDLING = 5
"""The score up to which an anime was not liked."""
PREDICTED, ON_AVERAGE = "**★ {}** predicted", "**★ {}** on average"
"""How the shown rating of a pick reads."""


def pick_facts(pick: Pick, display: Display, *, adult: bool, scores: bool) -> dict[str, Any]:
    """Return the data to store as JSON for one pick: its predicted rating, and the ratings that raised it.

    Without scores, only anime that the member liked are named as reasons. The part that the pick follows is
    named on its own.
    """
    follows = pick.follows
    if follows is not None and not _nameable(follows.anime_id, display, adult=adult):
        follows = None
    reasons = [
        reason
        for reason in pick.because
        if speaks_for(reason)
        and _nameable(reason.anime_id, display, adult=adult)
        and (follows is None or reason.anime_id != follows.anime_id)
    ]
    return {
        "anime_id": pick.anime_id,
        "predicted": str(pick.shown),
        "confidence": pick.confidence,
        "because": [
            [reason.anime_id, round(reason.score) if scores else None]
            for reason in reasons
            if scores or reason.score > _MIDDLING
        ],
        "in_place_of": pick.in_place_of,
        "follows": None if follows is None else _earlier_facts(follows, scores=scores),
        "by_facts": pick.by_facts,
    }


def speaks_for(reason: Reason) -> bool:
    """Return whether a rating makes sense to a member as a reason for an anime."""
    # A disliked anime also shows interest in its kind; but as a reason it would read like a mistake.
    liked = reason.contribution > 0 or reason.score > _MIDDLING
    return liked and reason.contribution + reason.interest > 0


def pick_embed(
    pick: Mapping[str, Any], display: Display, *, rating: str = PREDICTED, number: int | None = None
) -> discord.Embed:
    """Show one pick of `pick_facts`: its rating, as `PREDICTED` or `ON_AVERAGE`, and why it was chosen."""
    last_lines = []
    if pick["in_place_of"] is not None:
        last_lines.append(f"Start here, then {named(pick['in_place_of'], display)}")
    follows = pick.get("follows")  # pages from before have neither this nor 'by_facts'
    if follows is not None:
        last_lines.append(_follows_line(follows, display))
    line = close_line if pick.get("by_facts") else because_line
    if reason := line([ShownReason(*one) for one in pick["because"]], display):
        last_lines.append(reason)
    headline = rating.format(pick["predicted"])
    if reason or (follows is not None and follows["rated"]):
        headline = f"{headline} · {pick['confidence']}"  # without a reason it is the average user's rating
    return anime_embed(
        display.catalogue.anime(pick["anime_id"]), display, headline, "\n".join(last_lines), number=number
    )


def _follows_line(follows: Mapping[str, Any], display: Display) -> str:
    title = named(follows["anime_id"], display)
    if not follows["rated"]:
        return f"You began {title}"
    if follows["score"] is None:
        return f"You finished {title}"
    return f"You finished {title} and rated it {follows['score']}"


def _earlier_facts(part: EarlierPart, *, scores: bool) -> dict[str, Any]:
    score = None if part.score is None or not scores else round(part.score)
    return {"anime_id": part.anime_id, "rated": part.score is not None, "score": score}


def _nameable(anime_id: int, display: Display, *, adult: bool) -> bool:
    return adult or not display.catalogue.anime(anime_id).adult
