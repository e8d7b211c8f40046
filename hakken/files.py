"""Files as people have them: gzipped or not, whatever they are called, however their lines end."""

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
"""How a file that cannot be read, or only in part, shows."""

DAMAGED = "the file is damaged or was cut short: get it anew"

Unzipped = gzip.GzipFile | io.BufferedReader

_GZIP_MAGIC = b"\x1f\x8b"
_IN_DIRECTORY = 200
"""Files of a directory that are looked into, at most."""
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
    """Open a file for reading its bytes, unzipped on the way where its first bytes say that it is gzipped.

    It is opened once and read from its beginning to its end, so that a pipe serves too.

    Raises:
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        if file.peek(len(_GZIP_MAGIC)).startswith(_GZIP_MAGIC):
            with gzip.GzipFile(fileobj=file) as unzipped:
                yield unzipped
        else:
            yield file


def share_read(file: Unzipped) -> float:
    """Which share of a file, as it lies on the disk, has been read, 0–1; 0 of what has no size."""
    size = os.fstat(file.fileno()).st_size  # 0 of a pipe
    return os.lseek(file.fileno(), 0, os.SEEK_CUR) / size if size else 0.0


def reason(error: Exception) -> str:
    """Why a file cannot be read, in one line and without its name, with the remedy where there is one."""
    why = getattr(error, "strerror", None) or str(error).partition("\n")[0]
    cut_short = isinstance(error, EOFError | zlib.error | gzip.BadGzipFile)
    return f"{why}; {DAMAGED}" if cut_short else why


def instead_of(directory: Path, is_wanted: Callable[[Path], bool], wanted: str) -> str:
    """Which file of a directory to give in its place, in a few words.

    Args:
        directory: what was given.
        is_wanted: whether a file is one to give; never raises.
        wanted: what such a file is called.

    Raises:
        OSError: the directory cannot be read.
    """
    paths = sorted(islice(directory.iterdir(), _IN_DIRECTORY))
    found = [path.name for path in paths if path.is_file() and is_wanted(path)]
    return f"give one of its files: {', '.join(found[:5])}" if found else f"no file in it is {wanted}"


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there when all is written, and is what it was before when that fails.

    Raises:
        OSError: it cannot be written; also where a directory, a device or a pipe is there, for the new file
            would take its place. `unwritable` has the sentence.
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
    """Find out whether files can be made in a directory, which need not be there yet; nothing stays.

    Raises:
        OSError: they cannot. `unwritable` has the sentence.
    """
    missing = [one for one in (directory, *directory.parents) if not one.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    finally:
        for one in missing:
            with suppress(OSError):  # not made, or another's by now
                one.rmdir()


def unwritable(error: OSError) -> str:
    """Why a file or directory cannot be written, in one line and without its name, with the remedy."""
    return f"{reason(error)}; {_REMEDIES.get(error.errno or 0, _ANOTHER_PLACE)}"
