"""Which page of which of a member's lists."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store import FeedbackKind
from bot.ui.custom_ids import PAGE, USER, one_of, parts


@dataclass(frozen=True, slots=True)
class Place:
    """A page of one of a member's lists; custom ids carry it."""

    user_id: int
    kind: FeedbackKind
    page: int = 0
    """From 0 on; beyond the last page the last is meant."""


PLACE = parts(Place, user_id=USER, kind=one_of(FeedbackKind), page=PAGE)
