"""Texts above picks: how sure they are, and which filters are on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ui.filters import in_words
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Pick

FILTERS_KEPT = "I'll remember these filters. You can see or forget them in `/preferences`."
FILTERS_ON = "Your remembered filters are on. You can see or forget them in `/preferences`."
"""For answers that others read, too: what somebody filters by is their own business."""


def recommendation_intro(counting: int, needed: int, picks: Sequence[Pick], about_filters: str) -> str:
    """Make the lines above recommendations.

    Args:
        counting: how many of the member's ratings tell the model something.
        needed: the least number of ratings with which picks are not called guesses.
        picks: the recommendations.
        about_filters: a sentence about remembered filters; may be empty.
    """
    lines = (_how_sure(counting, needed), filled_up(picks), about_filters)
    return "\n".join(line for line in lines if line)


def filled_up(picks: Sequence[Pick]) -> str:
    """Say how many picks only fill up the list; empty if all are as good as the member is used to."""
    below = sum(pick.below_usual for pick in picks)
    if not below:
        return ""
    return (
        "I found too few that you should like, so 1 of these may please you less."
        if below == 1
        else f"I found too few that you should like, so {below} of these may please you less."
    )


def surprise_intro(pick: Pick, *, reasons: bool, about_filters: str) -> str:
    """Make the lines above a surprise, which the member's ratings may give reasons for."""
    sentence = "A hidden gem, close to what you like:" if reasons else "A hidden gem:"
    if pick.below_usual:
        sentence = "I found no hidden gem that you should like, so this one may please you less:"
    return "\n".join(line for line in (sentence, about_filters) if line)


def filters_kept(kept: Filters) -> str:
    """Say to the member alone which filters are remembered from now on."""
    words = in_words(kept)
    if not words:
        return "I'll remember that you want no filters. You can change this in `/preferences`."
    return f"I'll remember these filters: {words}. You can forget them in `/preferences`."


def filters_on(remembered: str) -> str:
    """Say to the member alone which remembered filters are on."""
    return f"Your remembered filters are on: {remembered}. You can forget them in `/preferences`."


def _how_sure(counting: int, needed: int) -> str:
    if counting == 0:
        return (
            "I don't know your taste yet, so here is what most people love. "
            "Try `/start`, or `/rate` what you have seen."
        )
    if counting < needed:
        return (
            "Only 1 rating so far, so these are guesses. "
            "Try `/start`: it asks you about ten well-known anime."
            if counting == 1
            else f"Only {counting} ratings so far, so these are guesses. "
            "Try `/start`: it asks you about ten well-known anime."
        )
    return "Based on your 1 rating:" if counting == 1 else f"Based on your {counting:,} ratings:"
