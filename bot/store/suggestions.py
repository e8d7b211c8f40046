"""Answers of `/suggest` that members can join, kept while their buttons work."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, insert, literal, select, update

from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.tables import gathering_members, gatherings, members, parties
from bot.store.upsert import upsert

Whom = Literal["server", "named"]
"""For whom picks were first made: who takes part in the server, or members who were named."""
_ENDED = ("over", "called off")
"""The stages of evenings that come to nothing more."""
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class KeptSuggestion:
    """Picks that members can join."""

    gathering_id: str
    guild_id: int
    channel_id: int
    message_id: int | None
    """None until it was sent."""
    whom: Whom
    ask: dict[str, Any]
    """What was asked, as JSON."""
    picks: list[dict[str, Any]]
    """What is shown, as JSON."""
    begun_at: datetime
    expires_at: datetime


class SuggestionStore:
    """Gatherings by a random id that cannot be guessed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self,
        guild_id: int,
        channel_id: int,
        whom: Whom,
        named: Collection[int],
        ask: Mapping[str, Any],
        picks: Sequence[Mapping[str, Any]],
        *,
        at: datetime,
        expires_at: datetime,
    ) -> str:
        """Keep picks until they expire.

        Of those named who never used the bot nothing is kept, not even that they were named.

        Returns:
            The gathering's id.
        """
        gathering_id = secrets.token_urlsafe(_ID_BYTES)
        async with self._database.begin() as connection:
            await connection.execute(
                insert(gatherings).values(
                    gathering_id=gathering_id,
                    guild_id=guild_id,
                    channel_id=channel_id,
                    whom=whom,
                    ask=dict(ask),
                    picks=[dict(pick) for pick in picks],
                    begun_at=at,
                    expires_at=expires_at,
                )
            )
            if named:
                known = select(literal(gathering_id), members.c.user_id).where(members.c.user_id.in_(named))
                into = insert(gathering_members)
                await connection.execute(into.from_select(["gathering_id", "user_id"], known))
        return gathering_id

    async def find(self, gathering_id: str, *, at: datetime) -> KeptSuggestion | None:
        """The gathering; None for one that is unknown or has expired."""
        query = select(
            gatherings.c.gathering_id,
            gatherings.c.guild_id,
            gatherings.c.channel_id,
            gatherings.c.message_id,
            gatherings.c.whom,
            gatherings.c.ask,
            gatherings.c.picks,
            gatherings.c.begun_at,
            gatherings.c.expires_at,
        ).where((gatherings.c.gathering_id == gathering_id) & (gatherings.c.expires_at > at))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else KeptSuggestion(*row)

    async def sent(self, gathering_id: str, message_id: int) -> None:
        """Keep which message shows it."""
        this = gatherings.c.gathering_id == gathering_id
        async with self._database.begin() as connection:
            await connection.execute(update(gatherings).where(this).values(message_id=message_id))

    async def repick(self, gathering_id: str, picks: Sequence[Mapping[str, Any]]) -> bool:
        """Keep other picks in place of those before, unless they are being voted on, or were.

        Returns:
            Whether they are kept.
        """
        voted_on = select(parties.c.gathering_id).where(
            (parties.c.stage != "picks") | parties.c.sending.is_not(None)
        )
        this = (gatherings.c.gathering_id == gathering_id) & gatherings.c.gathering_id.not_in(voted_on)
        told = {"picks": [dict(pick) for pick in picks]}
        async with self._database.begin() as connection:
            changed = await connection.execute(update(gatherings).where(this).values(**told))
        return bool(changed.rowcount)

    async def join(self, gathering_id: str, user_id: int, *, at: datetime) -> bool:
        """Count a member in; nothing changes for one who is, or where the gathering is no more.

        Returns:
            Whether they have come in just now.
        """
        this = _one(gathering_id, user_id)
        open_now = select(gatherings.c.gathering_id).where(
            (gatherings.c.gathering_id == gathering_id) & (gatherings.c.expires_at > at)
        )
        async with self._database.begin() as connection:
            if await connection.scalar(open_now) is None:
                return False
            if await connection.scalar(select(gathering_members.c.joined_at).where(this)) is not None:
                return False
            await ensure_member(connection, user_id, at)
            row = {"gathering_id": gathering_id, "user_id": user_id, "joined_at": at}
            await upsert(connection, gathering_members, row)
        return True

    async def leave(self, gathering_id: str, user_id: int) -> bool:
        """Count a member out, also as one who was named.

        Returns:
            Whether they had joined.
        """
        this = _one(gathering_id, user_id) & gathering_members.c.joined_at.is_not(None)
        async with self._database.begin() as connection:
            gone = await connection.execute(delete(gathering_members).where(this))
        return bool(gone.rowcount)

    async def joined(self, gathering_id: str) -> list[int]:
        """User ids of those who have joined, the first first."""
        return await self._members(gathering_id, gathering_members.c.joined_at.is_not(None))

    async def named(self, gathering_id: str) -> list[int]:
        """User ids, ascending, of those who were named and have not joined themselves."""
        return await self._members(gathering_id, gathering_members.c.joined_at.is_(None))

    async def drop_expired(self, at: datetime) -> None:
        """Drop the gatherings that have expired by now, and who joined them.

        While an evening that was begun from one is under way it must know who is in.
        """
        under_way = select(parties.c.gathering_id).where(parties.c.stage.not_in(_ENDED))
        over = select(gatherings.c.gathering_id).where(
            (gatherings.c.expires_at <= at) & gatherings.c.gathering_id.not_in(under_way)
        )
        async with self._database.begin() as connection:
            await connection.execute(
                delete(gathering_members).where(gathering_members.c.gathering_id.in_(over))
            )
            await connection.execute(delete(gatherings).where(gatherings.c.gathering_id.in_(over)))

    async def _members(self, gathering_id: str, which: ColumnElement[bool]) -> list[int]:
        query = (
            select(gathering_members.c.user_id)
            .where((gathering_members.c.gathering_id == gathering_id) & which)
            .order_by(gathering_members.c.joined_at, gathering_members.c.user_id)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))


def _one(gathering_id: str, user_id: int) -> ColumnElement[bool]:
    return (gathering_members.c.gathering_id == gathering_id) & (gathering_members.c.user_id == user_id)
