"""The row that everything held about a member hangs on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import members
from bot.store.upsert import insert_new


async def ensure_member(connection: AsyncConnection, user_id: int, at: datetime) -> bool:
    """Make the member's row unless it is there; within a transaction that writes.

    Returns:
        Whether it was made.
    """
    return await insert_new(connection, members, {"user_id": user_id, "first_seen": at})
