"""What `/start` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from bot.cogs.recommend.intros import filters_on
from bot.cogs.start.progress import InterviewProgress
from hakken.model.explanations import Confidence
from hakken.recommend.recommender import Pick

_WELCOME = "Score what you have seen, and I learn your taste. Stop when you like; `/start` goes on."
STOPPED = "Stopped; your scores are kept. `/start` goes on from here, `/recommend` shows what I would pick."
BETWEEN_ROUNDS = "We are through; `/recommend` goes by what you have rated. Shall I ask about further anime?"
NOTHING_LEFT = (
    "That is all I would ask you. `/recommend` goes by what you have rated; `/rate` takes any other anime."
)


def question_text(standing: InterviewProgress, news: str = "") -> str:
    """What stands above a question.

    Args:
        standing: before it is answered; not at the end of a round.
        news: what became of the question before.
    """
    first_line = news or ("" if standing.asked else _WELCOME)
    place = f"**{standing.scored + 1} of {standing.goal}** · How did you like this?"
    return f"{first_line}\n{place}" if first_line else place


def picks_intro(known: int, needed: int, picks: Sequence[Pick], *, remembered: str) -> str:
    """What stands above the first recommendations: from how much they come, and how sure they are.

    Args:
        known: how many of the member's ratings the model can use.
        needed: from how many on picks are no longer called guesses.
        picks: the recommendations.
        remembered: the filters in words that are on, if any are.
    """
    first_line = _whence(known, needed, picks)
    return f"{first_line}\n{filters_on(remembered)}" if remembered else first_line


def _whence(known: int, needed: int, picks: Sequence[Pick]) -> str:
    if known == 0:
        return (
            "I don't know your taste yet, so here is what most people love. "
            "`/rate` takes any anime that you have seen."
        )
    ratings = "rating" if known == 1 else "ratings"
    if known < needed:
        return (
            f"Thank you! Only {known} {ratings} so far, so these are guesses; "
            "`/start` can ask about further anime."
        )
    return f"Thank you! For you, by your {known:,} ratings ({_how_sure(picks)}):"


def _how_sure(picks: Sequence[Pick]) -> str:
    counted = Counter(pick.confidence for pick in picks)
    return ", ".join(f"{word}: {counted[word]}" for word in get_args(Confidence) if counted[word])
