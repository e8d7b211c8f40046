"""Artefact: a trained model on disk, as a directory of arrays and a manifest with their checksums.

The files have their checksum in their name and are complete before the manifest that lists them replaces the
old one atomically. Until then the old manifest and all its files stay, so that a crash at any line leaves
either the old artefact or the new one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hakken.errors import ArtefactError

FORMAT = 4
"""Format version, increased whenever older versions of Hakken could not read the new artefacts."""
_READ = (3, FORMAT)
"""Format versions that can be read; the catalogue of 3 is a table of rows."""
COLUMNS = "columns.gz"
"""Ending of files that hold a table by columns."""
MANIFEST = "manifest.json"

_MAX_MANIFEST_BYTES = 2**20
_FILE_NAME = r"[a-z_]+\.[0-9a-f]{12}\.(npy|tsv\.gz|columns\.gz)"


class FileEntry(BaseModel):
    """The manifest's entry for a file of the artefact."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(pattern=f"^{_FILE_NAME}$")
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """Files of an artefact, and how and on what data it was trained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    parameters: dict[str, float | int | None]
    """The model's parameters."""
    data: dict[str, str | int | float]
    """Counts and the fingerprint of the rating set."""
    metrics: dict[str, float | int]
    """Metrics of the training run: seconds, errors on unseen members."""
    files: dict[str, FileEntry]


@dataclass(frozen=True)
class Artefact:
    """A checked artefact: its manifest, its arrays mapped into memory, the paths of its other files."""

    manifest: Manifest
    arrays: Mapping[str, NDArray[Any]]
    """Read-only and memory-mapped: data is read only when it is used."""
    paths: Mapping[str, Path]


Writer = Callable[[IO[bytes]], None]
"""Writes one file's bytes."""


def write(
    directory: str | Path,
    arrays: Mapping[str, NDArray[Any]],
    others: Mapping[str, Writer],
    *,
    parameters: Mapping[str, float | int | None],
    data: Mapping[str, str | int | float],
    metrics: Mapping[str, float | int],
) -> None:
    """Save an artefact in a directory, replacing an existing one.

    Args:
        directory: created if missing.
        arrays: arrays to save as ``.npy``, by name (lower-case letters and ``_``).
        others: writers of gzipped tables by columns, by name.
        parameters: for the manifest.
        data: for the manifest.
        metrics: for the manifest.

    Raises:
        ArtefactError: it cannot be written; an existing artefact stays intact.
    """
    directory = Path(directory)
    writers: dict[str, tuple[str, Writer]] = {name: ("npy", _array_writer(of)) for name, of in arrays.items()}
    writers |= {name: (COLUMNS, writer) for name, writer in others.items()}
    before: set[Path] | None = None
    try:
        if directory.exists():
            before = set(directory.iterdir())
        directory.mkdir(parents=True, exist_ok=True)
        files = {name: _write_file(directory, name, *how) for name, how in writers.items()}
        manifest = Manifest(
            format=FORMAT,
            parameters=dict(parameters),
            data=dict(data),
            metrics=dict(metrics),
            files=files,
        )
        _write_whole(directory / MANIFEST, lambda file: _write_manifest(file, manifest))
    except BaseException as error:
        # Also on an interrupt: remove the new files, unless the new manifest is already in place.
        _take_back(directory, before)
        if isinstance(error, OSError):
            raise ArtefactError(
                f"{directory}: the model cannot be saved there ({error.strerror or error}); "
                "make room or choose another --out; what stood there before is as it was"
            ) from error
        raise
    _remove_others(directory, {entry.file for entry in files.values()})


def read(directory: str | Path) -> Artefact:
    """Check an artefact against its manifest and map its arrays into memory; nothing is unpickled.

    Raises:
        ArtefactError: there is no artefact, it has another version, or a file is missing, changed or not an
            array; the message names the file and the remedy.
    """
    directory = Path(directory)
    manifest = _read_manifest(directory)
    paths = {name: directory / entry.file for name, entry in manifest.files.items()}
    for name, entry in manifest.files.items():
        _check(paths[name], entry)
    arrays = {name: _map(path) for name, path in paths.items() if path.suffix == ".npy"}
    return Artefact(manifest, arrays, {name: path for name, path in paths.items() if name not in arrays})


def locate(directory: str | Path, name: str) -> Path:
    """Find the path of one file of an artefact; only this file is checked.

    Raises:
        ArtefactError: as `read`, or the artefact has no such file.
    """
    directory = Path(directory)
    entry = _read_manifest(directory).files.get(name)
    if entry is None:
        raise ArtefactError(f"{directory / MANIFEST}: names no {name}; train the model again")
    path = directory / entry.file
    _check(path, entry)
    return path


def _array_writer(array: NDArray[Any]) -> Writer:
    return lambda file: np.save(file, array, allow_pickle=False)


def _write_manifest(file: IO[bytes], manifest: Manifest) -> None:
    file.write(manifest.model_dump_json(indent=2).encode() + b"\n")


def _write_file(directory: Path, name: str, ending: str, writer: Writer) -> FileEntry:
    with tempfile.NamedTemporaryFile(dir=directory, prefix=".", suffix=".part", delete=False) as file:
        part = Path(file.name)
        try:
            writer(file)
            _to_disk(file)
            sha256 = _sha256(part)
            size = part.stat().st_size
            path = part.replace(directory / f"{name}.{sha256[:12]}.{ending}")
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    path.chmod(0o644)
    return FileEntry(file=path.name, bytes=size, sha256=sha256)


def _write_whole(path: Path, writer: Writer) -> None:
    """Replace a file atomically by a complete one."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            writer(file)
            _to_disk(file)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)  # so that the names are on the disk, too
    finally:
        os.close(handle)


def _take_back(directory: Path, before: set[Path] | None) -> None:
    """Remove what a failed save left; ``before`` holds the directory's files before it, None if it is new."""
    with contextlib.suppress(OSError, ArtefactError):
        named = set()
        if (directory / MANIFEST).exists():
            named = {entry.file for entry in _read_manifest(directory).files.values()}
        for path in set(directory.iterdir()) - (before or set()):
            if _is_ours(path) and path.name not in named:
                path.unlink(missing_ok=True)
        if before is None:
            directory.rmdir()


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _remove_others(directory: Path, kept: set[str]) -> None:
    """Remove files of earlier artefacts and interrupted saves; processes that have mapped them keep them."""
    for path in directory.iterdir():
        if _is_ours(path) and path.name not in kept:
            path.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Return whether a file is named like an artefact's, complete or not; the manifest is not included."""
    return re.fullmatch(rf"{_FILE_NAME}|\..+\.part", path.name) is not None


def _read_manifest(directory: Path) -> Manifest:
    path = directory / MANIFEST
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_MANIFEST_BYTES + 1)
    except FileNotFoundError:
        raise ArtefactError(
            f"{directory}: there is no model here; train one with "
            f"'python -m hakken train RATINGS --catalogue FILE --out {directory}'"
        ) from None
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read: {error.strerror}") from error
    if len(text) > _MAX_MANIFEST_BYTES:
        raise ArtefactError(f"{path}: is too large to be a manifest; train the model again")
    try:
        version = _Version.model_validate_json(text).format
        if version not in _READ:
            remedy = "update Hakken" if version > FORMAT else "train the model again"
            raise ArtefactError(f"{path}: has format {version}, this Hakken reads format {FORMAT}: {remedy}")
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ArtefactError(f"{path}: {place}: {first['msg']}; train the model again") from error


class _Version(BaseModel):
    format: int


def _check(path: Path, entry: FileEntry) -> None:
    try:
        size = path.stat().st_size
        sound = size == entry.bytes and _sha256(path) == entry.sha256
    except FileNotFoundError:
        raise ArtefactError(f"{path}: is missing from the model; train it again or copy it again") from None
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read: {error.strerror}") from error
    if not sound:
        raise ArtefactError(
            f"{path}: is damaged: its checksum is not the manifest's; train the model again or copy it again"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _map(path: Path) -> NDArray[Any]:
    try:
        return np.asarray(np.lib.format.open_memmap(path, mode="r"))
    except Exception as error:  # a header made up to do harm ends in TypeError, MemoryError, tokenize's own …
        raise ArtefactError(f"{path}: is not a NumPy array; train the model again") from error
