"""Which page of which list a message shows, and what its menus and buttons have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

import discord

from bot.errors import MemberError
from bot.ui.custom_ids import ANIME
from bot.ui.embeds import Look, clip
from bot.ui.everyones import Button, Select
from bot.ui.owned import Owned
from bot.ui.turning import turning

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


class ListTurnButton(Owned[Button], Generic[KindT]):
    """Turns to a page of a list that is read when it is pressed."""

    def __init__(self, side: str, place: Place[KindT], *, disabled: bool = False) -> None:
        super().__init__(turning(side, disabled=disabled), place.user_id, side=side, place=place)
        self.place = place


def option(anime_id: int, description: str, look: Look) -> discord.SelectOption:
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
