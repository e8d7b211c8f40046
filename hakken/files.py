"""Files as people have them: gzipped or not, whatever they are called."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

BROKEN = (OSError, EOFError, zlib.error)
"""How a file that cannot be read, or only in part, shows."""

_GZIP_MAGIC = b"\x1f\x8b"


def open_unzipped(path: Path) -> gzip.GzipFile | io.BufferedReader:
    """Open a file for reading its bytes, unzipped on the way where its first bytes say that it is gzipped.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        zipped = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    return gzip.GzipFile(path) if zipped else path.open("rb")


def reason(error: Exception) -> str:
    """Why a file cannot be read, in one line and without its name."""
    return getattr(error, "strerror", None) or str(error).partition("\n")[0]
