"""Reads the entries of a list in MyAnimeList's form that is not well-formed.

Nothing but entries is looked at. Entities are those of HTML's fixed table, never any that a file defines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from html.entities import html5

from .animelist_xml import CELLS, MANGA, MAX_TOKEN_BYTES, checked
from .rows import CutShortError, Parsed

CUT_SHORT = "The file is damaged or ends early: entries after that place are missing."
MENDED = "The file is not quite in MyAnimeList's form, so I read it entry by entry."
AMPERSANDS = "An “&” that stands for itself was read as it is."

_START = re.compile(r"<(anime|manga)(?=[\s/>])[^<>]*>")
_INSIDE = re.compile(r"<!\[CDATA\[|</(?:anime|manga)\s*>|<(?:anime|manga)(?=[\s/>])")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CELL = re.compile(rf"<({'|'.join(CELLS)})(?:\s[^<>]*)?(?:/>|>([^<]*)</\1\s*>)")
_ENTITY = re.compile(r"&(?:#([0-9]{1,7});|#x([0-9a-f]{1,6});|([a-z][a-z0-9]{1,30};))?", re.IGNORECASE)
_MAX_TEXT = 4000
"""Characters kept of one element, entities included: more than any title, number or date has."""


def parse_mended_xml(text: Iterable[str], notes: dict[str, None]) -> Parsed:
    """Read the entries of a damaged list, up to the place after which none can be told from another.

    Args:
        text: the file's text in pieces.
        notes: what was mended so far; grows while the text is read.
    """
    parsed = Parsed("myanimelist", usual_top=10, notes=notes)
    for name, body in _entries(text, notes):
        if name == "manga":
            parsed.passed_over[MANGA] += 1
        else:
            parsed.take(_cells(body, notes))
    if not notes:
        notes[MENDED] = None
    return checked(parsed)


def _entries(text: Iterable[str], notes: dict[str, None]) -> Iterator[tuple[str, str]]:
    """Yield the kind and the inside of each whole entry."""
    rest = ""
    try:
        for piece in text:
            rest += piece
            at = 0
            while start := _START.search(rest, at):
                end = _end(rest, start.end())
                if end is None:
                    break
                yield start[1], rest[start.end() : end]
                at = end
            rest = rest[start.start() if start else max(at, rest.rfind("<", at)) :]
            if len(rest) > MAX_TOKEN_BYTES:
                break
    except CutShortError:
        notes[CUT_SHORT] = None
    if _START.match(rest):
        notes[CUT_SHORT] = None


def _end(text: str, at: int) -> int | None:
    """Return where the entry that is open at this place ends; None if the text ends before."""
    while found := _INSIDE.search(text, at):
        if not found[0].startswith("<!"):
            return found.start()
        at = text.find("]]>", found.end())
        if at < 0:
            return None
    return None


def _cells(body: str, notes: dict[str, None]) -> dict[str, str]:
    def letter(entity: re.Match[str]) -> str:
        decimal, hexadecimal, name = entity.groups()
        if name:
            return html5.get(name, entity[0])
        if decimal or hexadecimal:
            number = int(decimal) if decimal else int(hexadecimal, 16)
            return chr(number) if 31 < number < 0x110000 else ""
        notes[AMPERSANDS] = None
        return "&"

    plain = _CDATA.sub(lambda section: escape(section[1], quote=False), _without_comments(body))
    return {CELLS[name]: _ENTITY.sub(letter, text[:_MAX_TEXT]) for name, text in _CELL.findall(plain)}


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])
