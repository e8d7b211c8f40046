"""Rating sets as files: recognised by their columns, read by pandas in chunks, every line judged.

Lines that are no rating are counted by reason; a file with more than 1 broken line in 100 is refused.
pandas and pyarrow are imported only to read a file: a model serves without them.
"""

from __future__ import annotations

import csv
import html
import io
import re
from array import array
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hakken.errors import RatingsError
from hakken.files import BROKEN as UNREADABLE
from hakken.files import DAMAGED, Unzipped, instead_of, open_unzipped, reason, share_read

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = {
    "user": ("user_id", "username"),
    "anime": ("anime_id", "item_id"),
    "score": ("score", "rating", "my_score"),
}
"""Which columns hold what, in the public sets and in ours."""
TOLERATED = 0.01
"""Which share of a rating set's lines may be broken; beyond it, the file is not what it is taken for."""
LOWEST, HIGHEST = 1, 10
"""MyAnimeList's scale."""
NOT_RATED = (0, -1)
"""What rating sets write for 'on the list, without a score'; an empty cell says the same."""
MAX_ANIME_ID = 2**31 - 1
MAX_NAME = 64
"""Characters in a user's name; MyAnimeList allows 16."""
ONLY_MEMBER = "member"
"""The user of a list that has no user column."""

_BLOCK_BYTES, _LONGEST_LINE, _HEADER_BYTES = 2**18, 2**20, 2**16
_CHUNK_ROWS, _CHUNK_CELLS = 100_000, 2**20
"""pandas keeps every cell of a chunk until its last row."""
_LONG = 2**10
"""Bytes of a line, on average and at most, that reach pandas as they are."""
_SHOWN = 80
"""Characters of a cell or line that a message repeats."""
_PARQUET_MAGIC, _ZIP_MAGIC = b"PAR1", b"PK\x03\x04"
_TITLES, _OF_ALL_PEOPLE = frozenset({"title", "name"}), frozenset({"members", "scored_by"})
"""What a catalogue has; no member's list has the second."""
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_AROUND = ' \t\v\f"'
"""What may stand around a number."""
_HIDDEN = "\x1f"
"""Stands for the delimiter inside a quoted cell."""
_BLANK, _MISFIT = 1, 2
_FAULTS = {
    "with too few or too many cells": "has another number of cells than the header",
    "without a user": "is no user",
    "without an anime id": "is not an anime id, which is a whole number from 1 on",
    "without a score from 1 to 10": "is not a score from 1 to 10",
}
"""Why a line is broken, as a count says it and as the sentence about the first says it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Lines that were dropped because they are no rating."""

    reason: str
    lines: int
    first: str
    """The first of them: its place, its text and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's ratings, line by line."""

    names: list[str]
    """Ids or names of the users, in the order of their appearance, also of those without a rating."""
    users: NDArray[np.int32]
    """Places in ``names``, shape (n,)."""
    anime: NDArray[np.int32]
    """MyAnimeList ids, shape (n,)."""
    scores: NDArray[Any]
    """1–10, int8 where all are whole numbers, float32 otherwise, shape (n,)."""
    lines: int
    """Lines that hold anything, without the header."""
    not_rated: int
    broken: tuple[Broken, ...]


def read_columns(
    path: Path,
    *,
    tolerated: float = TOLERATED,
    optional: Collection[str] = (),
    progress: Callable[[float], None] | None = None,
) -> Columns:
    """Read a rating set from CSV or TSV, gzipped or not, or Parquet, streamed in chunks.

    Each line stands for itself: a quote that is never closed spoils its own line alone.

    Args:
        path: the file.
        tolerated: which share of its lines may be broken, 0–1.
        optional: which of `COLUMNS` may be missing.
        progress: called now and then with the share of the file that has been read, 0–1.

    Raises:
        RatingsError: no such file, a missing column, or too many lines that are no rating; the sentence
            names file, line and value.
    """
    totals = _Totals(path, tolerated)
    try:
        if path.is_dir():
            raise RatingsError(
                f"{path}: cannot be read: is a directory; {instead_of(path, _is_rating_set, 'a rating set')}"
            )
        with open_unzipped(path) as file, closing(_chunks(path, file, optional)) as chunks:
            for chunk in chunks:
                totals.add(chunk)
                if progress:
                    progress(chunk.done)
    except UNREADABLE as error:
        raise RatingsError(f"{path}: cannot be read: {reason(error)}") from error
    return totals.columns()


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows of a file: their cells as numbers, or as text where not all of them are numbers."""

    place: str
    """``line`` or ``row``."""
    first: int
    """Number of the first row in the file."""
    names: Sequence[str]
    users: NDArray[Any]
    """Places in ``names``, shape (n,)."""
    anime: NDArray[Any]
    scores: NDArray[Any]
    misfits: NDArray[np.uint8]
    """``_BLANK``, ``_MISFIT`` or 0, shape (n,)."""
    misfit: str
    """What to say about the file's first misfit."""
    done: float
    """Which share of the file has been read with it, 0–1."""

    def explain(self, row: int, fault: str) -> str:
        """Name place, text and fault of a row."""
        user, anime, score = list(_FAULTS)[1:]
        cells = {user: self.names[self.users[row]], anime: self.anime[row], score: self.scores[row]}
        what = f"'{_shown(_text(cells[fault]))}' {_FAULTS[fault]}" if fault in cells else self.misfit
        return f"{self.place} {self.first + row}: {what}"


@dataclass(slots=True)
class _Totals:
    path: Path
    tolerated: float
    codes: dict[str, int] = field(default_factory=dict)
    # Arrays that grow in place: a list of parts would need as much room again to be joined.
    users: array[int] = field(default_factory=lambda: array("i"))
    anime: array[int] = field(default_factory=lambda: array("i"))
    scores: array[int] | array[float] = field(default_factory=lambda: array("b"))
    lines: int = 0
    not_rated: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    firsts: dict[str, str] = field(default_factory=dict)

    def add(self, chunk: _Chunk) -> None:
        names = [_name(cell) for cell in chunk.names]
        codes = [self.codes.setdefault(name, len(self.codes)) if name else -1 for name in names]
        users = np.array(codes, np.int32)[chunk.users]
        anime, scores = _numbers(chunk.anime), _numbers(chunk.scores)
        rated = (scores >= LOWEST) & (scores <= HIGHEST)  # NaN is on no scale
        is_id = (anime >= 1) & (anime <= MAX_ANIME_ID)
        if anime.dtype.kind == "f":
            is_id &= anime == np.trunc(anime)
        unrated = (scores == NOT_RATED[0]) | (scores == NOT_RATED[1])
        left = chunk.misfits != _BLANK
        self.lines += int(left.sum())
        firsts = {}
        for fault, rows in zip(
            _FAULTS, (chunk.misfits == _MISFIT, users < 0, ~is_id, ~(rated | unrated)), strict=True
        ):
            if (rows := rows & left).any():
                self.broken[fault] += int(rows.sum())
                firsts[int(rows.argmax())] = fault
                left &= ~rows
        for row in sorted(firsts):
            if firsts[row] not in self.firsts:
                self.firsts[firsts[row]] = chunk.explain(row, firsts[row])
        # A file that is something else altogether is not read to its end.
        self._refuse_beyond(max(0.5, self.tolerated) if self.tolerated else 0.0)
        kept = np.flatnonzero(rated & left)
        self.not_rated += int(left.sum()) - len(kept)
        scores = scores[kept]
        if scores.dtype.kind == "f" and self.scores.typecode == "b" and (scores != np.trunc(scores)).any():
            self.scores = array("f", self.scores)
        for column, values in ((self.users, users[kept]), (self.anime, anime[kept]), (self.scores, scores)):
            column.frombytes(values.astype(column.typecode, copy=False).view(np.uint8).data)

    def columns(self) -> Columns:
        if not self.lines:
            raise RatingsError(
                f"{self.path}: holds no ratings: nothing follows the names of its columns; get it again"
            )
        self._refuse_beyond(self.tolerated)
        broken = tuple(Broken(fault, self.broken[fault], first) for fault, first in self.firsts.items())
        users, anime, scores = (
            np.frombuffer(column, column.typecode) for column in (self.users, self.anime, self.scores)
        )
        return Columns(list(self.codes), users, anime, scores, self.lines, self.not_rated, broken)

    def _refuse_beyond(self, tolerated: float) -> None:
        if (broken := self.broken.total()) > tolerated * self.lines:
            more = f" ({broken:,} of {self.lines:,} lines are no rating)" if broken > 1 else ""
            raise RatingsError(f"{self.path}: {next(iter(self.firsts.values()))}{more}")


def _chunks(path: Path, file: Unzipped, optional: Collection[str]) -> Generator[_Chunk, None, None]:
    # Parquet needs the file's end first, so Arrow opens it itself.
    if file.peek(len(_PARQUET_MAGIC)).startswith(_PARQUET_MAGIC):
        return _parquet_chunks(path, optional)
    return _text_chunks(path, file, optional)


def _choose(where: str, names: Sequence[str], optional: Collection[str]) -> dict[str, str]:
    """Which of a file's columns holds what."""
    chosen: dict[str, str] = {}
    there = frozenset(names)
    for role, spellings in COLUMNS.items():
        found = [spelling for spelling in spellings if spelling in there]
        if found:
            chosen[role] = found[0]
            if names.count(found[0]) > 1:
                raise RatingsError(
                    f"{where}: the column {found[0]} stands twice; take one of them out or rename it"
                )
        elif role == "user" and there & _TITLES and (role not in optional or there & _OF_ALL_PEOPLE):
            title = next(name for name in names if name in _TITLES)
            raise RatingsError(
                f"{where}: is a catalogue, not ratings: there is the column {title}, but not "
                f"{' or '.join(spellings)}; give it as --catalogue"
            )
        elif role not in optional:
            raise RatingsError(
                f"{where}: the column {' or '.join(spellings)} is missing; there is: "
                f"{_shown(', '.join(names), 200)}"
            )
    return chosen


def _is_rating_set(path: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        with open_unzipped(path) as file:
            if file.peek(len(_PARQUET_MAGIC)).startswith(_PARQUET_MAGIC):
                _choose(str(path), pyarrow.parquet.read_schema(path).names, ())
            else:
                _form(path, _header(file.read(_HEADER_BYTES)), ())
    except (RatingsError, pa.ArrowException, *UNREADABLE):
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Form:
    """What a text file's first line says."""

    delimiter: str
    width: int
    """Cells in a line."""
    places: Mapping[str, int]
    """Which cell holds what."""

    def cells(self, line: str) -> list[str]:
        """The cells of a line; those of quotes only where there are too few or too many without."""
        cells = line.split(self.delimiter)
        if len(cells) != self.width:
            with suppress(csv.Error):
                cells = next(csv.reader([line], delimiter=self.delimiter), cells)
        return cells


def _header(block: bytes) -> bytes:
    """The first line with its end."""
    return next(iter(block[:_HEADER_BYTES].splitlines(keepends=True)), b"")


def _form(path: Path, header: bytes, optional: Collection[str]) -> _Form:
    if header.startswith(_ZIP_MAGIC):
        raise RatingsError(f"{path}: is a zip archive; unpack it and give the file in it")
    try:
        line = header.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RatingsError(f"{path}: line 1: is not UTF-8 text; save the file as UTF-8") from error
    if not line.strip():
        raise RatingsError(
            f"{path}: line 1: is empty, but must name the columns; write them there or get it again"
        )
    delimiter = max("\t,;", key=line.count)
    names = [name.strip().strip('"').lower() for name in line.split(delimiter)]
    chosen = _choose(f"{path}: line 1", names, optional)
    return _Form(delimiter, len(names), {role: names.index(name) for role, name in chosen.items()})


def _blocks(file: Unzipped) -> Iterator[bytes]:
    """Cut a file into blocks of whole lines, which may end in LF, CR LF or CR."""
    rest = b""
    while block := file.read(_BLOCK_BYTES):
        # A CR at the very end may be the first half of CR LF.
        cut = (block.rfind(b"\n") + 1) or (block.rfind(b"\r", 0, len(block) - 1) + 1)
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        elif len(rest) + len(block) > _LONGEST_LINE:
            raise OSError(f"a line is longer than {_LONGEST_LINE:,} bytes, which no line of data is")
        else:
            rest += block
    if rest:
        yield rest


class _Plain(io.BufferedIOBase):
    """The lines of a text file for pandas: one row for each, all of one width, without quoted delimiters.

    pandas fills up short lines, and cuts long ones where it reads only some of the columns.
    """

    def __init__(self, form: _Form, blocks: Iterator[bytes]) -> None:
        self.misfits: deque[tuple[int, int]] = deque()
        """Rows that are ``_BLANK`` or ``_MISFIT``, in their order."""
        self.misfit = ""
        """What to say about the first that is not blank."""
        self._form, self._blocks, self._rows = form, blocks, 0
        self._delimiter = form.delimiter.encode()
        self._line = self._delimiter * (form.width - 1) + b"\n"
        self._others = bytes(set(range(256)) - set(self._line))
        within = b"[^%s\n]" % self._delimiter  # after the quote, for a search is fast that starts with it
        self._quoted = re.compile(b'"(?<!%s")(?:[^"\n]++|"")*+"(?!%s)' % (within, within))

    def read(self, _size: int | None = -1, /) -> bytes:
        """The next block, of any size; no bytes at the end."""
        block = next(self._blocks, b"")
        if b"\r" in block:
            block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if block and not block.endswith(b"\n"):
            block += b"\n"
        if b"\0" in block or not block.isascii():  # pandas ends a cell at a NUL
            block = block.replace(b"\0", "\ufffd".encode()).decode(errors="replace").encode()
        if b'"' in block:
            block = self._quoted.sub(lambda cell: cell[0].replace(self._delimiter, _HIDDEN.encode()), block)
        ends = block.translate(None, self._others)
        n = len(ends) // len(self._line)
        if ends != self._line * n or len(block) > _LONG * n:
            lines = block.decode().split("\n")[:-1]
            block, n = "".join(f"{self._fitted(*line)}\n" for line in enumerate(lines)).encode(), len(lines)
        self._rows += n
        return block

    def _fitted(self, row: int, line: str) -> str:
        """The line if it has the right width and length, else with the needed cells alone, or zeros."""
        form = self._form
        cells = line.split(form.delimiter)
        if len(cells) == form.width and len(line) <= _LONG:
            return line
        line = line.replace(_HIDDEN, form.delimiter)
        cells = form.cells(line)
        plain = ["0"] * form.width
        if len(cells) == form.width:
            for place in form.places.values():
                plain[place] = cells[place][:_SHOWN].replace(form.delimiter, _HIDDEN)
            return form.delimiter.join(plain)
        if "user" in form.places:
            plain[form.places["user"]] = ""
        self.misfits.append((self._rows + row, _MISFIT if line.strip() else _BLANK))
        if line.strip() and not self.misfit:
            self.misfit = f"'{_shown(line)}' has {len(cells)} cells where the header has {form.width}"
        return form.delimiter.join(plain)


def _text_chunks(path: Path, file: Unzipped, optional: Collection[str]) -> Generator[_Chunk, None, None]:
    import pandas as pd

    blocks = _blocks(file)
    block = next(blocks, b"")
    if not block:
        raise RatingsError(f"{path}: is empty; get it again")
    header = _header(block)
    form = _form(path, header, optional)
    places = form.places
    lines = _Plain(form, filter(None, chain([block[len(header) :]], blocks)))
    frames = pd.read_csv(
        lines,
        sep=form.delimiter,
        header=None,
        names=range(form.width),
        usecols=list(places.values()),
        dtype={places["user"]: object} if "user" in places else None,
        index_col=False,
        engine="c",
        quoting=csv.QUOTE_NONE,
        na_filter=False,
        skip_blank_lines=False,
        low_memory=False,
        chunksize=min(_CHUNK_ROWS, _CHUNK_CELLS // form.width + 1),
    )
    before = 0
    with frames:
        for frame in frames:
            n = len(frame)
            misfits = np.zeros(n, np.uint8)
            while lines.misfits and lines.misfits[0][0] < before + n:
                row, kind = lines.misfits.popleft()
                misfits[row - before] = kind
            names, users = [ONLY_MEMBER], np.zeros(n, np.intp)
            if "user" in places:
                cells = frame[places["user"]].to_numpy()
                heads = np.flatnonzero(np.append(n > 0, cells[1:] != cells[:-1]))  # rows come user by user
                runs, found = pd.factorize(cells[heads])
                users = np.repeat(runs, np.diff(heads, append=n))
                names = [cell.replace(_HIDDEN, form.delimiter) for cell in found]
            anime, scores = frame[places["anime"]].to_numpy(), frame[places["score"]].to_numpy()
            yield _Chunk(
                "line", before + 2, names, users, anime, scores, misfits, lines.misfit, share_read(file)
            )
            before += n


def _parquet_chunks(path: Path, optional: Collection[str]) -> Generator[_Chunk, None, None]:
    import pyarrow as pa
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path, pre_buffer=False) as parquet:
            chosen = _choose(str(path), parquet.schema_arrow.names, optional)
            before, rows = 0, parquet.metadata.num_rows
            for batch in parquet.iter_batches(_CHUNK_ROWS, columns=list(chosen.values())):
                cells = {role: _flat(path, name, batch.column(name)) for role, name in chosen.items()}
                n = batch.num_rows
                users = cells.get("user", pa.repeat(ONLY_MEMBER, n))
                users = users.cast(pa.string()).fill_null("").dictionary_encode()
                yield _Chunk(
                    "row",
                    before + 1,
                    users.dictionary.to_pylist(),
                    users.indices.to_numpy(),
                    cells["anime"].to_numpy(zero_copy_only=False),
                    cells["score"].to_numpy(zero_copy_only=False),
                    np.zeros(n, np.uint8),
                    "",
                    (before + n) / rows,
                )
                before += n
    except (pa.ArrowException, OSError) as error:
        raise RatingsError(f"{path}: cannot be read: {reason(error)}; {DAMAGED}") from error


def _flat(path: Path, name: str, column: pa.Array) -> pa.Array:
    """A column of Arrow as numbers, or as text, which is judged like that of a text file; 0 for nothing."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return column.fill_null(0)
    try:
        return column.cast(pa.string()).fill_null("")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise RatingsError(
            f"{path}: the column {name} holds {column.type}, where numbers or text belong; store it so"
        ) from error


def _name(cell: str) -> str:
    """A user's id or name without what may stand around it; empty where it is none."""
    name = html.unescape(cell.strip().strip('"').strip())
    # U+FFFD stands for bytes that are no text.
    return "" if len(name) > MAX_NAME or "\0" in name or "\ufffd" in name else name


def _numbers(cells: NDArray[Any]) -> NDArray[Any]:
    if cells.dtype.kind in "iuf":
        return cells
    return np.fromiter(map(_number, cells), np.float64, len(cells))


@lru_cache(2**16)
def _number(cell: object) -> float:
    """A cell's number: 0 where it is empty, which says the same; NaN where it is none."""
    text = str(cell).strip(_AROUND)
    if not text:
        return 0.0
    return float(text) if _NUMBER.fullmatch(text) else np.nan


def _text(cell: object) -> str:
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)


def _shown(text: str, length: int = _SHOWN) -> str:
    """A text from a file, fit for one line of a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text[:length])
