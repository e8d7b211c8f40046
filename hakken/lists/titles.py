"""Resolves the rows of a file to anime; unsure ones are never guessed.

`agreement` says which ids and years count beside the titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from hakken.lists.agreement import IdColumn, Titles, anime_by_title, with_trusted_ids
from hakken.lists.entries import ListEntry, ReadList, Unsure
from hakken.lists.parsing.rows import Parsed, Row, UnreadableError

_CANDIDATES = 5
_LOOKED_UP = 50
"""Most unsure titles that get candidates: nobody would answer more questions."""
NOT_ON_MYANIMELIST = "entries that are not on MyAnimeList"
NOT_LOOKED_UP = "entries with ids of AniList alone"


def resolve(
    parsed: Parsed,
    titles: Titles,
    by_anilist_id: Mapping[int, int] = MappingProxyType({}),
    missing: str = NOT_LOOKED_UP,
) -> ReadList:
    """Find the anime of every row.

    Args:
        parsed: the rows.
        titles: looks up titles.
        by_anilist_id: ids on MyAnimeList by ids on AniList, for rows with nothing but the latter.
        missing: what rows are counted as whose id on AniList is not among them.

    Raises:
        UnreadableError: the file has lines of text, but none is a title.
    """
    doubts: dict[str, None] = {}
    exact = anime_by_title(parsed.rows, titles, doubts)
    if parsed.titles_alone and not any(exact):
        raise UnreadableError("I can't read this: no line is a title that I know.")
    rows = with_trusted_ids(parsed.rows, exact, doubts)
    column = IdColumn.of(rows, exact, titles)
    entries: dict[int, ListEntry] = {}
    several = set[int]()
    unsure: list[Unsure] = []
    passed_over = Counter(parsed.passed_over)
    for row, by_title in zip(rows, exact, strict=True):
        anime_id = row.mal_id or column.agreed(row, by_title)
        if anime_id is None and row.title is None:
            anime_id = by_anilist_id.get(row.anilist_id or 0)
        if anime_id is not None:
            entry = ListEntry(
                anime_id, row.score, row.status, row.started, row.finished, row.title, row.given
            )
            if replace(entries.get(anime_id, entry), title=entry.title) != entry:
                several.add(anime_id)
            entries[anime_id] = entry
        elif row.title is not None:
            possible: Sequence[int] = [row.own_id, by_title] if row.own_id and by_title else ()
            if not possible and len(unsure) < _LOOKED_UP:
                possible = [match.anime_id for match in titles.find(row.title, _CANDIDATES)]
            unsure.append(
                Unsure(
                    _text(row), row.score, tuple(possible), row.status, row.started, row.finished, row.given
                )
            )
        else:
            passed_over[missing] += 1
    if not entries and not unsure:
        why, _ = passed_over.most_common(1)[0]
        raise UnreadableError(f"Nothing on the list can be used: I found only {why}.")
    return ReadList(
        tuple(entries.values()),
        parsed.kind,
        tuple(unsure),
        dict(passed_over),
        (*_several(len(several)), *doubts, *parsed.notes),
        dict(parsed.unknown_statuses),
        dict(parsed.unknown_scores),
        parsed.tops,
        parsed.titles_alone,
    )


def _text(row: Row) -> str:
    """Return what the member is asked about."""
    title = row.title or ""
    return f"{title} ({row.year})" if row.year and str(row.year) not in title else title


def _several(count: int) -> tuple[str, ...]:
    """Say for how many anime one of several different entries was chosen."""
    if count == 1:
        return ("1 anime is on the list several times: its last entry counts.",)
    return (
        (f"{count:,} anime are on the list several times: the last entry of each counts.",) if count else ()
    )
