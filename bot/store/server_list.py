"""Stores servers' shared watch lists, and members' votes on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import server_list, server_list_votes
from bot.store.watch_history import Watched, keep_watched

MOST_ENTRIES = 500
"""The most anime on a server's list."""

TakenOff = Literal["done", "not listed", "not allowed"]
"""The result of removing an entry from the list."""


@dataclass(frozen=True, slots=True)
class ServerListEntry:
    """One anime of a server's list."""

    anime_id: int
    votes: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Vote:
    """The state of an entry after a member's vote."""

    votes: int
    """All votes of the server's members."""
    theirs: bool
    """Whether the member votes for it now."""


@dataclass(frozen=True, slots=True)
class Added(Vote):
    """The state of an entry after a member added it."""

    new: bool
    """Whether it is new on the list."""


class ServerListStore(TableStore):
    """Lists by server."""

    async def of_guild(self, guild_id: int) -> list[ServerListEntry]:
        """Return a server's list: most votes first, then the oldest first."""
        votes = func.count(server_list_votes.c.user_id)
        query = (
            select(server_list.c.anime_id, votes, server_list.c.added_at)
            .outerjoin(
                server_list_votes,
                (server_list_votes.c.guild_id == server_list.c.guild_id)
                & (server_list_votes.c.anime_id == server_list.c.anime_id),
            )
            .where(server_list.c.guild_id == guild_id)
            .group_by(server_list.c.anime_id, server_list.c.added_at)
            .order_by(votes.desc(), server_list.c.added_at, server_list.c.anime_id)
        )
        async with self._database.read() as connection:
            return [ServerListEntry(*row) for row in await connection.execute(query)]

    async def add(self, guild_id: int, anime_id: int, user_id: int, *, at: datetime) -> Added | None:
        """Add an anime to the list with the member's vote; if it is already there, only add the vote.

        None, and nothing is changed, if the list is full.
        """
        async with self._database.begin() as connection:
            new = not await _listed(connection, guild_id, anime_id)
            if new and await _size(connection, guild_id) >= MOST_ENTRIES:
                return None
            if new:
                await connection.execute(
                    insert(server_list).values(guild_id=guild_id, anime_id=anime_id, added_at=at)
                )
            voters = await _voters(connection, guild_id, anime_id)
            if user_id not in voters:
                await _vote(connection, guild_id, anime_id, user_id, at)
        return Added(len(voters | {user_id}), theirs=True, new=new)

    async def vote(self, guild_id: int, anime_id: int, user_id: int, *, at: datetime) -> Vote | None:
        """Vote for an entry, or take the vote back; None if it is not on the list."""
        async with self._database.begin() as connection:
            if not await _listed(connection, guild_id, anime_id):
                return None
            voters = await _voters(connection, guild_id, anime_id)
            if user_id in voters:
                await _unvote(connection, guild_id, anime_id, user_id)
            else:
                await _vote(connection, guild_id, anime_id, user_id, at)
        return Vote(len(voters ^ {user_id}), theirs=user_id not in voters)

    async def remove(self, guild_id: int, anime_id: int, user_id: int | None) -> TakenOff:
        """Remove an anime from the list, with its votes.

        A member may do so only if nobody else votes for it; without a member, it is always allowed.
        """
        async with self._database.begin() as connection:
            if not await _listed(connection, guild_id, anime_id):
                return "not listed"
            if user_id is not None and await _voters(connection, guild_id, anime_id) - {user_id}:
                return "not allowed"
            await take_off(connection, guild_id, anime_id)
        return "done"

    async def watched(
        self, guild_id: int, anime_id: int, user_id: int | None, *, forecast: float | None, at: datetime
    ) -> TakenOff:
        """Move an anime from the list to the history, with the group's forecast, if there was one.

        A member may do so only if they vote for it; without a member, it is always allowed.
        """
        async with self._database.begin() as connection:
            if not await _listed(connection, guild_id, anime_id):
                return "not listed"
            if user_id is not None and user_id not in await _voters(connection, guild_id, anime_id):
                return "not allowed"
            await take_off(connection, guild_id, anime_id)
            one = Watched(anime_id, at, forecast)
            await keep_watched(connection, guild_id, one, party_id=None)
        return "done"


def _entry(guild_id: int, anime_id: int) -> ColumnElement[bool]:
    return (server_list.c.guild_id == guild_id) & (server_list.c.anime_id == anime_id)


def _votes(guild_id: int, anime_id: int) -> ColumnElement[bool]:
    return (server_list_votes.c.guild_id == guild_id) & (server_list_votes.c.anime_id == anime_id)


async def _listed(connection: AsyncConnection, guild_id: int, anime_id: int) -> bool:
    query = select(server_list.c.anime_id).where(_entry(guild_id, anime_id))
    return await connection.scalar(query) is not None


async def _size(connection: AsyncConnection, guild_id: int) -> int:
    query = select(func.count()).select_from(server_list).where(server_list.c.guild_id == guild_id)
    return await connection.scalar(query) or 0


async def _voters(connection: AsyncConnection, guild_id: int, anime_id: int) -> set[int]:
    return set(
        await connection.scalars(select(server_list_votes.c.user_id).where(_votes(guild_id, anime_id)))
    )


async def _vote(
    connection: AsyncConnection, guild_id: int, anime_id: int, user_id: int, at: datetime
) -> None:
    await ensure_member(connection, user_id, at)
    await connection.execute(
        insert(server_list_votes).values(guild_id=guild_id, anime_id=anime_id, user_id=user_id, at=at)
    )


async def _unvote(connection: AsyncConnection, guild_id: int, anime_id: int, user_id: int) -> None:
    await connection.execute(
        delete(server_list_votes).where(_votes(guild_id, anime_id) & (server_list_votes.c.user_id == user_id))
    )


async def take_off(connection: AsyncConnection, guild_id: int, anime_id: int) -> None:
    """Remove an anime from a server's list, with its votes, if it is there."""
    await connection.execute(delete(server_list_votes).where(_votes(guild_id, anime_id)))
    await connection.execute(delete(server_list).where(_entry(guild_id, anime_id)))
