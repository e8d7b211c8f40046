"""Facts about the recommended anime, as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.catalogue.anime import Anime
from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation.groups import Periods
from hakken.model.rows import rows_of
from hakken.recommend.diversity import trait_vectors

_NO_ID = np.iinfo(np.int64).max


class AnimeFacts:
    """Genres, studios, members and years of anime by their ids."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the facts from a catalogue."""
        self.periods = Periods(catalogue)
        by_id = [catalogue[anime_id] for anime_id in sorted(catalogue)]
        by_id.append(Anime(_NO_ID, "all that the catalogue does not name"))
        self._ids = np.array([one.anime_id for one in by_id], dtype=np.int64)
        self._members = np.array([one.members or np.nan for one in by_id])
        self._vectors = trait_vectors(by_id)

    def members(self, anime_ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return each anime's number of members on MyAnimeList, NaN if unknown, shape (n,)."""
        return self._members[self._rows(anime_ids)]

    def vectors(self, anime_ids: NDArray[np.int64]) -> sparse.csr_array:
        """Return vectors by genres and studios, of length 1, or 0 if unknown, shape (n, n_facts)."""
        return self._vectors[self._rows(anime_ids)]

    def _rows(self, anime_ids: NDArray[np.int64]) -> NDArray[np.intp]:
        rows, known = rows_of(anime_ids, self._ids)
        return np.where(known, rows, len(self._ids) - 1)
