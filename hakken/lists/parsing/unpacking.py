"""Yields a file's bytes, decompressed if its first bytes say that it is gzipped."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from .rows import CutShortError, UnreadableError

MAX_FILE_BYTES = 16 * 2**20
"""Limit for an uploaded file. 10,000 entries in MyAnimeList's format are 10 MiB when not compressed."""
MAX_UNPACKED_BYTES = 64 * 2**20
"""A list of 50,000 entries in MyAnimeList's format is about 48 MiB."""
CHUNK_BYTES = 64 * 2**10

_GZIP_MAGIC, _ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_DAMAGED = "The file is damaged or was cut short: export it again."


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the content in chunks of at most `CHUNK_BYTES`.

    Raises:
        CutShortError: the file is damaged after the chunks so far.
        UnreadableError: the file is too large (compressed or not), or in another archive format.
    """
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableError(
            f"The file is larger than {MAX_FILE_BYTES >> 20} MiB; no list is that long. Send the export."
        )
    if content.startswith(_ZIP_MAGIC):
        raise UnreadableError(
            "This is a zip archive or a workbook: unpack it, or save it as CSV, and send the list itself."
        )
    if not content.startswith(_GZIP_MAGIC):
        yield from _pieces(content)
        return
    for at, chunk in enumerate(_gunzipped(content)):
        if at == 0 and chunk.startswith((_GZIP_MAGIC, _ZIP_MAGIC)):
            raise UnreadableError("The file is packed twice: unpack it and send the list that is in it.")
        yield chunk


def whole(chunks: Iterable[bytes], limit: int) -> bytes:
    """Join all of the content, for formats that cannot be read incrementally.

    Raises:
        UnreadableError: the content is larger than the limit, in bytes.
    """
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > limit:
            raise UnreadableError(
                f"The file holds more than {limit >> 20} MiB of text: send the list in MyAnimeList's form."
            )
    return bytes(content)


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES))


def _gunzipped(content: bytes) -> Iterator[bytes]:
    unzip, pieces, size = zlib.decompressobj(_GZIP_WINDOW), _pieces(content), 0
    while not unzip.eof:
        waiting = unzip.unconsumed_tail or next(pieces, b"")
        try:
            chunk = unzip.decompress(waiting, CHUNK_BYTES)
        except zlib.error as error:
            raise CutShortError(_DAMAGED) from error
        if not chunk and not waiting:
            raise CutShortError(_DAMAGED)
        size += len(chunk)
        if size > MAX_UNPACKED_BYTES:
            raise UnreadableError(
                f"The file unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB: no list is that long."
            )
        if chunk:
            yield chunk
    # Padding with zeros is common. A second list must be an error, or it would go unread unnoticed.
    if any(rest.strip(b"\0") for rest in chain([unzip.unused_data], pieces)):
        raise UnreadableError("There is more in the file than one packed list: unpack it and send the list.")
