"""Weekly picks are posted when their time comes."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands, tasks

from bot.client import HakkenBot
from bot.cogs.scheduling.sending import post, settle

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)
"""So long a claim is left to whoever made it; nobody takes that long to send a message."""
_LONGEST = timedelta(days=1)
"""Between two looks."""
_SHORTEST = timedelta(seconds=1)
_AGAIN = timedelta(minutes=1)
"""After a look that left something due: a server cannot be reached."""


class Posting(commands.Cog):
    """Posts picks that are due, as long as the bot runs."""

    def __init__(self, bot: HakkenBot) -> None:
        self.bot = bot
        self._changed = False

    async def cog_load(self) -> None:
        """Begin; what became due while the bot was away comes first."""
        self.look.start()

    async def cog_unload(self) -> None:
        """Stop, and wait until the sending that is under way has let go of the database."""
        sending = self.look.get_task()
        self.look.cancel()
        if sending is not None:
            await asyncio.wait([sending])

    @commands.Cog.listener()
    async def on_schedules_changed(self) -> None:
        """Look now: another may be the next."""
        self._changed = True
        self.look.change_interval(seconds=0)

    @tasks.loop(seconds=_LONGEST.total_seconds())
    async def look(self) -> None:
        """Post what is due, settle what was interrupted, and come back when the next is due."""
        pause = _AGAIN
        self._changed = False
        try:
            await self._post_all()
            pause = await self._pause()
        except Exception:  # the loop would end with it; the next look may do better
            log.exception("weekly picks could not be looked after")
        # What changed while it looked may be due before what it saw.
        self.look.change_interval(seconds=0 if self._changed else pause.total_seconds())

    @look.before_loop
    async def _know_the_servers(self) -> None:
        await self.bot.wait_until_ready()

    async def _post_all(self) -> None:
        schedules, now = self.bot.store.schedules, discord.utils.utcnow()
        interrupted, due = await schedules.interrupted(now - PATIENCE), await schedules.due(now)
        for one, what in [*((one, settle) for one in interrupted), *((one, post) for one in due)]:
            try:
                await what(self.bot, one)
            except Exception:  # others' picks must not wait for it; its claim stays open
                log.exception("a weekly pick could not be posted")

    async def _pause(self) -> timedelta:
        schedules, now = self.bot.store.schedules, discord.utils.utcnow()
        pause = pause_until(await schedules.next_time(), now)
        return min(pause, PATIENCE) if await schedules.interrupted(now) else pause


def pause_until(next_time: datetime | None, now: datetime) -> timedelta:
    """How long to wait before the next look, when the next pick is due then; None: there is none."""
    if next_time is None:
        return _LONGEST
    return min(max(next_time - now, _SHORTEST), _LONGEST) if next_time > now else _AGAIN
