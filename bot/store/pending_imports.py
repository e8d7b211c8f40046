"""Stores lists that were read and wait for the member's confirmation."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import pending_imports

_ID_BYTES = 16
_KEPT = 5
"""The most pending lists of one member; those that expire first are dropped."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A pending list."""

    pending_id: str
    user_id: int
    """The list's owner."""
    source: str
    body: dict[str, Any]
    expires_at: datetime


def new_id() -> str:
    """Return a new id of 22 characters that cannot be guessed."""
    return secrets.token_urlsafe(_ID_BYTES)


async def keep(
    connection: AsyncConnection,
    user_id: int,
    source: str,
    body: Mapping[str, Any],
    *,
    at: datetime,
    expires_at: datetime,
) -> str:
    """Store a list until it expires, and delete expired ones; see `ImportStore.keep_pending`."""
    waiting = pending_imports.c
    await drop_expired(connection, at)
    oldest_last = (
        select(waiting.pending_id)
        .where(waiting.user_id == user_id)
        .order_by(waiting.expires_at.desc(), waiting.pending_id)
    )
    kept = list(await connection.scalars(oldest_last))
    await connection.execute(delete(pending_imports).where(waiting.pending_id.in_(kept[_KEPT - 1 :])))
    pending_id = new_id()
    await connection.execute(
        insert(pending_imports).values(
            pending_id=pending_id, user_id=user_id, source=source, body=dict(body), expires_at=expires_at
        )
    )
    return pending_id


async def drop_expired(connection: AsyncConnection, at: datetime) -> None:
    """Delete the lists that have expired."""
    await connection.execute(delete(pending_imports).where(pending_imports.c.expires_at <= at))


async def find(connection: AsyncConnection, pending_id: str, at: datetime) -> Pending | None:
    """Return a pending list; None if it is unknown, imported or expired."""
    waiting = pending_imports.c
    query = select(
        waiting.pending_id, waiting.user_id, waiting.source, waiting.body, waiting.expires_at
    ).where((waiting.pending_id == pending_id) & (waiting.expires_at > at))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Pending(*row)


async def take_out(connection: AsyncConnection, pending_id: str, user_id: int | None = None) -> bool:
    """Delete a list; if a member is given, only theirs. Return whether it was there."""
    this = pending_imports.c.pending_id == pending_id
    if user_id is not None:
        this &= pending_imports.c.user_id == user_id
    return (await connection.execute(delete(pending_imports).where(this))).rowcount > 0
