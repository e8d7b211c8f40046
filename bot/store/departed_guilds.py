"""Stores which servers have removed the bot."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.store.database import TableStore
from bot.store.tables import departed_guilds
from bot.store.upsert import insert_missing

GRACE = timedelta(days=30)
"""How long a server's data is kept after it removed the bot."""


class DepartedGuildStore(TableStore):
    """Departures by server; `PersonalDataStore.forget_guild` deletes the data afterwards."""

    async def left(self, guild_ids: Collection[int], *, at: datetime) -> None:
        """Record that servers removed the bot; a server that is already recorded keeps its first time."""
        rows = [{"guild_id": one, "left_at": at} for one in sorted(guild_ids)]
        if not rows:
            return
        async with self._database.begin() as connection:
            await insert_missing(connection, departed_guilds, *rows)

    async def came_back(self, guild_ids: Collection[int]) -> None:
        """Delete the record that servers removed the bot; other servers are not affected."""
        async with self._database.begin() as connection:
            known = set(await connection.scalars(select(departed_guilds.c.guild_id)))
            for guild_id in sorted(known.intersection(guild_ids)):
                await connection.execute(
                    delete(departed_guilds).where(departed_guilds.c.guild_id == guild_id)
                )
