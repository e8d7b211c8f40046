"""Catalogues as files, read row by row: with pandas those of other people, without it a model's own."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from hakken.catalogue.anime import Anime
from hakken.catalogue.cells import PASSED_OVER, TABLE, UNKNOWN, UNREADABLE, Read
from hakken.catalogue.franchises import franchises
from hakken.errors import CatalogueError
from hakken.files import BROKEN, instead_of, open_unzipped, reason

MAX_BYTES = 256 * 2**20
"""How large a catalogue may be, unzipped; MyAnimeList's whole has 40 MiB."""
MAX_BROKEN = 0.01
"""Which share of the rows may be broken; beyond it, the file is not what it is taken for."""

_MAX_HEADER, _MAX_CELL = 2**12, 2**17
_MAX_ROW_LINES = 100
"""Lines of one row, for texts hold line ends; a quote that never closes must not eat the file."""
_BLANK_LINES = re.compile(rb"[\r\n]{%d,}" % (2 * _MAX_ROW_LINES))
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")
"""NUL, and what 'surrogateescape' makes of bytes that are not UTF-8."""


@dataclass(frozen=True, slots=True)
class DroppedRows:
    """What was left out of a catalogue for one reason."""

    reason: str
    count: int
    first: str
    """Where it first happened, and with what value."""


@dataclass(frozen=True, slots=True)
class CatalogueReport:
    """What became of a catalogue's rows."""

    rows: int = 0
    """Rows that the file holds under its header."""
    dropped: tuple[DroppedRows, ...] = ()
    """Rows that could not be read, by reason."""
    passed_over: tuple[DroppedRows, ...] = ()
    """Cells that could not be read in rows that were kept without them, by reason."""


Contents = tuple[list[Anime], CatalogueReport]
Rows = Callable[[bytes, str, int], Iterator[list[str]]]
"""Yields the cells of each row, the header's first, from a file's bytes, its delimiter and its width."""


_Column = tuple[str, Read, str, int]
"""The fact that a column holds, what reads it, the column's name and place."""


class _BrokenError(Exception):
    """A row that cannot be read: the reason that it is counted under, and a sentence with the value."""


def read_anime(path: Path, rows: Rows) -> Contents:
    """Read all anime of a catalogue file in its order.

    Args:
        path: the file, gzipped or not.
        rows: `table_rows` for files of other people, `line_rows` where reading must not import pandas.

    Raises:
        CatalogueError: as `Catalogue.read`.
    """
    try:
        if path.is_dir():
            hint = instead_of(path, _is_catalogue, "a catalogue")
            raise CatalogueError(f"{path}: cannot be read: is a directory; {hint}")
        with open_unzipped(path) as file:
            data = file.read(MAX_BYTES + 1)
    except BROKEN as error:
        raise CatalogueError(f"{path}: cannot be read: {reason(error)}") from error
    if not data:
        raise CatalogueError(f"{path}: is empty; get it again")
    if len(data) > MAX_BYTES:
        raise CatalogueError(f"{path}: is larger than {MAX_BYTES >> 20} MiB, which no catalogue is")
    data = _BLANK_LINES.sub(b"\n" * _MAX_ROW_LINES, data)  # a file may be nothing else
    try:
        return _read(path, data, rows)
    except csv.Error:
        return _read(path, data, line_rows)


def table_rows(data: bytes, delimiter: str, width: int) -> Iterator[list[str]]:
    """Read rows with pandas; raises `csv.Error` at quotes that do not pair and at rows that do not fit."""
    import pandas as pd  # here, for a model opens without it

    # This engine alone pairs quotes strictly, and gives no text for what a row lacks.
    try:
        with pd.read_csv(
            _text(data),
            sep=delimiter,
            header=None,
            dtype=object,  # 'str' may be Arrow's, which holds no bytes that are no text
            keep_default_na=False,
            skip_blank_lines=False,  # a quoted line end would pass for one
            engine="python",
            chunksize=10_000,
        ) as chunks:
            for row in (row for chunk in chunks for row in chunk.to_numpy().tolist()):
                cells = [cell for cell in row if isinstance(cell, str)]
                is_long = "".join(cells).count("\n") >= _MAX_ROW_LINES
                if cells and (is_long or not _fits(cells, delimiter, width)):
                    raise csv.Error("a row unlike the others")
                yield cells
    except pd.errors.ParserError as error:
        raise csv.Error(str(error)) from error


def line_rows(data: bytes, delimiter: str, width: int) -> Iterator[list[str]]:
    """Read rows line by line; quotes that do not pair are letters of their line."""
    lines = list(_text(data))
    at = 0
    while at < len(lines):
        cells, used = lines[at].rstrip("\n").split(delimiter), 1
        if '"' in lines[at]:
            reader = csv.reader(lines[at : at + _MAX_ROW_LINES], delimiter=delimiter, strict=True)
            with suppress(csv.Error):
                if _fits(quoted := next(reader), delimiter, width):
                    cells, used = quoted, reader.line_num
        yield cells
        at += used


def _is_catalogue(path: Path) -> bool:
    try:
        with open_unzipped(path) as file:
            _header(path, file.read(_MAX_HEADER))
    except (CatalogueError, *BROKEN):
        return False
    return True


def _text(data: bytes) -> io.TextIOWrapper:
    """Bytes that are no text spoil their own row alone; all line ends are one."""
    return io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", "surrogateescape")


def _fits(cells: list[str], delimiter: str, width: int) -> bool:
    # Editors strip the tabs behind a row's last fact, and nobody forgets commas.
    return len(cells) == width or (delimiter == "\t" and (len(cells) < width or not any(cells[width:])))


def _header(path: Path, data: bytes) -> tuple[str, int, list[_Column]]:
    """The delimiter, how many columns there are, and those that hold facts."""
    line = _text(data).readline()
    if _NOT_TEXT.search(line) or len(line) > _MAX_HEADER:
        raise CatalogueError(f"{path}: line 1: is not UTF-8 text, or longer than any header")
    ours, delimiter = (True, "\t") if "\t" in line else (False, ",")
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    places = {name: place for place, name in enumerate(names)}
    layout = 0 if ours else 3 if "MAL_ID" in places else 2 if "name" in places else 1
    columns = [(fact, us if ours else them, of[layout]) for fact, us, them, *of in TABLE]
    for _, _, name in columns[:2]:
        if name not in places:
            hint = f"; there is: {', '.join(names)[:200]}" if any(names) else ""
            raise CatalogueError(f"{path}: line 1: the column '{name}' is missing{hint}")
    return delimiter, len(names), [(*one, places[one[2]]) for one in columns if one[2] in places]


def _read(path: Path, data: bytes, rows: Rows) -> Contents:
    delimiter, width, columns = _header(path, data)
    by_id, kin = dict[int, Anime](), dict[int, set[int]]()
    broken, passed_over = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    number, lines = 1, data.count(b"\n") + data.count(b"\r") - data.endswith((b"\n", b"\r"))
    for cells in islice(rows(data, delimiter, width), 1, None):
        if not delimiter.join(cells).strip():
            continue  # blank
        number += 1
        try:
            _check_row(cells, delimiter, width)
            facts = _facts(cells, columns, f"row {number}", passed_over)
            _check_anime(facts, by_id)
        except _BrokenError as error:
            broken[error.args[0]].append(f"row {number}: {error.args[1]}")
            # More rows than lines cannot follow: a file that is no catalogue is not read to its end.
            _check_share(path, broken, lines)
            continue
        related = (*facts.get("prequels", ()), *facts.get("sequels", ()), *facts.pop("kin", ()))
        kin[facts["anime_id"]], by_id[facts["anime_id"]] = set(related), Anime(**facts)
    _check_share(path, broken, number - 1)
    if any(kin.values()) and all(fact != "franchise" for fact, *_ in columns):
        numbers = franchises(kin)
        by_id = {one: replace(anime, franchise=numbers.get(one)) for one, anime in by_id.items()}
    dropped, cells_dropped = (
        tuple(DroppedRows(why, len(places), places[0]) for why, places in tally.items())
        for tally in (broken, passed_over)
    )
    return list(by_id.values()), CatalogueReport(number - 1, dropped, cells_dropped)


def _check_share(path: Path, broken: Mapping[str, list[str]], rows: int) -> None:
    if (total := sum(map(len, broken.values()))) > MAX_BROKEN * rows:
        others = f" (and {total - 1:,} more of {rows:,} rows)" if total > 1 else ""
        raise CatalogueError(f"{path}: {next(iter(broken.values()))[0]}{others}")


def _check_row(cells: list[str], delimiter: str, width: int) -> None:
    if any(map(_NOT_TEXT.search, cells)):
        raise _BrokenError("bytes that are no text", "is not UTF-8 text")
    if not _fits(cells, delimiter, width):
        sentence = f"{delimiter.join(cells)!r:.80} has {len(cells)} cells where the header has {width}"
        raise _BrokenError("cells that do not fit the header", sentence)
    if max(map(len, cells)) > _MAX_CELL:
        raise _BrokenError("a cell that is no cell", f"field larger than {_MAX_CELL:,} characters")


def _check_anime(facts: Mapping[str, Any], known: Collection[int]) -> None:
    if not facts.get("anime_id") or not facts.get("title"):
        raise _BrokenError("no anime_id or no title", "an anime needs an anime_id from 1 on and a title")
    if (anime_id := facts["anime_id"]) in known:
        raise _BrokenError("an anime_id that stands twice", f"anime_id {anime_id} stands twice")


def _facts(
    cells: list[str], columns: list[_Column], place: str, passed_over: dict[str, list[str]]
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for fact, read, name, at in columns:
        cell = cells[at] if at < len(cells) else ""
        if not cell or (cell.strip().casefold() in UNKNOWN and fact != "title"):
            continue
        try:
            value = read(cell)
        except UNREADABLE:
            if read not in PASSED_OVER:
                sentence = f"{cell!r:.80} in the column '{name}' is not a number"
                raise _BrokenError(f"no number in the column '{name}'", sentence) from None
            passed_over[PASSED_OVER[read]].append(f"{place}: {cell!r:.80}")
        else:
            if value is not None and fact not in facts:
                facts[fact] = value
            elif value and fact == "synonyms":
                facts[fact] += value
    return {**facts.pop("relations", {}), **facts}
