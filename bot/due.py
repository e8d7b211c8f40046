"""Scheduled work: one loop that does what is due, then waits until the next task is due."""

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
    """A cog that does scheduled work from when the bot is ready until the cog is removed.

    A subclass implements `do_due` and may change the pauses.
    """

    shortest: ClassVar[timedelta] = timedelta(seconds=1)
    """Pause between two checks when something is due at once."""
    longest: ClassVar[timedelta] = timedelta(days=1)
    """Pause between two checks when nothing is due sooner."""
    retry: ClassVar[timedelta] = timedelta(minutes=5)
    """Pause after a check that failed."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot
        self._woken = False

    async def do_due(self) -> datetime | None:
        """Do what is due, and return when the next task is, which may be past; None if nothing is planned.

        Returns:
            When the next task is due, which may be in the past; None if nothing is planned.
        """
        raise NotImplementedError

    def wake(self) -> None:
        """Check again at once: something may now be due sooner than at the last check."""
        self._woken = True
        self.check.change_interval(seconds=0)

    @classmethod
    def pause_until(cls, next_time: datetime | None, now: datetime) -> timedelta:
        """Return the pause from now until a check at `next_time`, at least shortest, at most longest."""
        return cls.longest if next_time is None else min(max(next_time - now, cls.shortest), cls.longest)

    async def cog_load(self) -> None:
        """Start the loop; work that became due while the bot was offline comes first."""
        self.check.start()

    async def cog_unload(self) -> None:
        """Stop the loop, and wait until the current step has released the database."""
        checking = self.check.get_task()
        self.check.cancel()
        if checking is not None:
            await asyncio.wait([checking])

    @tasks.loop()
    async def check(self) -> None:
        """Do what is due, and plan the next check."""
        self._woken = False
        try:
            pause = self.pause_until(await self.do_due(), discord.utils.utcnow())
        except Exception:  # an error would end the loop; the next check may succeed
            log.exception("%s could not do what was due", self.qualified_name)
            pause = self.retry
        self._plan(timedelta(0) if self._woken else pause)

    @check.before_loop
    async def _wait_until_ready(self) -> None:
        await self.bot.wait_until_ready()

    def _plan(self, pause: timedelta) -> None:
        # discord.py counts an interval from when this check was due. So after a slow or woken check, others
        # would follow at once until the intervals had caught up with the clock.
        upcoming, interval = self.check.next_iteration, self.check.seconds
        if upcoming is not None and interval is not None:
            pause += discord.utils.utcnow() - (upcoming - timedelta(seconds=interval))
        self.check.change_interval(seconds=pause.total_seconds())
