"""Catalogue of all known anime, read from and written to files."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import IO

from hakken import artefact
from hakken.catalogue import columns
from hakken.catalogue.anime import Anime
from hakken.catalogue.cells import kept
from hakken.catalogue.reading import CatalogueReport, DroppedRows, line_rows, read_anime, table_rows
from hakken.files import zipped

__all__ = ["COLUMNS", "Anime", "Catalogue", "CatalogueReport", "DroppedRows"]

_log = logging.getLogger(__name__)

COLUMNS = (
    "anime_id",
    "title",
    "english",
    "type",
    "episodes",
    "year",
    "members",
    "genres",
    "franchise",
    "score",
    "source",
    "studios",
    "synonyms",
    "image_url",
    "minutes",
    "aired",
    "anilist_id",
    "age",
    "prequels",
    "sequels",
    "parents",
    "side_stories",
    "alternatives",
    "summaries",
)
"""The columns of our own layout."""


class Catalogue(Mapping[int, Anime]):
    """All known anime by id, in the order of their file.

    If any of them has an age rating, the lack of one makes the others suspect, see `hakken.catalogue.adult`.
    Older catalogues have none at all, and lose nothing.
    """

    def __init__(self, anime: Iterable[Anime] = (), report: CatalogueReport | None = None) -> None:
        self._by_id = {one.anime_id: one for one in anime}
        self._has_ages = any(one.age is not None for one in self._by_id.values())
        for one in self._by_id.values():
            if one.age is None and one.others_have_ages != self._has_ages:
                self._by_id[one.anime_id] = replace(one, others_have_ages=self._has_ages)
        self.report = report or CatalogueReport(rows=len(self._by_id))
        """Counts of the rows that were read and dropped from its file."""

    def __getitem__(self, anime_id: int) -> Anime:
        return self._by_id[anime_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """All genres of the catalogue's anime, in alphabetical order."""
        return tuple(sorted({genre for anime in self.values() for genre in anime.genres}))

    @cached_property
    def by_anilist_id(self) -> Mapping[int, int]:
        """The anime's ids on MyAnimeList by those on AniList."""
        return {one.anilist_id: one.anime_id for one in self.values() if one.anilist_id is not None}

    def anime(self, anime_id: int) -> Anime:
        """Return an anime's facts, or a stand-in that names the id if the catalogue lacks it."""
        stand_in = Anime(anime_id, f"anime {anime_id}", others_have_ages=self._has_ages)
        return self.get(anime_id) or stand_in

    def title(self, anime_id: int) -> str:
        """Return an anime's title, or that of its stand-in."""
        return self.anime(anime_id).title

    @classmethod
    def read(cls, path: str | Path) -> Catalogue:
        """Read a catalogue from a file, gzipped or not; its columns determine the format.

        - Ours: tab-separated with ``anime_id``, ``title`` and optionally the other `COLUMNS`; ``|`` separates
          the names and ids of a cell.
        - Comma-separated with ``anime_id`` and ``title``: MyAnimeList of 2018 by azathoth42 on Kaggle,
          ``AnimeList.csv`` and its filtered and cleaned forms.
        - Comma-separated with ``anime_id`` and ``name``: that of 2016 by CooperUnion, ``anime.csv``.
        - Comma-separated with ``MAL_ID`` and ``Name``: that of 2020 by hernan4444, ``anime.csv``.

        Empty cells are unknown facts; other columns are ignored. Rows that cannot be read are dropped and
        counted in the `report`, as are unreadable covers and relations in readable rows. If no column has the
        franchises, relations define them: all except ``Character`` and ``Other`` join anime.

        Raises:
            CatalogueError: there is no such file, a column is missing, it has more than 256 MiB, or more than
                one row in a hundred is broken (cells that do not fit the header, a cell that is not a number
                where one belongs, a repeated id); the message names file, row and value of the first.
        """
        return cls(*read_anime(Path(path), table_rows))

    @classmethod
    def of_model(cls, directory: str | Path) -> Catalogue:
        """Read the catalogue that was saved with a model, also with one of version 0.4.

        Raises:
            ArtefactError: the model is missing or damaged.
        """
        path = artefact.locate(directory, "catalogue")
        if path.name.endswith(artefact.COLUMNS):
            return cls(columns.read(path))
        _log.warning(
            "%s was saved by an older Hakken: it lacks Japanese titles, lengths and typed relations; "
            "train it again",
            directory,
        )
        return cls(*read_anime(path, line_rows))

    def save(self, file: IO[bytes]) -> None:
        """Write the catalogue as `of_model` reads it, small and fast; see `hakken.catalogue.columns`."""
        columns.write(file, tuple(self.values()))

    def write(self, file: IO[bytes]) -> None:
        """Write the catalogue in the format of `read`, gzipped, with the same bytes for the same anime.

        A ``|`` within a name becomes ``/``, because it separates names.
        """
        with zipped(file) as rows, io.TextIOWrapper(rows, encoding="utf-8", newline="") as text:
            writer = csv.writer(text, dialect="excel-tab", lineterminator="\n")
            writer.writerow(COLUMNS)
            for one in self.values():
                writer.writerow(_cell(column, getattr(one, column)) for column in COLUMNS)


def _cell(column: str, fact: object) -> object:
    if not isinstance(fact, tuple):
        return fact
    names = map(kept, fact) if column == "synonyms" else map(str, fact)
    return "|".join(name.replace("|", "/") for name in names)
