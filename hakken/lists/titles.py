"""Resolves the rows of a file to anime; unsure ones are never guessed.

An id counts by itself only where the file says that it is one of MyAnimeList. Any other must agree with the
title beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from hakken.catalogue.search import Match
from hakken.lists.entries import ListEntry, ReadList, Unsure
from hakken.lists.parsing.rows import Parsed, Row, UnreadableError

_CANDIDATES = 5
_LOOKED_UP = 50
"""Most unsure titles that get candidates: nobody would answer more questions."""
_AGREEING = 0.8
"""Share of titles that must name the anime of their id for ids without a known title to count, too."""
NOT_ON_MYANIMELIST = "entries that are not on MyAnimeList"
_NOT_LOOKED_UP = "entries with ids of AniList alone"


class Titles(Protocol):
    """A title search, such as `hakken.catalogue.search.TitleSearch`."""

    def exact(self, title: str, /) -> int | None:
        """Return the only anime with this title; None if there is none or several."""

    def find(self, query: str, n: int, /) -> Sequence[Match]:
        """Return the n anime with the most similar titles, the most similar first."""


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
    trusted = _are_myanimelists(parsed, exact)
    entries: dict[int, ListEntry] = {}
    unsure: list[Unsure] = []
    passed_over = Counter(parsed.passed_over)
    for row, by_title in zip(parsed.rows, exact, strict=True):
        anime_id = row.mal_id or _agreed(row, by_title, trusted=trusted)
        if anime_id is None and row.title is None:
            anime_id = (by_anilist_id or {}).get(row.anilist_id or 0)
        possible: list[int] = []
        if anime_id is None and row.title is not None and len(unsure) < _LOOKED_UP:
            possible = [match.anime_id for match in titles.find(row.title, _CANDIDATES)]
            if by_title and row.own_id:
                possible = [row.own_id, by_title]
            elif row.own_id in possible:
                anime_id = row.own_id
        if anime_id is not None:
            entries[anime_id] = ListEntry(
                anime_id, row.score, row.status, row.started, row.finished, row.title, row.given
            )
        elif row.title is not None:
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


def _agreed(row: Row, by_title: int | None, *, trusted: bool) -> int | None:
    """Return the anime of a row with a title, if title and id leave no doubt."""
    if row.own_id is None or not trusted:
        return by_title
    return row.own_id if by_title in (None, row.own_id) else None


def _are_myanimelists(parsed: Parsed, exact: Sequence[int | None]) -> bool:
    """Whether ids that the file does not explain are those of MyAnimeList, by what their titles say."""
    agreeing = [
        row.own_id == by_title
        for row, by_title in zip(parsed.rows, exact, strict=True)
        if row.own_id and by_title
    ]
    return sum(agreeing) >= _AGREEING * len(agreeing) if agreeing else parsed.anime_ids
