"""Parses tables: titles or ids, scores and statuses, in columns that a heading names; or titles alone."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import Literal

from .columns import ABOUT_THE_ANIME, IDENTIFYING, STATISTICS, chosen, is_list, is_statistics, scale_of
from .decoding import CONTROLS_LEFT_OUT, Bytes, cleaned
from .rows import MAX_ENTRIES, Parsed, UnreadableError, quoted
from .scales import read_score
from .sections import below, section_of
from .statuses import UnknownWordError
from .words import plain

MAX_TABLE_BYTES = 8 * 2**20
_MAX_LINE = 64 * 2**10
"""Characters."""
_MAX_LINES = 4 * MAX_ENTRIES
"""Including empty lines and line breaks within cells."""
_PREFACE = 20
"""Lines within which the headings must come."""
_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|:])\s*", re.IGNORECASE)
"""What Excel writes and reads before a table."""
_BULLET = re.compile(r"\s*(?:[-*•·–]|[0-9]{1,5}[.)])\s+")
_SCORED = re.compile(r"(.*\S)\s*(?:\s[-–—]|[:=|])\s*(\S+)\s*")
"""A title and a score in a line: ``Trigun - 8/10``."""
_UNREAD = ("of_anime", "of_manga")
_NOT_CLOSED = "A quotation mark is not closed: I read the table line by line there."
_TOO_WIDE = "rows with more cells than the headings"
_NO_TABLE = "I can't read this. Send your MyAnimeList export (.xml or .gz)."
_SEVERAL = "This holds the lists of several users: send your own list alone."


def parse_table(content: bytes) -> Parsed:
    """Read a table separated by commas, semicolons, tabs or bars, or lines of titles.

    Raises:
        UnreadableError: the file is no such table, or in an encoding that cannot be told from others.
    """
    encoding = Bytes([content]).encoding
    if encoding is None:
        raise UnreadableError("The file is in an unusual encoding: save it as UTF-8.")
    parsed = Parsed("csv")
    text = io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")
    lines = _lines(text, parsed.notes)
    preface = list(islice(lines, _PREFACE))
    separator = _SEPARATOR_LINE.fullmatch(preface[0]) if preface else None
    if separator:
        preface = preface[1:]
    delimiters = (separator[1],) if separator else _DELIMITERS
    for at, line in enumerate(preface):
        for delimiter in delimiters:
            headings = tuple(_split(line, delimiter))
            places = chosen(headings)
            if is_list(places):
                if is_statistics(headings):
                    raise UnreadableError(STATISTICS)
                parsed.usual_top = scale_of(headings, places)
                _note_unread(parsed, headings, places)
                rows = _rows(chain(preface[at + 1 :], lines), delimiter, parsed.notes)
                above = section_of(preface[at - 1], plainly=True) if at else None
                _read(parsed, rows, headings, places, above or {})
                return parsed
    _read_lines(parsed, preface, lines)
    return parsed


def _lines(text: io.TextIOWrapper, notes: dict[str, None]) -> Iterator[str]:
    """Yield the lines without control characters."""
    for at in count(1):
        line = text.readline(_MAX_LINE)
        if not line:
            return
        if len(line) == _MAX_LINE or at > _MAX_LINES:
            raise UnreadableError(_NO_TABLE)
        yield cleaned(line, notes)


def _split(line: str, delimiter: str, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, quoting=quoting), [])
    except csv.Error as error:
        raise UnreadableError(_NO_TABLE) from error


def _note_unread(parsed: Parsed, headings: Sequence[str], places: Mapping[str, Sequence[int]]) -> None:
    """Name the columns that are not read: one of them may hold what the member expects."""
    read = {
        at
        for cell, columns in places.items()
        if cell not in _UNREAD
        for at in (columns if cell in IDENTIFYING else columns[:1])
    }
    first = {plain(heading): at for at, heading in reversed([*enumerate(headings)])}
    unread = [
        heading
        for at, heading in enumerate(headings)
        if heading.strip() and (at not in read or first[plain(heading)] != at)
    ]
    if unread:
        parsed.notes[f"I did not read these columns: {quoted(unread)}."] = None


def _rows(lines: Iterable[str], delimiter: str, notes: dict[str, None]) -> Iterator[list[str]]:
    """Yield the cells of each row; where a quotation mark is not closed, each line is a row."""
    waiting, used = deque[str](), list[str]()

    def taken() -> Iterator[str]:
        while (line := waiting.popleft() if waiting else next(source, None)) is not None:
            used.append(line)
            yield line

    source = iter(lines)
    while True:
        used.clear()
        try:
            row = next(csv.reader(taken(), delimiter=delimiter, skipinitialspace=True, strict=True), None)
        except csv.Error:
            first, *others = used
            waiting.extendleft(reversed(others))
            if others:
                notes[_NOT_CLOSED] = None
                row = [cell.strip('"') for cell in _split(first, delimiter, csv.QUOTE_NONE)]
            else:  # spreadsheets do not escape quotes inside a cell
                row = _split(first, delimiter)
        if row is None:
            return
        yield row


def _read(
    parsed: Parsed,
    rows: Iterable[Sequence[str]],
    headings: Sequence[str],
    places: Mapping[str, Sequence[int]],
    section: Mapping[str, str],
) -> None:
    users = set[str]()
    if "of_manga" in places and {"of_anime", "kind"}.isdisjoint(places):
        section = {"kind": "manga"}
    for row in rows:
        filled = [cell for cell in row if cell.strip(" \t\r\n-:")]
        if not filled or tuple(row) == headings:
            continue
        alone = len(filled) == 1 and row.index(filled[0]) not in places.get("status", ())
        if alone and (begun := section_of(filled[0], plainly=True)):
            section = below(section, begun)
        elif any(cell.strip() for cell in row[len(headings) :]):
            parsed.passed_over[_TOO_WIDE] += 1
        else:
            cells = {cell: _cell(row, cell, columns) for cell, columns in places.items()}
            users.add(cells.get("user", ""))
            if len(users - {""}) > 1:
                raise UnreadableError(_SEVERAL)
            parsed.take({**section, **{cell: text for cell, text in cells.items() if text}})


def _cell(row: Sequence[str], cell: str, columns: Sequence[int]) -> str:
    """Return the text of the surest column; if empty, another may name the anime, but not score it."""
    asked = columns if cell in ABOUT_THE_ANIME else columns[:1]
    return next((row[at] for at in asked if at < len(row) and row[at].strip()), "")


def _read_lines(parsed: Parsed, preface: Sequence[str], lines: Iterator[str]) -> None:
    """Read one title a line, with a score after it in most of them, or in none."""
    filled = [line for line in preface if line.strip()]
    for delimiter in _DELIMITERS:
        if 2 * sum(delimiter in line for line in filled) > len(filled) and not _scored(filled):
            raise UnreadableError(_columns_found(_split(filled[0], delimiter)))
    headed = bool(filled) and "title" in chosen((filled[0],))
    titles = filled[1:] if headed else filled
    if len(titles) < (1 if headed else 2) or (CONTROLS_LEFT_OUT in parsed.notes and not headed):
        raise UnreadableError(_NO_TABLE)
    scored = _scored(titles)
    section: dict[str, str] = {}
    for line in chain(titles, lines):
        if begun := section_of(line, plainly=False):
            section = below(section, begun)
            continue
        text = _BULLET.sub("", line, count=1).strip() if _BULLET.match(line) else line.strip()
        if text:
            found = _SCORED.fullmatch(text) if scored else None
            cells = {"title": found[1], "score": found[2]} if found else {"title": text}
            parsed.take({**section, **cells})
    parsed.titles_alone = not (scored or "status" in section)


def _scored(lines: Sequence[str]) -> bool:
    """Whether most lines end in a score."""
    entries = [line for line in lines if not section_of(line, plainly=False)]
    return 2 * sum(map(_ends_in_score, entries)) > len(entries)


def _ends_in_score(line: str) -> bool:
    found = _SCORED.fullmatch(line.strip())
    try:
        return found is not None and (read_score(found[2]) is not None or found[2] == "?")
    except UnknownWordError:
        return False


def _columns_found(headings: Sequence[str]) -> str:
    return (
        f"I found the columns {quoted(headings)}. I need a title or mal_id, and a score or a status: "
        "please name them in the first line."
    )
