"""Titles of a table brought to the anime that they name; what is not sure is not guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.lists.entries import ListEntry, ReadList, Unsure
from bot.lists.parsing.rows import Parsed
from hakken.catalogue.search import Match

_CANDIDATES = 5
_LOOKED_UP = 50
"""Titles that candidates are sought for: as many as anyone would be asked about."""


class Titles(Protocol):
    """Where titles are looked up; `hakken.catalogue.search.TitleSearch` is one."""

    def exact(self, title: str, /) -> int | None:
        """The one anime of this title; None for none or several."""

    def find(self, query: str, n: int, /) -> Sequence[Match]:
        """The n anime whose titles are nearest, the nearest first."""


def resolve(parsed: Parsed, titles: Titles) -> ReadList:
    """Name every row's anime by its id; the ids of the file itself stand as they are."""
    entries: dict[int, ListEntry] = {}
    unsure: list[Unsure] = []
    for row in parsed.rows:
        anime_id = row.anime_id or titles.exact(row.title or "")
        if anime_id is not None:
            entries[anime_id] = ListEntry(
                anime_id, row.score, row.status, row.started, row.finished, row.title
            )
        elif row.title is not None:
            near = titles.find(row.title, _CANDIDATES) if len(unsure) < _LOOKED_UP else ()
            candidates = tuple(match.anime_id for match in near)
            unsure.append(Unsure(row.title, row.score, candidates, row.status, row.started, row.finished))
    return ReadList(
        tuple(entries.values()), parsed.kind, tuple(unsure), dict(parsed.passed_over), tuple(parsed.notes)
    )
