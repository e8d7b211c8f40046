"""Parses MyAnimeList's list export: the current format and the old ``malappinfo`` format."""

from __future__ import annotations

from collections.abc import Iterable
from xml.parsers import expat

from .rows import MAX_ENTRIES, CutShortError, Parsed, UnreadableError

CELLS = {
    "series_animedb_id": "mal_id",
    "series_title": "title",
    "my_score": "score",
    "my_status": "status",
    "my_start_date": "started",
    "my_finish_date": "finished",
}
"""The elements of an entry that are read, and the cell that each fills."""
MAX_TOKEN_BYTES = 256 * 2**10
"""Limit for one tag or comment. Expat rescans a long one with every chunk (CVE-2023-52425)."""
_MAX_DEPTH = 8
"""A list has three levels."""
_MAX_ELEMENTS = 30 * MAX_ENTRIES
"""An entry has 24."""
_MAX_NAMES = 1000
"""Different names of elements; the parser keeps them all, and both forms together have about 50."""
_MAX_TEXT = 1000
"""Characters kept of one element: more than any title, number or date has."""
NOT_A_LIST = (
    "This is not an anime list: get yours at https://myanimelist.net/panel.php?go=export "
    "and send the file as it is."
)
MANGA = "manga; I read anime only"
ONLY_MANGA = "This is a manga list: choose 'Anime List' where you export it."
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_CUT_SHORT = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


class DamagedError(UnreadableError):
    """The file is not well-formed, or another element holds its entries: `mended_xml` may read it."""


def parse_xml(chunks: Iterable[bytes]) -> Parsed:
    """Read a list incrementally, never holding more of the file than a chunk.

    A document type is refused, and with it all internal and external entities: no list export has one.

    Raises:
        CutShortError: the file ends too early.
        DamagedError: the file is not well-formed.
        UnreadableError: the file is not an anime list.
    """
    reading = _Reading()
    parser, fed = reading.parser, 0
    try:
        for chunk in chunks:
            parser.Parse(chunk)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > MAX_TOKEN_BYTES or len(parser.intern) > _MAX_NAMES:
                raise UnreadableError(NOT_A_LIST)
        parser.Parse(b"", True)  # noqa: FBT003 - it has no name
    except expat.ExpatError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from error
        if error.code in _CUT_SHORT:
            raise CutShortError(
                "The file was cut short: export your list again and send all of it."
            ) from error
        raise DamagedError(
            f"The file is damaged at line {error.lineno:,}: export your list again and send it unchanged."
        ) from error
    except (LookupError, ValueError) as error:  # raised for the encoding that the file names
        raise DamagedError("The file is in an unusual encoding: save it as UTF-8.") from error
    if len(parser.intern) > _MAX_NAMES:  # a newer parser may have kept all of a small file for its end
        raise UnreadableError(NOT_A_LIST)
    return checked(reading.parsed)


def checked(parsed: Parsed) -> Parsed:
    """Refuse a list of nothing but manga."""
    if not parsed.rows and parsed.passed_over[MANGA]:
        raise UnreadableError(ONLY_MANGA)
    return parsed


class _Reading:
    """The parser's position in the list, and its handlers."""

    def __init__(self) -> None:
        self.parsed = Parsed("myanimelist", usual_top=10)
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._depth = self._elements = 0
        self._cells: dict[str, str] = {}
        self._text: list[str] = []
        self._length = 0

    def _doctype(self, *_: object) -> None:
        raise UnreadableError(NOT_A_LIST)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth == 1:
            if name != "myanimelist":
                raise DamagedError(NOT_A_LIST)
        elif self._depth > _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise UnreadableError(NOT_A_LIST)
        elif self._depth == 2:
            self._cells = {}
        elif self._depth == 3 and name in CELLS:
            self._text, self._length = [], 0
            # Only now: the text of unused elements, above all comments, never reaches Python.
            self.parser.CharacterDataHandler = self._characters

    def _characters(self, text: str) -> None:
        if self._length <= _MAX_TEXT:
            self._text.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        if self._depth == 3 and name in CELLS:
            self.parser.CharacterDataHandler = None
            self._cells[CELLS[name]] = "".join(self._text)
        elif self._depth == 2 and name == "anime":
            self.parsed.take(self._cells)
        elif self._depth == 2 and name == "manga":
            self.parsed.passed_over[MANGA] += 1
        self._depth -= 1
