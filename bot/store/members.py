"""Creates the member's row, which all other rows about a member refer to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import members
from bot.store.upsert import insert_new


async def ensure_member(connection: AsyncConnection, user_id: int, at: datetime) -> bool:
    """Create the member's row if it is missing, in a transaction that writes; return whether it was."""
    return await insert_new(connection, members, {"user_id": user_id, "first_seen": at})
