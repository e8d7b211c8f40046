"""Servers that have removed the bot."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.store.database import Database
from bot.store.tables import departed_guilds
from bot.store.upsert import insert_missing

GRACE = timedelta(days=30)
"""So long a server can come back and find everything as it was."""


class DepartedGuildStore:
    """Departures by server; `EverythingStore.forget_guild` ends what they begin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def left(self, guild_ids: Collection[int], *, at: datetime) -> None:
        """Keep that servers removed the bot; of those that did before, the first time counts."""
        async with self._database.begin() as connection:
            rows = [{"guild_id": one, "left_at": at} for one in sorted(guild_ids)]
            await insert_missing(connection, departed_guilds, *rows)

    async def came_back(self, guild_ids: Collection[int]) -> None:
        """Forget that servers removed the bot; nothing changes for those that did not."""
        async with self._database.begin() as connection:
            known = set(await connection.scalars(select(departed_guilds.c.guild_id)))
            for guild_id in sorted(known.intersection(guild_ids)):
                await connection.execute(
                    delete(departed_guilds).where(departed_guilds.c.guild_id == guild_id)
                )
