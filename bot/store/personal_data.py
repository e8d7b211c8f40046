"""Exports, counts and deletes all data about a member or a server, in every table."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, MetaData, Table, delete, exists, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database, to_be_wiped
from bot.store.departed_guilds import GRACE
from bot.store.tables import departed_guilds, members, metadata

_AT_ONCE = 500
"""Rows that are converted before other tasks may run."""


class PersonalDataStore:
    """Finds the data in all tables, so that a new table cannot be forgotten.

    A row is about a member if its `user_id` is theirs, or if it refers by a foreign key to such a row. For a
    server the same holds with `guild_id`.
    """

    def __init__(self, database: Database, tables: MetaData = metadata) -> None:
        self._database, self._tables = database, tables

    async def held(self, user_id: int) -> dict[str, list[dict[str, object]]]:
        """Return every row about a member, by table, as plain data; tables without any are left out."""
        found = {}
        async with self._database.read() as connection:
            for table, about in self._about("user_id", user_id).items():
                query = select(table).where(about).order_by(*table.primary_key)
                plain: list[dict[str, object]] = []
                async for some in (await connection.stream(query)).mappings().partitions(_AT_ONCE):
                    plain += ({name: _plain(value) for name, value in row.items()} for row in some)
                if plain:
                    found[table.name] = plain
        return found

    async def counts(self, user_id: int) -> dict[str, int]:
        """Return the number of rows about a member in each table; tables without any are left out."""
        found = {}
        async with self._database.read() as connection:
            for table, about in self._about("user_id", user_id).items():
                if count := await connection.scalar(select(func.count()).select_from(table).where(about)):
                    found[table.name] = count
        return found

    async def forget(self, user_id: int) -> dict[str, int]:
        """Delete every row about a member, all or none, and their traces in the database's files.

        Return the number of deleted rows by table; tables without any are left out.
        """
        async with self._database.begin() as connection:
            gone = await _delete(connection, self._about("user_id", user_id))
            if gone:
                await to_be_wiped(connection)
        if gone:  # otherwise repeated presses would keep everyone waiting
            await self._database.wipe()
        return gone

    async def forget_guild(self, guild_id: int) -> dict[str, int]:
        """Delete every row about a server, like `forget`, and members without any data afterwards.

        Return the number of deleted rows about the server by table.
        """
        async with self._database.begin() as connection:
            gone = await _delete(connection, self._about("guild_id", guild_id))
            await connection.execute(delete(members).where(*self._nothing_hangs_on_them()))
            await to_be_wiped(connection)
        await self._database.wipe()
        return gone

    async def guilds(self) -> set[int]:
        """Return the servers with any stored data."""
        columns = [table.c.guild_id for table in self._tables.sorted_tables if "guild_id" in table.c]
        async with self._database.read() as connection:
            return set(await connection.scalars(union(*(select(one) for one in columns))))

    async def guilds_to_forget(self, at: datetime) -> list[int]:
        """Return the servers that removed the bot longer than `GRACE` ago, the earliest first."""
        query = (
            select(departed_guilds.c.guild_id)
            .where(departed_guilds.c.left_at <= at - GRACE)
            .order_by(departed_guilds.c.left_at, departed_guilds.c.guild_id)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    def _about(self, column: str, value: int) -> dict[Table, ColumnElement[bool]]:
        """Return the condition for rows about a member or server, for each table that may have some.

        A table comes after the tables that it refers to.
        """
        found: dict[Table, ColumnElement[bool]] = {}
        for table in self._tables.sorted_tables:
            conditions = [table.c[column] == value] if column in table.c else []
            for key in table.foreign_key_constraints:
                if (about := found.get(key.referred_table)) is not None:
                    joined = [one.parent == one.column for one in key.elements]
                    conditions.append(exists().select_from(key.referred_table).where(*joined, about))
            if conditions:
                found[table] = or_(*conditions)
        return found

    def _nothing_hangs_on_them(self) -> list[ColumnElement[bool]]:
        return [
            ~exists().select_from(table).where(*(one.parent == one.column for one in key.elements))
            for table in self._tables.tables.values()
            for key in table.foreign_key_constraints
            if key.referred_table.name == members.name
        ]


async def _delete(connection: AsyncConnection, about: dict[Table, ColumnElement[bool]]) -> dict[str, int]:
    gone = {}
    for table in reversed(about):  # referring tables first, so that every row is counted
        if count := (await connection.execute(delete(table).where(about[table]))).rowcount:
            gone[table.name] = count
    return gone


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
