"""The loop that reads plain lines, compiled by Numba: three cells of each, whatever stands between them.

It releases the GIL. pyarrow's parser takes three times as long, for it keeps every cell of every column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numba import int64, njit, uint64
from numpy.typing import NDArray

from hakken.rating_rows import HIGHEST, LOWEST, MAX_NAME, ONLY_MEMBER

_LF, _CR, _QUOTE, _MINUS, _ZERO, _NINE = b'\n\r"-09'
_LEAST_LETTER, _LAST_LETTER = ord("'"), ord("~")
"""A plain name's bytes: no space, quote, ampersand or control character, all ASCII."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What a block's plain lines say, and where the others are."""

    names: list[str]
    """The users' ids or names, each once."""
    users: NDArray[np.int32]
    """Places in ``names`` of each rating, shape (n,)."""
    anime: NDArray[np.int32]
    """MyAnimeList ids, shape (n,)."""
    scores: NDArray[np.int8]
    """1–10, shape (n,)."""
    not_rated: int
    rows: int
    """Lines that are not empty."""
    lines: int
    """Line ends."""
    odd: NDArray[np.int32]
    """Of each line that is not plain its row, the bytes where it starts and ends, and how many ratings stand
    before it; shape (n_odd, 4)."""


def scan(block: bytes, delimiter: str, width: int, user: int | None, anime: int, score: int) -> Plain:
    """Read the plain lines of a block.

    A line is plain when it has the right number of cells, a user of plain letters, an anime id of digits
    alone from 1 on, and a whole score from −1 to 10.

    Args:
        block: whole lines, ending with a line end.
        delimiter: what separates cells, one ASCII character.
        width: cells in a line.
        user: which cell holds the user, from 0; ``None`` where there is none.
        anime: which cell holds the anime id.
        score: which cell holds the score.
    """
    most = len(block) // (width + 2) + 1  # every cell is followed by a byte, and two at least hold one
    names = np.empty(len(block), np.uint8)
    name_ends = np.zeros(most + 1, np.int32)
    runs, anime_ids = np.empty(most, np.int32), np.empty(most, np.int32)
    scores = np.empty(most, np.int8)
    odd = np.empty((len(block) // 2 + 1, 4), np.int32)
    rows, lines, n, n_runs, not_rated, n_odd = _scan(
        np.frombuffer(block, np.uint8),
        ord(delimiter),
        width,
        -1 if user is None else user,
        anime,
        score,
        names,
        name_ends,
        runs,
        anime_ids,
        scores,
        odd,
    )
    if user is None:
        found, users = [ONLY_MEMBER], np.zeros(n, np.int32)
    else:
        offsets, letters = pa.py_buffer(name_ends[: n_runs + 1]), pa.py_buffer(names)
        encoded = pa.StringArray.from_buffers(n_runs, offsets, letters).dictionary_encode()
        found = encoded.dictionary.to_pylist()
        users = np.asarray(encoded.indices)[runs[:n]]
    # Copies, so that what is kept does not hold the rooms it was read into.
    return Plain(
        found, users, anime_ids[:n].copy(), scores[:n].copy(), not_rated, rows, lines, odd[:n_odd].copy()
    )


@njit(nogil=True, cache=True)
def _scan(
    text: NDArray[np.uint8],
    delimiter: int,
    width: int,
    user_at: int,
    anime_at: int,
    score_at: int,
    names: NDArray[np.uint8],
    name_ends: NDArray[np.int32],
    runs: NDArray[np.int32],
    anime: NDArray[np.int32],
    scores: NDArray[np.int8],
    odd: NDArray[np.int32],
) -> tuple[int, int, int, int, int, int]:
    """Walk over a block byte by byte; rows in a row of one user are a run, whose name is kept once.

    Args:
        text: the block, ending with a line end.
        delimiter: what separates cells.
        width: cells in a line.
        user_at: which cell holds the user, or −1.
        anime_at: which cell holds the anime id.
        score_at: which cell holds the score.
        names: out: the runs' names, one behind the other; as long as the block.
        name_ends: out: where each run's name ends, from the second item on; the first is 0.
        runs: out: which run each rating is of.
        anime: out: the anime of each rating.
        scores: out: the score of each rating.
        odd: out: see `Plain`.

    Returns:
        Rows, line ends, ratings, runs, plain rows that are not rated, and odd rows.
    """
    size = uint64(len(text))
    stop = np.zeros(256, np.bool_)
    stop[_LF] = stop[_CR] = stop[delimiter] = True
    rows = lines = n = n_runs = not_rated = n_odd = 0
    at = name_end = run_start = run_length = uint64(0)
    while at < size:
        start = at
        if text[at] == _LF or text[at] == _CR:
            # CR LF is one line end; its LF looks like an empty line.
            lines += not (text[at] == _LF and at > uint64(0) and text[at - uint64(1)] == _CR)
            at += uint64(1)
            continue
        plain, at, name_start, length, anime_id, score = _line(
            text, start, stop, delimiter, width, user_at, anime_at, score_at
        )
        if not plain:
            odd[n_odd, 0], odd[n_odd, 1], odd[n_odd, 2], odd[n_odd, 3] = rows, start, at, n
            n_odd += 1
        else:
            if not _same(text, name_start, length, run_start, run_length):
                run_start, run_length = name_start, length
                names[name_end : name_end + length] = text[name_start : name_start + length]
                name_end += length
                n_runs += 1
                name_ends[n_runs] = name_end
            if score >= LOWEST:
                runs[n], anime[n], scores[n] = n_runs - 1, anime_id, score
                n += 1
            else:
                not_rated += 1
        rows += 1
        lines += 1
        at += uint64(1)
    return rows, lines, n, n_runs, not_rated, n_odd


@njit(nogil=True, cache=True)
def _line(
    text: NDArray[np.uint8],
    at: Any,
    stop: NDArray[np.bool_],
    delimiter: int,
    width: int,
    user_at: int,
    anime_at: int,
    score_at: int,
) -> tuple[bool, Any, Any, Any, int, int]:
    """Read one line: is it plain, where it ends, where its user starts, their length, anime id and score.

    Places are unsigned: of a signed one, Numba asks each time whether it counts from the end.
    """
    start = at
    plain = True
    column = anime_id = score = 0
    last = max(user_at, anime_at, score_at)
    name_start = name_end = at
    while True:
        if column == anime_at:
            is_number, at, anime_id = _number(text, at)
            plain &= is_number and stop[text[at]]
        elif column == score_at:
            negative = text[at] == _MINUS
            is_number, at, score = _number(text, at + uint64(negative))
            plain &= is_number and stop[text[at]]
            score = -score if negative else score
        elif column == user_at:
            name_start = at
            while not stop[text[at]]:
                plain &= _LEAST_LETTER <= text[at] <= _LAST_LETTER
                at += uint64(1)
            name_end = at
        while not stop[text[at]]:
            at += uint64(1)
        if column == last or text[at] != delimiter:
            break
        column += 1
        at += uint64(1)
    rest, before, quoted = at, column, False
    while text[at] != _LF and text[at] != _CR:
        column += text[at] == delimiter
        quoted |= text[at] == _QUOTE
        at += uint64(1)
    if quoted and column != width - 1:
        column = before + _cells(text, start, rest, at, delimiter)
    length = name_end - name_start
    plain &= column == width - 1 and anime_id >= 1 and -1 <= score <= HIGHEST
    plain &= user_at < 0 or uint64(0) < length <= uint64(MAX_NAME)
    return plain, at, name_start, length, anime_id, score


@njit(nogil=True, cache=True)
def _number(text: NDArray[np.uint8], at: Any) -> tuple[bool, Any, int]:
    """Read digits: are they one to nine (ten may be more than int32 holds), where they end, their value."""
    first = at
    number = 0
    while _ZERO <= text[at] <= _NINE:
        number = number * 10 + (int64(text[at]) - _ZERO)
        at += uint64(1)
    return first < at <= first + uint64(9), at, number


@njit(nogil=True, cache=True)
def _cells(text: NDArray[np.uint8], start: Any, at: Any, end: Any, delimiter: int) -> int:
    """How many cells begin after a delimiter, where quoted ones may hold some; −1 where quotes are broken.

    Also where there is a quote before them: the needed cells themselves may lie elsewhere.

    Args:
        text: the block.
        start: where the line starts.
        at: where a cell has ended.
        end: where the line ends.
        delimiter: what separates cells.
    """
    for place in range(start, at):
        if text[place] == _QUOTE:
            return -1
    cells = 0
    while at < end:
        cells += text[at] == delimiter
        begins = text[at] == delimiter
        at += uint64(1)
        if begins and at < end and text[at] == _QUOTE:
            at += uint64(1)
            while at < end and not (text[at] == _QUOTE and text[at + uint64(1)] != _QUOTE):
                at += uint64(2) if text[at] == _QUOTE else uint64(1)
            if at >= end or (at + uint64(1) < end and text[at + uint64(1)] != delimiter):
                return -1
            at += uint64(1)
    return cells


@njit(nogil=True, cache=True)
def _same(text: NDArray[np.uint8], one: Any, length: Any, other: Any, other_length: Any) -> bool:
    """Whether two stretches hold the same bytes."""
    if length != other_length:
        return False
    for letter in range(length):  # noqa: SIM110 -- Numba compiles no generator
        if text[one + letter] != text[other + letter]:
            return False
    return True
