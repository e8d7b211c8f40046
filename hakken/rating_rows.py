"""The cells of a rating set, judged row by row: a rating, 'not rated', or broken and why."""

from __future__ import annotations

import html
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

LOWEST, HIGHEST = 1, 10
"""MyAnimeList's scale."""
NOT_RATED = (0, -1)
"""What rating sets write for 'on the list, without a score'; an empty cell says the same."""
MAX_ANIME_ID = 2**31 - 1
MAX_NAME = 64
"""Characters in a user's name; MyAnimeList allows 16."""
ONLY_MEMBER = "member"
"""The user of a list that has no user column."""

_NUMBER = r"^-?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?$"
_AROUND = ' \t"'
"""What may stand around a cell."""


class Verdict(IntEnum):
    """What a row is."""

    RATED = 0
    NOT_RATED = 1
    BLANK = 2
    """White space: no row at all."""
    CELLS = 3
    USER = 4
    ANIME = 5
    SCORE = 6


BROKEN = {
    Verdict.CELLS: "with too few or too many cells",
    Verdict.USER: "without a user",
    Verdict.ANIME: "without an anime id",
    Verdict.SCORE: "without a score from 1 to 10",
}
"""The verdicts on rows that are no rating though they ought to be, each as a reason."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Three columns as they were read: numbers, or text where not all of them are numbers."""

    users: pa.DictionaryArray | None
    """Of strings, without nulls; ``None`` where the file has no user column."""
    anime: pa.Array
    scores: pa.Array


@dataclass(frozen=True, slots=True)
class Rows:
    """Judged rows, in the order of the file; what is not rated has any value but the verdict."""

    names: list[str]
    """The users' ids or names, each once, cleaned; empty where a cell is no name."""
    users: NDArray[np.int32]
    """Places in ``names``, shape (n_rows,)."""
    anime: NDArray[np.int32]
    """MyAnimeList ids, shape (n_rows,)."""
    scores: NDArray[Any]
    """int8 where all are whole numbers, float32 otherwise, shape (n_rows,)."""
    verdicts: NDArray[np.uint8]
    """Of `Verdict`, shape (n_rows,)."""

    def joined(self, others: Rows, at: NDArray[np.intp]) -> Rows:
        """These rows with others put in before the rows ``at``, shape (n_others,), ascending."""
        kind = np.result_type(self.scores, others.scores)
        return Rows(
            self.names + others.names,
            np.insert(self.users, at, others.users + np.int32(len(self.names))),
            np.insert(self.anime, at, others.anime),
            np.insert(self.scores.astype(kind, copy=False), at, others.scores),
            np.insert(self.verdicts, at, others.verdicts),
        )


def judge(cells: Cells) -> Rows:
    """Say of each row what it is.

    White space and quotes around cells go, floats stand for whole numbers, HTML entities in names are
    resolved. The first cell that is not what it should be decides.
    """
    names, users = _users(cells)
    if all(names) and _in_range(cells.anime, 1, MAX_ANIME_ID) and _in_range(cells.scores, -1, HIGHEST):
        scores = _array(cells.scores).astype(np.int8, copy=False)
        verdicts = np.where(scores < LOWEST, Verdict.NOT_RATED, Verdict.RATED).astype(np.uint8)
        return Rows(names, users, _array(cells.anime).astype(np.int32, copy=False), scores, verdicts)
    return _judge_each(names, users, cells)


def _judge_each(names: list[str], users: NDArray[np.int32], cells: Cells) -> Rows:
    ids, _ = _numbers(cells.anime)
    scores, empty = _numbers(cells.scores)
    is_name = np.array([bool(name) for name in names], dtype=np.bool_)
    is_id = (ids >= 1) & (ids <= MAX_ANIME_ID) & (ids == np.floor(ids))
    rated = (scores >= LOWEST) & (scores <= HIGHEST)  # NaN is on no scale
    verdicts = np.select(
        [~is_name[users], ~is_id, rated, empty | np.isin(scores, NOT_RATED)],
        [Verdict.USER, Verdict.ANIME, Verdict.RATED, Verdict.NOT_RATED],
        Verdict.SCORE,
    ).astype(np.uint8)
    return Rows(
        names, users, np.where(is_id, ids, 0).astype(np.int32), _compact(np.where(rated, scores, 0)), verdicts
    )


def _users(cells: Cells) -> tuple[list[str], NDArray[np.int32]]:
    if cells.users is None:
        return [ONLY_MEMBER], np.zeros(len(cells.anime), np.int32)
    names = [_name(cell) for cell in cells.users.dictionary.to_pylist()]
    return names, _array(cells.users.indices).astype(np.int32, copy=False)


def _name(cell: str) -> str:
    name = cell.strip().strip('"').strip()
    if "&" in name:
        name = html.unescape(name)
    # U+FFFD stands for bytes that are no text.
    return "" if len(name) > MAX_NAME or "\0" in name or "\ufffd" in name else name


def _in_range(column: pa.Array, lowest: int, highest: int) -> bool:
    if not pa.types.is_integer(column.type) or column.null_count:
        return False
    least, most = pc.min_max(column).as_py().values()
    return least is None or (lowest <= least and most <= highest)


def _numbers(column: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The numbers in a column, NaN where a cell is none, and which cells are empty."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.utf8_trim(column.fill_null(""), _AROUND)
        empty = pc.equal(column, "")
        column = pc.if_else(pc.match_substring_regex(column, _NUMBER), column, None)
    else:
        empty = column.is_null()
    return _array(column.cast(pa.float64(), safe=False).fill_null(np.nan)), _array(empty)


def _compact(scores: NDArray[np.float64]) -> NDArray[Any]:
    whole = scores.astype(np.int8)
    return whole if np.array_equal(whole, scores) else scores.astype(np.float32)


def _array(column: pa.Array) -> NDArray[Any]:
    return np.asarray(column.to_numpy(zero_copy_only=False))
