"""Read and write files: gzipped or not, from pipes, and completely or not at all."""

from __future__ import annotations

import errno
import gzip
import io
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import IO

BROKEN = (OSError, EOFError, zlib.error)
"""Exceptions raised for a file that cannot be read completely."""

DAMAGED = "the file is damaged or was cut short: download it again"

Unzipped = gzip.GzipFile | io.BufferedReader

_GZIP_MAGIC = b"\x1f\x8b"
_IN_DIRECTORY = 200
"""Maximum number of files of a directory that are checked."""
_ANOTHER_PLACE = "choose another place"
_REMEDIES = {
    errno.ENOENT: "make the directory first",
    errno.EISDIR: "give the name of a file in it",
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EFBIG: "make room",
}


@contextmanager
def open_unzipped(path: Path) -> Iterator[Unzipped]:
    """Open a file for reading bytes, and unzip it if its first bytes mark it as gzipped.

    The file is opened once and read from beginning to end, so that pipes work, too.

    Raises:
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        if file.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC):
            with gzip.GzipFile(fileobj=file) as unzipped:
                yield unzipped
        else:
            yield file


def zipped(file: IO[bytes], level: int = 9) -> gzip.GzipFile:
    """Return a writer that gzips into a file, without name and time: the same bytes for the same content."""
    return gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=level, mtime=0)


def share_read(file: Unzipped) -> float:
    """Return the share of the file's bytes on disk that has been read, 0–1; 0 if it has no size."""
    size = os.fstat(file.fileno()).st_size  # 0 for a pipe
    return os.lseek(file.fileno(), 0, os.SEEK_CUR) / size if size else 0.0


def reason(error: Exception) -> str:
    """Say why a file cannot be read, in one line without its name, with the remedy if there is one."""
    why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    cut_short = isinstance(error, EOFError | zlib.error | gzip.BadGzipFile)
    return f"{why}; {DAMAGED}" if cut_short else why


def instead_of(directory: Path, is_wanted: Callable[[Path], bool], wanted: str) -> str:
    """Suggest files of a directory to give instead of the directory, in a few words.

    Raises:
        OSError: the directory cannot be read.
    """
    paths = sorted(islice(directory.iterdir(), _IN_DIRECTORY))
    found = [path.name for path in paths if path.is_file() and is_wanted(path)]
    return f"give one of its files: {', '.join(found[:5])}" if found else f"no file in it is {wanted}"


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that appears only when it is complete; on failure the old file stays.

    Raises:
        OSError: it cannot be written, or the path is a directory, a device or a pipe, which the new file
            would replace. `unwritable` makes the message.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "is a device or a pipe, not a file", str(path))
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def try_directory(directory: Path) -> None:
    """Check that files can be created in a directory, which need not exist yet; leaves nothing behind.

    Raises:
        OSError: they cannot. `unwritable` makes the message.
    """
    missing = [one for one in (directory, *directory.parents) if not one.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    finally:
        for one in missing:
            with suppress(OSError):  # it was not created, or another process uses it by now
                one.rmdir()


def unwritable(error: OSError) -> str:
    """Say why a file or directory cannot be written, in one line without its name, with the remedy."""
    return f"{reason(error)}; {_REMEDIES.get(error.errno or 0, _ANOTHER_PLACE)}"
