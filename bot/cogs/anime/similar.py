"""Chooses which similar anime to show, and draws how similar they are."""

from __future__ import annotations

from collections.abc import Iterable

from hakken import Similar
from hakken.catalogue.watch_order import WatchOrder

_STEPS = 5
"""Steps of a bar, each a tenth of correlation: all together are what Cohen calls a large one (*Statistical
Power Analysis for the Behavioral Sciences*, 1988, §3.2)."""


def one_per_franchise(similar: Iterable[Similar], anime_id: int, order: WatchOrder) -> list[Similar]:
    """Keep the most similar anime of each franchise, and none of the anime's own: its recaps are no news.

    The most similar come first.
    """
    met, kept = {order.franchise(anime_id)}, []
    for one in similar:
        franchise = order.franchise(one.anime_id)
        if franchise not in met:
            met.add(franchise)
            kept.append(one)
    return kept


def bar(similarity: float) -> str:
    """Draw a similarity above 0, at most 1, as a bar of five steps with at least one full."""
    full = min(_STEPS, max(1, round(similarity * 2 * _STEPS)))
    return "▰" * full + "▱" * (_STEPS - full)
