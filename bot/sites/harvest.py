"""Collects a list from a site, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Literal

from bot.lists import ListEntry, ReadList, Status
from hakken.lists import MAX_TITLE
from hakken.lists.parsing.rows import INCOMPLETE_DATES, SAYS_NOTHING, count_word
from hakken.lists.parsing.statuses import UnknownWordError, read_status


class Harvest:
    """Collects entries, one per anime, and counts skipped ones."""

    def __init__(self) -> None:
        self._entries: dict[int, ListEntry] = {}
        self._passed_over: Counter[str] = Counter()
        self._unknown_statuses: Counter[str] = Counter()
        self._unknown_scores: Counter[str] = Counter()
        self._dates_left_out = 0

    def add(
        self,
        anime_id: int,
        *,
        title: str | None,
        score: int | None,
        status: Status | None,
        started: date | None,
        finished: date | None,
    ) -> None:
        """Add an entry, unless it has neither score nor status; a later one for the same anime replaces it.

        A title that is longer than any real one is cut.
        """
        if score is None and status is None:
            self.pass_over(SAYS_NOTHING)
            return
        title = title and title[:MAX_TITLE]
        self._entries[anime_id] = ListEntry(
            anime_id=anime_id, score=score, status=status, started=started, finished=finished, title=title
        )

    def pass_over(self, why: str) -> None:
        """Count an entry that cannot be used."""
        self._passed_over[why] += 1

    def status(self, word: str | None) -> Status | None:
        """Return the status that the site's word means; an unknown word is counted and means none."""
        try:
            return read_status(word or "")
        except UnknownWordError:
            count_word(self._unknown_statuses, word or "")
            return None

    def count_unknown_score(self, score: float) -> None:
        """Count a score that the site's scale does not have; its entry is not scored."""
        count_word(self._unknown_scores, f"{score:g}")

    def day(self, year: int | None, month: int | None, day: int | None) -> date | None:
        """Return a date, or None if the site gives only a part of it."""
        if year is None and month is None and day is None:
            return None
        try:
            return date(year or 0, month or 0, day or 0)
        except (ValueError, OverflowError):
            self._dates_left_out += 1
            return None

    def whole(self, kind: Literal["anilist", "myanimelist"], notes: Iterable[str | None] = ()) -> ReadList:
        """Return the list, once all pages are in."""
        said = [note for note in notes if note is not None]
        if self._dates_left_out:
            said.append(INCOMPLETE_DATES)
        return ReadList(
            entries=tuple(self._entries.values()),
            kind=kind,
            unsure=(),
            passed_over=dict(self._passed_over),
            notes=tuple(said),
            unknown_statuses=dict(self._unknown_statuses),
            unknown_scores=dict(self._unknown_scores),
        )
