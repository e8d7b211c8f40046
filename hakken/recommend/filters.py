"""Filters: what a member wants to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hakken.catalogue.adult import ECCHI
from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue

Length = Literal["an evening", "a season", "long"]
Adventure = Literal["well-known", "balanced", "hidden gems"]
Sequels = Literal["first", "include"]

MIN_RATERS = 50
"""Default minimum number of raters of recommended anime: fewer are too few to trust."""

_Names = Annotated[frozenset[Annotated[str, Field(max_length=100)]], Field(max_length=25)]
_Year = Annotated[int, Field(ge=1900, le=2100)]

_SHORT, _SEASON = 6, 26
"""Maximum number of episodes for ``an evening`` of three hours, and for ``a season``."""
_LIKED, _LIKED_OFTEN = 7, 2
"""A score from which on an ecchi anime was liked, and how many of these make a taste."""


class Filters(BaseModel):
    """What to choose from, and how; by default everything except 18+."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: _Names = frozenset()
    """``TV``, ``Movie`` …; empty for any."""
    genres: _Names = frozenset()
    """An anime has all of these."""
    without_genres: _Names = frozenset()
    """An anime has none of these."""
    from_year: _Year | None = None
    to_year: _Year | None = None
    length: Length | None = None
    """``an evening``, at most 3 hours: a film or up to 6 episodes; ``a season``: 7–26; ``long``: more."""
    min_raters: Annotated[int, Field(ge=0, le=10**9)] | None = None
    """Leaves out anime that fewer users rated; None for the recommender's own minimum."""
    adventure: Adventure = "balanced"
    sequels: Sequels = "first"
    """``first`` shows a franchise's first unseen part; ``include`` shows the part that fits best."""
    planned: bool = False
    """Whether to show anime that the member already plans to watch."""
    adult: bool = False
    """Whether 18+ anime may be shown: only where Discord says that all are of age."""
    ecchi: bool = True
    """Whether ecchi anime may be shown."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_year and self.to_year and self.from_year > self.to_year:
            raise ValueError(f"from_year {self.from_year} is after to_year {self.to_year}")
        return self

    def fit(self, anime: Anime) -> bool:
        """Return whether an anime passes the filters; an unknown fact fails any filter on it."""
        return (
            (self.adult or not anime.adult)
            and (self.ecchi or ECCHI not in anime.genres)
            and (not self.types or anime.type in self.types)
            and self.genres.issubset(anime.genres)
            and self.without_genres.isdisjoint(anime.genres)
            and self._of_these_years(anime.year)
            and (self.length is None or _length(anime) == self.length)
        )

    def _of_these_years(self, year: int | None) -> bool:
        if year is None:
            return self.from_year is None and self.to_year is None
        return (self.from_year or year) <= year <= (self.to_year or year)


def likes_ecchi(ratings: Mapping[int, float], catalogue: Catalogue) -> bool:
    """Return whether a member has rated two ecchi anime at 7 or more."""
    liked = (ECCHI in catalogue.anime(one).genres for one, score in ratings.items() if score >= _LIKED)
    return sum(liked) >= _LIKED_OFTEN


def with_ecchi_if_wanted(filters: Filters, ratings: Mapping[int, float], catalogue: Catalogue) -> Filters:
    """Forbid ecchi to a member who neither asks for the genre nor has liked it; see `likes_ecchi`."""
    wanted = ECCHI in filters.genres or likes_ecchi(ratings, catalogue)
    return filters.model_copy(update={"ecchi": filters.ecchi and wanted})


def _length(anime: Anime) -> Length | None:
    """Classify an anime's length by its episodes; a film in several parts takes more than three hours."""
    if not anime.episodes:
        # Catalogues write 0 if the number is unknown, as for One Piece.
        return None
    if anime.episodes <= (1 if anime.type == "Movie" else _SHORT):
        return "an evening"
    if anime.episodes <= _SHORT:
        return None
    return "a season" if anime.episodes <= _SEASON else "long"
