"""An imported list, independent of its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from hakken.lists.parsing.rows import FileKind
from hakken.lists.parsing.scales import NOTES, ROUNDED, points
from hakken.lists.parsing.statuses import Status

ListKind: TypeAlias = FileKind | Literal["anilist"]


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list's entry for one anime."""

    anime_id: int
    """The id on MyAnimeList."""
    score: int | None
    """1–10; None: not scored, or the scale is not known yet."""
    status: Status | None
    """None if the list has only scores."""
    started: date | None
    finished: date | None
    title: str | None
    """The title as the list writes it."""
    given: Decimal | None = None
    """The score as the list gives it, as long as its scale is not known."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A title that does not identify one anime for sure."""

    text: str
    score: int | None
    """1–10; None: not scored, or the scale is not known yet."""
    candidates: tuple[int, ...]
    """Ids of at most five possible anime, the likeliest first."""
    status: Status | None = None
    """None if the list has only scores."""
    started: date | None = None
    finished: date | None = None
    given: Decimal | None = None
    """The score as the list gives it, as long as its scale is not known."""

    def named(self, anime_id: int) -> ListEntry:
        """Return the list entry for the chosen anime."""
        return ListEntry(
            anime_id, self.score, self.status, self.started, self.finished, self.text, self.given
        )


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
    unknown_statuses: Mapping[str, int] = field(default_factory=dict)
    """Number of entries by a status that nobody knows; they have none."""
    unknown_scores: Mapping[str, int] = field(default_factory=dict)
    """Number of entries by a score that is none; they are not scored."""
    tops: tuple[int, ...] = (10,)
    """The best scores of the scales that the scores may be on; with several, the member must say which."""
    titles_alone: bool = False
    """Whether the list only names anime; the member must say whether they have seen them."""

    def out_of(self, top: int) -> ReadList:
        """Return the list with its scores as 1–10, now that their scale is known."""
        beyond = Counter(self.unknown_scores)
        notes = dict.fromkeys(self.notes)

        def scaled(one: ListEntry | Unsure) -> int | None:
            if one.given is None:
                return one.score
            score = points(one.given, top)
            if score is None:
                beyond[str(one.given)] += 1
            elif top in NOTES:
                notes[NOTES[top]] = None
            elif score != one.given:
                notes[ROUNDED] = None
            return score

        entries = tuple(replace(one, score=scaled(one), given=None) for one in self.entries)
        unsure = tuple(replace(one, score=scaled(one), given=None) for one in self.unsure)
        return replace(
            self, entries=entries, unsure=unsure, unknown_scores=dict(beyond), notes=tuple(notes), tops=(top,)
        )

    def all_with(self, status: Status) -> ReadList:
        """Return a list of titles alone with the status that the member gives to all of them."""
        entries = tuple(replace(one, status=status) for one in self.entries)
        unsure = tuple(replace(one, status=status) for one in self.unsure)
        return replace(self, entries=entries, unsure=unsure, titles_alone=False)
