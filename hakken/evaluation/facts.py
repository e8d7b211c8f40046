"""What a catalogue tells of the anime that were recommended, as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken.anime import Anime
from hakken.anime_rows import rows_of
from hakken.catalogue import Catalogue
from hakken.evaluation.groups import Periods


class Facts:
    """Genres, studios, members and years of anime by their ids."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take them from a catalogue."""
        self.periods = Periods(catalogue)
        by_id = [catalogue[anime_id] for anime_id in sorted(catalogue)]
        # A last row stands for all that the catalogue does not name.
        self._ids = np.array([one.anime_id for one in by_id] + [np.iinfo(np.int64).max], dtype=np.int64)
        self._members = np.array([one.members or np.nan for one in by_id] + [np.nan])
        self._vectors = _vectors([*map(_described, by_id), ()])

    def members(self, anime_ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """On how many MyAnimeList lists each anime stands, NaN where unknown, shape (n,)."""
        return self._members[self._rows(anime_ids)]

    def vectors(self, anime_ids: NDArray[np.int64]) -> sparse.csr_array:
        """A dimension for each genre and each studio; of length 1, or 0 where unknown, shape (n, n_facts)."""
        return self._vectors[self._rows(anime_ids)]

    def _rows(self, anime_ids: NDArray[np.int64]) -> NDArray[np.intp]:
        rows, known = rows_of(anime_ids, self._ids)
        return np.where(known, rows, len(self._ids) - 1)


def _described(anime: Anime) -> tuple[tuple[str, str], ...]:
    genres = (("genre", name) for name in dict.fromkeys(anime.genres))
    return (*genres, *(("studio", name) for name in dict.fromkeys(anime.studios)))


def _vectors(described: list[tuple[tuple[str, str], ...]]) -> sparse.csr_array:
    columns = {
        fact: column for column, fact in enumerate(sorted({one for all_ in described for one in all_}))
    }
    counts = np.array([len(facts) for facts in described])
    parts = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts)
    indices = np.array([columns[fact] for facts in described for fact in facts], dtype=np.int64)
    shape = (len(described), len(columns))
    return sparse.csr_array((parts, indices, np.concatenate(([0], np.cumsum(counts)))), shape=shape)
