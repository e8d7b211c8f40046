"""Catalogues as files: ours and three public ones, recognised by their columns, read row by row."""

from __future__ import annotations

import ast
import csv
import gzip
import html
import io
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from sys import intern

from hakken.anime import Anime
from hakken.errors import CatalogueError
from hakken.files import BROKEN, instead_of, open_unzipped, reason
from hakken.franchises import franchises

MAX_BYTES = 256 * 2**20
"""How large a catalogue may be, unzipped; MyAnimeList's whole has 40 MiB."""
MAX_BROKEN = 0.01
"""Which share of the rows may be broken; beyond it, the file is not what it is taken for."""
MAX_ID = 2**31 - 1

_HEADER_BYTES = 64 * 2**10
_MAX_ROW_LINES = 100
"""Lines of one row, for texts hold line ends; a quote that never closes must not eat the file."""
_MAX_RELATED = 64 * 2**10
_MAX_URL = 2048
_SHOWN = 80
"""Characters of a value that a message repeats."""

_WHOLE = re.compile(r"[0-9]{1,10}(\.0*)?")
_DECIMAL = re.compile(r"[0-9]{1,2}(\.[0-9]+)?")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9A-Za-z]{1,32});")
_URL = re.compile(r"https?://(?:[0-9A-Za-z-]+\.)+[0-9A-Za-z-]+(?::[0-9]{1,5})?(?:[/?][!-~]*)?")
# The host of 2018 is gone; its paths live on at another.
_GONE_HOST = re.compile(r"https?://myanimelist\.cdn-dena\.com/")
_HOST = "https://cdn.myanimelist.net/"
_NOT_TEXT = re.compile("[\0\udc80-\udcff]")
"""NUL, and what 'surrogateescape' makes of bytes that are not UTF-8."""
_UNKNOWN = frozenset({"", "unknown", "none", "nan"})
_NOT_KIN = frozenset({"Character", "Other"})
"""Relations that join what does not belong together: a guest, an advertisement."""


@dataclass(frozen=True, slots=True)
class Dropped:
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
    dropped: tuple[Dropped, ...] = ()
    """Rows that could not be read, by reason."""
    passed_over: tuple[Dropped, ...] = ()
    """Cells that could not be read in rows that were kept without them, by reason."""


def read_anime(path: Path) -> tuple[list[Anime], CatalogueReport]:
    """Read all anime of a catalogue file in its order.

    Raises:
        CatalogueError: as `Catalogue.read`.
    """
    try:
        if path.is_dir():
            hint = instead_of(path, _is_catalogue, "a catalogue")
            raise CatalogueError(f"{path}: cannot be read: is a directory; {hint}")
        with open_unzipped(path) as file:
            data = _read_bounded(file, path)
    except BROKEN as error:
        raise CatalogueError(f"{path}: cannot be read: {reason(error)}") from error
    if not data:
        raise CatalogueError(f"{path}: is empty; get it anew")
    return _read_lines(path, _lines(data))


def _lines(data: bytes) -> list[str]:
    """Bytes that are no text spoil their own line alone; all line ends are one."""
    return list(io.StringIO(data.decode("utf-8-sig", errors="surrogateescape"), newline=None))


def _is_catalogue(path: Path) -> bool:
    try:
        with open_unzipped(path) as file:
            _layout(path, *_header(path, _lines(file.read(_HEADER_BYTES))))
    except (CatalogueError, *BROKEN):
        return False
    return True


def _read_bounded(file: gzip.GzipFile | io.BufferedReader, path: Path) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CatalogueError(f"{path}: is larger than {MAX_BYTES >> 20} MiB, which no catalogue is")
    return data


def _read_lines(path: Path, lines: Sequence[str]) -> tuple[list[Anime], CatalogueReport]:
    delimiter, names = _header(path, lines)
    layout = _layout(path, delimiter, names)
    by_id: dict[int, Anime] = {}
    related: dict[int, frozenset[int]] = {}
    broken, passed_over = _Tally(), _Tally()
    rows = 0
    for number, record in _records(lines, delimiter, len(names)):
        rows += 1
        place = f"line {number}"
        try:
            anime, kin = layout(_Row(dict(_cells(names, record)), place, passed_over))
            _check_new(anime, by_id)
        except _BrokenError as error:
            broken.add(error.reason, f"{place}: {error}")
            # Of so many lines no more rows can come: a file that is no catalogue is not read to its end.
            _check_share(path, broken, len(lines) - 1)
        else:
            by_id[anime.anime_id] = anime
            related[anime.anime_id] = kin
    _check_share(path, broken, rows)
    report = CatalogueReport(rows, broken.entries(), passed_over.entries())
    return _with_franchises(by_id, related), report


def _cells(names: Sequence[str], record: list[str] | _BrokenError) -> Iterator[tuple[str, str]]:
    if isinstance(record, _BrokenError):
        raise record
    if any(map(_NOT_TEXT.search, record)):
        raise _BrokenError("bytes that are no text", "is not UTF-8 text")
    return zip(names, record, strict=False)


def _check_new(anime: Anime, known: Collection[int]) -> None:
    if anime.anime_id in known:
        raise _BrokenError("an anime_id that stands twice", f"anime_id {anime.anime_id} stands twice")


def _check_share(path: Path, broken: _Tally, rows: int) -> None:
    if broken.total > MAX_BROKEN * rows:
        others = f" (and {broken.total - 1:,} more of {rows:,} rows)" if broken.total > 1 else ""
        raise CatalogueError(f"{path}: {broken.first}{others}")


def _with_franchises(by_id: Mapping[int, Anime], related: Mapping[int, frozenset[int]]) -> list[Anime]:
    if not any(related.values()):
        return list(by_id.values())
    numbers = franchises(related)
    return [replace(one, franchise=numbers.get(one.anime_id)) for one in by_id.values()]


class _BrokenError(Exception):
    """A row that cannot be read: the reason that it is counted under, and a sentence with the value."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(slots=True)
class _Tally:
    """Counts by reason, and where each first came up."""

    counts: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, place: str) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        self.places.setdefault(reason, place)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def first(self) -> str:
        return next(iter(self.places.values()))

    def entries(self) -> tuple[Dropped, ...]:
        return tuple(Dropped(reason, count, self.places[reason]) for reason, count in self.counts.items())


def _header(path: Path, lines: Sequence[str]) -> tuple[str, list[str]]:
    line = lines[0] if lines else ""
    if _NOT_TEXT.search(line):
        raise CatalogueError(f"{path}: line 1: is not UTF-8 text")
    delimiter = "\t" if "\t" in line else ","
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise CatalogueError(f"{path}: line 1: {error}") from error
    return delimiter, [name.strip() for name in names]


def _records(
    lines: Sequence[str], delimiter: str, width: int
) -> Iterator[tuple[int, list[str] | _BrokenError]]:
    """The cells of each row, or why it has none, with the number of its first line; blank lines are none."""
    at = 1
    while at < len(lines):
        if lines[at].isspace():
            at += 1
            continue
        try:
            record: list[str] | _BrokenError
            record, used = _record(lines[at : at + _MAX_ROW_LINES], delimiter, width)
        except _BrokenError as error:
            # After a quote that was never meant as one, the next line is a row again.
            record, used = error, 1
        yield at + 1, record
        at += used


def _record(lines: Sequence[str], delimiter: str, width: int) -> tuple[list[str], int]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
        if _fits(cells, delimiter, width):
            return cells, reader.line_num
    except csv.Error:
        pass
    # Quotes that do not pair are letters of a title, if its line then has the cells that it should have.
    try:
        cells = next(csv.reader([lines[0].rstrip("\n")], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise _BrokenError("a cell that is no cell", str(error)) from None
    if not _fits(cells, delimiter, width):
        raise _BrokenError(
            "cells that do not fit the header",
            f"{_shown(lines[0].rstrip())} has {len(cells)} cells where the header has {width}",
        )
    return cells, 1


def _fits(cells: Sequence[str], delimiter: str, width: int) -> bool:
    # Editors strip the tabs behind a row's last fact, and nobody forgets commas.
    return len(cells) == width or (delimiter == "\t" and (len(cells) < width or not any(cells[width:])))


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row's cells, read as facts; a column that the file lacks is an unknown fact."""

    cells: Mapping[str, str]
    place: str
    passed_over: _Tally

    def anime_id(self, column: str) -> int:
        anime_id = self.whole(column)
        if not anime_id:
            raise _BrokenError("no anime_id", "an anime needs an anime_id from 1 on and a title")
        return anime_id

    def title(self, column: str, clean: Callable[[str], str] = str) -> str:
        title = clean(self.cells.get(column, ""))
        if not title:
            raise _BrokenError("no title", "an anime needs an anime_id from 1 on and a title")
        return title

    def text(self, column: str, clean: Callable[[str], str] = str) -> str | None:
        text = clean(self.cells.get(column, ""))
        return None if text.casefold() in _UNKNOWN else intern(text)

    def names(self, column: str, separator: str, clean: Callable[[str], str] = str) -> tuple[str, ...]:
        cell = self.cells.get(column)
        return _names(cell, separator, clean) if cell else ()

    def titles(
        self, column: str, separator: str | None, clean: Callable[[str], str] = str
    ) -> tuple[str, ...]:
        cell = self.cells.get(column)
        if not cell:
            return ()
        titles = (clean(title).strip() for title in ([cell] if separator is None else cell.split(separator)))
        return tuple(dict.fromkeys(title for title in titles if title.casefold() not in _UNKNOWN))

    def whole(self, column: str) -> int | None:
        cell = self.cells.get(column, "").strip()
        return None if cell.casefold() in _UNKNOWN else _whole(cell, column)

    def ids(self, column: str) -> tuple[int, ...]:
        cell = self.cells.get(column)
        return tuple(dict.fromkeys(_whole(one, column) for one in cell.split("|"))) if cell else ()

    def score(self, column: str) -> float | None:
        """A mean of ratings; 0 stands for 'nobody has rated it'."""
        cell = self.cells.get(column, "").strip()
        if cell.casefold() in _UNKNOWN:
            return None
        if not _DECIMAL.fullmatch(cell) or (number := float(cell)) > 10:
            raise _no_number(cell, column)
        return number or None

    def year(self, column: str) -> int | None:
        """The first year of a span such as ``Apr 3, 1998 to Apr 24, 1999``."""
        found = _YEAR.search(re.split(r"\bto\b", self.cells.get(column, ""))[0])
        return int(found[0]) if found else None

    def cover(self, column: str) -> str | None:
        cell = self.cells.get(column, "").strip()
        if cell.casefold() in _UNKNOWN:
            return None
        url = _GONE_HOST.sub(_HOST, cell)
        if len(url) > _MAX_URL or not _URL.fullmatch(url):
            self.passed_over.add("a cover that is no web address", f"{self.place}: {_shown(cell)}")
            return None
        return url

    def relations(self, column: str) -> dict[str, tuple[int, ...]]:
        """Related anime by relation, from a Python literal; manga and novels are passed over."""
        cell = self.cells.get(column, "").strip()
        if cell.casefold() in _UNKNOWN or cell in {"[]", "{}"}:
            return {}
        try:
            return _relations(cell)
        except (ValueError, TypeError, LookupError, SyntaxError, MemoryError, RecursionError):
            self.passed_over.add("relations that cannot be read", f"{self.place}: {_shown(cell)}")
            return {}


@lru_cache(maxsize=8192)
def _names(cell: str, separator: str, clean: Callable[[str], str]) -> tuple[str, ...]:
    # Cached, since many anime have the same genres: read once, held once.
    # Merged lists left stray quotes around some names, and some names twice.
    names = (clean(name).strip(' "') for name in cell.split(separator))
    return tuple(dict.fromkeys(intern(name) for name in names if name.casefold() not in _UNKNOWN))


def _whole(cell: str, column: str) -> int:
    if not _WHOLE.fullmatch(cell) or (number := int(cell.partition(".")[0])) > MAX_ID:
        raise _no_number(cell, column)
    return number


def _no_number(cell: str, column: str) -> _BrokenError:
    sentence = f"{_shown(cell)} in the column '{column}' is not a number"
    return _BrokenError(f"no number in the column '{column}'", sentence)


def _relations(cell: str) -> dict[str, tuple[int, ...]]:
    if len(cell) > _MAX_RELATED:
        raise ValueError("too long for a list of relations")
    with warnings.catch_warnings():
        # A literal that Python warns of is one that Python did not write.
        warnings.simplefilter("error")
        literal = ast.literal_eval(cell)
    if not isinstance(literal, dict):
        raise TypeError("not a dict")
    return {
        str(relation): tuple(dict.fromkeys(_id_of(entry) for entry in entries if entry["type"] == "anime"))
        for relation, entries in literal.items()
    }


def _id_of(entry: Mapping[str, object]) -> int:
    anime_id = entry.get("mal_id")
    if type(anime_id) is not int or not 0 < anime_id <= MAX_ID:
        raise ValueError("not an id")
    return anime_id


def _plain(text: str) -> str:
    """A text of a public set: its HTML entities as letters, its white space as single spaces."""
    # With its semicolon alone: 'html.unescape' would also make a '®' of 'Black&regular'.
    return " ".join(_ENTITY.sub(lambda entity: html.unescape(entity[0]), text).split())


def _source(text: str) -> str:
    """One spelling of 'visual_novel' and 'Visual novel'."""
    return _plain(text.replace("_", " ")).capitalize()


_Layout = Callable[[_Row], tuple[Anime, frozenset[int]]]
"""Reads a row as an anime and the ids of anime that belong to its franchise, where that says no column."""


def _layout(path: Path, delimiter: str, names: Sequence[str]) -> _Layout:
    there = set(names)
    layout: _Layout
    if delimiter == "\t":
        needed, layout = ("anime_id", "title"), _ours
    elif "MAL_ID" in there:
        needed, layout = ("MAL_ID", "Name"), _hernan4444
    elif "name" in there:
        needed, layout = ("anime_id", "name"), _cooper_union
    else:
        needed, layout = ("anime_id", "title"), _azathoth42
    for column in needed:
        if column not in there:
            shown = ", ".join(names)
            hint = f"; there is: {shown[:200]}" if shown else ""
            raise CatalogueError(f"{path}: line 1: the column '{column}' is missing{hint}")
    return layout


def _ours(row: _Row) -> tuple[Anime, frozenset[int]]:
    prequels, sequels = row.ids("prequels"), row.ids("sequels")
    anime = Anime(
        anime_id=row.anime_id("anime_id"),
        title=row.title("title"),
        english=row.text("english"),
        type=row.text("type"),
        episodes=row.whole("episodes"),
        year=row.whole("year"),
        members=row.whole("members") or 0,
        genres=row.names("genres", "|"),
        franchise=row.whole("franchise"),
        score=row.score("score"),
        source=row.text("source", _source),
        studios=row.names("studios", "|"),
        synonyms=row.titles("synonyms", "|"),
        image_url=row.cover("image_url"),
        age=row.text("age"),
        prequels=prequels,
        sequels=sequels,
    )
    return anime, frozenset() if "franchise" in row.cells else frozenset((*prequels, *sequels))


def _azathoth42(row: _Row) -> tuple[Anime, frozenset[int]]:
    """MyAnimeList of 2018: ``AnimeList.csv``, ``anime_filtered.csv``, ``anime_cleaned.csv``."""
    relations = row.relations("related")
    anime = Anime(
        anime_id=row.anime_id("anime_id"),
        title=row.title("title", _plain),
        english=row.text("title_english", _plain),
        type=row.text("type"),
        episodes=row.whole("episodes") or None,
        year=row.year("aired_from_year") or row.year("aired") or row.year("aired_string"),
        members=row.whole("members") or 0,
        genres=row.names("genre", ",", _plain),
        score=row.score("score"),
        source=row.text("source", _source),
        studios=row.names("studio", ",", _plain),
        synonyms=row.titles("title_japanese", None, _plain) + row.titles("title_synonyms", ", ", _plain),
        image_url=row.cover("image_url"),
        age=row.text("rating", _plain),
        prequels=relations.get("Prequel", ()),
        sequels=relations.get("Sequel", ()),
    )
    return anime, frozenset(
        other for relation, ids in relations.items() if relation not in _NOT_KIN for other in ids
    )


def _cooper_union(row: _Row) -> tuple[Anime, frozenset[int]]:
    """MyAnimeList of 2016: ``anime.csv`` beside ``rating.csv``; its ``rating`` is the mean score."""
    anime = Anime(
        anime_id=row.anime_id("anime_id"),
        title=row.title("name", _plain),
        type=row.text("type"),
        episodes=row.whole("episodes") or None,
        members=row.whole("members") or 0,
        genres=row.names("genre", ",", _plain),
        score=row.score("rating"),
    )
    return anime, frozenset()


def _hernan4444(row: _Row) -> tuple[Anime, frozenset[int]]:
    """MyAnimeList of 2020: ``anime.csv`` beside ``animelist.csv`` and ``rating_complete.csv``."""
    anime = Anime(
        anime_id=row.anime_id("MAL_ID"),
        title=row.title("Name", _plain),
        english=row.text("English name", _plain),
        type=row.text("Type"),
        episodes=row.whole("Episodes") or None,
        year=row.year("Aired") or row.year("Premiered"),
        members=row.whole("Members") or 0,
        genres=row.names("Genres", ",", _plain),
        score=row.score("Score"),
        source=row.text("Source", _source),
        studios=row.names("Studios", ",", _plain),
        synonyms=row.titles("Japanese name", None, _plain),
        age=row.text("Rating", _plain),
    )
    return anime, frozenset()
