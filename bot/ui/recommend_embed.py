"""The embed of a pick, as `/recommend` shows it: its rating, and the member's ratings that raised it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.ui.embeds import Display, ShownReason, anime_embed, because_line, named
from hakken import Reason
from hakken.recommend.recommender import Pick

_MIDDLING = 5
"""The score up to which an anime was not liked."""
PREDICTED, ON_AVERAGE = "**★ {}** predicted", "**★ {}** on average"
"""How the shown rating of a pick reads."""


def pick_facts(pick: Pick, display: Display, *, adult: bool, scores: bool) -> dict[str, Any]:
    """Return the data to store as JSON for one pick: its predicted rating, and the ratings that raised it.

    Without scores, only anime that the member liked are named as reasons.
    """
    reasons = [
        reason
        for reason in pick.because
        if speaks_for(reason) and (adult or not display.catalogue.anime(reason.anime_id).adult)
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
    headline = rating.format(pick["predicted"])
    if because := because_line([ShownReason(*reason) for reason in pick["because"]], display):
        last_lines.append(because)
        headline = f"{headline} · {pick['confidence']}"  # without a reason it is the average user's rating
    return anime_embed(
        display.catalogue.anime(pick["anime_id"]), display, headline, "\n".join(last_lines), number=number
    )
