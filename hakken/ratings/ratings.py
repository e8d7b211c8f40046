"""Rating sets: users' scores of anime, stored as a sparse matrix."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hakken.errors import RatingsError
from hakken.ratings.ids import WHOLE_ID, first_not_whole, shown
from hakken.ratings.reading import (
    HIGHEST,
    LOWEST,
    MAX_ANIME_ID,
    NOT_RATED,
    Broken,
    Columns,
    read_columns,
)

__all__ = ["HIGHEST", "LOWEST", "NOT_RATED", "Broken", "Ratings", "ReadReport", "read_list"]

_WHOLE = re.compile(r"([0-9]{1,18})(?:\.0*)?")
"""A numeric user id; also as a float, since pandas writes whole numbers that way in columns with gaps."""
_HASHED = 2**20
"""Number of values that are hashed at once."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Counts of a file's lines, and of what was dropped."""

    lines: int
    """Non-empty lines, without the header."""
    not_rated: int
    """Dropped: lines with a score of 0 or −1, or no score."""
    repeated: int
    """Dropped: earlier scores of repeated pairs."""
    silent_users: int = 0
    """Dropped: users without a single rating."""
    broken: tuple[Broken, ...] = ()
    """Dropped: broken lines by reason, in the order of the file."""


@dataclass(frozen=True)
class Ratings:
    """A rating set: one row per user, one column per anime, both in the order of their ids.

    The same ratings give the same object, regardless of their order in the file.
    """

    user_ids: NDArray[Any]
    """Ids or names of the users, shape (n_users,), sorted."""
    anime_ids: NDArray[np.int64]
    """MyAnimeList ids, shape (n_anime,), sorted."""
    matrix: sparse.csr_array
    """Scores 1–10, float32, shape (n_users, n_anime); what is not stored is not rated."""
    report: ReadReport

    @classmethod
    def read(cls, path: str | Path, progress: Callable[[float], None] | None = None) -> Ratings:
        """Read a rating set from CSV or TSV, gzipped or not, or Parquet, streamed in blocks.

        It uses the columns ``user_id`` or ``username``, ``anime_id`` or ``item_id``, and ``score``,
        ``rating`` or ``my_score``, in any order and among others: as in the public sets azathoth42,
        CooperUnion and hernan4444, and in ours. Scores of 0, −1 or nothing mean 'not rated' and are dropped;
        if a pair is repeated, the last score counts. Up to 1 in 100 lines may be broken; they are dropped and
        counted.

        Args:
            path: the file.
            progress: called now and then with the share of the file that has been read, 0–1.

        Raises:
            RatingsError: (a ValueError) there is no such file, a column is missing, or more than 1 in 100
                lines are broken; the message names file, line and value.
        """
        return cls.of_columns(read_columns(Path(path), progress=progress))

    @classmethod
    def from_arrays(cls, users: ArrayLike, anime: ArrayLike, scores: ArrayLike) -> Ratings:
        """Make a rating set from three sequences of the same length.

        Args:
            users: ids (integers of 64 bits) or names (strings), shape (n,).
            anime: MyAnimeList ids, 1 to 2^31 − 1, shape (n,).
            scores: 1–10, shape (n,); 0 and −1 are dropped; if a pair is repeated, the last score counts.

        Raises:
            RatingsError: a score outside 1–10, an invalid id, or sequences of different lengths.
        """
        # Lists are checked first: as arrays, [2, True] would be [2, 1], and [1, 'a'] would be ['1', 'a'].
        users, anime = (
            list(each) if isinstance(each, list | tuple) else np.asarray(each) for each in (users, anime)
        )
        scores = np.asarray(scores, dtype=np.float32)
        if not np.shape(users) == np.shape(anime) == scores.shape or scores.ndim != 1:
            raise RatingsError("users, anime and scores must be sequences of one length")
        if (place := first_not_whole(anime, 1, MAX_ANIME_ID)) is not None:
            raise RatingsError(f"rating {place}: the anime id {shown(anime[place])} is not {WHOLE_ID}")
        users, anime = _users(users), np.asarray(anime, dtype=np.int64)
        rated = ~np.isin(scores, NOT_RATED)
        bad = rated & ~((scores >= LOWEST) & (scores <= HIGHEST))  # NaN is on no scale
        if bad.any():
            raise RatingsError(f"rating {int(bad.argmax())}: the score {scores[bad.argmax()]:g} is not 1–10")
        user_ids, user_rows = np.unique(users, return_inverse=True)
        anime_ids, anime_rows = np.unique(anime[rated], return_inverse=True)
        shape = (len(user_ids), len(anime_ids))
        rows, columns = user_rows[rated].astype(np.int32), anime_rows.astype(np.int32)
        matrix, repeated = _by_user(_by_anime(rows, columns, scores[rated], shape))
        return cls._without_silent(
            user_ids, anime_ids, matrix, ReadReport(len(users), int((~rated).sum()), repeated)
        )

    @classmethod
    def of_columns(cls, columns: Columns) -> Ratings:
        """Make a rating set from a file's columns; overwrites them, as a full set fits in memory once."""
        report = ReadReport(columns.lines, columns.not_rated, 0, broken=columns.broken)
        users, anime, scores = columns.users, columns.anime, columns.scores
        user_ids, user_ranks = _user_ids(columns.names)
        del columns
        np.take(user_ranks, users, out=users, mode="clip")  # mode "raise" would copy first
        anime_ids = _rank(anime)
        by_anime = _by_anime(users, anime, scores, (len(user_ids), len(anime_ids)))
        del users, anime, scores
        matrix, repeated = _by_user(by_anime)
        return cls._without_silent(user_ids, anime_ids, matrix, replace(report, repeated=repeated))

    @classmethod
    def _without_silent(
        cls,
        user_ids: NDArray[Any],
        anime_ids: NDArray[np.int64],
        matrix: sparse.csr_array,
        report: ReadReport,
    ) -> Ratings:
        rated = np.diff(matrix.indptr) > 0
        silent = len(user_ids) - int(rated.sum())
        indptr = np.append(matrix.indptr[:-1][rated], matrix.indptr[-1:])
        shape = (len(user_ids) - silent, len(anime_ids))
        matrix = sparse.csr_array((matrix.data, matrix.indices, indptr), shape=shape)
        return cls(user_ids[rated], anime_ids, matrix, replace(report, silent_users=silent))

    def __len__(self) -> int:
        """Return the number of ratings."""
        return int(self.matrix.nnz)

    @cached_property
    def raters(self) -> NDArray[np.int32]:
        """Number of users who rated each anime, shape (n_anime,)."""
        return np.bincount(self.matrix.indices, minlength=len(self.anime_ids)).astype(np.int32)

    def lists(self) -> list[dict[int, float]]:
        """Return every user's scores by anime id."""
        return [self.of_user(row) for row in range(len(self.user_ids))]

    def of_user(self, row: int) -> dict[int, float]:
        """Return the ratings of the user in this row, by anime id."""
        span = slice(self.matrix.indptr[row], self.matrix.indptr[row + 1])
        ids = self.anime_ids[self.matrix.indices[span]]
        return dict(zip(ids.tolist(), self.matrix.data[span].tolist(), strict=True))

    def of_users(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Ratings:
        """Return the rating set of these users, with only the anime that they rated."""
        part = self.matrix[rows]
        rated = np.bincount(part.indices, minlength=len(self.anime_ids)) > 0
        return Ratings(self.user_ids[rows], self.anime_ids[rated], part[:, rated].tocsr(), self.report)

    def fingerprint(self) -> str:
        """Compute a SHA-256 over all ratings: equal for equal rating sets, regardless of their files."""
        digest = hashlib.sha256(np.array([*self.matrix.shape, len(self)], "<i8").tobytes())
        parts = [(self.anime_ids, "<i8"), (self.matrix.indptr, "<i8"), (self.matrix.indices, "<i8")]
        if self.user_ids.dtype.kind in "iu":
            parts.append((self.user_ids, "<i8"))
        else:
            names = self.user_ids.astype(np.str_).tolist()
            digest.update("\n".join(names).encode(errors="surrogatepass"))
        for numbers, kind in [*parts, (self.matrix.data, "<f4")]:
            for first in range(0, len(numbers), _HASHED):  # a copy of a full set would be large
                digest.update(numbers[first : first + _HASHED].astype(kind).tobytes())
        return digest.hexdigest()


def read_list(path: str | Path) -> dict[int, float]:
    """Read one member's ratings from a file in the format of `Ratings.read`; the user column is optional.

    Returns:
        Scores 1–10 by anime id; if an anime is repeated, its last score.

    Raises:
        RatingsError: as `Ratings.read`, but already at the first broken line, and if the file has the ratings
            of more than one user.
    """
    ratings = Ratings.of_columns(read_columns(Path(path), tolerated=0, optional=("user",)))
    if len(ratings.user_ids) > 1:
        raise RatingsError(f"{path}: holds the ratings of several users; give the list of one member")
    return ratings.of_user(0) if len(ratings) else {}


def _users(users: NDArray[Any] | list[Any]) -> NDArray[Any]:
    """Return a column of users: their ids as int64, or their names as text."""
    is_numeric = isinstance(users, np.ndarray) and users.dtype.kind in "iuf"
    if not is_numeric and all(issubclass(kind, str) for kind in set(map(type, users))):
        return np.asarray(users, dtype=np.str_)
    whole = np.iinfo(np.int64)
    if (place := first_not_whole(users, whole.min, whole.max)) is not None:
        what = shown(users[place])
        raise RatingsError(f"rating {place}: the user {what} is neither a whole number nor a name")
    return np.asarray(users, dtype=np.int64)


def _user_ids(names: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """Return the sorted user ids and the rank of each name; ids are numbers if all names are numbers."""
    numbers = [_WHOLE.fullmatch(name) for name in names]
    ids = (
        np.array([int(number[1]) for number in numbers if number], dtype=np.int64)
        if all(numbers)
        else np.array(names, dtype=np.str_)
    )
    user_ids, ranks = np.unique(ids, return_inverse=True)
    return user_ids, ranks.astype(np.int32)


def _rank(values: NDArray[np.int32]) -> NDArray[np.int64]:
    """Replace each value by its rank, in linear time by hashing; returns the sorted values."""
    import pyarrow as pa

    encoded = pa.array(values).dictionary_encode()
    found: NDArray[np.int32] = encoded.dictionary.to_numpy()
    order = np.argsort(found)
    ranks = np.empty(len(found), np.int32)
    ranks[order] = np.arange(len(found), dtype=np.int32)
    np.take(ranks, encoded.indices.to_numpy(), out=values, mode="clip")
    return found[order].astype(np.int64)


def _by_anime(
    users: NDArray[np.int32], anime: NDArray[np.int32], scores: NDArray[Any], shape: tuple[int, int]
) -> sparse.csc_array:
    """Sort the scores by anime; those of an anime stay in the order of the file."""
    triplets = sparse.coo_array((scores, (users, anime)), shape=shape)
    triplets.has_canonical_format = True  # otherwise SciPy would sum repeated pairs
    return triplets.tocsc()


def _by_user(by_anime: sparse.csc_array) -> tuple[sparse.csr_array, int]:
    """Return the rating matrix, and the number of ratings dropped for a later one of the same pair.

    SciPy's conversions are stable counting sorts: they take linear time and keep ratings of a pair in order,
    so the last of a run is the last in the file.
    """
    by_user = by_anime.tocsr()
    start, rated, scores = by_user.indptr, by_user.indices, by_user.data
    repeated = np.zeros(len(rated), np.bool_)
    np.equal(rated[1:], rated[:-1], out=repeated[:-1])
    repeated[start[1:][np.diff(start) > 0] - 1] = False  # a user's last rating has none after it
    dropped = int(np.count_nonzero(repeated))
    if dropped:
        start = start - np.searchsorted(np.flatnonzero(repeated), start).astype(start.dtype)
        rated, scores = rated[~repeated], scores[~repeated]
    return sparse.csr_array((scores.astype(np.float32), rated, start), shape=by_anime.shape), dropped
