"""Stores which members take part in which server."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, case, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.batches import batches
from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import Instant, guild_settings, members, participants
from bot.store.upsert import insert_new

Participation = Literal["opt-out", "opt-in"]
"""Whether a server's members take part unless they opt out, or only if they opt in."""
_UNLESS_CHOSEN: Participation = "opt-out"


@dataclass(frozen=True, slots=True)
class Roster:
    """A server's participants, as they stood when it was read."""

    here: Mapping[int, datetime | None]
    """When each who has not left was last seen in the server, by user id, ascending; None: never checked."""
    gone: frozenset[int]
    """User ids of those who have left."""
    taking_part: tuple[int, ...]
    """User ids of those who take part in what the server does together, ascending."""


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


class ParticipantStore(TableStore):
    """Participants by server."""

    async def join(self, guild_id: int, user_id: int, *, at: datetime) -> bool:
        """Make a member a participant, or again if they had left; return whether it is for the first time."""
        registered = exists().where(members.c.user_id == user_id)
        here = {"checked_at": at, "left_at": None}
        row = {"guild_id": guild_id, "user_id": user_id, "joined_at": at, **here}
        came_back = (
            (participants.c.guild_id == guild_id)
            & (participants.c.user_id == user_id)
            & participants.c.left_at.is_not(None)
        )
        async with self._database.begin() as connection:
            # Most commands have created the member's row by now, so one statement is enough.
            new = await insert_new(connection, participants, row, provided=registered)
            if not new and await ensure_member(connection, user_id, at):
                new = await insert_new(connection, participants, row)
            elif not new:
                await connection.execute(update(participants).where(came_back).values(**here))
        return new

    async def roster(self, guild_id: int) -> Roster:
        """Read all present and former participants of a server."""
        query = (
            select(
                participants.c.user_id,
                participants.c.checked_at,
                participants.c.left_at,
                taking_part(guild_id).label("takes_part"),
            )
            .where(participants.c.guild_id == guild_id)
            .order_by(participants.c.user_id)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return Roster(
            here={row.user_id: row.checked_at for row in rows if row.left_at is None},
            gone=frozenset(row.user_id for row in rows if row.left_at is not None),
            taking_part=tuple(row.user_id for row in rows if row.takes_part),
        )

    async def taking_part(self, guild_id: int) -> list[int]:
        """Return the user ids of members who take part in a server's suggestions, ascending."""
        query = select(participants.c.user_id).where(taking_part(guild_id)).order_by(participants.c.user_id)
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def checked(
        self, guild_id: int, *, here: Collection[int], gone: Collection[int], at: datetime
    ) -> None:
        """Record which participants are still in a server and which have left; never adds participants."""
        missing = set(gone)
        async with self._database.begin() as connection:
            for some in batches([*here, *gone]):
                left = participants.c.user_id.in_(missing.intersection(some))
                await connection.execute(
                    update(participants)
                    .where((participants.c.guild_id == guild_id) & participants.c.user_id.in_(some))
                    .values(checked_at=at, left_at=case((left, literal(at, Instant)), else_=None))
                )
