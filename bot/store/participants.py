"""Stores which members take part in which server."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.batches import batches
from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.tables import guild_settings, participants
from bot.store.upsert import upsert

Participation = Literal["opt-out", "opt-in"]
"""Whether a server's members take part unless they opt out, or only if they opt in."""
_UNLESS_CHOSEN: Participation = "opt-out"


def taking_part(guild_id: int) -> ColumnElement[bool]:
    """Return the condition on `participants` for members who are still in a server and take part in it."""
    by_default = _participation(guild_id) == "opt-out"
    wanted = participants.c.takes_part.is_(True) | (participants.c.takes_part.is_(None) & by_default)
    return (participants.c.guild_id == guild_id) & participants.c.left_at.is_(None) & wanted


async def participation_of(connection: AsyncConnection, guild_id: int) -> Participation:
    """Return a server's choice, or the default."""
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
        """Make a member a participant, or again if they were thought to have left.

        Returns:
            Whether they became a participant for the first time.
        """
        this = (participants.c.guild_id == guild_id) & (participants.c.user_id == user_id)
        query = select(participants.c.left_at).where(this)
        async with self._database.read() as connection:
            # Most members have joined long ago, and a read takes no lock.
            row = (await connection.execute(query)).one_or_none()
            if row is not None and row.left_at is None:
                return False
        async with self._database.begin() as connection:
            new = (await connection.execute(query)).one_or_none() is None
            await ensure_member(connection, user_id, at)
            here = {"guild_id": guild_id, "user_id": user_id, "checked_at": at, "left_at": None}
            await upsert(connection, participants, {**here, "joined_at": at}, keep=["joined_at"])
        return new

    async def of_guild(self, guild_id: int) -> list[int]:
        """Return the user ids of a server's participants who have not left it, ascending."""
        query = (
            select(participants.c.user_id)
            .where((participants.c.guild_id == guild_id) & participants.c.left_at.is_(None))
            .order_by(participants.c.user_id)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def taking_part(self, guild_id: int) -> list[int]:
        """Return the user ids of members who take part in a server's suggestions, ascending."""
        query = select(participants.c.user_id).where(taking_part(guild_id)).order_by(participants.c.user_id)
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def unchecked(self, guild_id: int, *, since: datetime) -> list[int]:
        """Return the user ids of participants whose membership was last checked before `since`, ascending."""
        query = (
            select(participants.c.user_id)
            .where(
                (participants.c.guild_id == guild_id)
                & participants.c.left_at.is_(None)
                & (participants.c.checked_at.is_(None) | (participants.c.checked_at < since))
            )
            .order_by(participants.c.user_id)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def gone(self, guild_id: int) -> set[int]:
        """Return the user ids of participants who have left a server."""
        query = select(participants.c.user_id).where(
            (participants.c.guild_id == guild_id) & participants.c.left_at.is_not(None)
        )
        async with self._database.read() as connection:
            return set(await connection.scalars(query))

    async def checked(
        self, guild_id: int, *, here: Collection[int], gone: Collection[int], at: datetime
    ) -> None:
        """Record which participants are still in a server and which have left; never adds participants."""
        async with self._database.begin() as connection:
            for ids, left_at in ((here, None), (gone, at)):
                for some in batches(ids):
                    await connection.execute(
                        update(participants)
                        .where((participants.c.guild_id == guild_id) & participants.c.user_id.in_(some))
                        .values(checked_at=at, left_at=left_at)
                    )
