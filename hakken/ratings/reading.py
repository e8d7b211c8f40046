"""Rating sets as files: recognised by their columns, read in blocks, every line judged.

Whatever is not taken is counted by reason; a file of which more than 1 in 100 lines is broken is refused.
"""

from __future__ import annotations

import csv
from array import array
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from hakken.errors import RatingsError
from hakken.files import BROKEN as UNREADABLE
from hakken.files import (
    DAMAGED,
    Unzipped,
    count_lines,
    instead_of,
    line_blocks,
    open_unzipped,
    reason,
    share_read,
)
from hakken.rating_rows import BROKEN, Cells, Rows, Verdict, judge
from hakken.rating_scan import Plain, scan

COLUMNS = {
    "user": ("user_id", "username"),
    "anime": ("anime_id", "item_id"),
    "score": ("score", "rating", "my_score"),
}
"""Which columns hold what, in the public sets and in ours."""
TOLERATED = 0.01
"""Which share of a rating set's lines may be broken; beyond it, the file is not what it is taken for."""

_BLOCK_BYTES = 2**20
"""Parsing stays in cache: larger blocks took longer and more memory."""
_SMALL = 2**16
"""Bytes of a file that is not worth loading compiled code for."""
_MANY_ODD = 0.1
"""Beyond this share of lines that are not plain, a whole block is parsed carefully."""
_THREADS = 2
_AHEAD = 4
"""Blocks that are read or parsed before their turn, at most."""
_HEADER_BYTES = 64 * 2**10
_PARQUET_ROWS = 2**16
_SHOWN = 80
"""Characters of a cell or line that a message repeats."""

_PARQUET_MAGIC = b"PAR1"
_ZIP_MAGIC = b"PK\x03\x04"
_TITLES = frozenset({"title", "name"})
_OF_ALL_PEOPLE = frozenset({"members", "scored_by"})
"""What a catalogue tells, and no member's list."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


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
    """Read a rating set from CSV or TSV, gzipped or not, or Parquet, streamed in blocks.

    Each line stands for itself: a quote that is never closed spoils its own line alone.

    Args:
        path: the file.
        tolerated: which share of its lines may be broken, 0–1.
        optional: which of `COLUMNS` may be missing.
        progress: told now and then which share of the file has been read, 0–1.

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
        with open_unzipped(path) as file, closing(_blocks(path, file, optional)) as blocks:
            for block in blocks:
                totals.add(block)
                if progress:
                    progress(block.done)
    except UNREADABLE as error:
        raise RatingsError(f"{path}: cannot be read: {reason(error)}") from error
    return totals.columns()


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What is left of a block when its rows are judged."""

    names: list[str]
    users: NDArray[np.int32]
    anime: NDArray[np.int32]
    scores: NDArray[Any]
    counts: NDArray[np.intp]
    """Rows by verdict."""
    firsts: dict[Verdict, int]
    """The first row by verdict on broken rows, in the order of the rows."""

    @classmethod
    def of(cls, rows: Rows) -> _Parsed:
        counts = np.bincount(rows.verdicts, minlength=len(Verdict))
        firsts = {verdict: int((rows.verdicts == verdict).argmax()) for verdict in BROKEN if counts[verdict]}
        rated = np.flatnonzero(rows.verdicts == Verdict.RATED)
        return cls(
            rows.names,
            rows.users[rated],
            rows.anime[rated],
            rows.scores[rated],
            counts,
            dict(sorted(firsts.items(), key=lambda first: first[1])),
        )

    @classmethod
    def of_plain(cls, plain: Plain) -> _Parsed:
        counts = np.zeros(len(Verdict), np.intp)
        counts[[Verdict.RATED, Verdict.NOT_RATED]] = len(plain.scores), plain.not_rated
        return cls(plain.names, plain.users, plain.anime, plain.scores, counts, {})

    def joined(self, others: Rows, rows: NDArray[np.int32], before: NDArray[np.int32]) -> _Parsed:
        """These ratings with other rows among them.

        Args:
            others: judged rows.
            rows: which of the block's rows they are, shape (n_others,).
            before: how many of these ratings stand before each, shape (n_others,).
        """
        added = _Parsed.of(others)
        at = before[others.verdicts == Verdict.RATED]
        kind = np.result_type(self.scores, added.scores)
        return _Parsed(
            self.names + added.names,
            np.insert(self.users, at, added.users + np.int32(len(self.names))),
            np.insert(self.anime, at, added.anime),
            np.insert(self.scores.astype(kind, copy=False), at, added.scores),
            self.counts + added.counts,
            {verdict: int(rows[first]) for verdict, first in added.firsts.items()},
        )


@dataclass(frozen=True, slots=True)
class _Block:
    parsed: _Parsed
    explain: Callable[[int, Verdict], str]
    """Names place, text and fault of a row of this block."""
    done: float
    """Which share of the file has been read with it, 0–1."""


@dataclass(slots=True)
class _Totals:
    path: Path
    tolerated: float
    codes: dict[str, int] = field(default_factory=dict)
    users: array[int] = field(default_factory=lambda: array("i"))
    anime: array[int] = field(default_factory=lambda: array("i"))
    scores: array[int] | array[float] = field(default_factory=lambda: array("b"))
    counts: NDArray[np.intp] = field(default_factory=lambda: np.zeros(len(Verdict), np.intp))
    firsts: dict[Verdict, str] = field(default_factory=dict)

    def add(self, block: _Block) -> None:
        parsed, codes = block.parsed, self.codes
        known = [codes.setdefault(name, len(codes)) if name else -1 for name in parsed.names]
        # Arrays that grow in place: a list of parts would need as much room again to be joined.
        self.users.frombytes(np.array(known, np.int32)[parsed.users].view(np.uint8).data)
        self.anime.frombytes(parsed.anime.view(np.uint8).data)
        if parsed.scores.dtype == np.float32 and self.scores.typecode == "b":
            self.scores = array("f", self.scores)
        self.scores.frombytes(parsed.scores.astype(self.scores.typecode, copy=False).view(np.uint8).data)
        self.counts += parsed.counts
        for verdict, row in parsed.firsts.items():
            if verdict not in self.firsts:
                self.firsts[verdict] = block.explain(row, verdict)
        # A file that is something else altogether is not read to its end.
        self._refuse_beyond(0.5 if self.tolerated else 0.0)

    def columns(self) -> Columns:
        if not self._lines:
            raise RatingsError(
                f"{self.path}: holds no ratings: nothing follows the names of its columns; get it anew"
            )
        self._refuse_beyond(self.tolerated)
        broken = tuple(
            Broken(BROKEN[verdict], int(self.counts[verdict]), first)
            for verdict, first in self.firsts.items()
        )
        not_rated = int(self.counts[Verdict.NOT_RATED])
        users, anime, scores = (
            np.frombuffer(column, column.typecode) for column in (self.users, self.anime, self.scores)
        )
        return Columns(list(self.codes), users, anime, scores, self._lines, not_rated, broken)

    @property
    def _lines(self) -> int:
        return int(self.counts.sum() - self.counts[Verdict.BLANK])

    def _refuse_beyond(self, tolerated: float) -> None:
        broken = int(self.counts[list(BROKEN)].sum())
        if broken > tolerated * self._lines:
            more = f" ({broken:,} of {self._lines:,} lines are no rating)" if broken > 1 else ""
            raise RatingsError(f"{self.path}: {next(iter(self.firsts.values()))}{more}")


def _blocks(path: Path, file: Unzipped, optional: Collection[str]) -> Generator[_Block, None, None]:
    # Parquet needs the file's end first, so Arrow opens it itself.
    if file.peek(len(_PARQUET_MAGIC)).startswith(_PARQUET_MAGIC):
        return _parquet_blocks(path, optional)
    return _text_blocks(path, file, optional)


# Recognising


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
            raise RatingsError(
                f"{where}: is a catalogue, not ratings: there is the column {_titles_of(names)}, but not "
                f"{' or '.join(spellings)}; give it as --catalogue"
            )
        elif role not in optional:
            raise RatingsError(
                f"{where}: the column {' or '.join(spellings)} is missing; there is: "
                f"{_shown(', '.join(names), 200)}"
            )
    return chosen


def _titles_of(names: Sequence[str]) -> str:
    return next(name for name in names if name in _TITLES)


def _is_rating_set(path: Path) -> bool:
    try:
        with open_unzipped(path) as file:
            if file.peek(len(_PARQUET_MAGIC)).startswith(_PARQUET_MAGIC):
                _choose(str(path), pyarrow.parquet.read_schema(path).names, ())
            else:
                _form(path, _header(file.read(_HEADER_BYTES))[0], ())
    except (RatingsError, pa.ArrowException, *UNREADABLE):
        return False
    return True


# Text


@dataclass(frozen=True, slots=True)
class _Form:
    """What a text file's first line says."""

    delimiter: str
    width: int
    """Cells in a line."""
    places: Mapping[str, int]
    """Which cell holds what."""

    def table(self, text: bytes, set_aside: list[pa.csv.InvalidRow]) -> Cells:
        """Parse the three columns as text; rows of another width are set aside."""

        def aside(row: pa.csv.InvalidRow) -> str:
            set_aside.append(row)
            return "skip"

        columns = {role: str(place) for role, place in self.places.items()}
        table = pyarrow.csv.read_csv(
            pa.py_buffer(text),
            pyarrow.csv.ReadOptions(
                use_threads=False, block_size=len(text), column_names=[str(at) for at in range(self.width)]
            ),
            pyarrow.csv.ParseOptions(delimiter=self.delimiter, quote_char=False, invalid_row_handler=aside),
            pyarrow.csv.ConvertOptions(
                include_columns=list(columns.values()),
                column_types={column: _TEXTS[role] for role, column in columns.items()},
                strings_can_be_null=False,
            ),
        )
        found = {role: table.column(column).chunk(0) for role, column in columns.items()}
        return Cells(found.get("user"), found["anime"], found["score"])

    def cells(self, lines: Sequence[str]) -> list[list[str]]:
        """The cells of each line; those of quotes only where there are too few or too many without."""
        cells = [line.split(self.delimiter) for line in lines]
        unfit = [at for at, of_line in enumerate(cells) if len(of_line) != self.width]
        for at, quoted in zip(unfit, self._quoted([lines[at] for at in unfit]), strict=True):
            cells[at] = quoted or cells[at]
        return cells

    def _quoted(self, lines: Sequence[str]) -> list[list[str]]:
        """The cells of each line, quoted ones too; none where it cannot be split."""
        try:
            split = list(csv.reader(lines, delimiter=self.delimiter))
        except csv.Error:
            split = []
        if len(split) == len(lines):
            return split
        # Somewhere a quote is not closed and took the next line with it: now each line for itself.
        return [*chain.from_iterable(self._quoted([line]) for line in lines)] if len(lines) > 1 else [[]]


_TEXTS = {"user": pa.dictionary(pa.int32(), pa.string()), "anime": pa.string(), "score": pa.string()}


def _text_blocks(path: Path, file: Unzipped, optional: Collection[str]) -> Generator[_Block, None, None]:
    blocks = line_blocks(file, _BLOCK_BYTES)
    first = next(blocks, b"")
    if not first:
        raise RatingsError(f"{path}: is empty; get it anew")
    header, rest = _header(first)
    form = _form(path, header, optional)
    before = 1
    for block, (parsed, lines) in _in_order(partial(_parse, form), filter(None, chain([rest], blocks))):
        yield _Block(parsed, partial(_explain, form, block, before), share_read(file))
        before += lines


def _header(block: bytes) -> tuple[bytes, bytes]:
    """The first line without its end, and what follows it."""
    lines = block[:_HEADER_BYTES].splitlines(keepends=True)
    first = lines[0] if lines else b""
    return first.rstrip(b"\r\n"), block[len(first) :]


def _form(path: Path, header: bytes, optional: Collection[str]) -> _Form:
    if header.startswith(_ZIP_MAGIC):
        raise RatingsError(f"{path}: is a zip archive; unpack it and give the file in it")
    try:
        line = header.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RatingsError(f"{path}: line 1: is not UTF-8 text; save the file as UTF-8") from error
    if not line.strip():
        raise RatingsError(
            f"{path}: line 1: is empty, but must name the columns; write them there or get it anew"
        )
    delimiter = max("\t,;", key=line.count)
    names = [name.strip().strip('"').lower() for name in line.split(delimiter)]
    chosen = _choose(f"{path}: line 1", names, optional)
    return _Form(delimiter, len(names), {role: names.index(name) for role, name in chosen.items()})


def _parse(form: _Form, block: bytes) -> tuple[_Parsed, int]:
    """Judge a block of lines; second, how many line ends there are."""
    if len(block) < _SMALL:
        return _parse_carefully(form, block), count_lines(block)
    block = block if block.endswith((b"\n", b"\r")) else block + b"\n"
    places = form.places
    plain = scan(block, form.delimiter, form.width, places.get("user"), places["anime"], places["score"])
    if len(plain.odd) > _MANY_ODD * plain.rows:
        return _parse_carefully(form, block), plain.lines
    if not len(plain.odd):
        return _Parsed.of_plain(plain), plain.lines
    row, start, end, before = plain.odd.T
    lines = [block[one:other].decode(errors="replace") for one, other in zip(start, end, strict=True)]
    return _Parsed.of_plain(plain).joined(_judge_odd(form, lines), row, before), plain.lines


def _parse_carefully(form: _Form, block: bytes) -> _Parsed:
    text = block if _is_text(block) else block.decode(errors="replace").encode()
    odd: list[pa.csv.InvalidRow] = []
    rows = judge(form.table(text, odd))
    if odd:
        # Arrow numbers rows from 1, counting those that it sets aside.
        at = np.array([row.number - 1 for row in odd]) - np.arange(len(odd))
        rows = rows.joined(_judge_odd(form, [row.text for row in odd]), at)
    return _Parsed.of(rows)


def _is_text(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _judge_odd(form: _Form, lines: Sequence[str]) -> Rows:
    """Judge lines one by one, those of another width than the header's by their quotes."""
    nothing = [""] * form.width
    cells = form.cells(lines)
    whole = np.array([len(of_line) == form.width for of_line in cells])
    blank = np.array([not line.strip() for line in lines])
    columns = list(
        zip(*(one if fits else nothing for one, fits in zip(cells, whole, strict=True)), strict=True)
    )
    found = {role: pa.array(columns[place], _TEXTS[role]) for role, place in form.places.items()}
    rows = judge(Cells(found.get("user"), found["anime"], found["score"]))
    verdicts = np.select([whole, blank], [rows.verdicts, Verdict.BLANK], Verdict.CELLS).astype(np.uint8)
    return Rows(rows.names, rows.users, rows.anime, rows.scores, verdicts)


def _explain(form: _Form, block: bytes, before: int, row: int, verdict: Verdict) -> str:
    # Arrow passes over empty lines, so rows are not lines: find the line now that it is asked for.
    filled = (numbered for numbered in enumerate(block.splitlines(), before + 1) if numbered[1])
    number, line = next(islice(filled, row, None))
    text = line.decode(errors="replace")
    (cells,) = form.cells([text])
    if verdict is Verdict.CELLS:
        fault = f"has {len(cells)} cells where the header has {form.width}"
        return f"line {number}: '{_shown(text)}' {fault}"
    return f"line {number}: {_fault({role: cells[place] for role, place in form.places.items()}, verdict)}"


def _in_order(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[tuple[_Item, _Result]]:
    """Work on a few items at a time in threads; results come in the items' order, few wait for theirs."""
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) == _AHEAD:
                first, result = waiting.popleft()
                yield first, result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, result.result()


# Parquet


def _parquet_blocks(path: Path, optional: Collection[str]) -> Generator[_Block, None, None]:
    try:
        with pyarrow.parquet.ParquetFile(path, pre_buffer=False) as parquet:
            chosen = _choose(str(path), parquet.schema_arrow.names, optional)
            before, rows = 0, parquet.metadata.num_rows
            for batch in parquet.iter_batches(_PARQUET_ROWS, columns=list(chosen.values())):
                found = {role: _flat(path, name, batch.column(name)) for role, name in chosen.items()}
                users = found.get("user")
                if users is not None:
                    users = users.cast(pa.string()).fill_null("").dictionary_encode()
                judged = judge(Cells(users, found["anime"], found["score"]))
                explain = partial(_explain_batch, found, before)
                before += batch.num_rows
                yield _Block(_Parsed.of(judged), explain, before / rows)
    except (pa.ArrowException, OSError) as error:
        raise RatingsError(f"{path}: cannot be read: {reason(error)}; {DAMAGED}") from error


def _flat(path: Path, name: str, column: pa.Array) -> pa.Array:
    """A column as numbers, or as text, which is judged like that of a text file."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return column
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise RatingsError(
            f"{path}: the column {name} holds {column.type}, where numbers or text belong; store it so"
        ) from error


def _explain_batch(found: Mapping[str, pa.Array], before: int, row: int, verdict: Verdict) -> str:
    cells = {role: column[row].as_py() for role, column in found.items()}
    return f"row {before + row + 1}: " + _fault(
        {role: "" if cell is None else str(cell) for role, cell in cells.items()}, verdict
    )


# Telling


def _fault(cells: Mapping[str, str], verdict: Verdict) -> str:
    role, why = {
        Verdict.USER: ("user", "is no user"),
        Verdict.ANIME: ("anime", "is not an anime id, which is a whole number from 1 on"),
        Verdict.SCORE: ("score", "is not a score from 1 to 10"),
    }[verdict]
    return f"'{_shown(cells[role])}' {why}"


def _shown(text: str, length: int = _SHOWN) -> str:
    """A text from a file, fit for one line of a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text[:length])
