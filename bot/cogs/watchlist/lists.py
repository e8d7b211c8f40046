"""A member's lists, page by page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, get_args

from bot.store import Feedback, FeedbackKind
from bot.ui.pages import LINES_PER_PAGE
from hakken import Catalogue


@dataclass(frozen=True, slots=True)
class Place:
    """A page of one of a member's lists; custom ids carry it."""

    user_id: int
    kind: FeedbackKind
    page: int = 0
    """From 0 on; beyond the last page the last is meant."""

    PATTERN = rf"(?P<user>[0-9]{{1,20}}):(?P<kind>{'|'.join(get_args(FeedbackKind))}):(?P<page>[0-9]{{1,4}})"
    """How it stands in a custom id."""

    def __str__(self) -> str:
        return f"{self.user_id}:{self.kind}:{self.page}"

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The place that a custom id names."""
        kind = next(one for one in get_args(FeedbackKind) if one == match["kind"])
        return cls(int(match["user"]), kind, int(match["page"]))


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one page of a list."""

    kind: FeedbackKind
    entries: Sequence[Feedback]
    total: int
    """How many entries all pages have."""
    hidden: int
    """How many are rated 18+ and may not be shown here."""
    page: int
    """From 0 on."""
    last: int
    """The number of the last page."""


def part_of(listed: Sequence[Feedback], place: Place, catalogue: Catalogue, *, adult: bool) -> Part:
    """The page of a list as it is now.

    Args:
        listed: all that the member said.
        place: which page of which list.
        catalogue: tells what is rated 18+.
        adult: whether that may be shown.
    """
    of_kind = [one for one in listed if one.kind == place.kind]
    shown = [one for one in of_kind if adult or not catalogue.anime(one.anime_id).adult]
    last = max(0, (len(shown) - 1) // LINES_PER_PAGE)
    page = min(place.page, last)
    entries = shown[page * LINES_PER_PAGE : (page + 1) * LINES_PER_PAGE]
    return Part(place.kind, entries, len(shown), len(of_kind) - len(shown), page, last)
