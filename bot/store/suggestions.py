"""Stores suggestions of `/suggest` that members can join, while their buttons work."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, insert, literal, select, update

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import gathering_members, gatherings, members, parties
from bot.store.upsert import upsert

Whom = Literal["server", "named"]
"""Group that the picks were first made for: the server's participants, or named members."""
_ENDED = ("over", "called off")
"""The stages of watch parties that have ended."""
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class KeptSuggestion:
    """Picks that members can join."""

    suggestion_id: str
    guild_id: int
    channel_id: int
    message_id: int | None
    """None until the message was sent."""
    whom: Whom
    ask: dict[str, Any]
    """The request, as JSON."""
    picks: list[dict[str, Any]]
    """The shown picks, as JSON."""
    begun_at: datetime
    expires_at: datetime


class SuggestionStore(TableStore):
    """Suggestions by a random id that cannot be guessed."""

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
        """Store picks until they expire, and return the suggestion's id.

        Nothing is stored about named members who never used the bot, not even that they were named.
        """
        suggestion_id = secrets.token_urlsafe(_ID_BYTES)
        async with self._database.begin() as connection:
            await connection.execute(
                insert(gatherings).values(
                    gathering_id=suggestion_id,
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
                known = select(literal(suggestion_id), members.c.user_id).where(members.c.user_id.in_(named))
                into = insert(gathering_members)
                await connection.execute(into.from_select(["gathering_id", "user_id"], known))
        return suggestion_id

    async def find(self, suggestion_id: str, *, at: datetime) -> KeptSuggestion | None:
        """Return a suggestion; None if it is unknown or has expired."""
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
        ).where((gatherings.c.gathering_id == suggestion_id) & (gatherings.c.expires_at > at))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else KeptSuggestion(*row)

    async def sent(self, suggestion_id: str, message_id: int) -> None:
        """Store the id of the suggestion's message."""
        this = gatherings.c.gathering_id == suggestion_id
        async with self._database.begin() as connection:
            await connection.execute(update(gatherings).where(this).values(message_id=message_id))

    async def repick(self, suggestion_id: str, picks: Sequence[Mapping[str, Any]]) -> bool:
        """Replace the picks, and return whether they were replaced: not if a vote on them has begun."""
        voted_on = select(parties.c.gathering_id).where(
            (parties.c.stage != "picks") | parties.c.sending.is_not(None)
        )
        this = (gatherings.c.gathering_id == suggestion_id) & gatherings.c.gathering_id.not_in(voted_on)
        values = {"picks": [dict(pick) for pick in picks]}
        async with self._database.begin() as connection:
            changed = await connection.execute(update(gatherings).where(this).values(**values))
        return bool(changed.rowcount)

    async def join(self, suggestion_id: str, user_id: int, *, at: datetime) -> bool:
        """Add a member, and return whether they joined just now.

        Nothing changes if they have already joined, or if the suggestion has expired.
        """
        this = _one(suggestion_id, user_id)
        open_now = select(gatherings.c.gathering_id).where(
            (gatherings.c.gathering_id == suggestion_id) & (gatherings.c.expires_at > at)
        )
        async with self._database.begin() as connection:
            if await connection.scalar(open_now) is None:
                return False
            if await connection.scalar(select(gathering_members.c.joined_at).where(this)) is not None:
                return False
            await ensure_member(connection, user_id, at)
            row = {"gathering_id": suggestion_id, "user_id": user_id, "joined_at": at}
            await upsert(connection, gathering_members, row)
        return True

    async def leave(self, suggestion_id: str, user_id: int) -> None:
        """Remove a member, unless they were only named."""
        this = _one(suggestion_id, user_id) & gathering_members.c.joined_at.is_not(None)
        async with self._database.begin() as connection:
            await connection.execute(delete(gathering_members).where(this))

    async def joined(self, suggestion_id: str) -> list[int]:
        """Return the user ids of members who have joined, the earliest first."""
        return await self._members(suggestion_id, gathering_members.c.joined_at.is_not(None))

    async def named(self, suggestion_id: str) -> list[int]:
        """Return the user ids, ascending, of members who were named and have not joined themselves."""
        return await self._members(suggestion_id, gathering_members.c.joined_at.is_(None))

    async def drop_expired(self, at: datetime) -> None:
        """Delete the suggestions that have expired, and the records of who joined them.

        Suggestions with a running watch party stay, because the party needs to know its members.
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

    async def _members(self, suggestion_id: str, which: ColumnElement[bool]) -> list[int]:
        query = (
            select(gathering_members.c.user_id)
            .where((gathering_members.c.gathering_id == suggestion_id) & which)
            .order_by(gathering_members.c.joined_at, gathering_members.c.user_id)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))


def _one(suggestion_id: str, user_id: int) -> ColumnElement[bool]:
    return (gathering_members.c.gathering_id == suggestion_id) & (gathering_members.c.user_id == user_id)
