"""Which page of what a message shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.ui.custom_ids import PAGE, USER, one_of, parts

Shown = Literal["list", "history"]


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the list or the history of the server where it stands; custom ids carry it."""

    shown: Shown
    user_id: int
    """Who asked for it: they turn the pages."""
    page: int = 0
    """From 0 on; beyond the last page the last is meant."""


PLACE = parts(Place, shown=one_of(Shown), user_id=USER, page=PAGE)
