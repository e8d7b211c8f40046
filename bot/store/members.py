"""Creates the member's row, which all other rows about a member refer to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import members
from bot.store.upsert import insert_missing


async def ensure_member(connection: AsyncConnection, user_id: int, at: datetime) -> None:
    """Create the member's row if it is missing; within a transaction that writes."""
    await insert_missing(connection, members, {"user_id": user_id, "first_seen": at})
