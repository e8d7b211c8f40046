"""Rating sets: who rated what how, held as one sparse matrix."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hakken.errors import RatingsError
from hakken.ratings.reading import (
    HIGHEST,
    LOWEST,
    MAX_ANIME_ID,
    NOT_RATED,
    Broken,
    Columns,
    read_columns,
)

__all__ = ["HIGHEST", "LOWEST", "NOT_RATED", "Broken", "Ratings", "ReadReport", "check_scores", "read_list"]

_WHOLE = re.compile(r"([0-9]{1,18})(?:\.0*)?")
"""A number as a user's id; of floats, as pandas writes whole numbers with gaps."""
_HASHED = 2**20
"""So many numbers are hashed at once."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What became of a file's lines."""

    lines: int
    """Lines that hold anything, without the header."""
    not_rated: int
    """Dropped: a score of 0 or −1, or none."""
    repeated: int
    """Dropped: an earlier score of a pair that came again."""
    silent_users: int = 0
    """Dropped: users without a single rating."""
    broken: tuple[Broken, ...] = ()
    """Dropped: lines that are no rating, by reason; in the order of the file."""


@dataclass(frozen=True)
class Ratings:
    """A rating set: one row per user, one column per anime, both in the order of their ids.

    The same ratings give the same object, whatever their order was in the file.
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

        Takes the columns ``user_id`` or ``username``, ``anime_id`` or ``item_id``, and ``score``, ``rating``
        or ``my_score``, in any order and beside others: the public sets azathoth42, CooperUnion and
        hernan4444, and ours. Scores of 0 and −1 and empty ones mean 'not rated' and are dropped; of a pair
        given twice the last score counts. Up to 1 in 100 lines may be broken; they are dropped and counted.

        Args:
            path: the file.
            progress: told now and then which share of the file has been read, 0–1.

        Raises:
            RatingsError: (a ValueError) no such file, a missing column, or more than 1 in 100 lines that are
                no rating; the sentence names file, line and value.
        """
        return cls.of_columns(read_columns(Path(path), progress=progress))

    @classmethod
    def from_arrays(cls, users: ArrayLike, anime: ArrayLike, scores: ArrayLike) -> Ratings:
        """Take ratings that are in memory: three sequences of one length.

        Args:
            users: ids (integers) or names (strings), shape (n,).
            anime: MyAnimeList ids, 1 to 2^31 − 1, shape (n,).
            scores: 1–10, shape (n,); 0 and −1 are dropped, of a repeated pair the last counts.

        Raises:
            RatingsError: a score outside 1–10, an id that no anime has, or sequences of different lengths.
        """
        users, anime = np.asarray(users), np.asarray(anime)
        scores = np.asarray(scores, dtype=np.float32)
        if not users.shape == anime.shape == scores.shape or users.ndim != 1:
            raise RatingsError("users, anime and scores must be sequences of one length")
        bad = ~((anime >= 1) & (anime <= MAX_ANIME_ID))  # of numbers as they are: int64 would wrap some
        if bad.any():
            raise RatingsError(
                f"rating {int(bad.argmax())}: the anime id {anime[bad.argmax()]} is not 1–{MAX_ANIME_ID}"
            )
        anime = anime.astype(np.int64)
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
        """Take what a file holds. Its arrays are written over: a full set has room in memory only once."""
        report = ReadReport(columns.lines, columns.not_rated, 0, broken=columns.broken)
        users, anime, scores = columns.users, columns.anime, columns.scores
        user_ids, user_ranks = _user_ids(columns.names)
        del columns
        np.take(user_ranks, users, out=users, mode="clip")  # the other mode copies first
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
        """How many ratings there are."""
        return int(self.matrix.nnz)

    @cached_property
    def raters(self) -> NDArray[np.int32]:
        """How many users rated each anime, shape (n_anime,)."""
        return np.bincount(self.matrix.indices, minlength=len(self.anime_ids)).astype(np.int32)

    def of_user(self, row: int) -> dict[int, float]:
        """The ratings of the user in this row, by anime id."""
        span = slice(self.matrix.indptr[row], self.matrix.indptr[row + 1])
        ids = self.anime_ids[self.matrix.indices[span]]
        return dict(zip(ids.tolist(), self.matrix.data[span].tolist(), strict=True))

    def of_users(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Ratings:
        """The rating set of these users alone, with only the anime that they rated."""
        part = self.matrix[rows]
        rated = np.bincount(part.indices, minlength=len(self.anime_ids)) > 0
        return Ratings(self.user_ids[rows], self.anime_ids[rated], part[:, rated].tocsr(), self.report)

    def fingerprint(self) -> str:
        """SHA-256 over who rated what how: equal for equal rating sets, whatever file they came from."""
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
    """Read one member's ratings from a file as `Ratings.read` takes it; the user column may be missing.

    Returns:
        Scores 1–10 by anime id; of an anime given twice the last score.

    Raises:
        RatingsError: as `Ratings.read`, but at the first broken line, and when the file holds the ratings of
            more than one user.
    """
    ratings = Ratings.of_columns(read_columns(Path(path), tolerated=0, optional=("user",)))
    if len(ratings.user_ids) > 1:
        raise RatingsError(f"{path}: holds the ratings of several users, where one member's list is needed")
    return ratings.of_user(0) if len(ratings) else {}


def check_scores(ratings: Mapping[int, float]) -> None:
    """Refuse a member's ratings that are off the scale.

    Raises:
        RatingsError: names the anime and the score.
    """
    for anime_id, score in ratings.items():
        if not LOWEST <= score <= HIGHEST:
            raise RatingsError(f"anime {anime_id}: the score {score} is not {LOWEST}–{HIGHEST}")


def _user_ids(names: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The users' ids, sorted, and which of them each name is: numbers where all names are numbers."""
    numbers = [_WHOLE.fullmatch(name) for name in names]
    ids = (
        np.array([int(number[1]) for number in numbers if number], dtype=np.int64)
        if all(numbers)
        else np.array(names, dtype=np.str_)
    )
    user_ids, ranks = np.unique(ids, return_inverse=True)
    return user_ids, ranks.astype(np.int32)


def _rank(values: NDArray[np.int32]) -> NDArray[np.int64]:
    """Put in the place of each value its rank, by hashing, in linear time; the values, sorted."""
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
    """The scores in the order of the anime's rows, those of one anime in the order of the file."""
    triplets = sparse.coo_array((scores, (users, anime)), shape=shape)
    triplets.has_canonical_format = True  # or SciPy would add up repeated pairs
    return triplets.tocsc()


def _by_user(by_anime: sparse.csc_array) -> tuple[sparse.csr_array, int]:
    """The rating matrix, and how many ratings were dropped for a later one of the same pair.

    SciPy's conversions are counting sorts: they take linear time and leave ratings of one pair in their
    order, so the last of a run is the last in the file.
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
