"""Pages of lists of anime, without what may not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.ui.pages import LINES_PER_PAGE
from hakken import Catalogue


class OfAnime(Protocol):
    """An entry about one anime."""

    @property
    def anime_id(self) -> int:
        """Which one."""


EntryT = TypeVar("EntryT", bound=OfAnime)


@dataclass(frozen=True, slots=True)
class Part(Generic[EntryT]):
    """What stands on one page of a list."""

    entries: Sequence[EntryT]
    total: int
    """How many entries all pages have."""
    hidden: int
    """How many are rated 18+ and may not be shown here."""
    page: int
    """From 0 on."""
    last: int
    """The number of the last page."""


def part_of(listed: Sequence[EntryT], page: int, catalogue: Catalogue, *, adult: bool) -> Part[EntryT]:
    """A page of a list as it is now.

    Args:
        listed: all of it, in its order.
        page: from 0 on; beyond the last page the last is meant.
        catalogue: tells what is rated 18+.
        adult: whether that may be shown.
    """
    shown = [one for one in listed if adult or not catalogue.anime(one.anime_id).adult]
    last = max(0, (len(shown) - 1) // LINES_PER_PAGE)
    page = min(page, last)
    entries = shown[page * LINES_PER_PAGE : (page + 1) * LINES_PER_PAGE]
    return Part(entries, len(shown), len(listed) - len(shown), page, last)
