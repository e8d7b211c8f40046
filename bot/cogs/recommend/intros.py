"""Texts above picks: how sure they are, and which filters are on."""

from __future__ import annotations

from bot.ui.filters import in_words
from hakken.recommend.filters import Filters


def recommendation_intro(known: int, needed: int, *, remembered: str, kept: Filters | None) -> str:
    """Make the lines above recommendations.

    Args:
        known: how many of the member's ratings the model can use.
        needed: the least number of ratings with which picks are not called guesses.
        remembered: a description of the remembered filters that are on.
        kept: the filters that are kept from now on, if any.
    """
    lines = [_how_sure(known, needed)]
    if kept is not None:
        lines.append(f"Kept for next time: {in_words(kept) or 'no filters'}. `/preferences` forgets them.")
    elif remembered:
        lines.append(filters_on(remembered))
    return "\n".join(lines)


def surprise_intro(*, reasons: bool, remembered: str) -> str:
    """Make the lines above a surprise.

    Args:
        reasons: whether the member's ratings speak for it.
        remembered: a description of the remembered filters that are on; empty if there are none.
    """
    sentence = "A hidden gem, close to what you like:" if reasons else "A hidden gem:"
    return f"{sentence}\n{filters_on(remembered)}" if remembered else sentence


def filters_on(remembered: str) -> str:
    """Say which remembered filters are on."""
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
