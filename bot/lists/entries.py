"""An imported list, independent of its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from bot.lists.parsing.rows import FileKind, Status

ListKind: TypeAlias = FileKind | Literal["anilist"]


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list's entry for one anime."""

    anime_id: int
    """The id on MyAnimeList."""
    score: int | None
    """1–10; None: not scored."""
    status: Status | None
    """None if the list has only scores."""
    started: date | None
    finished: date | None
    title: str | None
    """The title as the list writes it."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A title that does not identify one anime for sure."""

    text: str
    score: int | None
    """1–10; None: not scored."""
    candidates: tuple[int, ...]
    """Ids of at most five possible anime, the likeliest first."""
    status: Status | None = None
    """None if the list has only scores."""
    started: date | None = None
    finished: date | None = None

    def named(self, anime_id: int) -> ListEntry:
        """Return the list entry for the chosen anime."""
        return ListEntry(anime_id, self.score, self.status, self.started, self.finished, self.text)


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list that was read."""

    entries: tuple[ListEntry, ...]
    """One entry for each anime; if a list has several, the last one."""
    kind: ListKind
    unsure: tuple[Unsure, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)
    """Number of skipped entries by reason; the reason reads as in ``3 × …``."""
    notes: tuple[str, ...] = ()
    """Sentences about changes made while reading, such as how scores were converted to 1–10."""
