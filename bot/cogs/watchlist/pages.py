"""Pages of lists of anime, without what may not be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import discord

from bot.errors import MemberError
from bot.ui.buttons import Button, OwnerItem, Select
from bot.ui.custom_ids import ANIME
from bot.ui.embeds import Display, clip
from bot.ui.pages import LINES_PER_PAGE
from bot.ui.paging import Part, cut, turning
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


KindT = TypeVar("KindT")
_OPTION_LIMIT = 100
"""Discord's, in characters of a menu's option."""


@dataclass(frozen=True, slots=True)
class Place(Generic[KindT]):
    """A page of a list; custom ids carry it."""

    user_id: int
    """Who asked for it: they turn the pages."""
    kind: KindT
    """Which list."""
    page: int = 0
    """From 0 on; beyond the last page the last is meant."""


class ListTurnButton(OwnerItem[Button], Generic[KindT]):
    """Turns to a page of a list that is read when it is pressed."""

    def __init__(self, side: str, place: Place[KindT], *, disabled: bool = False) -> None:
        super().__init__(turning(side, disabled=disabled), place.user_id, side=side, place=place)
        self.place = place


def option(anime_id: int, description: str, look: Display) -> discord.SelectOption:
    """One anime in a menu."""
    return discord.SelectOption(
        label=clip(look.title(anime_id), _OPTION_LIMIT),
        value=str(anime_id),
        description=clip(description, _OPTION_LIMIT) or None,
    )


def chosen_anime(menu: Select) -> int:
    """The id that was chosen.

    Raises:
        MemberError: it was crafted, and is none.
    """
    if len(menu.values) != 1 or not re.fullmatch(ANIME.pattern, menu.values[0]):
        raise MemberError("That is none of the choices. Please pick one from the list.")
    return int(menu.values[0])
