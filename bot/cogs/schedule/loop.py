"""Posts weekly picks when they are due."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.cogs.schedule.posting import post, settle
from bot.due import DueCog

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)
"""Age after which an unfinished send counts as interrupted; no message takes that long to send."""


class ScheduleLoop(DueCog):
    """Posts picks that are due, while the bot runs."""

    retry = timedelta(minutes=1)

    @commands.Cog.listener()
    async def on_schedules_changed(self) -> None:
        """Check now: the next pick may be another one."""
        self.wake()

    async def do_due(self) -> datetime | None:
        """Post due picks, and settle interrupted ones."""
        await self._post_all()
        schedules, now = self.bot.store.schedules, discord.utils.utcnow()
        next_time = await schedules.next_time()
        if (
            next_time is not None and next_time <= now
        ):  # a due pick stayed, since its server cannot be reached
            next_time = now + self.retry
        if await schedules.interrupted(now):
            next_time = min(next_time or now + PATIENCE, now + PATIENCE)
        return next_time

    async def _post_all(self) -> None:
        schedules, now = self.bot.store.schedules, discord.utils.utcnow()
        interrupted, due = await schedules.interrupted(now - PATIENCE), await schedules.due(now)
        for one, what in [*((one, settle) for one in interrupted), *((one, post) for one in due)]:
            try:
                await what(self.bot, one)
            except Exception:  # other servers' picks must not wait; the claim stays open
                log.exception("a weekly pick could not be posted")
