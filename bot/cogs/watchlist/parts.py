"""Pages of lists of anime, without what may not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bot.ui.pages import LINES_PER_PAGE
from bot.ui.turning import Part, cut
from hakken import Catalogue


class OfAnime(Protocol):
    """An entry about one anime."""

    @property
    def anime_id(self) -> int:
        """Which one."""


EntryT = TypeVar("EntryT", bound=OfAnime)


def part_of(listed: Sequence[EntryT], page: int, catalogue: Catalogue, *, adult: bool) -> Part[EntryT]:
    """A page of a list as it is now.

    Args:
        listed: all of it, in its order.
        page: from 0 on; beyond the last page the last is meant.
        catalogue: tells what is rated 18+.
        adult: whether that may be shown.
    """
    shown = [one for one in listed if adult or not catalogue.anime(one.anime_id).adult]
    return cut(shown, page, LINES_PER_PAGE, hidden=len(listed) - len(shown))
