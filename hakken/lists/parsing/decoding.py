"""Finds the encoding of a file by what its bytes are, whatever the file says about itself."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

REPLACED = "A few letters of the file were damaged; they are � now."
CONTROLS_LEFT_OUT = "Invisible control characters were left out."
_STARTS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
)
_LOOKED_AT = 1024
"""Bytes at the start that tell UTF-16 without a mark."""
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN = re.compile(
    r"(iso-?8859-?\d+|latin-?\d|windows-125\d|cp125\d|cp(437|850|866|932|936|949|950)|koi8-?[ru]|mac-?roman"
    r"|shift[_-]?jis|sjis|ms932|windows-31j|euc[_-]?(jp|kr)|gbk?(2312|18030)?|big5|tis-620)",
    re.IGNORECASE,
)
"""Encodings that a file may declare; Python's other codecs are no encodings of text, or costly ones."""
_ASCII, _HIGH = bytes(range(128)), bytes(range(128, 256))
# Bytes of Western European and Cyrillic text in the old encodings of Windows.
_WESTERN = re.compile(
    rb"[\x00-\x7f\x85\x8a\x8c\x8e\x91-\x94\x96\x97\x9a\x9c\x9e\x9f\xa0\xb0\xb2\xb3\xb7\xbd"
    rb"\xc0-\xd6\xd8-\xf6\xf8-\xff]*"
)
_CYRILLIC_WORD = re.compile(rb"[\xa8\xaf\xb2\xb3\xb8\xba\xbf\xc0-\xff]{3,}")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Bytes:
    """Counts what tells encodings apart, over all of a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Read the chunks once."""
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.head = b""
        self.damaged = self.letters = high = cyrillic = 0
        self.western = True
        for chunk in chunks:
            self.head = self.head or chunk[:_LOOKED_AT]
            count = len(chunk.translate(None, _ASCII))
            text = decoder.decode(chunk)
            if count:
                replaced = text.count("\ufffd")
                self.damaged += replaced
                self.letters += len(text) - (len(chunk) - count) - replaced
                high += count
                cyrillic += sum(map(len, _CYRILLIC_WORD.findall(chunk)))
                self.western &= _WESTERN.fullmatch(chunk) is not None
        self.damaged += len(decoder.decode(b"", final=True))
        self.cyrillic = 2 * cyrillic > high

    @property
    def encoding(self) -> str | None:
        """The name of the encoding; None if it is an old one that cannot be told from others."""
        marked = next((name for start, name in _STARTS if self.head.startswith(start)), None)
        if marked or (marked := self._utf16()):
            return marked
        if not self.damaged:
            return "utf-8"
        declared = _DECLARED.match(self.head)
        if declared and _KNOWN.fullmatch(name := declared[1].decode()):
            with suppress(LookupError):
                return codecs.lookup(name).name
        if self.damaged <= self.letters:
            return "utf-8"
        if self.cyrillic:
            return "cp1251"
        return "cp1252" if self.western else None

    def _utf16(self) -> str | None:
        """Tell UTF-16 without a mark by its zeros: every second byte of a plain letter is one."""
        even, odd = self.head[::2].count(0), self.head[1::2].count(0)
        few, many = sorted((even, odd))
        if 20 * many <= len(self.head) or 10 * few >= many:
            return None
        return "utf-16-le" if odd > even else "utf-16-be"


def decoded(chunks: Iterable[bytes], encoding: str, notes: dict[str, None]) -> Iterator[str]:
    """Yield the text; damaged bytes become U+FFFD, control characters are dropped, and both are noted."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield cleaned(decoder.decode(chunk), notes)
    yield cleaned(decoder.decode(b"", final=True), notes)


def cleaned(text: str, notes: dict[str, None]) -> str:
    """Drop control characters, and note what a member should know."""
    if "\ufffd" in text:
        notes[REPLACED] = None
    clean, dropped = _CONTROLS.subn("", text)
    if dropped:
        notes[CONTROLS_LEFT_OUT] = None
    return clean
