"""Finds covers that the catalogue lacks, in the database or on AniList, without making anyone wait."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from discord.utils import utcnow
from sqlalchemy.exc import SQLAlchemyError

from bot.sites import AniList
from bot.sites.anilist_covers import BATCH, AniListError
from bot.sites.anilist_ids import LARGEST_ID
from bot.store.covers import CoverStore

log = logging.getLogger(__name__)

_REMEMBERED = 20_000
"""Covers kept in memory, more than there are anime: some 5 MB."""
_AWAITED = 1_000
"""Most anime whose covers are looked up at a time; further ones are skipped until there is room."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Times for the cover search, in seconds."""

    collect: float = 0.2
    """Anime noted within this time are looked up together."""
    first_pause: float = 15.0
    """Pause before AniList is asked again after a failure; doubled after each further one."""
    longest_pause: float = 900.0

    def pause_after(self, failures: int) -> float:
        """Return the pause after this many failures in a row, 1 or more."""
        return min(self.first_pause * 2.0 ** min(failures - 1, 30), self.longest_pause)


class Covers:
    """The known covers; unknown ones are looked up in the background, for the next time.

    Only anime ids are sent to AniList. If it has no cover of an anime, it is not asked again while the bot
    runs, or while the store keeps that answer.
    """

    def __init__(self, store: CoverStore, anilist: AniList, *, timing: Timing | None = None) -> None:
        """Create it idle: nothing is looked up before `start`. AniList is asked in its spare turns."""
        self._store = store
        self._anilist = anilist
        self._timing = timing or Timing()
        self._outage = _Outage(self._timing)
        self._memory: OrderedDict[int, str | None] = OrderedDict()
        self._awaited: set[int] = set()
        # Two backlogs, so that covers in the database are found while AniList is paused.
        self._unread = _Backlog(self._read_store)
        self._unasked = _Backlog(self._ask_anilist)
        self._looking = False

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
        batch = self._unread.batch()
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
        batch = self._unasked.batch()
        try:
            found = await self._anilist.covers(batch)
        except AniListError as error:
            # These anime are noted again when they are shown again, so a batch that AniList cannot answer
            # is not retried forever.
            self._awaited.difference_update(batch)
            self._outage.failed(error)
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


class _Backlog:
    """A queue of anime ids; the task that works on it exists only while there are any."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        """Start with an empty queue; `work` takes a `batch` and processes it."""
        self._work = work
        self._ids: deque[int] = deque()
        self._task: asyncio.Task[None] | None = None

    def add(self, anime_ids: Iterable[int]) -> None:
        """Append these ids to the queue."""
        self._ids.extend(anime_ids)
        if self._ids and self._task is None:
            self._task = asyncio.create_task(self._work_off())

    def batch(self) -> list[int]:
        """Take the oldest ids, at most as many as fit in one request."""
        return [self._ids.popleft() for _ in range(min(len(self._ids), BATCH))]

    async def close(self) -> None:
        """Clear the queue and cancel the task, even in the middle of its work."""
        self._ids.clear()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _work_off(self) -> None:
        try:
            while self._ids:
                await self._work()
        except Exception:  # a bug; no command is waiting here that could report it
            log.exception("covers could not be looked for")
        finally:
            self._task = None


class _Outage:
    """Tracks AniList's failures in a row: the pauses grow, and each cause is logged once."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._failures = 0
        self._causes: set[str] = set()
        self._pause_until = 0.0

    async def pause(self) -> None:
        """Wait until AniList may be asked again after the last failure."""
        await asyncio.sleep(self._pause_until - asyncio.get_running_loop().time())

    def failed(self, error: AniListError) -> None:
        """Record that AniList gave no covers, and pause."""
        self._failures += 1
        pause = max(error.retry_after or 0.0, self._timing.pause_after(self._failures))
        self._pause_until = asyncio.get_running_loop().time() + pause
        why = str(error)
        log.log(self._level(error), "no covers from AniList: %s; asked again in %.0f s", why, pause)
        self._causes.add(why)

    def end(self) -> None:
        """Record that AniList has answered."""
        if self._failures:
            log.info("covers from AniList again")
        self._failures = 0
        self._causes.clear()

    def _level(self, error: AniListError) -> int:
        if str(error) in self._causes:
            return logging.DEBUG
        if self._causes or error.retry_after is not None:
            return logging.INFO
        return logging.WARNING
