"""Stores members' preferences: title language, and remembered filters."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ValidationError
from sqlalchemy import RowMapping, select, update

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import preferences
from bot.store.upsert import upsert
from hakken.recommend.filters import Filters

log = logging.getLogger(__name__)

Titles = Literal["romaji", "english", "both"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """One member's preferences; the defaults are those of a member who never chose any."""

    titles: Titles | None = None
    """None: the server's choice."""
    filters: Filters | None = None
    """Default filters of `/recommend`; None if none are remembered."""


class PreferenceStore(TableStore):
    """Preferences by member."""

    async def of_member(self, user_id: int) -> Preferences:
        """Return a member's preferences; filters that this version cannot read count as none."""
        query = select(preferences.c.titles, preferences.c.wishes).where(preferences.c.user_id == user_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Preferences() if row is None else preferences_from(row)

    async def choose_titles(self, user_id: int, titles: Titles, *, at: datetime) -> None:
        """Set a member's title language.

        Raises:
            IntegrityError: not one of `Titles`.
        """
        await self._change(user_id, {"titles": titles}, at)

    async def remember(self, user_id: int, filters: Filters, *, at: datetime) -> None:
        """Remember filters for next time.

        Whether 18+ or ecchi may be shown is not remembered: it depends on the channel, on the server, and on
        the member's ratings of then.
        """
        kept = filters.model_copy(update={"adult": False})
        await self._change(user_id, {"wishes": kept.model_dump_json(exclude={"ecchi"})}, at)

    async def forget(self, user_id: int) -> None:
        """Delete the remembered filters, even unreadable ones; the titles stay as they are."""
        async with self._database.begin() as connection:
            await connection.execute(
                update(preferences).where(preferences.c.user_id == user_id).values(wishes=None)
            )

    async def _change(self, user_id: int, values: dict[str, str], at: datetime) -> None:
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await upsert(connection, preferences, {"user_id": user_id, **values})


def preferences_from(row: RowMapping) -> Preferences:
    """Build preferences from a row with the columns of `preferences`; both are NULL if none were chosen."""
    return Preferences(row[preferences.c.titles], _read(row[preferences.c.wishes]))


def _read(kept: str | None) -> Filters | None:
    if kept is None:
        return None
    try:
        filters = Filters.model_validate_json(kept)
    except ValidationError:
        log.info("filters kept by another version cannot be read and count as none")
        return None
    return filters.model_copy(update={"adult": False})
