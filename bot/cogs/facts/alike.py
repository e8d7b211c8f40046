"""Which of the similar anime are worth a look, and how similar they are in words."""

from __future__ import annotations

from collections.abc import Iterable

from hakken import Similar
from hakken.watch_order import WatchOrder

_WORDS = ((0.5, "very much alike"), (0.3, "much alike"), (0.1, "alike"))
"""From which correlation on it is large, medium, small: Cohen, *Statistical Power Analysis*, 1988, §3.2."""


def one_per_franchise(similar: Iterable[Similar], anime_id: int, order: WatchOrder) -> list[Similar]:
    """Of each franchise the most similar alone, and none of the anime's own: its recaps are no news.

    Args:
        similar: the most similar first.
        anime_id: what they are like.
        order: knows the franchises.
    """
    met, kept = {order.franchise(anime_id)}, []
    for one in similar:
        franchise = order.franchise(one.anime_id)
        if franchise not in met:
            met.add(franchise)
            kept.append(one)
    return kept


def in_words(similarity: float) -> str:
    """How alike two anime are by who likes them.

    Args:
        similarity: a correlation above 0, at most 1.
    """
    return next((words for least, words in _WORDS if similarity >= least), "a little alike")
