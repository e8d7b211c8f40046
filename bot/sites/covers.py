"""Finds covers that the catalogue lacks, in the database or on AniList, without making anyone wait."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping

from discord.utils import utcnow
from sqlalchemy.exc import SQLAlchemyError

from bot.sites import AniList
from bot.sites.anilist_covers import BATCH, AniListError
from bot.sites.anilist_ids import LARGEST_ID
from bot.sites.backlog import Backlog
from bot.sites.cover_checks import CoverChecks
from bot.sites.outage import Outage, Timing
from bot.store.covers import CoverStore
from hakken import Anime

log = logging.getLogger(__name__)

_REMEMBERED = 20_000
"""Covers kept in memory, more than there are anime: some 5 MB."""
_AWAITED = 1_000
"""Most anime whose covers are looked up at a time; further ones are skipped until there is room."""


class Covers:
    """The known covers; unknown ones are looked up in the background, for the next time.

    Only anime ids are sent to AniList. If it has no cover of an anime, it is not asked again while the bot
    runs, or while the store keeps that answer.
    """

    def __init__(
        self, store: CoverStore, anilist: AniList, checks: CoverChecks, *, timing: Timing | None = None
    ) -> None:
        """Create it idle: nothing is looked up before `start`. AniList is asked in its spare turns."""
        self._store = store
        self._checks = checks
        self._anilist = anilist
        self._timing = timing or Timing()
        self._outage = Outage("covers from AniList", self._timing)
        self._memory: OrderedDict[int, str | None] = OrderedDict()
        self._awaited: set[int] = set()
        # Two backlogs, so that covers in the database are found while AniList is paused.
        self._unread = Backlog[int](self._read_store)
        self._unasked = Backlog[int](self._ask_anilist)
        self._looking = False

    def of(self, anime: Anime) -> str | None:
        """Return the cover to show: the catalogue's, or else AniList's; none that failed in the last week."""
        if anime.image_url and self._checks.may_show(anime.image_url):
            return anime.image_url
        found = self.known(anime.anime_id)
        return found if found and self._checks.may_show(found) else None

    def known(self, anime_id: int) -> str | None:
        """Return the cover's https address if it is in memory; otherwise None, and start looking it up."""
        if anime_id in self._memory:
            self._memory.move_to_end(anime_id)
            return self._memory[anime_id]
        if self._looking and 0 < anime_id <= LARGEST_ID and len(self._awaited) < _AWAITED:
            self._note(anime_id)
        return None

    def start(self) -> None:
        """Start looking up covers."""
        self._looking = True

    async def close(self) -> None:
        """Stop looking up covers, even in the middle of a lookup."""
        self._looking = False
        await self._unread.close()
        await self._unasked.close()

    def _note(self, anime_id: int) -> None:
        if anime_id not in self._awaited:
            self._awaited.add(anime_id)
            self._unread.add([anime_id])

    async def _read_store(self) -> None:
        await asyncio.sleep(self._timing.collect)
        batch = self._unread.batch(BATCH)
        try:
            kept = await self._store.of(batch, at=utcnow())
        except SQLAlchemyError as error:
            log.warning("the covers in the database cannot be read: %s", error)
            self._awaited.difference_update(batch)
        else:
            self._remember(kept)
            self._unasked.add([anime_id for anime_id in batch if anime_id not in kept])

    async def _ask_anilist(self) -> None:
        await self._outage.pause()
        await self._anilist.spare_turn()
        batch = self._unasked.batch(BATCH)
        try:
            found = await self._anilist.covers(batch)
        except AniListError as error:
            # These anime are noted again when they are shown again, so a batch that AniList cannot answer
            # is not retried forever.
            self._awaited.difference_update(batch)
            self._outage.failed(str(error), error.retry_after)
        else:
            self._outage.end()
            await self._keep(found)

    async def _keep(self, found: Mapping[int, str | None]) -> None:
        self._remember(found)
        try:
            await self._store.keep(found, at=utcnow())
        except SQLAlchemyError as error:
            log.warning("covers cannot be kept in the database: %s", error)

    def _remember(self, covers: Mapping[int, str | None]) -> None:
        self._memory.update(covers)
        self._awaited.difference_update(covers)
        while len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)
