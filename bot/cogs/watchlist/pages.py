"""Pages of anime lists, without entries that may not be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import discord

from bot.ui.buttons import Button, OwnerItem, Select, not_offered
from bot.ui.custom_ids import ANIME
from bot.ui.embeds import Display, clip
from bot.ui.pages import LINES_PER_PAGE
from bot.ui.paging import Part, cut, turning
from hakken import Catalogue


class OfAnime(Protocol):
    """An entry about one anime."""

    @property
    def anime_id(self) -> int:
        """The anime's id."""


EntryT = TypeVar("EntryT", bound=OfAnime)


def part_of(listed: Sequence[EntryT], page: int, catalogue: Catalogue, *, adult: bool) -> Part[EntryT]:
    """Cut a page from a list as it is now, without 18+ unless it may be shown; see `cut`."""
    shown = [one for one in listed if adult or not catalogue.anime(one.anime_id).adult]
    return cut(shown, page, LINES_PER_PAGE, hidden=len(listed) - len(shown))


KindT = TypeVar("KindT")
_OPTION_LIMIT = 100
"""Discord's limit in characters for a menu's option."""


@dataclass(frozen=True, slots=True)
class Place(Generic[KindT]):
    """A page of a list; custom ids carry it."""

    user_id: int
    """The member who asked for it; only they can turn the pages."""
    kind: KindT
    """Which list."""
    page: int = 0
    """From 0; a number beyond the last page means the last."""


class ListTurnButton(OwnerItem[Button], Generic[KindT]):
    """Turns to another page; a press reads the list again."""

    def __init__(self, side: str, place: Place[KindT], *, disabled: bool = False) -> None:
        super().__init__(turning(side, disabled=disabled), place.user_id, side=side, place=place)
        self.place = place


def option(anime_id: int, description: str, display: Display) -> discord.SelectOption:
    """Make a menu's option for an anime."""
    return discord.SelectOption(
        label=clip(display.title(anime_id), _OPTION_LIMIT),
        value=str(anime_id),
        description=clip(description, _OPTION_LIMIT) or None,
    )


def chosen_anime(menu: Select) -> int:
    """Get the anime id that was chosen.

    Raises:
        MemberError: the value was crafted, and is no id.
    """
    if len(menu.values) != 1 or not re.fullmatch(ANIME.pattern, menu.values[0]):
        raise not_offered()
    return int(menu.values[0])
