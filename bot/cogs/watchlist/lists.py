"""Which page of which of a member's lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self, get_args

from bot.store import FeedbackKind


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
