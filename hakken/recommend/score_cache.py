"""Cache of members' scores: they are not computed again until a rating changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hakken.model.prediction import Scores
from hakken.ratings.ids import check_ratings

MOST_BYTES = 96 * 2**20
"""Maximum size of the cache: enough for 500 members and 20,000 anime, so that none is recomputed."""


class Scorer(Protocol):
    """Computes members' scores: a model, or a recommender."""

    def scores(self, ratings: Mapping[int, float], /) -> Scores:
        """See `ItemKNNBaseline.scores`."""
        ...


class Remembered(NamedTuple):
    """A member's `Scores` in half the memory; the arrays are read-only."""

    predicted: NDArray[np.float32]
    """Predicted ratings, 1–10, shape (n_anime,)."""
    match: NDArray[np.float32]
    """Matches without unit, higher is better, shape (n_anime,)."""


class RememberedScores:
    """Cache of a recommender's or a model's scores, keyed by the ratings: changed ratings make another entry.

    It does not store whose ratings they are. The least recently used entries are dropped first. Threads may
    share it.
    """

    def __init__(self, scorer: Scorer, most_bytes: int = MOST_BYTES) -> None:
        """Start with an empty cache.

        Args:
            scorer: computes the scores; the same ratings must always give the same.
            most_bytes: maximum size of the cached scores and ratings; 0 caches nothing.
        """
        self._scorer = scorer
        self._most_bytes = most_bytes
        self._kept: OrderedDict[bytes, Remembered] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    @property
    def bytes_kept(self) -> int:
        """Size of the cached scores and of their ratings, in bytes."""
        return self._bytes

    def scores(self, ratings: Mapping[int, float]) -> Remembered:
        """Return the scores from the cache, or compute them; see `Recommender.scores`.

        Raises:
            RatingsError: an invalid id, or a score off the scale.
        """
        key = _key(ratings)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Without the lock, so that other threads can go on; computing the same scores twice does no harm.
        computed = self._scorer.scores(ratings)
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
    """Return a key that is equal only for equal ratings, in any order."""
    ids = check_ratings(ratings)  # first: rounded ids would find the scores of other ratings
    scores = np.fromiter(ratings.values(), np.float64, len(ratings))
    order = np.argsort(ids)
    return ids[order].tobytes() + scores[order].tobytes()


def _size(key: bytes, scores: Remembered) -> int:
    return len(key) + scores.predicted.nbytes + scores.match.nbytes
