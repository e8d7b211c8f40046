"""Writes rows whether or not they exist."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = sqlite.Insert | postgresql.Insert
_INSERTS: Mapping[str, Callable[[Table], Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""Insert statement by dialect name; SQLAlchemy has no general statement for upserts."""


async def upsert(
    connection: AsyncConnection, table: Table, *rows: Mapping[str, Any], keep: Collection[str] = ()
) -> None:
    """Insert rows, or update those whose primary key exists; within a transaction that writes.

    Args:
        connection: a connection to SQLite or PostgreSQL.
        table: the table; columns that are not given stay as they are.
        rows: values by column, all with the same columns: the primary key and all that a new row needs.
        keep: columns that are only written for new rows.

    Raises:
        IntegrityError: the table does not allow a row.
    """
    if rows:
        insert = _INSERTS[connection.dialect.name](table)
        key = [column.name for column in table.primary_key]
        changed = {name: insert.excluded[name] for name in rows[0] if name not in (*key, *keep)}
        await connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), rows)


async def insert_missing(connection: AsyncConnection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Insert rows whose primary key does not exist, and leave the others as they are; see `upsert`."""
    if rows:
        insert = _INSERTS[connection.dialect.name](table)
        await connection.execute(insert.on_conflict_do_nothing(index_elements=table.primary_key), rows)


async def insert_new(
    connection: AsyncConnection,
    table: Table,
    row: Mapping[str, Any],
    *,
    provided: ColumnElement[bool] | None = None,
) -> bool:
    """Insert a row if its key is not there and the condition holds; return whether it was inserted."""
    values = select(*(literal(value, table.c[name].type) for name, value in row.items()))
    insert = _INSERTS[connection.dialect.name](table).from_select(
        list(row), values.where(true() if provided is None else provided)
    )
    missing = insert.on_conflict_do_nothing(index_elements=table.primary_key)
    result = await connection.execute(missing, execution_options={"preserve_rowcount": True})
    return result.rowcount == 1
