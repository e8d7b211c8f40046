"""Notices addresses of covers that no longer work, so that they are not shown again for a week.

The picture's own host is asked in the background, once for each address that was shown. Nobody waits for it.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
from discord.utils import utcnow
from sqlalchemy.exc import SQLAlchemyError
from yarl import URL

from bot.sites.backlog import Backlog
from bot.sites.outage import Outage, Timing
from bot.store.failed_covers import FAILURE_HOLDS, FailedCoverStore

log = logging.getLogger(__name__)

WORKING_HOLDS = timedelta(days=30)
"""How long the answer 'this address works' is believed."""
_GONE: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
)
_REMEMBERED = 20_000
_AWAITED = 1_000
"""Most addresses that wait for a check; further ones are checked when they are shown again."""


class HostError(Exception):
    """A host of pictures does not say whether an address works; the text gives the reason."""


class CoverHosts:
    """Asks the hosts of pictures; sends each address to its own host, and nothing else."""

    def __init__(self, *, answer: float = 10.0, schemes: Collection[str] = ("https",)) -> None:
        """Create it; nothing is sent before the first question.

        Args:
            answer: seconds to wait for an answer.
            schemes: addresses of other schemes are not asked about.
        """
        self._answer = answer
        self._schemes = schemes
        self._session: aiohttp.ClientSession | None = None

    def can_ask(self, address: str) -> bool:
        """Return whether `works` may be asked about the address."""
        try:
            url = URL(address)
        except ValueError:
            return False
        return url.scheme in self._schemes and bool(url.host) and url.user is None

    async def works(self, address: str) -> bool:
        """Ask whether there is a picture at the address. Its bytes are not read.

        Raises:
            HostError: the host cannot be reached, has a problem of its own, or wants a pause.
        """
        self._session = self._session or aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._answer),
            headers={"Accept": "image/*", "User-Agent": "Hakken (a bot for Discord)"},
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(force_close=True),
        )
        try:
            async with self._session.get(URL(address), allow_redirects=False) as response:
                if response.status in _GONE:
                    return False
                if response.status == HTTPStatus.OK:
                    return response.content_type.startswith("image/")
                if response.status < HTTPStatus.BAD_REQUEST:
                    return True  # a redirect: Discord follows it
                raise HostError(f"the host answers HTTP {response.status}")
        except TimeoutError as error:
            raise HostError(f"no answer within {self._answer:g} s") from error
        except aiohttp.ClientError as error:
            raise HostError("the host cannot be reached") from error

    async def close(self) -> None:
        """Close the session; no questions are possible afterwards."""
        if self._session is not None:
            await self._session.close()


class CoverChecks:
    """What is known of addresses that were shown: those that failed are not shown for a week."""

    def __init__(self, store: FailedCoverStore, hosts: CoverHosts, *, timing: Timing | None = None) -> None:
        """Create it idle: every address may be shown, and none is checked before `start`."""
        self._store = store
        self._hosts = hosts
        self._timing = timing or Timing()
        self._outage = Outage("checks of covers", self._timing)
        self._failed: dict[str, datetime] = {}
        self._working: OrderedDict[str, datetime] = OrderedDict()
        self._awaited: set[str] = set()
        self._unchecked = Backlog[str](self._check)
        self._checking = False

    async def start(self) -> None:
        """Read what has failed in the last week, and start checking."""
        self._failed = await self._store.recent(at=utcnow())
        self._checking = True

    async def close(self) -> None:
        """Stop checking, even in the middle of a check."""
        self._checking = False
        await self._unchecked.close()
        await self._hosts.close()

    def may_show(self, address: str) -> bool:
        """Return whether the address may be shown; it is checked in the background where that is due."""
        now = utcnow()
        if (failed := self._failed.get(address)) is not None:
            if now < failed + FAILURE_HOLDS:
                return False
            del self._failed[address]
        known = self._working.get(address)
        if self._checking and (known is None or known + WORKING_HOLDS <= now):
            self._note(address)
        return True

    def _note(self, address: str) -> None:
        if address not in self._awaited and len(self._awaited) < _AWAITED and self._hosts.can_ask(address):
            self._awaited.add(address)
            self._unchecked.add([address])

    async def _check(self) -> None:
        await self._outage.pause()
        [address] = self._unchecked.batch(1)
        try:
            works = await self._hosts.works(address)
        except HostError as error:
            # Not the address's failure: it is shown on, and checked when it is shown again.
            self._outage.failed(str(error))
        else:
            self._outage.end()
            await self._keep(address, works=works)
        finally:
            self._awaited.discard(address)

    async def _keep(self, address: str, *, works: bool) -> None:
        now = utcnow()
        if works:
            self._working[address] = now
            self._working.move_to_end(address)
            while len(self._working) > _REMEMBERED:
                self._working.popitem(last=False)
            return
        log.info("a cover no longer works; it is not shown for a week: %s", address)
        self._failed[address] = now
        try:
            await self._store.keep(address, at=now)
        except SQLAlchemyError as error:
            log.warning("a failed cover cannot be kept in the database: %s", error)
