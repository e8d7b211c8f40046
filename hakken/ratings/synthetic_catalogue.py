"""Synthetic catalogue: made-up facts about synthetic anime, enough to display, filter and search them."""

from __future__ import annotations

from itertools import count

import numpy as np

from hakken.catalogue.catalogue import Anime, Catalogue
from hakken.ratings.synthetic import MadeUpAnime

GENRES = (
    "Comedy",
    "Action",
    "Fantasy",
    "Adventure",
    "Sci-Fi",
    "Drama",
    "Romance",
    "Supernatural",
    "Slice of Life",
    "Mystery",
    "Sports",
    "Horror",
)
"""One genre for each taste; an anime has a genre if it attracts that taste."""
TYPES = {"TV": (0.33, 12), "OVA": (0.21, 2), "Movie": (0.17, 1), "Special": (0.12, 1), "ONA": (0.17, 10)}
"""Share of each type, and its usual number of episodes."""
MOST_MEMBERS = 4_000_000
"""Number of members of the most popular anime."""

_YEARS = ((0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 1), (1963, 1967, 1980, 2001, 2011, 2017, 2023, 2026))
_ONSETS, _VOWELS = ("k", "s", "t", "n", "h", "m", "y", "r", "g", "d", "b"), ("a", "i", "u", "e", "o")
_SYLLABLES = tuple(onset + vowel for onset in _ONSETS for vowel in _VOWELS)


def made_up_catalogue(anime: MadeUpAnime, seed: int = 0) -> Catalogue:
    """Make up a catalogue of a synthetic set's anime; anime with higher ids have later years.

    Args:
        anime: the anime from `MadeUpSet.anime`.
        seed: seed for titles, types and years; popularity, genres and franchises come from the set.
    """
    random = np.random.default_rng(seed)
    n = len(anime.ids)
    names = _names(int(anime.franchises.max()) + 1, random)
    types = random.choice(len(TYPES), n, p=[share for share, _ in TYPES.values()])
    years = np.interp((np.arange(n) + random.random(n)) / n, *_YEARS).astype(int)
    members = MOST_MEMBERS * np.exp(anime.log_popularity - anime.log_popularity.max(), dtype=np.float64)
    likes = anime.attracts > anime.attracts.std(axis=1, keepdims=True)
    strongest = anime.attracts.argmax(axis=0)
    parts = [count(1) for _ in names]
    made_up = []
    for row, anime_id in enumerate(anime.ids.tolist()):
        franchise, kind = int(anime.franchises[row]), list(TYPES)[types[row]]
        part = next(parts[franchise])
        genres = set(np.flatnonzero(likes[:, row]).tolist()) | {int(strongest[row])}
        made_up.append(
            Anime(
                anime_id,
                names[franchise] if part == 1 else f"{names[franchise]} {part}",
                type=kind,
                episodes=TYPES[kind][1],
                year=int(years[row]),
                members=max(1, round(float(members[row]))),
                genres=tuple(GENRES[taste] for taste in sorted(genres)),
                franchise=franchise + 1 if franchise < anime.n_series else None,
            )
        )
    return Catalogue(made_up)


def _names(n: int, random: np.random.Generator) -> list[str]:
    """Make up n different titles that sound like romaji."""
    names: dict[str, None] = {}
    while len(names) < n:
        words = ("".join(random.choice(_SYLLABLES, length)) for length in random.integers(2, 5, 2))
        names[" ".join(words).title()] = None
    return list(names)
