"""Whether titles, ids and years of a list's rows are those of the same anime.

An id counts by itself only where the file says that it is one of MyAnimeList, and no title contradicts it.
Any other must agree with the title beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from hakken.catalogue.search import Match
from hakken.lists.parsing.rows import Row

_AGREEING = 0.8
"""Share of titles that name the anime of their id in a column of MyAnimeList's ids."""
_WITNESSES = 3
"""Titles that must agree, and none disagree, before ids count whose titles nobody knows."""
_COMPARED = 2_000
"""Most titles that are compared with those of their id."""
_FEW = 10
"""Fewer years prove nothing against themselves."""
_OTHER_YEARS = "The years are not those of the anime, so I did not go by them."
_OTHER_IDS = "The ids are not those of the titles beside them, so the titles count."


class Titles(Protocol):
    """A title search, such as `hakken.catalogue.search.TitleSearch`."""

    def exact(self, title: str, year: int | None = None, /) -> int | None:
        """Return the only anime with this title, that began in about this year; None for none or several."""

    def find(self, query: str, n: int, among: Collection[int] | None = None, /) -> Sequence[Match]:
        """Return the n anime with the most similar titles, the most similar first, of all or of these ids."""


def anime_by_title(rows: Sequence[Row], titles: Titles, doubts: dict[str, None]) -> list[int | None]:
    """Return the only anime that each row's title and year can mean, if there is one.

    Args:
        rows: the list.
        titles: looks up titles.
        doubts: sentences for the member; may grow.
    """
    of_title = [titles.exact(row.title) if row.title else None for row in rows]
    of_both = [
        titles.exact(row.title, row.year) if row.title and row.year else found
        for row, found in zip(rows, of_title, strict=True)
    ]
    compared = [
        found == one for row, found, one in zip(rows, of_title, of_both, strict=True) if row.year and found
    ]
    if len(compared) >= _FEW and 2 * sum(compared) < len(compared):
        doubts[_OTHER_YEARS] = None
        return of_title
    return of_both


def with_trusted_ids(
    rows: Sequence[Row], exact: Sequence[int | None], doubts: dict[str, None]
) -> Sequence[Row]:
    """Return the rows; if many titles are those of other anime than their ids, titles must confirm all ids.

    Args:
        rows: the list.
        exact: the anime of each title, if it is sure.
        doubts: sentences for the member; may grow.
    """
    same = [row.mal_id == found for row, found in zip(rows, exact, strict=True) if row.mal_id and found]
    others = len(same) - sum(same)
    if others > 1 and sum(same) < _AGREEING * len(same):
        doubts[_OTHER_IDS] = None
        return [
            replace(row, mal_id=None, own_id=row.mal_id) if row.mal_id and row.title else row for row in rows
        ]
    if others == 1:
        doubts["1 title is that of another anime than its id on MyAnimeList: the id counts."] = None
    elif others:
        doubts[
            f"{others:,} titles are those of other anime than their ids on MyAnimeList: the ids count."
        ] = None
    return rows


@dataclass(frozen=True, slots=True)
class IdColumn:
    """What titles say about the ids beside them, where the file does not say whose ids they are."""

    alike: frozenset[tuple[int, str]]
    """Ids and titles that are alike, though the title is not exactly one of its anime."""
    agree: int
    disagree: int

    @classmethod
    def of(cls, rows: Sequence[Row], exact: Sequence[int | None], titles: Titles) -> Self:
        """Compare the ids with the titles beside them."""
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
