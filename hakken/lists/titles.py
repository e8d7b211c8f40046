"""Resolves the rows of a file to anime; unsure ones are never guessed.

An id counts by itself only where the file says that it is one of MyAnimeList. Any other must agree with the
title beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from hakken.catalogue.search import Match
from hakken.lists.entries import ListEntry, ReadList, Unsure
from hakken.lists.parsing.rows import Parsed, Row, UnreadableError

_CANDIDATES = 5
_LOOKED_UP = 50
"""Most unsure titles that get candidates: nobody would answer more questions."""
_AGREEING = 0.8
"""Share of titles that name the anime of their id in a column of MyAnimeList's ids."""
_WITNESSES = 3
"""Titles that must agree, and none disagree, before ids count whose titles nobody knows."""
_COMPARED = 2_000
"""Most titles that are compared with those of their id."""
NOT_ON_MYANIMELIST = "entries that are not on MyAnimeList"
_NOT_LOOKED_UP = "entries with ids of AniList alone"


class Titles(Protocol):
    """A title search, such as `hakken.catalogue.search.TitleSearch`."""

    def exact(self, title: str, /) -> int | None:
        """Return the only anime with this title; None if there is none or several."""

    def find(self, query: str, n: int, among: Collection[int] | None = None, /) -> Sequence[Match]:
        """Return the n anime with the most similar titles, the most similar first, of all or of these ids."""


def resolve(parsed: Parsed, titles: Titles, by_anilist_id: Mapping[int, int] | None = None) -> ReadList:
    """Find the anime of every row.

    Args:
        parsed: the rows.
        titles: looks up titles.
        by_anilist_id: ids on MyAnimeList by ids on AniList, for rows with nothing but the latter.

    Raises:
        UnreadableError: the file has lines of text, but none is a title.
    """
    exact = [titles.exact(row.title) if row.title and not row.mal_id else None for row in parsed.rows]
    if parsed.titles_alone and not any(exact):
        raise UnreadableError("I can't read this: no line is a title that I know.")
    column = _Column.of(parsed.rows, exact, titles)
    entries: dict[int, ListEntry] = {}
    unsure: list[Unsure] = []
    passed_over = Counter(parsed.passed_over)
    for row, by_title in zip(parsed.rows, exact, strict=True):
        anime_id = row.mal_id or column.agreed(row, by_title)
        if anime_id is None and row.title is None:
            anime_id = (by_anilist_id or {}).get(row.anilist_id or 0)
        if anime_id is not None:
            entries[anime_id] = ListEntry(
                anime_id, row.score, row.status, row.started, row.finished, row.title, row.given
            )
        elif row.title is not None:
            possible: Sequence[int] = [row.own_id, by_title] if row.own_id and by_title else ()
            if not possible and len(unsure) < _LOOKED_UP:
                possible = [match.anime_id for match in titles.find(row.title, _CANDIDATES)]
            unsure.append(
                Unsure(
                    row.title, row.score, tuple(possible), row.status, row.started, row.finished, row.given
                )
            )
        else:
            passed_over[_NOT_LOOKED_UP if by_anilist_id is None else NOT_ON_MYANIMELIST] += 1
    if not entries and not unsure:
        why, _ = passed_over.most_common(1)[0]
        raise UnreadableError(f"Nothing on the list can be used: I found only {why}.")
    return ReadList(
        tuple(entries.values()),
        parsed.kind,
        tuple(unsure),
        dict(passed_over),
        tuple(parsed.notes),
        dict(parsed.unknown_statuses),
        dict(parsed.unknown_scores),
        parsed.tops,
        parsed.titles_alone,
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """What titles say about the ids beside them, where the file does not say whose ids they are."""

    alike: frozenset[tuple[int, str]]
    """Ids and titles that are alike, though the title is not exactly one of its anime."""
    agree: int
    disagree: int

    @classmethod
    def of(cls, rows: Sequence[Row], exact: Sequence[int | None], titles: Titles) -> Self:
        pairs = [(row.own_id, row.title, found) for row, found in zip(rows, exact, strict=True) if row.own_id]
        open_pairs = [(own_id, title) for own_id, title, found in pairs if found is None and title]
        alike = frozenset(
            (own_id, title)
            for own_id, title in open_pairs[:_COMPARED]
            if own_id and titles.find(title, 1, (own_id,))
        )
        same = sum(found == own_id for own_id, _, found in pairs)
        others = sum(found is not None for _, _, found in pairs) - same
        return cls(alike, same + len(alike), others)

    def agreed(self, row: Row, by_title: int | None) -> int | None:
        """Return the anime of a row, if title and id leave no doubt."""
        if row.own_id is None or by_title == row.own_id:
            return by_title
        if by_title is None:
            proven = self.agree >= _WITNESSES and not self.disagree
            return row.own_id if proven or (row.own_id, row.title) in self.alike else None
        foreign = self.agree < _AGREEING * (self.agree + self.disagree)
        return by_title if foreign else None
