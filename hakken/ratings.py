"""Rating sets: read from a file, checked line by line, held as one sparse matrix."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hakken.errors import RatingsError
from hakken.files import BROKEN, open_unzipped, reason

LOWEST, HIGHEST = 1, 10
"""MyAnimeList's scale."""
NOT_RATED = (0, -1)
"""What rating sets write for 'on the list, without a score'."""

USER_COLUMNS = ("user_id", "username")
ANIME_COLUMNS = ("anime_id", "item_id")
SCORE_COLUMNS = ("score", "rating", "my_score")

_BLOCK_BYTES = 4 * 2**20
_HEADER_BYTES = 64 * 2**10
_PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What became of a file's lines."""

    lines: int
    """Lines that hold a rating or a 'not rated'."""
    not_rated: int
    """Dropped: a score of 0 or −1."""
    repeated: int
    """Dropped: an earlier score of a pair that came again."""


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
    def read(cls, path: str | Path) -> Ratings:
        """Read a rating set from CSV or TSV, gzipped or not, or Parquet, streamed in blocks.

        Takes the columns ``user_id`` or ``username``, ``anime_id`` or ``item_id``, and ``score``, ``rating``
        or ``my_score``, in any order and beside others. Scores of 0 and −1 mean 'not rated' and are dropped;
        of a pair given twice the last score counts.

        Raises:
            RatingsError: (a ValueError) no such file, a missing column, a score outside 1–10, or a line that
                is no rating; the sentence names file, line and value.
        """
        columns = _read(Path(path), {"user": USER_COLUMNS, "anime": ANIME_COLUMNS, "score": SCORE_COLUMNS})
        return cls._build(columns.users, columns.anime, columns.scores, columns.not_rated)

    @classmethod
    def from_arrays(cls, users: ArrayLike, anime: ArrayLike, scores: ArrayLike) -> Ratings:
        """Take ratings that are in memory: three sequences of one length.

        Args:
            users: ids (integers) or names (strings), shape (n,).
            anime: MyAnimeList ids, shape (n,).
            scores: 1–10, shape (n,); 0 and −1 are dropped, of a repeated pair the last counts.

        Raises:
            RatingsError: a score outside 1–10, or sequences of different lengths.
        """
        users, anime = np.asarray(users), np.asarray(anime, dtype=np.int64)
        scores = np.asarray(scores, dtype=np.float32)
        if not users.shape == anime.shape == scores.shape or users.ndim != 1:
            raise RatingsError("users, anime and scores must be sequences of one length")
        rated = ~np.isin(scores, NOT_RATED)
        bad = rated & ~_on_scale(scores)
        if bad.any():
            raise RatingsError(f"rating {int(bad.argmax())}: the score {scores[bad.argmax()]:g} is not 1–10")
        return cls._build(users[rated], anime[rated], scores[rated], int((~rated).sum()))

    @classmethod
    def _build(
        cls, users: NDArray[Any], anime: NDArray[np.int64], scores: NDArray[np.float32], not_rated: int
    ) -> Ratings:
        user_ids, user_rows = np.unique(users, return_inverse=True)
        anime_ids, anime_rows = np.unique(anime, return_inverse=True)
        pairs = user_rows * np.int64(max(len(anime_ids), 1)) + anime_rows
        order = np.argsort(pairs, kind="stable")
        in_order = pairs[order]
        last = order[np.append(in_order[1:] != in_order[:-1], [True])] if len(order) else order
        matrix = sparse.csr_array(
            (scores[last], (user_rows[last].astype(np.int32), anime_rows[last].astype(np.int32))),
            shape=(len(user_ids), len(anime_ids)),
        )
        matrix.sort_indices()
        report = ReadReport(
            lines=len(users) + not_rated, not_rated=not_rated, repeated=len(users) - len(last)
        )
        return cls(user_ids, anime_ids, matrix, report)

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
        digest = hashlib.sha256()
        users = self.user_ids if self.user_ids.dtype.kind in "iu" else self.user_ids.astype("U")
        for part in (users, self.anime_ids, self.matrix.indptr, self.matrix.indices, self.matrix.data):
            digest.update(str(part.dtype).encode())
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


def read_list(path: str | Path) -> dict[int, float]:
    """Read one member's ratings from a file as `Ratings.read` takes it; the user column may be missing.

    Returns:
        Scores 1–10 by anime id; of an anime given twice the last score.

    Raises:
        RatingsError: as `Ratings.read`, and when the file holds the ratings of more than one user.
    """
    path = Path(path)
    columns = _read(path, {"anime": ANIME_COLUMNS, "score": SCORE_COLUMNS, "user": USER_COLUMNS}, ("user",))
    if len(np.unique(columns.users)) > 1:
        raise RatingsError(f"{path}: holds the ratings of several users, where one member's list is needed")
    return dict(zip(columns.anime.tolist(), columns.scores.tolist(), strict=True))


def check_scores(ratings: Mapping[int, float]) -> None:
    """Refuse a member's ratings that are off the scale.

    Raises:
        RatingsError: names the anime and the score.
    """
    for anime_id, score in ratings.items():
        if not LOWEST <= score <= HIGHEST:
            raise RatingsError(f"anime {anime_id}: the score {score} is not {LOWEST}–{HIGHEST}")


def _on_scale(scores: NDArray[np.float32]) -> NDArray[np.bool_]:
    return (scores >= LOWEST) & (scores <= HIGHEST)  # NaN is on no scale


@dataclass(frozen=True, slots=True)
class _Columns:
    users: NDArray[Any]
    anime: NDArray[np.int64]
    scores: NDArray[np.float32]
    not_rated: int


def _read(path: Path, wanted: Mapping[str, Sequence[str]], optional: Sequence[str] = ()) -> _Columns:
    """Stream a file's three columns into arrays, checking every cell."""
    codes: dict[str, int] = {}
    users: list[NDArray[np.int32]] = []
    anime: list[NDArray[np.int64]] = []
    scores: list[NDArray[np.float32]] = []
    row = not_rated = 0
    try:
        source = _open(path, wanted, optional)
        for block in source.blocks:
            where = _Place(source, row)
            score = _numbers(block["score"], pa.float32(), "a score", where)
            rated = ~np.isin(score, NOT_RATED)
            where.refuse(block["score"], rated & ~_on_scale(score), "is not a score from 1 to 10")
            ids = _numbers(block["anime"], pa.int64(), "an anime id", where)
            where.refuse(block["anime"], ids < 1, "is not an anime id, which is from 1 on")
            if "user" in block:
                users.append(_encode(block["user"], codes, where)[rated])
            anime.append(ids[rated])
            scores.append(score[rated])
            row += len(score)
            not_rated += int((~rated).sum())
    except (*BROKEN, pa.ArrowException) as error:
        raise RatingsError(f"{path}: cannot be read: {reason(error)}") from error
    if not row:
        raise RatingsError(f"{path}: holds no ratings")
    all_anime = np.concatenate(anime)
    names = _user_ids(list(codes)) if codes else np.zeros(1, np.int64)
    rows = np.concatenate(users) if users else np.zeros(len(all_anime), np.int32)
    return _Columns(names[rows], all_anime, np.concatenate(scores), not_rated)


def _user_ids(names: list[str]) -> NDArray[Any]:
    if all(name.isascii() and name.isdigit() and len(name) < 19 for name in names):
        return np.array(names, dtype=np.int64)
    return np.array(names, dtype=np.str_)


def _encode(column: pa.Array, codes: dict[str, int], where: _Place) -> NDArray[np.int32]:
    """Give each user a small number in the order of appearance; the names are kept once."""
    where.refuse(column, _mask(pc.equal(pc.utf8_length(column), 0)), "is no user")
    encoded = column.dictionary_encode()
    known = [codes.setdefault(name, len(codes)) for name in encoded.dictionary.to_pylist()]
    users: NDArray[np.int32] = np.array(known, np.int32)[encoded.indices.to_numpy(zero_copy_only=False)]
    return users


def _numbers(column: pa.Array, kind: pa.DataType, what: str, where: _Place) -> NDArray[Any]:
    column = pc.utf8_trim_whitespace(column)
    try:
        return np.asarray(column.cast(kind).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        bad = np.array([not _castable(cell, kind) for cell in column])
        where.refuse(column, bad, f"is not {what}")
        raise


def _castable(cell: pa.Scalar, kind: pa.DataType) -> bool:
    try:
        cell.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _mask(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class _Source:
    path: Path
    blocks: Iterator[dict[str, pa.Array]]
    """Columns of strings under the names 'user', 'anime', 'score'."""
    place: Callable[[int], str]
    """Names the place of a data row, counted from 0."""


@dataclass(frozen=True, slots=True)
class _Place:
    source: _Source
    first_row: int

    def refuse(self, column: pa.Array, bad: NDArray[np.bool_], why: str) -> None:
        if bad.any():
            index = int(bad.argmax())
            place = self.source.place(self.first_row + index)
            raise RatingsError(f"{self.source.path}: {place}: '{column[index].as_py()}' {why}")


def _open(path: Path, wanted: Mapping[str, Sequence[str]], optional: Sequence[str]) -> _Source:
    with path.open("rb") as file:
        parquet = file.read(len(_PARQUET_MAGIC)) == _PARQUET_MAGIC
    return (_open_parquet if parquet else _open_text)(path, wanted, optional)


def _choose(
    path: Path, names: Sequence[str], wanted: Mapping[str, Sequence[str]], optional: Sequence[str]
) -> dict[str, str]:
    """Which of the file's columns holds what."""
    chosen = {}
    for role, spellings in wanted.items():
        found = [spelling for spelling in spellings if spelling in names]
        if found:
            chosen[role] = found[0]
        elif role not in optional:
            needed, there = " or ".join(spellings), ", ".join(names)
            raise RatingsError(f"{path}: line 1: the column {needed} is missing; there is: {there[:200]}")
    return chosen


def _open_parquet(path: Path, wanted: Mapping[str, Sequence[str]], optional: Sequence[str]) -> _Source:
    parquet = pyarrow.parquet.ParquetFile(path)
    chosen = _choose(path, parquet.schema_arrow.names, wanted, optional)

    def blocks() -> Iterator[dict[str, pa.Array]]:
        for batch in parquet.iter_batches(columns=list(chosen.values())):
            yield {role: batch.column(name).cast(pa.string()).fill_null("") for role, name in chosen.items()}

    return _Source(path, blocks(), lambda row: f"row {row + 1}")


def _open_text(path: Path, wanted: Mapping[str, Sequence[str]], optional: Sequence[str]) -> _Source:
    with open_unzipped(path) as file:
        header = file.readline(_HEADER_BYTES)
    try:
        line = header.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise RatingsError(f"{path}: line 1: is not UTF-8 text") from error
    delimiter = max("\t,;", key=line.count)
    names = [name.strip().strip('"').lower() for name in line.split(delimiter)]
    chosen = _choose(path, names, wanted, optional)

    def place(row: int) -> str:
        # Blocks do not count lines, and blank lines make no row: count them now that one is needed.
        with open_unzipped(path) as file:
            filled = (number for number, text in enumerate(file, 1) if text.strip())
            return f"line {next(islice(filled, row + 1, None))}"

    def blocks() -> Iterator[dict[str, pa.Array]]:
        broken: list[pa.csv.InvalidRow] = []

        def remember(row: pa.csv.InvalidRow) -> str:
            broken.append(row)
            return "error"

        with open_unzipped(path) as file:
            try:
                reader = pyarrow.csv.open_csv(
                    file,
                    pyarrow.csv.ReadOptions(
                        use_threads=False, block_size=_BLOCK_BYTES, column_names=names, skip_rows=1
                    ),
                    pyarrow.csv.ParseOptions(delimiter=delimiter, invalid_row_handler=remember),
                    pyarrow.csv.ConvertOptions(
                        include_columns=list(chosen.values()),
                        column_types=dict.fromkeys(chosen.values(), pa.string()),
                        strings_can_be_null=False,
                    ),
                )
                for batch in reader:
                    yield {role: batch.column(name) for role, name in chosen.items()}
            except pa.ArrowInvalid as error:
                if not broken:
                    raise
                row = broken[0]
                raise RatingsError(
                    f"{path}: {place(row.number - 2)}: '{row.text[:80]}' has {row.actual_columns} "
                    f"cells where the header has {row.expected_columns}"
                ) from error

    return _Source(path, blocks(), place)
