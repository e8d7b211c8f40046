"""Stores addresses of covers that failed, so that they are not shown again for a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.store.database import TableStore
from bot.store.tables import failed_covers
from bot.store.upsert import upsert

FAILURE_HOLDS = timedelta(days=7)
"""How long an address that failed is not shown."""


class FailedCoverStore(TableStore):
    """Addresses of covers, with the moment of their failure."""

    async def keep(self, url: str, *, at: datetime) -> None:
        """Store that the address failed now; failures that hold no longer are deleted.

        Raises:
            IntegrityError: the address has more than 2,048 characters.
        """
        async with self._database.begin() as connection:
            await connection.execute(
                delete(failed_covers).where(failed_covers.c.failed_at <= at - FAILURE_HOLDS)
            )
            await upsert(connection, failed_covers, {"url": url, "failed_at": at})

    async def recent(self, *, at: datetime) -> dict[str, datetime]:
        """Return the addresses that failed in the last week, with the moment of their last failure."""
        query = select(failed_covers.c.url, failed_covers.c.failed_at).where(
            failed_covers.c.failed_at > at - FAILURE_HOLDS
        )
        async with self._database.read() as connection:
            return {row.url: row.failed_at for row in await connection.execute(query)}
