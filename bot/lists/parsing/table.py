"""Parses a spreadsheet table: a title or an id, and a score, in columns named by the first line."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import count

from .rows import MAX_ENTRIES, Parsed, UnreadableError

MAX_TABLE_BYTES = 8 * 2**20
_MAX_LINE = 64 * 2**10
"""Characters."""
_MAX_LINES = 4 * MAX_ENTRIES
"""Including empty lines and line breaks within cells."""
_DELIMITERS = (",", ";", "\t")
_COLUMNS = {
    "anime_id": ("anime_id", "animeid", "mal_id", "malid", "id", "series_animedb_id"),
    "title": ("title", "name", "anime", "anime_title", "series_title"),
    "score": ("score", "rating", "my_score", "my_rating", "user_score"),
    "status": ("status", "my_status"),
    "started": ("started", "start_date", "my_start_date"),
    "finished": ("finished", "finish_date", "my_finish_date"),
}
_CELLS = {name: cell for cell, names in _COLUMNS.items() for name in names}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Characters of Western European text. Text in another old encoding, read as cp1252, has other characters.
_WESTERN = re.compile("[\\x00-\\x7f\xa0°²³·½À-ÖØ-öø-ÿŒœŠšŸŽž–—‘’“”…]*")
_NO_COLUMNS = "I can't read this. Send your MyAnimeList export (.xml or .gz)."


def parse_table(content: bytes) -> Parsed:
    """Read a table separated by commas, semicolons or tabs.

    Raises:
        UnreadableError: the file is no such table, or not in UTF-8, UTF-16 or cp1252 (Western European).
    """
    parsed = Parsed("csv")
    text = io.TextIOWrapper(io.BytesIO(content), _encoding(content), newline="")
    lines = _lines(text)
    header, delimiter = _header(next(lines, ""))
    # Not strict: spreadsheets do not escape quotes inside a cell.
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for row in rows:
            if any(row):
                cells = zip(header, row, strict=False)
                parsed.take({cell: text for cell, text in cells if cell})
    except csv.Error as error:
        raise UnreadableError(f"The table is broken at line {rows.line_num + 1:,}: save it again.") from error
    return parsed


def _encoding(content: bytes) -> str:
    """Detect the encoding: UTF-16 by its byte order mark, UTF-8 if it decodes, else Western European."""
    if content.startswith(_UTF16):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig" if _decodes(content, "utf-8") else "cp1252"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("The file is in an unusual encoding: save it as UTF-8.") from error
    if "\0" in text:
        raise UnreadableError(_NO_COLUMNS)
    if encoding == "cp1252" and not _WESTERN.fullmatch(text):
        raise UnreadableError("The file is in an unusual encoding: save it as UTF-8.")
    return encoding


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    for at in count(1):
        line = text.readline(_MAX_LINE)
        if not line:
            return
        if len(line) == _MAX_LINE or at > _MAX_LINES:
            raise UnreadableError(_NO_COLUMNS)
        yield line


def _header(line: str) -> tuple[list[str | None], str]:
    """Return the cell name of each column, None for unused ones, and the delimiter."""
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error as error:
            raise UnreadableError(_NO_COLUMNS) from error
        header = [_CELLS.get(re.sub(r"[\s_-]+", "_", name.strip()).lower()) for name in names]
        if {"anime_id", "title"} & set(header) and {"score", "status"} & set(header):
            return header, delimiter
    raise UnreadableError(_NO_COLUMNS)
