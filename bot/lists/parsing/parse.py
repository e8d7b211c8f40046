"""Parses a list file of any format, detected from its content."""

from __future__ import annotations

import codecs
from itertools import chain

from .animelist_xml import parse_xml
from .hakken_json import MAX_JSON_BYTES, parse_json
from .rows import Parsed, UnreadableError
from .table import MAX_TABLE_BYTES, parse_table
from .unpacking import unpacked, whole

_LOOKED_AT = 1024
"""Bytes at the start that are used to detect the format."""


def parse(content: bytes) -> Parsed:
    """Read a list: MyAnimeList's XML, gzipped or not, Hakken's JSON, or a table.

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
        parsed = parse_xml(chunks)
    elif beginning.startswith(("{", "[")):
        parsed = parse_json(whole(chunks, MAX_JSON_BYTES))
    else:
        parsed = parse_table(whole(chunks, MAX_TABLE_BYTES))
    parsed.check()
    return parsed


def _beginning(chunk: bytes) -> str:
    """Return the start of the file as text, without leading whitespace."""
    utf16 = chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = chunk[:_LOOKED_AT].decode("utf-16" if utf16 else "utf-8-sig", errors="ignore")
    return text.lstrip()
