"""Requests to a site: a few lists at a time, limited in time and size, with retries where they may help."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import stamina
from pydantic import BaseModel, ValidationError
from yarl import URL

from bot.lists import Slots
from bot.sites import failures
from bot.sites.failures import AskedTooOftenError, PassingError
from bot.sites.pace import Pace, RestError, seconds_to_wait

log = logging.getLogger(__name__)

_MOST_BYTES = 4 * 2**20
"""Limit for one decompressed answer; a full page of either site is below 1 MiB."""
_AT_ONCE = 2
MINUTE = 60.0
"""Default pause in seconds if a site names none."""

_Page = TypeVar("_Page")
_Form = TypeVar("_Form", bound=BaseModel)

Progress = Callable[[int], Awaitable[None]]
"""Type of progress callbacks: called after each page with the number of entries read so far."""


async def untold(_entries: int) -> None:
    """Progress callback that does nothing."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Timeouts in seconds, and the number of attempts."""

    whole: float = 60.0
    """Time for a whole list, including the wait for a slot."""
    place: float = 20.0
    """Wait for a slot, while other lists are being read."""
    answer: float = 15.0
    """Time for one answer."""
    rest: float = 10.0
    """The longest pause that a site may ask for; if it asks for more, the member gets an error."""
    first_pause: float = 0.5
    """Pause between the first two attempts; doubled after each further one."""
    attempts: int = 3
    """The most requests for one page."""


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """A site's complete answer."""

    status: int
    body: bytes


class TooLongError(Exception):
    """An answer is longer than the limit."""


class Site:
    """A site with one HTTP session and one rate limit."""

    def __init__(self, name: str, pace: Pace, patience: Patience | None = None) -> None:
        """Create a site with its name for members; nothing is opened or sent before the first request."""
        self.name = name
        self.pace = pace
        self.patience = patience or Patience()
        self._places = Slots(_AT_ONCE, self.patience.place, lambda: failures.crowded(name))
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the session; no requests are possible afterwards."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def visit(self, headers: Mapping[str, str] | None = None) -> AsyncIterator[Visit]:
        """Begin to fetch a list with these headers; at most two are fetched at once.

        Raises:
            SiteError: no slot became free, or the list was not complete, within its time.
        """
        deadline = asyncio.get_running_loop().time() + self.patience.whole
        async with self._places.place():
            try:
                async with asyncio.timeout_at(deadline) as time:
                    yield Visit(self, deadline, headers)
            except TimeoutError:
                if time.expired():
                    raise failures.too_slow(self.name) from None
                raise

    async def ask(
        self,
        read: Callable[[SiteAnswer], _Page],
        method: str,
        address: URL,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Page:
        """Request a page once, at once: the caller has already waited for a turn.

        After a 429, or an answer that `read` treats like one, no turns are given for the time that the site
        names.

        Args:
            read: makes the page from an answer that is not 429.
            method: GET or POST.
            address: URL of the page; redirects are not followed.
            body: sent as JSON; None for nothing.
            headers: sent in addition to the usual ones.

        Raises:
            AskedTooOftenError: the answer is 429; if it names no time, a minute is assumed.
            TooLongError: the answer is longer than 4 MiB.
            TimeoutError: the answer is not complete in time.
            aiohttp.ClientError: there is no answer, or only a part. The error may contain the sent headers.
        """
        try:
            return read(await self._answer(method, address, body, headers))
        except AskedTooOftenError as error:
            self.pace.rest(error.retry_after)
            raise

    async def _answer(
        self, method: str, address: URL, body: object, headers: Mapping[str, str] | None
    ) -> SiteAnswer:
        self._session = self._session or _session(self.patience)
        async with self._session.request(
            method, address, json=body, headers=headers, allow_redirects=False
        ) as response:
            self.pace.heed(response.headers)
            if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                raise AskedTooOftenError(self.name, seconds_to_wait(response.headers, unsaid=MINUTE))
            content = bytearray()
            # Bodies of server errors are not read.
            if response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                async for piece in response.content.iter_chunked(2**16):
                    content += piece
                    if len(content) > _MOST_BYTES:
                        raise TooLongError
            return SiteAnswer(response.status, bytes(content))


class Visit:
    """Requests to a site for one list, each retried where that may help."""

    def __init__(self, site: Site, deadline: float, headers: Mapping[str, str] | None) -> None:
        self._site = site
        self._deadline = deadline
        self._headers = headers
        first_pause = site.patience.first_pause
        self._again = stamina.AsyncRetryingCaller(
            attempts=site.patience.attempts, timeout=None, wait_initial=first_pause, wait_jitter=first_pause
        )

    async def ask(
        self, read: Callable[[SiteAnswer], _Page], method: str, address: URL, *, body: object = None
    ) -> _Page:
        """Request a page; retry after a pause if the failure is temporary.

        Args:
            read: makes the page from an answer that is neither 429 nor 5xx; its `PassingError` counts as a
                temporary failure.
            method: GET or POST.
            address: URL of the page; redirects are not followed.
            body: sent as JSON; None for nothing.

        Raises:
            SiteError: the page could not be fetched; says why.
        """
        return await self._again(self._may_pass, self._once, read, method, address, body)

    def _may_pass(self, error: Exception) -> bool:
        log.info("%s", error)
        if isinstance(error, AskedTooOftenError):
            return error.retry_after <= self._longest_rest()
        return isinstance(error, PassingError)

    def _longest_rest(self) -> float:
        return min(self._site.patience.rest, self._deadline - asyncio.get_running_loop().time())

    async def _once(
        self, read: Callable[[SiteAnswer], _Page], method: str, address: URL, body: object
    ) -> _Page:
        name = self._site.name

        def page(answer: SiteAnswer) -> _Page:
            check_order(name, answer.status)
            return read(answer)

        # aiohttp's errors contain the sent headers, and one of them may be a secret: do not chain them.
        try:
            await self._site.pace.turn(self._longest_rest())
            return await self._site.ask(page, method, address, body=body, headers=self._headers)
        except RestError as error:
            raise AskedTooOftenError(name, error.seconds) from None
        except TooLongError:
            raise failures.too_large(name) from None
        except TimeoutError:
            raise failures.too_slow(name) from None
        except aiohttp.ClientConnectorError:
            raise failures.unreachable(name) from None
        except aiohttp.ClientError:
            raise failures.half_an_answer(name) from None


def check_order(site: str, status: int) -> None:
    """Raise if a status reports an error of the site itself.

    Raises:
        PassingError: the status is 500 or above.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise failures.out_of_order(site, status)


def in_form(site: str, form: type[_Form], body: bytes) -> _Form:
    """Parse a JSON body in the format that the site documents.

    Raises:
        PassingError: the JSON is incomplete.
        SiteError: the JSON has another format; the log says where.
    """
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
            raise failures.half_an_answer(site) from None
        # Log without the input, because it is someone's list.
        wrong = error.errors(include_url=False, include_input=False, include_context=False)[:3]
        log.warning("%s's answer is not of the form that it promises: %s", site, wrong)
        raise failures.unknown_form(site) from None


def _session(patience: Patience) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=patience.answer),
        headers={"Accept": "application/json", "User-Agent": "Hakken (a bot for Discord)"},
        cookie_jar=aiohttp.DummyCookieJar(),
        # Requests are seconds apart, so no connection is kept open between them.
        connector=aiohttp.TCPConnector(force_close=True),
    )
