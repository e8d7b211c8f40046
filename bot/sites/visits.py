"""A visit to a site: few at once, a bounded time and size, and again where that may help."""

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
"""Of one answer, unpacked; a full page of either site is below 1 MiB."""
_AT_ONCE = 2
MINUTE = 60.0
"""Seconds of rest that are meant where a site names none."""

_Page = TypeVar("_Page")
_Form = TypeVar("_Form", bound=BaseModel)

Progress = Callable[[int], Awaitable[None]]
"""Told after each page how many entries have been read so far."""


async def untold(_entries: int) -> None:
    """Progress that nobody wants to hear of."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a site is waited for, in seconds."""

    whole: float = 60.0
    """For a whole list, waiting for one's turn included."""
    place: float = 20.0
    """For one's turn, while other lists are being read."""
    answer: float = 15.0
    """For one answer."""
    rest: float = 10.0
    """The longest rest that a site may ask for and is given; beyond it the member is told."""
    first_pause: float = 0.5
    """Between the first two attempts; twice as long after each further one."""
    attempts: int = 3
    """How often one page is asked for at most."""


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """What a site said, whole."""

    status: int
    body: bytes


class TooLongError(Exception):
    """An answer has more bytes than are read."""


class Site:
    """A site, asked over one session and at one pace."""

    def __init__(self, name: str, pace: Pace, patience: Patience | None = None) -> None:
        """Nothing is opened or sent before the first question.

        Args:
            name: what members call it.
            pace: how fast it is asked.
            patience: how long it is waited for.
        """
        self.name = name
        self.pace = pace
        self.patience = patience or Patience()
        self._places = Slots(_AT_ONCE, self.patience.place, lambda: failures.crowded(name))
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """End the connection; the site is not asked afterwards."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def visit(self, headers: Mapping[str, str] | None = None) -> AsyncIterator[Visit]:
        """Come in for a list, at most two at once.

        Args:
            headers: sent with every question, to this site only.

        Raises:
            SiteError: no place, or not done, within the time for it.
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
        """Ask for a page, once and now: the caller has waited for a turn.

        After a 429, or an answer that `read` takes for one, nobody gets a turn for the time that the site
        names.

        Args:
            read: makes the page of an answer that is not 429.
            method: GET or POST.
            address: of the page; redirections are not followed.
            body: sent as JSON; None for nothing.
            headers: sent besides the usual ones.

        Raises:
            AskedTooOftenError: 429; without a word on how long, a minute is meant.
            TooLongError: the answer is longer than 4 MiB.
            TimeoutError: there is no whole answer in time.
            aiohttp.ClientError: there is none at all, or only a part. It may carry the headers sent.
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
            # What a site says when it is out of order, nobody reads.
            if response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                async for piece in response.content.iter_chunked(2**16):
                    content += piece
                    if len(content) > _MOST_BYTES:
                        raise TooLongError
            return SiteAnswer(response.status, bytes(content))


class Visit:
    """Questions to a site for one list, each asked again where that may help."""

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
        """Ask for a page, again after a pause where the failure may pass.

        Args:
            read: makes the page of an answer that is neither 429 nor 5xx; its `PassingError` counts as a
                failure that may pass.
            method: GET or POST.
            address: of the page; redirections are not followed.
            body: sent as JSON; None for nothing.

        Raises:
            SiteError: no page, and why.
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

        # aiohttp's errors carry the headers sent, and one of them may be a secret: they go no further.
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
    """Raise where a status says that the fault is the site's own.

    Raises:
        PassingError: 500 and above.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise failures.out_of_order(site, status)


def in_form(site: str, form: type[_Form], body: bytes) -> _Form:
    """A body of JSON in the form that the site promises.

    Raises:
        PassingError: not JSON to its end.
        SiteError: JSON of another form; the log says where.
    """
    try:
        return form.model_validate_json(body)
    except ValidationError as error:
        if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
            raise failures.half_an_answer(site) from None
        # Without what was there: that is someone's list.
        wrong = error.errors(include_url=False, include_input=False, include_context=False)[:3]
        log.warning("%s's answer is not of the form that it promises: %s", site, wrong)
        raise failures.unknown_form(site) from None


def _session(patience: Patience) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=patience.answer),
        headers={"Accept": "application/json", "User-Agent": "Hakken (a bot for Discord)"},
        cookie_jar=aiohttp.DummyCookieJar(),
        # Seconds lie between two questions: no connection stays open for them.
        connector=aiohttp.TCPConnector(force_close=True),
    )
