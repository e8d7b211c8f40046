"""A list as a member brings it, whatever it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from bot.lists.parsing.rows import FileKind, Status

ListKind: TypeAlias = FileKind | Literal["anilist"]


@dataclass(frozen=True, slots=True)
class ListEntry:
    """What a list says of one anime."""

    anime_id: int
    """On MyAnimeList."""
    score: int | None
    """1–10; None: not scored."""
    status: Status | None
    """None where the list tells scores alone."""
    started: date | None
    finished: date | None
    title: str | None
    """As the list writes it."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A title that is no anime's for sure."""

    text: str
    score: int | None
    """1–10; None: not scored."""
    candidates: tuple[int, ...]
    """Ids of at most five anime that it may be, the likeliest first."""
    status: Status | None = None
    """None where the list tells scores alone."""
    started: date | None = None
    finished: date | None = None

    def named(self, anime_id: int) -> ListEntry:
        """The list's entry, once it is known which anime it is."""
        return ListEntry(anime_id, self.score, self.status, self.started, self.finished, self.text)


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list that was read."""

    entries: tuple[ListEntry, ...]
    """One for each anime; where a list has several, the last."""
    kind: ListKind
    unsure: tuple[Unsure, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)
    """Why entries were passed over, as in ``3 × …``, and how many."""
    notes: tuple[str, ...] = ()
    """Sentences on what was changed on the way: how scores came to 1–10."""
