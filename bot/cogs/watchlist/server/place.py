"""Which page of what a message shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Self, get_args

Shown = Literal["list", "history"]


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the list or the history of the server where it stands; custom ids carry it."""

    shown: Shown
    user_id: int
    """Who asked for it: they turn the pages."""
    page: int = 0
    """From 0 on; beyond the last page the last is meant."""

    PATTERN = rf"(?P<shown>{'|'.join(get_args(Shown))}):(?P<user>[0-9]{{1,20}}):(?P<page>[0-9]{{1,4}})"
    """How it stands in a custom id."""

    def __str__(self) -> str:
        return f"{self.shown}:{self.user_id}:{self.page}"

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The place that a custom id names."""
        shown = next(one for one in get_args(Shown) if one == match["shown"])
        return cls(shown, int(match["user"]), int(match["page"]))
