"""Texts above picks: how sure they are, and which filters are on."""

from __future__ import annotations

from bot.ui.filters import in_words
from hakken.recommend.filters import Filters

FILTERS_KEPT = "I'll remember these filters. `/preferences` shows and forgets them."
FILTERS_ON = "Your remembered filters are on. `/preferences` shows and forgets them."
"""For answers that others read, too: what somebody filters by is their own business."""


def recommendation_intro(known: int, needed: int, about_filters: str) -> str:
    """Make the lines above recommendations.

    Args:
        known: how many of the member's ratings the model can use.
        needed: the least number of ratings with which picks are not called guesses.
        about_filters: a sentence about remembered filters; may be empty.
    """
    return "\n".join(line for line in (_how_sure(known, needed), about_filters) if line)


def surprise_intro(*, reasons: bool, about_filters: str) -> str:
    """Make the lines above a surprise.

    Args:
        reasons: whether the member's ratings speak for it.
        about_filters: a sentence about remembered filters; may be empty.
    """
    sentence = "A hidden gem, close to what you like:" if reasons else "A hidden gem:"
    return "\n".join(line for line in (sentence, about_filters) if line)


def filters_kept(kept: Filters) -> str:
    """Say to the member alone which filters are remembered from now on."""
    words = in_words(kept)
    if not words:
        return "I'll remember that you want no filters. `/preferences` changes that."
    return f"I'll remember these filters: {words}. `/preferences` forgets them."


def filters_on(remembered: str) -> str:
    """Say to the member alone which remembered filters are on."""
    return f"Your remembered filters are on: {remembered}. `/preferences` forgets them."


def _how_sure(known: int, needed: int) -> str:
    if known == 0:
        return (
            "I don't know your taste yet, so here is what most people love. "
            "`/start` asks you about ten well-known anime; `/rate` takes any that you have seen."
        )
    if known < needed:
        ratings = "rating" if known == 1 else "ratings"
        return (
            f"Only {known} {ratings} so far, so these are guesses: "
            "`/start` asks you about ten well-known anime."
        )
    return f"For you, by your {known:,} ratings:"
