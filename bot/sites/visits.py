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

from bot.lists import Places
from bot.pace import Pace
from bot.retry_after import seconds_to_wait
from bot.sites import failures
from bot.sites.failures import AskedTooOftenError, PassingError

log = logging.getLogger(__name__)

_MOST_BYTES = 4 * 2**20
"""Of one answer, unpacked; a full page of either site is below 1 MiB."""
_AT_ONCE = 2
_MINUTE = 60.0

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
class Answer:
    """What a site said, whole."""

    status: int
    body: bytes


class Site:
    """A site with lists; whoever wants one comes for a `visit`."""

    def __init__(self, name: str, pace: Pace, patience: Patience | None = None) -> None:
        """Nothing is sent before the first question of a visit.

        Args:
            name: what members call it.
            pace: how fast it is asked.
            patience: how long it is waited for.
        """
        self._name = name
        self._pace = pace
        self._patience = patience or Patience()
        self._places = Places(_AT_ONCE, self._patience.place, lambda: failures.crowded(name))

    @asynccontextmanager
    async def visit(self, headers: Mapping[str, str] | None = None) -> AsyncIterator[Visit]:
        """Come in, at most two at once.

        Args:
            headers: sent with every question, to this site only.

        Raises:
            SiteError: no place, or not done, within the time for it.
        """
        deadline = asyncio.get_running_loop().time() + self._patience.whole
        async with self._places.place():
            try:
                async with asyncio.timeout_at(deadline) as time, _session(self._patience, headers) as session:
                    yield Visit(self._name, session, self._pace, self._patience, deadline)
            except TimeoutError:
                if time.expired():
                    raise failures.too_slow(self._name) from None
                raise


class Visit:
    """Questions to a site, within one visit."""

    def __init__(
        self, site: str, session: aiohttp.ClientSession, pace: Pace, patience: Patience, deadline: float
    ) -> None:
        self._site = site
        self._session = session
        self._pace = pace
        self._patience = patience
        self._deadline = deadline
        self._again = stamina.AsyncRetryingCaller(
            attempts=patience.attempts,
            timeout=None,
            wait_initial=patience.first_pause,
            wait_jitter=patience.first_pause,
        )

    async def ask(
        self, read: Callable[[Answer], _Page], method: str, address: URL, *, body: object = None
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
        return await self._again(self._pause, self._once, read, method, address, body)

    def _pause(self, error: Exception) -> bool | float:
        log.info("%s", error)
        if isinstance(error, AskedTooOftenError):
            left = self._deadline - asyncio.get_running_loop().time()
            rest = max(error.retry_after, self._patience.first_pause)
            return rest if rest <= self._patience.rest and rest < left else False
        return isinstance(error, PassingError)

    async def _once(self, read: Callable[[Answer], _Page], method: str, address: URL, body: object) -> _Page:
        await self._pace.turn()
        # aiohttp's errors carry the headers sent, and one of them may be a secret: they go no further.
        try:
            answer = await self._answer(method, address, body)
        except TimeoutError:
            raise failures.too_slow(self._site) from None
        except aiohttp.ClientConnectionError as error:
            never_there = isinstance(error, aiohttp.ClientConnectorError)
            raise (failures.unreachable if never_there else failures.half_an_answer)(self._site) from None
        except aiohttp.ClientError:
            raise failures.half_an_answer(self._site) from None
        return read(answer)

    async def _answer(self, method: str, address: URL, body: object) -> Answer:
        async with self._session.request(method, address, json=body, allow_redirects=False) as response:
            self._pace.heed(response.headers)
            check_passing(self._site, response.status, response.headers)
            content = bytearray()
            async for piece in response.content.iter_chunked(2**16):
                content += piece
                if len(content) > _MOST_BYTES:
                    raise failures.too_large(self._site)
            return Answer(response.status, bytes(content))


def check_passing(site: str, status: int, headers: Mapping[str, str]) -> None:
    """Raise for the two refusals that pass by themselves, alike at all sites.

    Raises:
        AskedTooOftenError: 429; without a word on how long, a minute is meant.
        PassingError: 500 and above.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise AskedTooOftenError(site, seconds_to_wait(headers, unsaid=_MINUTE))
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


def _session(patience: Patience, headers: Mapping[str, str] | None) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=patience.answer),
        headers={"Accept": "application/json", "User-Agent": "Hakken (a bot for Discord)", **(headers or {})},
        cookie_jar=aiohttp.DummyCookieJar(),
    )
