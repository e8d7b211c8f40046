"""Who takes part in which server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.tables import participants


class ParticipantStore:
    """Participants by server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, guild_id: int, user_id: int, *, at: datetime) -> bool:
        """Make a member a participant; nothing changes for one who is.

        Returns:
            Whether they have become one just now.
        """
        query = select(participants.c.user_id).where(
            (participants.c.guild_id == guild_id) & (participants.c.user_id == user_id)
        )
        async with self._database.read() as connection:
            # Most who use the bot have joined long ago, and a look costs no lock.
            if await connection.scalar(query) is not None:
                return False
        async with self._database.begin() as connection:
            if await connection.scalar(query) is not None:
                return False
            await ensure_member(connection, user_id, at)
            await connection.execute(
                insert(participants).values(guild_id=guild_id, user_id=user_id, joined_at=at)
            )
        return True

    async def of_guild(self, guild_id: int) -> list[int]:
        """User ids of a server's participants, ascending."""
        query = (
            select(participants.c.user_id)
            .where(participants.c.guild_id == guild_id)
            .order_by(participants.c.user_id)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))
