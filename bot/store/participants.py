"""Who takes part in which server."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.tables import guild_settings, participants

Participation = Literal["opt-out", "opt-in"]
"""Whether a server's members take part unless they say no, or only if they say yes."""
_UNLESS_CHOSEN: Participation = "opt-out"


def taking_part(guild_id: int) -> ColumnElement[bool]:
    """The condition for rows of `participants`: of this server, and taking part in what it does together."""
    by_default = _participation(guild_id) == "opt-out"
    return (participants.c.guild_id == guild_id) & (
        participants.c.takes_part.is_(True) | (participants.c.takes_part.is_(None) & by_default)
    )


async def participation_of(connection: AsyncConnection, guild_id: int) -> Participation:
    """What a server has chosen, or what holds where it has not."""
    chosen = (await connection.execute(select(_participation(guild_id)))).scalar_one()
    return "opt-in" if chosen == "opt-in" else "opt-out"


def _participation(guild_id: int) -> ColumnElement[str]:
    chosen = (
        select(guild_settings.c.participation).where(guild_settings.c.guild_id == guild_id).scalar_subquery()
    )
    return func.coalesce(chosen, literal(_UNLESS_CHOSEN))


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
