"""The rows of a list, independent of the file's format."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["completed", "watching", "on hold", "dropped", "planned"]
FileKind: TypeAlias = Literal["myanimelist", "hakken", "csv"]

MAX_ENTRIES = 50_000
"""More than anyone's list has: MyAnimeList knows about 30,000 anime."""
MAX_ANIME_ID = 2**31 - 1
MAX_TITLE = 300
"""Characters; longer than any title."""

_STATUSES: dict[str, Status] = {
    "watching": "watching",
    "completed": "completed",
    "onhold": "on hold",
    "dropped": "dropped",
    "plantowatch": "planned",
    "planned": "planned",
    # The numbers of the old `malappinfo` format.
    "1": "watching",
    "2": "completed",
    "3": "on hold",
    "4": "dropped",
    "6": "planned",
}
_UNKNOWN_DATE = "0000-00-00"
_INCOMPLETE_DATES = "Dates that are incomplete or impossible were left out."


class UnreadableError(Exception):
    """A file cannot be read as a list; ``str(error)`` is a sentence for the member, with the remedy."""


class BrokenRowError(Exception):
    """One entry cannot be used; ``str(error)`` gives the reason in a countable form: ``3 × …``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file; it has an id, a title or both."""

    anime_id: int | None
    """The id on MyAnimeList."""
    title: str | None
    score: int | None
    """1–10; None: not scored."""
    status: Status | None
    started: date | None = None
    finished: date | None = None


@dataclass(slots=True)
class Parsed:
    """The contents of a file, in file order; an anime may be in several rows."""

    kind: FileKind
    rows: list[Row] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    """Number of skipped entries by reason."""
    notes: dict[str, None] = field(default_factory=dict)
    """Notes for the member, in order; the keys are sentences."""
    _seen: int = 0

    def take(self, cells: Mapping[str, str]) -> None:
        """Add an entry, or count the reason why it cannot be used.

        Args:
            cells: ``anime_id``, ``title``, ``score``, ``status``, ``started`` and ``finished`` as in the
                file; missing ones are empty.

        Raises:
            UnreadableError: the file has more than `MAX_ENTRIES` entries.
        """
        self._seen += 1
        if self._seen > MAX_ENTRIES:
            raise UnreadableError(f"The list has more than {MAX_ENTRIES:,} entries: send it in parts.")
        try:
            self.rows.append(self._row(cells))
        except BrokenRowError as error:
            self.passed_over[str(error)] += 1

    def check(self) -> None:
        """Check that there is at least one usable entry.

        Raises:
            UnreadableError: there is none; the sentence names the most common reason.
        """
        if self.rows:
            return
        if not self.passed_over:
            raise UnreadableError("The list is empty: there is no anime on it.")
        why, _ = self.passed_over.most_common(1)[0]
        raise UnreadableError(f"Nothing on the list can be used: I found only {why}.")

    def _row(self, cells: Mapping[str, str]) -> Row:
        anime_id, title = _anime_id(cells.get("anime_id", "")), _title(cells.get("title", ""))
        if anime_id is None and title is None:
            raise BrokenRowError("entries that name no anime")
        score, status = self._score(cells.get("score", "")), _status(cells.get("status", ""))
        if score is None and status is None:
            raise BrokenRowError("entries with neither a score nor a status")
        started, finished = self._day(cells.get("started", "")), self._day(cells.get("finished", ""))
        return Row(anime_id, title, score, status, started, finished)

    def _score(self, text: str) -> int | None:
        text = text.strip().replace(",", ".")
        if text in {"", "-"}:
            return None
        if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,9})?", text) or float(text) > 10:
            raise BrokenRowError("entries with a score that is not a number from 0 to 10")
        score = int(float(text) + 0.5)
        if score != float(text):
            self.notes["Scores with decimals were rounded: 7.5 counts as 8."] = None
        return score or None

    def _day(self, text: str) -> date | None:
        text = text.strip()
        if text in {"", _UNKNOWN_DATE}:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.notes[_INCOMPLETE_DATES] = None
        return None


def _anime_id(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", text) or not 1 <= int(text) <= MAX_ANIME_ID:
        raise BrokenRowError("entries with an id that no anime has")
    return int(text)


def _title(text: str) -> str | None:
    title = " ".join(text.split())
    if len(title) > MAX_TITLE:
        raise BrokenRowError("entries with a title longer than any")
    return title or None


def _status(text: str) -> Status | None:
    word = re.sub(r"[\s_-]+", "", text).lower()
    if not word:
        return None
    if word not in _STATUSES:
        raise BrokenRowError("entries with a status that I do not know")
    return _STATUSES[word]
