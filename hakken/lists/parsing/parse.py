"""Parses a list file of any format, detected from its content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from .animelist_xml import DamagedError, parse_xml
from .decoding import Bytes, decoded
from .json_lists import MAX_JSON_BYTES, parse_json
from .mended_xml import CUT_SHORT, parse_mended_xml
from .rows import CutShortError, Parsed, UnreadableError
from .table import MAX_TABLE_BYTES, parse_table
from .unpacking import unpacked, whole


def parse(content: bytes) -> Parsed:
    """Read a list: MyAnimeList's XML, gzipped or not, JSON, or a table.

    Raises:
        UnreadableError: the file is none of them, or has nothing usable.
    """
    chunks = unpacked(content)
    first = next(chunks, b"")
    chunks = chain([first], chunks)
    beginning = _beginning(first)
    if not beginning:
        raise UnreadableError("The file is empty, or begins with nothing but blanks: send the list itself.")
    if beginning.lower().startswith(("<!doctype html", "<html")):
        raise UnreadableError("This is a web page, not a list: download the export itself and send that.")
    if beginning.startswith("<"):
        parsed = _xml(content)
    elif beginning.startswith(("{", "[")):
        parsed = parse_json(whole(chunks, MAX_JSON_BYTES))
    else:
        parsed = parse_table(whole(chunks, MAX_TABLE_BYTES))
    parsed.finish()
    return parsed


def _xml(content: bytes) -> Parsed:
    """Read XML strictly; where it is damaged, entry by entry."""
    try:
        return parse_xml(unpacked(content))
    except (CutShortError, DamagedError) as error:
        notes: dict[str, None] = {CUT_SHORT: None} if isinstance(error, CutShortError) else {}
        mended = parse_mended_xml(decoded(unpacked(content), _encoding(content), notes), notes)
        if not mended.rows and not mended.passed_over:
            raise
        return mended


def _encoding(content: bytes) -> str:
    """Return the encoding; in an old one that cannot be told, ids and scores can be read all the same."""
    return Bytes(_before_damage(content)).encoding or "utf-8"


def _before_damage(content: bytes) -> Iterator[bytes]:
    with suppress(CutShortError):
        yield from unpacked(content)


def _beginning(chunk: bytes) -> str:
    """Return the start of the file as text, without leading whitespace."""
    head = chunk[:1024]
    return head.decode(Bytes([head]).encoding or "latin-1", errors="ignore").lstrip("\ufeff \t\r\n\v\f")
