"""Texts of `/start`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from bot.cogs.recommend.intros import filled_up, filters_on
from bot.cogs.start.progress import InterviewProgress
from hakken.model.explanations import Confidence
from hakken.recommend.recommender import Pick

_WELCOME = "Score what you have seen, and I learn your taste. Stop at any time; `/start` goes on later."
STOPPED = "Stopped. Your scores are saved. `/start` goes on from here; `/recommend` shows my picks."
BETWEEN_ROUNDS = "Done! Try `/recommend`. More questions?"
NOTHING_LEFT = "That was my last question. Try `/recommend`, or `/rate` any other anime."


def question_text(standing: InterviewProgress, news: str = "") -> str:
    """Make the text above a question, below the news of the last one; not at the end of a round."""
    first_line = news or ("" if standing.asked else _WELCOME)
    place = f"**{standing.scored + 1} of {standing.goal}** · How did you like this?"
    return f"{first_line}\n{place}" if first_line else place


def picks_intro(counting: int, needed: int, picks: Sequence[Pick], *, remembered: str) -> str:
    """Make the text above the first recommendations; see `recommendation_intro`."""
    about_filters = filters_on(remembered) if remembered else ""
    lines = (_whence(counting, needed, picks), filled_up(picks), about_filters)
    return "\n".join(line for line in lines if line)


def _whence(counting: int, needed: int, picks: Sequence[Pick]) -> str:
    if counting == 0:
        return (
            "I don't know your taste yet, so here is what most people love. "
            "Use `/rate` for any anime that you have seen."
        )
    if counting < needed:
        return (
            "Thank you! Only 1 rating so far, so these are guesses. `/start` can ask about more anime."
            if counting == 1
            else f"Thank you! Only {counting} ratings so far, so these are guesses. "
            "`/start` can ask about more anime."
        )
    sure = _how_sure(picks)
    return (
        f"Thank you! Based on your 1 rating ({sure}):"
        if counting == 1
        else f"Thank you! Based on your {counting:,} ratings ({sure}):"
    )


def _how_sure(picks: Sequence[Pick]) -> str:
    counted = Counter(pick.confidence for pick in picks)
    return ", ".join(f"{word}: {counted[word]}" for word in get_args(Confidence) if counted[word])
