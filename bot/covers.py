"""Covers for anime whose catalogue has none: from the database, or from AniList, but never waited for."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from discord.utils import utcnow
from sqlalchemy.exc import SQLAlchemyError

from bot.anilist import ADDRESS, BATCH, LARGEST_ID, AniList, AniListError, LimitExceededError
from bot.store.covers import CoverStore

log = logging.getLogger(__name__)

_REMEMBERED = 20_000
"""Covers kept in memory, more than there are anime: some 5 MB."""
_AWAITED = 1_000
"""Anime whose cover is being looked for; while there are so many, others are passed over."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient the search for covers is, in seconds."""

    collect: float = 0.2
    """What is noted within this time is looked for together."""
    timeout: float = 10.0
    """How long AniList may take for an answer."""
    first_pause: float = 15.0
    """How long AniList is left alone after a failure; twice as long after each further one."""
    longest_pause: float = 900.0

    def pause_after(self, failures: int) -> float:
        """The pause after this many failures in a row, from 1 on."""
        return min(self.first_pause * 2.0 ** min(failures - 1, 30), self.longest_pause)


class Covers:
    """What is known of covers now; what is not is found in the background, for the next time.

    Only ids of anime go to AniList. An anime of which it has no cover is not asked for again while the bot
    runs, or while the store keeps that answer.
    """

    def __init__(
        self,
        store: CoverStore,
        *,
        address: str = ADDRESS,
        per_minute: int = 90,
        timing: Timing | None = None,
    ) -> None:
        """Until `start` nothing is looked for.

        Args:
            store: where covers are kept.
            address: where AniList's GraphQL listens.
            per_minute: the most requests a minute, at least 1; AniList's answers may lower it.
            timing: how patient the search is.
        """
        self._store = store
        self._address = address
        self._per_minute = per_minute
        self._timing = timing or Timing()
        self._memory: OrderedDict[int, str | None] = OrderedDict()
        self._awaited: set[int] = set()
        self._unread: asyncio.Queue[int] = asyncio.Queue()
        self._unasked: asyncio.Queue[int] = asyncio.Queue()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def known(self, anime_id: int) -> str | None:
        """The cover's https address if it is in memory; otherwise None, and it is looked for.

        Args:
            anime_id: an id on MyAnimeList.
        """
        if anime_id in self._memory:
            self._memory.move_to_end(anime_id)
            return self._memory[anime_id]
        if self._tasks and 0 < anime_id <= LARGEST_ID and len(self._awaited) < _AWAITED:
            self._note(anime_id)
        return None

    async def start(self) -> None:
        """Begin to look for covers."""
        if not self._tasks:
            self._tasks = (asyncio.create_task(self._read_store()), asyncio.create_task(self._ask_anilist()))
            for task in self._tasks:
                task.add_done_callback(_tell_of_bug)

    async def close(self) -> None:
        """Stop looking for covers, also in the middle of it."""
        tasks, self._tasks = self._tasks, ()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _note(self, anime_id: int) -> None:
        if anime_id not in self._awaited:
            self._awaited.add(anime_id)
            self._unread.put_nowait(anime_id)

    async def _read_store(self) -> None:
        # On its own, so that covers in the database are found while AniList is left alone.
        while True:
            first = await self._unread.get()
            await asyncio.sleep(self._timing.collect)
            batch = _batch(first, self._unread)
            try:
                kept = await self._store.of(batch, at=utcnow())
            except SQLAlchemyError as error:
                log.warning("the covers in the database cannot be read: %s", error)
                self._awaited.difference_update(batch)
                continue
            self._remember(kept)
            for anime_id in batch:
                if anime_id not in kept:
                    self._unasked.put_nowait(anime_id)

    async def _ask_anilist(self) -> None:
        outage = _Outage(self._timing)
        async with AniList(
            self._address, per_minute=self._per_minute, timeout_seconds=self._timing.timeout
        ) as anilist:
            while True:
                first = await self._unasked.get()
                await anilist.turn()
                batch = _batch(first, self._unasked)
                try:
                    found = await anilist.covers(batch)
                except AniListError as error:
                    # They are noted again when they are shown again: a batch that AniList cannot
                    # answer does not come back for ever.
                    self._awaited.difference_update(batch)
                    await asyncio.sleep(outage.pause(error))
                else:
                    outage.end()
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


class _Outage:
    """Failures of AniList in a row: pauses grow, and each cause is told once."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._failures = 0
        self._told: set[str] = set()

    def pause(self, error: AniListError) -> float:
        """Tell of a failure.

        Returns:
            How many seconds to leave AniList alone.
        """
        self._failures += 1
        pause = max(error.retry_after, self._timing.pause_after(self._failures))
        why = str(error)
        log.log(self._level(error), "no covers from AniList: %s; asked again in %.0f s", why, pause)
        self._told.add(why)
        return pause

    def end(self) -> None:
        """AniList has answered."""
        if self._failures:
            log.info("covers from AniList again")
        self._failures = 0
        self._told.clear()

    def _level(self, error: AniListError) -> int:
        if str(error) in self._told:
            return logging.DEBUG
        if self._told or isinstance(error, LimitExceededError):
            return logging.INFO
        return logging.WARNING


def _batch(first: int, queue: asyncio.Queue[int]) -> list[int]:
    waiting = min(queue.qsize(), BATCH - 1)
    return [first, *(queue.get_nowait() for _ in range(waiting))]


def _tell_of_bug(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        log.error("no more covers are looked for", exc_info=task.exception())
