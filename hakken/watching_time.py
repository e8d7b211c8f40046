"""How long it takes to watch an anime."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hakken.anime import Anime

MINUTES = 24
"""Of an episode, where its type tells nothing else: half an hour of television without its advertisements."""
MINUTES_OF: Mapping[str, int] = MappingProxyType(
    {"Movie": 100, "TV Special": 48, "Music": 4, "CM": 1, "PV": 2}
)


def hours(anime: Anime) -> float | None:
    """An estimate, for catalogues tell no durations: episodes times what one of its type mostly takes.

    Returns:
        Hours; None where the number of episodes is not known.
    """
    if not anime.episodes:
        return None
    return anime.episodes * MINUTES_OF.get(anime.type or "", MINUTES) / 60
