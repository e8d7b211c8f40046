"""An anime and its facts, used to display, filter and find it by its title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hakken.catalogue.adult import is_adult


@dataclass(frozen=True, slots=True)
class Anime:
    """An anime as its catalogue describes it; unknown facts are ``None``."""

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
    """Number of MyAnimeList members who have it on their list; 0 if unknown."""
    genres: tuple[str, ...] = ()
    franchise: int | None = None
    """Anime with the same number belong together: seasons, films, specials."""
    score: float | None = None
    """The mean of its ratings on MyAnimeList, 1–10."""
    source: str | None = None
    """Its source material: ``Manga``, ``Light novel``, ``Original`` …"""
    studios: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    """Other titles that people search by, including the Japanese one."""
    image_url: str | None = None
    """Its cover: an http or https URL of at most 2,048 characters."""
    minutes: int | None = None
    """Length of an episode."""
    aired: str | None = None
    """When it first aired: ``YYYY-MM-DD``, or ``YYYY-MM`` or ``YYYY`` where no more is known."""
    anilist_id: int | None = None
    """Its id on AniList."""
    age: str | None = None
    """Its age rating on MyAnimeList: ``PG-13 - Teens 13 or older`` …"""
    prequels: tuple[int, ...] = ()
    """Ids of the anime that it continues; they may be missing from the catalogue."""
    sequels: tuple[int, ...] = ()
    """Ids of the anime that continue it; they may be missing from the catalogue."""
    parents: tuple[int, ...] = ()
    """Ids of the anime whose side story it is."""
    side_stories: tuple[int, ...] = ()
    """Ids of its side stories."""
    alternatives: tuple[int, ...] = ()
    """Ids of other versions of its story, and of other stories in its setting."""
    summaries: tuple[int, ...] = ()
    """Ids of its recaps."""
    others_have_ages: bool = field(default=False, compare=False, repr=False)
    """Whether its catalogue has age ratings, so that the lack of one says something; `Catalogue` sets it."""

    @property
    def adult(self) -> bool:
        """Whether it is for adults only, or may be; see `hakken.catalogue.adult`."""
        return is_adult(self)

    @property
    def url(self) -> str:
        """Its page on MyAnimeList."""
        return f"https://myanimelist.net/anime/{self.anime_id}"


MINUTES = 24
"""Default minutes of an episode: half an hour of television without advertisements."""
MINUTES_OF: Mapping[str, int] = MappingProxyType(
    {"Movie": 100, "TV Special": 48, "Music": 4, "CM": 1, "PV": 2}
)


def hours(anime: Anime) -> float | None:
    """Estimate the hours of an anime by episodes × usual minutes of its type, as catalogues lack durations.

    Returns:
        Hours; None if the number of episodes is unknown.
    """
    if not anime.episodes:
        return None
    return anime.episodes * MINUTES_OF.get(anime.type or "", MINUTES) / 60
