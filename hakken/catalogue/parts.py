"""Parts: what kind of part of its franchise an anime is, and when it aired."""

from __future__ import annotations

from math import inf
from typing import Literal

from hakken.catalogue.anime import Anime
from hakken.catalogue.part_titles import tells_of_a_recap

__all__ = ["MAIN", "Kind", "kind_of", "when"]

Kind = Literal["season", "film", "extra", "clip", "recap"]

MAIN = frozenset[Kind]({"season", "film"})


def when(anime: Anime) -> tuple[float, int]:
    """Sort key by the time when an anime aired: the year, then the id; unknown years last."""
    return (inf if anime.year is None else anime.year, anime.anime_id)


def kind_of(anime: Anime) -> Kind:
    """Tell the kind of an anime from its title, type and length."""
    if tells_of_a_recap(anime.title):
        return "recap"
    match anime.type:
        case "TV" | None:
            return "season"
        case "ONA":
            return "season" if anime.episodes is None or anime.episodes > 3 else "extra"
        case "TV Special":
            return "season" if (anime.episodes or 0) > 2 else "extra"
        case "Movie":
            return "film"
        case "Music" | "CM" | "PV":
            return "clip"
        case _:
            return "extra"
