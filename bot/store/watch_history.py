"""Stores what servers have watched together."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import TableStore
from bot.store.tables import watched

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Watched:
    """An anime that a server has watched together."""

    anime_id: int
    at: datetime
    forecast: float | None
    """Mean predicted rating of those who were there, 1–10; None if they were too few."""


class WatchHistoryStore(TableStore):
    """Watched anime by server."""

    async def of_guild(self, guild_id: int) -> list[Watched]:
        """Return what a server has watched, the newest first."""
        query = (
            select(watched.c.anime_id, watched.c.at, watched.c.forecast)
            .where(watched.c.guild_id == guild_id)
            .order_by(watched.c.at.desc(), watched.c.watched_id)
        )
        async with self._database.read() as connection:
            return [Watched(*row) for row in await connection.execute(query)]


async def keep_watched(
    connection: AsyncConnection, guild_id: int, one: Watched, *, party_id: str | None
) -> None:
    """Add a row to the history, unless the party has one; within a transaction that writes."""
    if party_id is not None:
        query = select(watched.c.watched_id).where(watched.c.party_id == party_id)
        if await connection.scalar(query) is not None:
            return
    await connection.execute(
        insert(watched).values(
            watched_id=secrets.token_urlsafe(_ID_BYTES),
            guild_id=guild_id,
            anime_id=one.anime_id,
            party_id=party_id,
            forecast=one.forecast,
            at=one.at,
        )
    )
