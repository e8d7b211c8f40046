"""Lists that were read and wait for the member's word."""

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
"""So many wait for one member; those that expire first give way."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A list that waits."""

    pending_id: str
    user_id: int
    """Whose it is."""
    source: str
    body: dict[str, Any]
    expires_at: datetime


def new_id() -> str:
    """One that cannot be guessed, of 22 characters."""
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
    """Keep a list until it expires, and drop those that have; see `ImportStore.keep_pending`."""
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
    """Drop the lists that have expired by now."""
    await connection.execute(delete(pending_imports).where(pending_imports.c.expires_at <= at))


async def find(connection: AsyncConnection, pending_id: str, at: datetime) -> Pending | None:
    """The list; None for one that is unknown, taken or expired."""
    waiting = pending_imports.c
    query = select(
        waiting.pending_id, waiting.user_id, waiting.source, waiting.body, waiting.expires_at
    ).where((waiting.pending_id == pending_id) & (waiting.expires_at > at))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Pending(*row)


async def take_out(connection: AsyncConnection, pending_id: str, user_id: int | None = None) -> bool:
    """Forget a list, of this member if one is named.

    Returns:
        Whether it was there.
    """
    this = pending_imports.c.pending_id == pending_id
    if user_id is not None:
        this &= pending_imports.c.user_id == user_id
    return (await connection.execute(delete(pending_imports).where(this))).rowcount > 0
