"""The row that everything held about a member hangs on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import members


async def ensure_member(connection: AsyncConnection, user_id: int, at: datetime) -> None:
    """Make the member's row unless it is there; within a transaction that writes."""
    known = await connection.scalar(select(members.c.user_id).where(members.c.user_id == user_id))
    if known is None:
        await connection.execute(insert(members).values(user_id=user_id, first_seen=at))
