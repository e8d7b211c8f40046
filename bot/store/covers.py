"""Addresses of covers that the catalogue lacks, as AniList gave them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.store.batches import batches
from bot.store.database import Database
from bot.store.tables import covers
from bot.store.upsert import upsert

NONE_HOLDS = timedelta(days=30)
"""How long 'AniList has none' is believed."""


class CoverStore:
    """Covers by anime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, anime_ids: Collection[int], *, at: datetime) -> dict[int, str | None]:
        """What is known of these anime's covers.

        Args:
            anime_ids: MyAnimeList ids, in any number.
            at: now; that there was none is forgotten 30 days after it was said.

        Returns:
            Address by anime id, None where AniList has none; without those that must be asked for.
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

    async def keep(self, told: Mapping[int, str | None], *, at: datetime) -> None:
        """Keep addresses in place of what was known before.

        Args:
            told: address by anime id; None where AniList has none.
            at: when AniList was asked.

        Raises:
            IntegrityError: an address that is not http or https or has more than 2,048 characters;
                then nothing is kept.
        """
        async with self._database.begin() as connection:
            for some in batches(told):
                rows = [{"anime_id": one, "url": told[one], "asked_at": at} for one in some]
                await upsert(connection, covers, *rows)
