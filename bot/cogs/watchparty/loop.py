"""Runs due steps of watch parties in the background, one at a time for each party."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import discord

from bot.client import HakkenBot
from bot.cogs.watchparty import messages
from bot.cogs.watchparty.channel import HinderedError
from bot.cogs.watchparty.steps import take_step
from bot.due import DueCog
from bot.errors import LOST_CONNECTION
from bot.store import Party

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=5)
"""Time from a failed step to the next try."""
PATIENCE = timedelta(days=1)
"""How long a step is retried before the watch party is called off."""
_PER_CHECK = 50
_STEPS = 8
"""No watch party has more steps in a row that are due at once."""


class WatchPartyLoop(DueCog):
    """Takes the due steps of watch parties while the bot runs."""

    retry = RETRY

    def __init__(self, bot: HakkenBot) -> None:
        super().__init__(bot)
        self._began = discord.utils.utcnow()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def go_on(self, party_id: str) -> None:
        """Take the due steps of a watch party, then wake the loop to wait for the next one.

        Raises:
            HinderedError: the bot lacks permissions there; it tries again later.
            HTTPException: Discord refused or failed; it tries again later.
        """
        try:
            await self._take_steps(party_id)
        finally:
            self.wake()

    @asynccontextmanager
    async def at_rest(self, party_id: str) -> AsyncIterator[None]:
        """Hold a watch party between two steps, after anything being sent has been recorded."""
        async with self._lock(party_id):
            yield

    async def do_due(self) -> datetime | None:
        """Take the steps that are due."""
        for party_id in await self.bot.store.parties.due(discord.utils.utcnow(), _PER_CHECK):
            try:
                await self._take_steps(party_id)
            except (HinderedError, *LOST_CONNECTION) as error:
                log.info("a watch party waits: %s", error)
            except Exception:  # other watch parties must not wait for it
                log.exception("a watch party could not go on")
        return await self.bot.store.parties.next_time()

    async def _take_steps(self, party_id: str) -> None:
        async with self._lock(party_id):
            for _ in range(_STEPS):
                party = await self.bot.store.parties.find(party_id)
                if party is None or party.next_at is None or party.next_at > discord.utils.utcnow():
                    break
                await self._try(party)

    def _lock(self, party_id: str) -> asyncio.Lock:
        return self._locks.setdefault(party_id, asyncio.Lock())

    async def _try(self, party: Party) -> None:
        """Take a step; if it fails, postpone it, or give up after a day."""
        now, parties = discord.utils.utcnow(), self.bot.store.parties
        try:
            await take_step(self.bot, party)
        except Exception:
            since = _since(party)
            # A step that fell due while the bot was down has been tried only since the restart.
            if since is not None and now > max(since, self._began) + PATIENCE:
                await parties.call_off(party.party_id, messages.NOT_ALLOWED)
            else:
                await parties.postpone(party.party_id, now + RETRY)
            raise


def watch_party_loop(client: HakkenBot) -> WatchPartyLoop:
    """Get the bot's watch party loop.

    Raises:
        LookupError: it was not loaded.
    """
    for cog in client.cogs.values():
        if isinstance(cog, WatchPartyLoop):
            return cog
    raise LookupError("the watch party loop is not loaded")


def _since(party: Party) -> datetime | None:
    """Since when the due step has been tried; None if waiting does no harm."""
    return party.sending_since or (party.poll_ends_at if party.stage == "vote" else None)
