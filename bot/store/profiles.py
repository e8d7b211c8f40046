"""Loads the profiles of one or several members, for recommending to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.batches import batches
from bot.store.database import Database
from bot.store.feedback import SEEN_ELSEWHERE
from bot.store.participants import taking_part
from bot.store.tables import feedback, list_entries, members, participants, ratings
from hakken.recommend.recommender import Member

_AT_ONCE = 2_000


class ProfileStore:
    """Profiles as the recommender needs them: ratings, and feedback and list entries without a score."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_member(self, user_id: int) -> Member:
        """Return a member's profile; it is empty if they never used the bot."""
        return (await self.of_members([user_id]))[user_id]

    async def of_members(self, user_ids: Collection[int]) -> dict[int, Member]:
        """Return these members' profiles by user id; they are empty for members who never used the bot."""
        found = {one: Member() for one in user_ids}
        async with self._database.read() as connection:
            for some in batches(found):
                found.update(await _known(connection, members.c.user_id.in_(some)))
        return found

    async def who_rated_most(self, user_ids: Collection[int], most: int) -> list[int]:
        """Return at most `most` of these members, ascending: those with the most ratings."""
        if len(user_ids) <= most:
            return sorted(user_ids)
        counts = dict.fromkeys(user_ids, 0)
        async with self._database.read() as connection:
            for some in batches(counts):
                query = (
                    select(ratings.c.user_id, func.count())
                    .where(ratings.c.user_id.in_(some))
                    .group_by(ratings.c.user_id)
                )
                counts.update((row[0], row[1]) for row in await connection.execute(query))
        return sorted(sorted(counts, key=lambda one: (-counts[one], one))[:most])

    async def counted(self, guild_id: int, user_ids: Collection[int]) -> dict[int, Member]:
        """Return the profiles that may be used in a server, by user id in the order given.

        The profile is empty for members who do not take part there.
        """
        taking = set[int]()
        async with self._database.read() as connection:
            for some in batches(user_ids):
                query = select(participants.c.user_id).where(
                    taking_part(guild_id) & participants.c.user_id.in_(some)
                )
                taking.update(await connection.scalars(query))
        known = await self.of_members(taking)
        return {one: known.get(one, Member()) for one in user_ids}


async def _known(connection: AsyncConnection, whose: ColumnElement[bool]) -> dict[int, Member]:
    """Return the profiles of members who match a condition on `members`; one query for each table."""
    scores = dict[int, dict[int, float]]()
    async for some in _in_batches(connection, ratings, whose, ratings.c.score):
        for user_id, anime_id, score in some:
            scores.setdefault(user_id, {})[anime_id] = float(score)
    seen, begun, planned, dismissed = (dict[int, set[int]]() for _ in range(4))
    async for some in _in_batches(connection, list_entries, whose, list_entries.c.status):
        for user_id, anime_id, status in some:
            (planned if status == "planned" else begun).setdefault(user_id, set()).add(anime_id)
    async for some in _in_batches(connection, feedback, whose, feedback.c.kind, feedback.c.reason):
        for user_id, anime_id, kind, reason in some:
            if kind == "seen" or reason == SEEN_ELSEWHERE:
                seen.setdefault(user_id, set()).add(anime_id)
            if kind != "seen":
                (planned if kind == "planned" else dismissed).setdefault(user_id, set()).add(anime_id)
    found = {}
    for user_id in sorted({*scores, *seen, *begun, *planned, *dismissed}):
        rated = scores.get(user_id, {})
        # A rated anime is not also listed as seen, and a seen anime is not planned.
        watched = seen.get(user_id, set()) | (begun.get(user_id, set()) - rated.keys())
        found[user_id] = Member(
            ratings=rated,
            seen=frozenset(watched),
            dismissed=frozenset(dismissed.get(user_id, ())),
            planned=frozenset(planned.get(user_id, set()) - watched),
        )
    return found


async def _in_batches(
    connection: AsyncConnection, table: Table, whose: ColumnElement[bool], *columns: ColumnElement[Any]
) -> AsyncIterator[Sequence[Any]]:
    """Yield rows about members in batches: a server may have 100,000, and other tasks must run meanwhile."""
    query = (
        select(table.c.user_id, table.c.anime_id, *columns)
        .join(members, members.c.user_id == table.c.user_id)
        .where(whose)
    )
    async for some in (await connection.stream(query)).partitions(_AT_ONCE):
        yield some
