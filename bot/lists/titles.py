"""Resolves the titles of a table to anime; unsure titles are never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.lists.entries import ListEntry, ReadList, Unsure
from bot.lists.parsing.rows import Parsed
from hakken.catalogue.search import Match

_CANDIDATES = 5
_LOOKED_UP = 50
"""Most unsure titles that get candidates: nobody would answer more questions."""


class Titles(Protocol):
    """A title search, such as `hakken.catalogue.search.TitleSearch`."""

    def exact(self, title: str, /) -> int | None:
        """Return the only anime with this title; None if there is none or several."""

    def find(self, query: str, n: int, /) -> Sequence[Match]:
        """Return the n anime with the most similar titles, the most similar first."""


def resolve(parsed: Parsed, titles: Titles) -> ReadList:
    """Find the anime id of every row; ids from the file are kept as they are."""
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
