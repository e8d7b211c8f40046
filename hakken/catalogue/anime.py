"""One anime: what a recommendation needs to be shown, filtered and found by its title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ADULT_GENRES = frozenset({"Hentai", "Erotica"})
"""What MyAnimeList rates 18+."""
ADULT_AGE = "Rx"
"""How MyAnimeList's rating of what is 18+ begins."""


@dataclass(frozen=True, slots=True)
class Anime:
    """One anime as its catalogue describes it; ``None`` where the catalogue is silent."""

    anime_id: int
    """Its id on MyAnimeList."""
    title: str
    """The main title, mostly romaji."""
    english: str | None = None
    type: str | None = None
    """``TV``, ``Movie``, ``OVA``, ``Special``, ``ONA``, ``Music`` …"""
    episodes: int | None = None
    year: int | None = None
    """The year it first aired."""
    members: int = 0
    """On how many MyAnimeList lists it stands; 0 where unknown."""
    genres: tuple[str, ...] = ()
    franchise: int | None = None
    """Anime with the same number belong together: seasons, films, specials."""
    score: float | None = None
    """The mean of its ratings on MyAnimeList, 1–10."""
    source: str | None = None
    """What it was made from: ``Manga``, ``Light novel``, ``Original`` …"""
    studios: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    """Other titles that people search by, the Japanese one among them."""
    image_url: str | None = None
    """Its cover: an http or https URL of at most 2,048 characters."""
    age: str | None = None
    """For whom it is, as MyAnimeList rates it: ``PG-13 - Teens 13 or older`` …"""
    prequels: tuple[int, ...] = ()
    """Ids of what it continues, whether they stand in the catalogue or not."""
    sequels: tuple[int, ...] = ()
    """Ids of what continues it, whether they stand in the catalogue or not."""

    @property
    def adult(self) -> bool:
        """Whether it is rated 18+, as far as its genres and its age rating tell."""
        return not ADULT_GENRES.isdisjoint(self.genres) or (self.age or "").startswith(ADULT_AGE)

    @property
    def url(self) -> str:
        """Its page on MyAnimeList."""
        return f"https://myanimelist.net/anime/{self.anime_id}"


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
