"""Groups by which figures are broken down: users by number of ratings, anime by year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue

LENGTHS = {"up to 10": 0, "11–50": 11, "51–200": 51, "201 and more": 201}
"""Groups of users by the number of ratings that the model is given, with the minimum of each group."""
PERIODS = {"before 2000": 0, "2000–09": 2000, "2010–17": 2010, "2018 on": 2018}
"""Groups of anime by the year they first aired, with the first year of each group."""
UNKNOWN_PERIOD = "year unknown"


class Periods:
    """Assigns anime to the periods in which they first aired."""

    names = (*PERIODS, UNKNOWN_PERIOD)

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the years from a catalogue."""
        dated = sorted((one.anime_id, one.year) for one in catalogue.values() if one.year is not None)
        self._ids = np.array([anime_id for anime_id, _ in dated], dtype=np.int64)
        years = np.array([year for _, year in dated], dtype=np.int64)
        self._periods = _group(years, PERIODS)

    def of(self, anime_ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Return the index in `names` of each anime's period, shape (n,)."""
        places = np.full(len(anime_ids), len(self.names) - 1, dtype=np.intp)
        dated = np.isin(anime_ids, self._ids)
        places[dated] = self._periods[np.searchsorted(self._ids, anime_ids[dated])]
        return places


def of_length(given: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the index in `LENGTHS` of each user's group by their number of ratings, shape (n,)."""
    return _group(given, LENGTHS)


def _group(values: NDArray[np.int64], groups: dict[str, int]) -> NDArray[np.intp]:
    return np.searchsorted(list(groups.values()), values, side="right") - 1
