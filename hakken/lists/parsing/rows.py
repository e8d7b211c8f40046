"""The rows of a list, independent of the file's format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from .kinds import is_unknown_kind, why_no_anime
from .scales import NOTES, ROUNDED, TOPS, Given, points, possible_tops, read_score
from .statuses import MYANIMELIST_NUMBERS, Status, UnknownWordError, read_status
from .words import plain

FileKind: TypeAlias = Literal["myanimelist", "hakken", "csv", "json"]

MAX_ENTRIES = 50_000
"""More than anyone's list has: MyAnimeList knows about 30,000 anime."""
MAX_ANIME_ID = 2**31 - 1
MAX_TITLE = 300
"""Characters; longer than any title."""
BAD_ID = "entries with an id that no anime has"
NAMELESS = "entries that name no anime"
SAYS_NOTHING = "entries with neither a score nor a status"
_MAX_WORDS, _WORD = 20, 40
"""Different unknown words that are kept, and characters of each."""
_SHOWN, _SHOWN_LETTERS = 5, 25
"""Words that a sentence names, and characters of each."""
OTHER_WORDS = "…"
"""Stands for the unknown words beyond."""
_LINK = re.compile(r"myanimelist\.net/anime/([0-9]{1,10})(?![0-9])")
_ID = re.compile(r"([0-9]{1,10})(?:\.0{1,9})?")
_DAY = re.compile(
    r"([0-9]{4})(?:([0-9]{2})([0-9]{2})|[-./]([0-9]{1,2})[-./]([0-9]{1,2})(?:[T ][0-9]{1,2}:[0-9]{2}.*)?)"
)
_YEAR = re.compile(r"\s*((?:19|20)[0-9]{2})(?![0-9])")
_LATER_SEASON = re.compile(r"\D*0?([2-9]|1[0-9])(?:\.0+)?\s*")
_NO_DATE = frozenset({"", "-", "none", "null", "n/a", "nan", "0000-00-00", "00-00-00", "0"})
IDS_TRUSTED = "I took the ids under “anime_id” for those of MyAnimeList."
_COUNTED_AS_COMPLETED = "Entries with a day of finishing, and no status, count as completed."
_LONE_DAYS = "Days of starting without a status are left out."
_NUMBERS = (
    "Numbers for statuses count as on MyAnimeList: "
    f"{', '.join(f'{number} {status}' for number, status in MYANIMELIST_NUMBERS.items())}."
)
INCOMPLETE_DATES = "Dates that are incomplete or impossible were left out."


class UnreadableError(Exception):
    """A file cannot be read as a list; ``str(error)`` is a sentence for the member, with the remedy."""


class CutShortError(UnreadableError):
    """A file ends too early or is damaged in the middle; what comes before may be a list."""


class BrokenRowError(Exception):
    """One entry cannot be used; ``str(error)`` gives the reason in a countable form: ``3 × …``."""


@dataclass(slots=True)
class Row:
    """One entry of a file; it has an id, a title or both."""

    mal_id: int | None
    """The id on MyAnimeList."""
    title: str | None
    status: Status | None
    score: int | None = None
    """1–10; None: not scored, or its scale is not known yet."""
    given: Decimal | None = None
    """The score as the file gives it, as long as its scale is not known."""
    started: date | None = None
    finished: date | None = None
    own_id: int | None = None
    """An id of a site that the file does not name: MyAnimeList's only if the titles agree."""
    anilist_id: int | None = None
    year: int | None = None
    """When the anime began, as far as the file knows."""


@dataclass(slots=True)
class Parsed:
    """The contents of a file, in file order; an anime may be in several rows."""

    kind: FileKind
    usual_top: int | None = None
    """The best score of the scale that the file's site or headings name."""
    rows: list[Row] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    """Number of skipped entries by reason."""
    unknown_statuses: Counter[str] = field(default_factory=Counter)
    """Number of entries by a status that nobody knows."""
    unknown_scores: Counter[str] = field(default_factory=Counter)
    """Number of entries by a score that is none."""
    notes: dict[str, None] = field(default_factory=dict)
    """Notes for the member, in order; the keys are sentences."""
    tops: tuple[int, ...] = (10,)
    """The best scores of all scales that the scores may be on; several: only the member knows."""
    titles_alone: bool = False
    """Whether the file only names anime: the member says whether they have seen them."""
    _given: list[Given | None] = field(default_factory=list)
    _unknown_kinds: Counter[str] = field(default_factory=Counter)
    _seen: int = 0

    def take(self, cells: Mapping[str, str]) -> None:
        """Add an entry, or count the reason why it cannot be used.

        Args:
            cells: those of `columns` as in the file; missing ones are empty.

        Raises:
            UnreadableError: the file has more than `MAX_ENTRIES` entries.
        """
        self._seen += 1
        if self._seen > MAX_ENTRIES:
            raise UnreadableError(f"The list has more than {MAX_ENTRIES:,} entries: send it in parts.")
        try:
            self._add(cells)
        except BrokenRowError as error:
            self.passed_over[str(error)] += 1

    def finish(self) -> None:
        """Find the scale of the scores, and check that there is at least one usable entry.

        Raises:
            UnreadableError: there is none; the sentence names the most common reason.
        """
        given_scores = [one for one in self._given if one is not None]
        if self.kind == "myanimelist" and any(one.value % 1 for one in given_scores):
            self.usual_top = None  # written by another site: MyAnimeList's own scores are whole
        self.tops = possible_tops(given_scores, self.usual_top)
        for row, given in zip(self.rows, self._given, strict=True):
            if given is not None:
                self._scale(row, given)
        if self._unknown_kinds:
            self.notes[f"I took these for anime, too: {quoted([*self._unknown_kinds])}."] = None
        if not self.titles_alone:
            said = [row for row in self.rows if row.score or row.given or row.status]
            self.passed_over[SAYS_NOTHING] += len(self.rows) - len(said)
            self.passed_over = +self.passed_over
            self.rows = said
            without = sum(row.status is None for row in said)
            if self.kind in ("csv", "json") and 0 < without < len(said):
                self.notes[
                    "1 entry has a score, and no status."
                    if without == 1
                    else f"{without:,} entries have a score, and no status."
                ] = None
        if self.rows:
            return
        if not self.passed_over:
            raise UnreadableError("The list is empty: there is no anime on it.")
        why, _ = self.passed_over.most_common(1)[0]
        raise UnreadableError(f"Nothing on the list can be used: I found only {why}.")

    def _add(self, cells: Mapping[str, str]) -> None:
        if why := why_no_anime(cells):
            raise BrokenRowError(why)
        if self.kind == "csv" and is_unknown_kind(cells):
            count_word(self._unknown_kinds, cells["kind"])
        title = _title(cells.get("title", ""), cells.get("season", ""))
        row = Row(_mal_id(cells), title, self._status(cells.get("status", "")))
        row.anilist_id = _whole_id(cells.get("anilist_id", ""))
        row.year = _year(cells.get("year", ""))
        # Only titles tell a row number, or another site's id, from one of MyAnimeList's.
        anime_id = _whole_id(cells.get("anime_id", ""))
        if title and not plain(cells.get("source", "")):
            row.own_id = anime_id or _whole_id(cells.get("id", ""))
        elif row.mal_id is None and anime_id is not None:
            row.mal_id = anime_id
            self.notes[IDS_TRUSTED] = None
        if row.mal_id is None and row.anilist_id is None and title is None:
            named = any(cells.get(cell, "").strip() for cell in ("mal_id", "anilist_id", "anime_id"))
            raise BrokenRowError(BAD_ID if named else NAMELESS)
        row.started, row.finished = self._day(cells.get("started", "")), self._day(cells.get("finished", ""))
        self._check_days(row, cells)
        self.rows.append(row)
        self._given.append(self._score(cells.get("score", "")))

    def _status(self, text: str) -> Status | None:
        if self.usual_top is None and text.strip() in MYANIMELIST_NUMBERS:
            self.notes[_NUMBERS] = None
        try:
            return read_status(text)
        except UnknownWordError:
            count_word(self.unknown_statuses, text)
            return None

    def _check_days(self, row: Row, cells: Mapping[str, str]) -> None:
        """Say what becomes of days that belong to no status."""
        if row.finished and not cells.get("status", "").strip():
            row.status = "completed"
            self.notes[_COUNTED_AS_COMPLETED] = None
        elif row.status is None and (row.started or row.finished):
            self.notes[_LONE_DAYS] = None

    def _score(self, text: str) -> Given | None:
        try:
            given = read_score(text)
        except UnknownWordError:
            given = None
            count_word(self.unknown_scores, text)
        if given is not None and given.top is None and given.value > TOPS[-1]:
            count_word(self.unknown_scores, text)
            return None
        return given

    def _scale(self, row: Row, given: Given) -> None:
        if given.top is None and len(self.tops) > 1:
            row.given = given.value
            return
        top = given.top or self.tops[0]
        row.score = points(given.value, top)
        if row.score is None:
            count_word(self.unknown_scores, str(given.value))
        elif top in NOTES:
            self.notes[NOTES[top]] = None
        elif row.score != given.value:
            self.notes[ROUNDED] = None

    def _day(self, text: str) -> date | None:
        text = text.strip()
        if text.lower() in _NO_DATE:
            return None
        found = _DAY.fullmatch(text)
        try:
            if found:
                return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
        except ValueError:
            pass
        self.notes[INCOMPLETE_DATES] = None
        return None


def _mal_id(cells: Mapping[str, str]) -> int | None:
    named = cells.get("mal_id", "")
    for text in (named, cells.get("link", "")):
        if "/" in text and (link := _LINK.search(text)):
            return _whole_id(link[1])
    if not named and plain(cells.get("source", "")) in {"mal", "myanimelist"}:
        return _whole_id(cells.get("id", ""))
    return _whole_id(named)


def _whole_id(text: str) -> int | None:
    """Return an id, which a spreadsheet may write as ``1.0``; None if no anime has it."""
    found = _ID.fullmatch(text.strip()) if text else None
    return int(found[1]) if found and 1 <= int(found[1]) <= MAX_ANIME_ID else None


def _year(text: str) -> int | None:
    found = _YEAR.match(text)
    return int(found[1]) if found else None


def _title(text: str, season: str) -> str | None:
    title = " ".join(text.split())
    later = _LATER_SEASON.fullmatch(season)
    if title and later and not re.search(rf"\b{later[1]}\b", title):
        title = f"{title} Season {later[1]}"
    if len(title) > MAX_TITLE:
        raise BrokenRowError("entries with a title longer than any")
    return title or None


def quoted(words: Sequence[str]) -> str:
    """Name the first words in quotation marks, each clipped."""
    shown = [" ".join(word.split())[:_SHOWN_LETTERS] for word in words[:_SHOWN] if word.strip()]
    return ", ".join(f"“{word}”" for word in shown) + (" …" if len(words) > _SHOWN else "")


def count_word(words: Counter[str], word: str) -> None:
    """Count an unknown word; of very many different ones, the last are counted together."""
    word = " ".join(word.split())[:_WORD]
    words[word if word in words or len(words) < _MAX_WORDS else OTHER_WORDS] += 1
