"""Facts about anime: what a recommendation needs to be shown, filtered and found by its title."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TypeVar

from hakken import artefact
from hakken.errors import CatalogueError
from hakken.files import BROKEN, open_unzipped, reason

COLUMNS = ("anime_id", "title", "english", "type", "episodes", "year", "members", "genres", "franchise")
ADULT_GENRES = frozenset({"Hentai", "Erotica"})
"""What MyAnimeList rates 18+."""
MAX_BYTES = 256 * 2**20

_T = TypeVar("_T", int, float)


@dataclass(frozen=True, slots=True)
class Anime:
    """One anime as its catalogue describes it; ``None`` where the catalogue is silent."""

    anime_id: int
    """Its id on MyAnimeList."""
    title: str
    """The main title, mostly romaji."""
    english: str | None = None
    type: str | None = None
    """``TV``, ``Movie``, ``OVA``, ``Special``, ``ONA``, ``Music`` …"""
    episodes: int | None = None
    year: int | None = None
    """The year it first aired."""
    members: int = 0
    """On how many MyAnimeList lists it stands; 0 where unknown."""
    genres: tuple[str, ...] = ()
    franchise: int | None = None
    """Anime with the same number belong together: seasons, films, specials."""

    @property
    def adult(self) -> bool:
        """Whether it is rated 18+, as far as its genres tell."""
        return not ADULT_GENRES.isdisjoint(self.genres)

    @property
    def url(self) -> str:
        """Its page on MyAnimeList."""
        return f"https://myanimelist.net/anime/{self.anime_id}"


class Catalogue(Mapping[int, Anime]):
    """All anime known by id, in the order of the file they came from."""

    def __init__(self, anime: Iterable[Anime] = ()) -> None:
        self._by_id = {one.anime_id: one for one in anime}

    def __getitem__(self, anime_id: int) -> Anime:
        return self._by_id[anime_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Every genre that an anime of the catalogue has, in alphabetical order."""
        return tuple(sorted({genre for anime in self.values() for genre in anime.genres}))

    def anime(self, anime_id: int) -> Anime:
        """Its facts, or a stand-in that names the id where the catalogue has no such anime."""
        return self.get(anime_id) or Anime(anime_id, f"anime {anime_id}")

    def title(self, anime_id: int) -> str:
        """Its title, or that of its stand-in."""
        return self.anime(anime_id).title

    @classmethod
    def read(cls, path: str | Path) -> Catalogue:
        """Read a catalogue: tab-separated with a header, quoted as CSV is, gzipped or not.

        Needs the columns ``anime_id`` and ``title``; knows ``english``, ``type``, ``episodes``, ``year``,
        ``members``, ``genres`` (separated by ``|``) and ``franchise``; passes over others. Empty cells are
        unknown facts.

        Raises:
            CatalogueError: no such file, a missing column, a cell that is no number where one belongs, an
                id that stands twice: the sentence names file, line and value.
        """
        path = Path(path)
        try:
            with open_unzipped(path) as file:
                text = _read_bounded(file, path).decode("utf-8-sig")
        except BROKEN as error:
            raise CatalogueError(f"{path}: cannot be read: {reason(error)}") from error
        except UnicodeDecodeError as error:
            raise CatalogueError(f"{path}: is not UTF-8 text: {error}") from error
        return cls(_parse(path, text))

    @classmethod
    def of_model(cls, directory: str | Path) -> Catalogue:
        """Read the catalogue that was saved with a model.

        Raises:
            ArtefactError: the model is missing or damaged.
        """
        return cls.read(artefact.locate(directory, "catalogue"))

    def write(self, file: IO[bytes]) -> None:
        """Write the catalogue as `read` takes it, gzipped, the same bytes for the same anime."""
        # No name and no time in the gzip header: the bytes depend on the anime alone.
        with (
            gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=9, mtime=0) as zipped,
            io.TextIOWrapper(zipped, encoding="utf-8", newline="") as text,
        ):
            writer = csv.writer(text, dialect="excel-tab", lineterminator="\n")
            writer.writerow(COLUMNS)
            for one in self.values():
                cells = (getattr(one, column) for column in COLUMNS)
                writer.writerow("|".join(cell) if isinstance(cell, tuple) else cell for cell in cells)


def _read_bounded(file: gzip.GzipFile | io.BufferedReader, path: Path) -> bytes:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CatalogueError(f"{path}: is larger than {MAX_BYTES >> 20} MiB, which no catalogue is")
    return data


def _parse(path: Path, text: str) -> Iterator[Anime]:
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect="excel-tab")
    try:
        for column in ("anime_id", "title"):
            if column not in (rows.fieldnames or ()):
                raise CatalogueError(f"{path}: line 1: the column '{column}' is missing")
        seen: set[int] = set()
        for row in rows:
            anime = _anime(row, f"{path}: line {rows.line_num}")
            if anime.anime_id in seen:
                raise CatalogueError(f"{path}: line {rows.line_num}: anime_id {anime.anime_id} stands twice")
            seen.add(anime.anime_id)
            yield anime
    except csv.Error as error:
        raise CatalogueError(f"{path}: line {rows.line_num}: {error}") from error


def _anime(row: Mapping[str, str | None], place: str) -> Anime:
    def number(column: str, kind: Callable[[str], _T]) -> _T | None:
        cell = row.get(column)
        if not cell:
            return None
        try:
            return kind(cell)
        except ValueError:
            raise CatalogueError(f"{place}: '{cell}' in the column '{column}' is not a number") from None

    anime_id, title = number("anime_id", int), row.get("title")
    if anime_id is None or anime_id < 1 or not title:
        raise CatalogueError(f"{place}: an anime needs an anime_id from 1 on and a title")
    return Anime(
        anime_id=anime_id,
        title=title,
        english=row.get("english") or None,
        type=row.get("type") or None,
        episodes=number("episodes", int),
        year=number("year", int),
        members=number("members", int) or 0,
        genres=_genres(row.get("genres") or ""),
        franchise=number("franchise", int),
    )


def _genres(cell: str) -> tuple[str, ...]:
    # Merged lists left stray quotes around some names, and some names twice.
    names = (name.strip(' "') for name in cell.split("|"))
    return tuple(dict.fromkeys(name for name in names if name))
