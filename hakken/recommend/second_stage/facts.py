"""Facts about a model's anime, as arrays by its rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.traits import trait_matrix
from hakken.catalogue.watch_order import WatchOrder
from hakken.model.rows import entries_of

UNKNOWN = -9.0
"""Stands for a number that is not known: trees compare numbers only."""
NOTHING_BEFORE = -10.0
"""Stands for the deviation of the part before where there is no such part."""
RECENT = 60.0
"""An anime that first aired at most this many months before the catalogue's newest is recent."""
_TYPES = ("TV", "Movie", "OVA", "ONA", "Special", "TV Special")


class RowFacts:
    """Facts of a catalogue about the anime of a model, each of shape (n_anime,)."""

    def __init__(self, anime_ids: NDArray[np.int64], catalogue: Catalogue, order: WatchOrder) -> None:
        """Collect them; anime that the catalogue lacks have none."""
        anime = [catalogue.anime(one) for one in anime_ids.tolist()]
        groups = np.array([order.franchise(one.anime_id) for one in anime])
        self.franchise: NDArray[np.intp] = np.unique(groups, return_inverse=True)[1]
        """A number from 0 on that the anime of one franchise share."""
        self.parts = np.bincount(self.franchise)[self.franchise].astype(np.float64)
        """Number of the model's anime in the same franchise."""
        self.before = _rows_before(anime, order)
        """Row of the latest part that must be seen before; −1 if there is none."""
        self.members = np.log1p(np.array([one.members for one in anime], np.float64))
        """ln(1 + number of people who have it on their list elsewhere)."""
        self.score = np.array([one.score or UNKNOWN for one in anime], np.float64)
        """Mean score elsewhere, 1–10."""
        kinds = {name: number for number, name in enumerate(_TYPES)}
        self.type = np.array([kinds.get(one.type or "", len(kinds)) for one in anime], np.float64)
        """Number of its type."""
        self.episodes = np.log1p(np.array([one.episodes or 0 for one in anime], np.float64))
        """ln(1 + number of episodes)."""
        months = np.array([_month(one) for one in anime])
        aired = np.array([_month(one) for one in catalogue.values() if one.score], np.float64)
        newest = np.nanmax(aired) if np.isfinite(aired).any() else np.nan
        self.age: NDArray[np.float64] = newest - months
        """Months from its first airing to that of the catalogue's newest scored anime; NaN if unknown."""
        matrix, names = trait_matrix([{("genre", name) for name in one.genres} for one in anime])
        self.n_genres = len(names)
        """Number of genres in the catalogue's facts about these anime."""
        self._genre_start, self._genres = matrix.indptr.astype(np.intp), matrix.indices.astype(np.intp)

    def genres_of(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the place in ``rows`` and the number of each genre of these anime, both of shape (n,)."""
        by, entries = entries_of(rows, self._genre_start)
        return by, self._genres[entries]

    def recent(self) -> NDArray[np.bool_]:
        """Return which anime first aired at most `RECENT` months before the newest."""
        return np.asarray(self.age <= RECENT)


def _rows_before(anime: list[Anime], order: WatchOrder) -> NDArray[np.intp]:
    row = {one.anime_id: at for at, one in enumerate(anime)}
    before = np.full(len(anime), -1, np.intp)
    for at, one in enumerate(anime):
        before[at] = next((row[part] for part in reversed(order.before(one.anime_id)) if part in row), -1)
    return before


def _month(one: Anime) -> float:
    """Return the month in which an anime first aired, counted from year 0; July if only the year is known."""
    if one.aired and len(one.aired) >= len("2026-01"):
        return int(one.aired[:4]) * 12.0 + int(one.aired[5:7]) - 1
    return np.nan if one.year is None else one.year * 12.0 + 6
