"""Weekly picks are posted when their time comes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.cogs.schedule.posting import post, settle
from bot.due import DueCog

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)
"""So long a claim is left to whoever made it; nobody takes that long to send a message."""


class ScheduleLoop(DueCog):
    """Posts picks that are due, as long as the bot runs."""

    retry = timedelta(minutes=1)

    @commands.Cog.listener()
    async def on_schedules_changed(self) -> None:
        """Look now: another may be the next."""
        self.wake()

    async def do_due(self) -> datetime | None:
        """Post what is due, and settle what was interrupted."""
        await self._post_all()
        schedules, now = self.bot.store.schedules, discord.utils.utcnow()
        next_time = await schedules.next_time()
        if next_time is not None and next_time <= now:  # a server cannot be reached
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
            except Exception:  # others' picks must not wait for it; its claim stays open
                log.exception("a weekly pick could not be posted")
