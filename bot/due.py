"""Work that has its time: one loop that does what is due and waits until the next is."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import ClassVar

import discord
from discord.ext import commands, tasks

from bot.client import HakkenBot

log = logging.getLogger(__name__)


class DueCog(commands.Cog):
    """Does what is due from when the bot is ready until the cog is removed.

    A subclass says what to do in `do_due` and may change the pauses.
    """

    shortest: ClassVar[timedelta] = timedelta(seconds=1)
    """Pause between two looks when something is due at once."""
    longest: ClassVar[timedelta] = timedelta(days=1)
    """Pause between two looks when nothing is due sooner."""
    retry: ClassVar[timedelta] = timedelta(minutes=5)
    """Pause after a look that failed."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot
        self._woken = False

    async def do_due(self) -> datetime | None:
        """Do what is due by now.

        Returns:
            When the next thing is due, which may be past; None if nothing is planned.
        """
        raise NotImplementedError

    def wake(self) -> None:
        """Look again at once: something may be due sooner than it was at the last look."""
        self._woken = True
        self.look.change_interval(seconds=0)

    @classmethod
    def pause_until(cls, next_time: datetime | None, now: datetime) -> timedelta:
        """Pause between a look that ends now and one at `next_time`, at least shortest, at most longest."""
        return cls.longest if next_time is None else min(max(next_time - now, cls.shortest), cls.longest)

    async def cog_load(self) -> None:
        """Start; what became due while the bot was away comes first."""
        self.look.start()

    async def cog_unload(self) -> None:
        """Stop, and wait until the step under way has let go of the database."""
        looking = self.look.get_task()
        self.look.cancel()
        if looking is not None:
            await asyncio.wait([looking])

    @tasks.loop()
    async def look(self) -> None:
        """Do what is due, and plan the next look."""
        self._woken = False
        try:
            pause = self.pause_until(await self.do_due(), discord.utils.utcnow())
        except Exception:  # an error would end the loop; the next look may succeed
            log.exception("%s could not do what was due", self.qualified_name)
            pause = self.retry
        self._plan(timedelta(0) if self._woken else pause)

    @look.before_loop
    async def _wait_until_ready(self) -> None:
        await self.bot.wait_until_ready()

    def _plan(self, pause: timedelta) -> None:
        # discord.py counts an interval from when this look was due: a slow look or one that was woken would
        # be followed by others at once, until the intervals had caught up with the clock.
        upcoming, interval = self.look.next_iteration, self.look.seconds
        if upcoming is not None and interval is not None:
            pause += discord.utils.utcnow() - (upcoming - timedelta(seconds=interval))
        self.look.change_interval(seconds=pause.total_seconds())
