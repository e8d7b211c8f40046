"""Stores addresses of covers that the catalogue lacks, as AniList gave them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.store.batches import batches
from bot.store.database import TableStore
from bot.store.tables import covers
from bot.store.upsert import upsert

NONE_HOLDS = timedelta(days=30)
"""How long the answer 'AniList has no cover' is kept."""


class CoverStore(TableStore):
    """Covers by anime."""

    async def of(self, anime_ids: Collection[int], *, at: datetime) -> dict[int, str | None]:
        """Return the known covers of these anime by id, None if AniList has none.

        Anime that must be looked up are left out, also when an answer 'no cover' has expired.
        """
        found: dict[int, str | None] = {}
        async with self._database.read() as connection:
            for some in batches(anime_ids):
                query = select(covers.c.anime_id, covers.c.url).where(
                    covers.c.anime_id.in_(some)
                    & (covers.c.url.is_not(None) | (covers.c.asked_at > at - NONE_HOLDS))
                )
                found.update((row.anime_id, row.url) for row in await connection.execute(query))
        return found

    async def keep(self, addresses: Mapping[int, str | None], *, at: datetime) -> None:
        """Store addresses by anime id, None if AniList has no cover, in place of earlier answers.

        Raises:
            IntegrityError: an address is not http or https, or has more than 2,048 characters; then
                nothing is stored.
        """
        async with self._database.begin() as connection:
            for some in batches(addresses):
                rows = [
                    {"anime_id": anime_id, "url": addresses[anime_id], "asked_at": at} for anime_id in some
                ]
                await upsert(connection, covers, *rows)
