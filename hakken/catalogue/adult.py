"""Which anime are for adults only, by their age rating, their genres and a list of exceptions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hakken.catalogue.anime import Anime

ADULT_GENRES = frozenset({"Hentai", "Erotica"})
"""Genres that MyAnimeList rates 18+."""
ADULT_AGE = "Rx"
"""Prefix of MyAnimeList's age rating for 18+."""
ECCHI = "Ecchi"
"""The genre of nudity and innuendo below 18+."""

_RARELY_ADULT = frozenset({"TV", "Movie", "TV Special", "Music"})
_NEARLY_ADULT = frozenset({ECCHI, "Harem", "Boys Love", "Girls Love", "Yaoi", "Yuri"})
_DENIED = frozenset(
    int(line.partition("\t")[0])
    for line in Path(__file__).with_name("denied.tsv").read_text(encoding="utf-8").splitlines()[1:]
)


def is_adult(anime: Anime) -> bool:
    """Return whether an anime is for adults only, or may be.

    It is if it stands in ``denied.tsv``, with the reason, or if its age rating or a genre says so. Without an
    age rating in a catalogue that has those of others, it counts as adult unless it is known to be on
    television, in cinemas or a music video, with genres that have little to do with sex.

    In the catalogue of August 2026, 23,739 anime have an age and 1,600 of these are adult. With the ages
    hidden, and the genres that say 18+ as well, 14 adult ones pass, 1 in 1,000 of all that pass; with their
    genres as they are, none. Of the harmless ones that have genres, 37 % are hidden: those made for sale or
    the web above all (``python -m benchmarks.adult CATALOGUE``). Catalogues without any ages hide only what
    is named by genre or in the list.
    """
    if anime.anime_id in _DENIED or not ADULT_GENRES.isdisjoint(anime.genres):
        return True
    if anime.age is not None or not anime.others_have_ages:
        return (anime.age or "").startswith(ADULT_AGE)
    harmless = anime.type in _RARELY_ADULT and anime.genres and _NEARLY_ADULT.isdisjoint(anime.genres)
    return not harmless
