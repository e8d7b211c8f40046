"""WatchPartyLoop go on by themselves: what is due is done in the background, one step at a time."""

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
"""How long after a failed step it is tried again."""
PATIENCE = timedelta(days=1)
"""So long it is tried."""
_PER_LOOK = 50
_STEPS = 8
"""More follow one another at once in no evening."""


class WatchPartyLoop(DueCog):
    """Takes the steps of evenings, as long as the bot runs."""

    retry = RETRY

    def __init__(self, bot: HakkenBot) -> None:
        super().__init__(bot)
        self._began = discord.utils.utcnow()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def go_on(self, party_id: str) -> None:
        """Take the steps of an evening that are due, and look again when the next one is.

        Raises:
            HinderedError: the bot may not do there what it must; it is tried again later.
            HTTPException: Discord did not take it; likewise.
        """
        try:
            await self._take_steps(party_id)
        finally:
            self.wake()

    @asynccontextmanager
    async def at_rest(self, party_id: str) -> AsyncIterator[None]:
        """Hold an evening between two of its steps: what is being sent is recorded before."""
        async with self._lock(party_id):
            yield

    async def do_due(self) -> datetime | None:
        """Take the steps that are due."""
        for party_id in await self.bot.store.parties.due(discord.utils.utcnow(), _PER_LOOK):
            try:
                await self._take_steps(party_id)
            except (HinderedError, *LOST_CONNECTION) as error:
                log.info("an evening waits: %s", error)
            except Exception:  # others' evenings must not wait for it
                log.exception("an evening could not go on")
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
        """Take a step; if it fails it is put off, and given up after a day."""
        now, parties = discord.utils.utcnow(), self.bot.store.parties
        try:
            await take_step(self.bot, party)
        except Exception:
            since = _since(party)
            # What was due while the bot was away has been tried only since it is back.
            if since is not None and now > max(since, self._began) + PATIENCE:
                await parties.call_off(party.party_id, messages.NOT_ALLOWED)
            else:
                await parties.postpone(party.party_id, now + RETRY)
            raise


def watch_party_loop(client: HakkenBot) -> WatchPartyLoop:
    """The bot's evenings.

    Raises:
        LookupError: they were not loaded.
    """
    for cog in client.cogs.values():
        if isinstance(cog, WatchPartyLoop):
            return cog
    raise LookupError("no evenings are looked after")


def _since(party: Party) -> datetime | None:
    """Since when Discord was to take what is due; None where nothing is lost by waiting."""
    return party.sending_since or (party.poll_ends_at if party.stage == "vote" else None)
