"""A model's own catalogue as columns: one line for each fact, so that reading it is a few splits.

Unzipped, it is UTF-8 text. Each line is the name of a fact and its cells, one for each anime, with a tab
before each cell; ``|`` separates the names and ids of a cell, and an empty cell is an unknown fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from sys import intern
from typing import IO, Any

from hakken.catalogue.anime import Anime
from hakken.catalogue.reading import MAX_BYTES
from hakken.errors import ArtefactError
from hakken.files import BROKEN, open_unzipped, zipped

_SEPARATORS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def write(file: IO[bytes], anime: Sequence[Anime]) -> None:
    """Write all anime, gzipped, with the same bytes for the same anime.

    A ``|`` within a name becomes ``/`` and a tab or a line end a space, for they separate names and cells.
    """
    with zipped(file) as lines:
        for fact in _READERS:
            cells = (_cell(getattr(one, fact)) for one in anime)
            lines.write(("\t".join((fact, *cells)) + "\n").encode())


def read(path: Path) -> list[Anime]:
    """Read all anime that `write` has written, in their order.

    Raises:
        ArtefactError: the file is damaged or something else.
    """
    try:
        with open_unzipped(path) as file:
            return _anime(file.read(MAX_BYTES).decode())
    except (*BROKEN, ValueError) as error:
        raise ArtefactError(f"{path}: is no catalogue of a model ({error}); train the model again") from error


def _anime(text: str) -> list[Anime]:
    lines = (line.split("\t") for line in text.removesuffix("\n").split("\n"))
    cells = {fact: values for fact, *values in lines}
    if cells.keys() != _READERS.keys() or len({len(values) for values in cells.values()}) > 1:
        raise ValueError("its columns are not those of a catalogue")
    facts = [reader(cells.pop(fact)) for fact, reader in _READERS.items()]
    anime = [Anime(*row) for row in zip(*facts, strict=True)]
    if any(not one.title or not one.anime_id or one.members is None for one in anime):
        raise ValueError("an anime lacks its id, title or members")
    if len({one.anime_id for one in anime}) < len(anime):
        raise ValueError("an id stands twice")
    return anime


def _cell(fact: object) -> str:
    if fact is None:
        return ""
    if isinstance(fact, tuple):
        return "|".join(str(name).replace("|", "/").translate(_SEPARATORS) for name in fact)
    return str(fact).translate(_SEPARATORS)


def _each(read: Callable[[str], Any]) -> Callable[[list[str]], Iterable[Any]]:
    """Read the cells of a column of which most are unlike."""
    return lambda cells: [read(cell) if cell else None for cell in cells]


def _shared(
    read: Callable[[str], Any], unknown: tuple[str, ...] | None = None
) -> Callable[[list[str]], Iterable[Any]]:
    """Read the cells of a column of which many are alike; these become one object."""

    def read_all(cells: list[str]) -> Iterable[Any]:
        known = {cell: read(cell) if cell else unknown for cell in set(cells)}
        return map(known.__getitem__, cells)

    return read_all


def _names(cells: list[str]) -> Iterable[tuple[str, ...]]:
    return [tuple(cell.split("|")) if cell else () for cell in cells]


def _ids(cells: list[str]) -> Iterable[tuple[int, ...]]:
    return [tuple(map(int, cell.split("|"))) if cell else () for cell in cells]


def _shared_names(cell: str) -> tuple[str, ...]:
    return tuple(map(intern, cell.split("|")))


_READERS: dict[str, Callable[[list[str]], Iterable[Any]]] = {
    # In the order of the fields of `Anime`.
    "anime_id": _each(int),
    "title": list,
    "english": _each(str),
    "type": _shared(intern),
    "episodes": _shared(int),
    "year": _shared(int),
    "members": _each(int),
    "genres": _shared(_shared_names, ()),
    "franchise": _shared(int),
    "score": _shared(float),
    "source": _shared(intern),
    "studios": _shared(_shared_names, ()),
    "synonyms": _names,
    "image_url": _each(str),
    "minutes": _shared(int),
    "aired": _shared(str),
    "anilist_id": _each(int),
    "age": _shared(intern),
    "prequels": _ids,
    "sequels": _ids,
    "parents": _ids,
    "side_stories": _ids,
    "alternatives": _ids,
    "summaries": _ids,
}
