"""Scores of members that are not computed again until a rating changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakken.model.item_knn import ItemKNNBaseline

MOST_BYTES = 96 * 2**20
"""Enough for 500 members and 20,000 anime: with less, so many would be computed anew each time."""


class Remembered(NamedTuple):
    """A member's `Scores` in half the memory; nobody may write into them."""

    predicted: NDArray[np.float32]
    """The rating that they would give, 1–10, shape (n_anime,)."""
    match: NDArray[np.float32]
    """No unit, the higher the better, shape (n_anime,)."""


class RememberedScores:
    """What `ItemKNNBaseline.scores` says, kept by the ratings themselves: other ratings, another entry.

    Whose they are is not kept. The least recently used are forgotten first. Threads may share it.
    """

    def __init__(self, model: ItemKNNBaseline, most_bytes: int = MOST_BYTES) -> None:
        """Begin with nothing.

        Args:
            model: fitted, and not fitted again afterwards.
            most_bytes: of scores and ratings that are kept; 0 keeps none.
        """
        self._model = model
        self._most_bytes = most_bytes
        self._kept: OrderedDict[bytes, Remembered] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    @property
    def bytes_kept(self) -> int:
        """Of scores, and of the ratings that they belong to."""
        return self._bytes

    def scores(self, ratings: Mapping[int, float]) -> Remembered:
        """See `ItemKNNBaseline.scores`.

        Args:
            ratings: the member's own by anime id, 1–10.

        Raises:
            RatingsError: a score off the scale.
        """
        key = _key(ratings)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Not under the lock: others go on meanwhile; that two compute the same does no harm.
        computed = self._model.scores(ratings)
        found = Remembered(computed.predicted.astype(np.float32), computed.match.astype(np.float32))
        for array in found:
            array.flags.writeable = False
        self._keep(key, found)
        return found

    def _keep(self, key: bytes, scores: Remembered) -> None:
        with self._lock:
            if key in self._kept or _size(key, scores) > self._most_bytes:
                return
            self._kept[key] = scores
            self._bytes += _size(key, scores)
            while self._bytes > self._most_bytes:
                self._bytes -= _size(*self._kept.popitem(last=False))


def _key(ratings: Mapping[int, float]) -> bytes:
    """The same for the same ratings, in whatever order, and for no others."""
    ids = np.fromiter(ratings, np.int64, len(ratings))
    scores = np.fromiter(ratings.values(), np.float64, len(ratings))
    order = np.argsort(ids)
    return ids[order].tobytes() + scores[order].tobytes()


def _size(key: bytes, scores: Remembered) -> int:
    return len(key) + scores.predicted.nbytes + scores.match.nbytes
