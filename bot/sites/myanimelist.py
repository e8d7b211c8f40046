"""Fetches anime lists from MyAnimeList's API v2, with the operator's client id.

The API is documented at https://myanimelist.net/apiconfig/references/api/v2
(``GET /users/{user_name}/animelist``, common formats, common status codes).
"""

from __future__ import annotations

import logging
import re
from datetime import date
from http import HTTPStatus

from pydantic import BaseModel, Field, SecretStr, ValidationError
from yarl import URL

from bot.lists import MAX_ENTRIES, ReadList
from bot.sites import failures
from bot.sites.failures import SiteError
from bot.sites.harvest import Harvest
from bot.sites.pace import Pace
from bot.sites.visits import Patience, Progress, Site, SiteAnswer, in_form, untold
from hakken.lists.parsing.rows import BAD_ID, MAX_ANIME_ID

log = logging.getLogger(__name__)

ADDRESS = "https://api.myanimelist.net/v2"
SITE = "MyAnimeList"
PAGE = 1000
"""Entries on one page: the most that MyAnimeList gives."""

_LONGEST_NAME = 16
_NAME = re.compile(rf"[A-Za-z0-9_-]{{2,{_LONGEST_NAME}}}")
_CLIENT_ID = re.compile(r"[!-~]{1,256}")
"""Only characters that an HTTP header can carry."""
_TOP_SCORE = 10
_PER_MINUTE = 120
"""MyAnimeList documents no limit, but blocks clients that look like an attack."""
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
"""The API's date formats: "2017-10-23", "2017-10" or "2017"."""


class _Node(BaseModel):
    anime_id: int = Field(alias="id")
    title: str | None = None


class _ListStatus(BaseModel):
    status: str | None = None
    score: int = 0
    started: str | None = Field(default=None, alias="start_date")
    finished: str | None = Field(default=None, alias="finish_date")


class _Entry(BaseModel):
    node: _Node
    list_status: _ListStatus


class _Paging(BaseModel):
    next: str | None = None


class _Page(BaseModel):
    data: list[_Entry]
    paging: _Paging


class _Refusal(BaseModel):
    error: str = ""
    message: str = ""


class MyAnimeListLists:
    """Client for members' anime lists on MyAnimeList, by their names there."""

    def __init__(
        self, client_id: SecretStr | None, address: str = ADDRESS, *, patience: Patience | None = None
    ) -> None:
        """Create a client; it sends nothing before the first `fetch`.

        Args:
            client_id: the operator's, from https://myanimelist.net/apiconfig; None: not set.
            address: base URL of the API.
            patience: timeouts and retries.
        """
        self._client_id = client_id
        self._address = URL(address)
        self._site = Site(SITE, Pace(_PER_MINUTE), patience)

    async def close(self) -> None:
        """Close the session; no requests are possible afterwards."""
        await self._site.close()

    async def fetch(self, name: str, progress: Progress = untold) -> ReadList:
        """Fetch the anime list of the MyAnimeList user with this name.

        Dates without a day are left out.

        Args:
            name: the user's name on MyAnimeList; case does not matter.
            progress: called after each page with the number of entries so far; its time counts, too.

        Returns:
            The whole list, one entry per anime.

        Raises:
            SiteError: the list could not be fetched; carries one sentence for the member. No partial list
                is returned.
        """
        headers = {"X-MAL-CLIENT-ID": self._secret()}
        name = name.strip()
        if not _NAME.fullmatch(name):
            raise failures.bad_name(SITE, _LONGEST_NAME)
        entries: list[_Entry] = []
        address = self._first_page(name)
        async with self._site.visit(headers) as visit:
            for _ in range(MAX_ENTRIES // PAGE):
                page = await visit.ask(lambda answer: _page(answer, name), "GET", address)
                entries += page.data
                await progress(len(entries))
                if page.paging.next is None:
                    break
                address = self._further_page(page.paging.next)
            else:
                raise failures.too_large(SITE)
        if not entries:
            raise failures.empty_list(SITE, name)
        return _list_of(entries)

    def _secret(self) -> str:
        client_id = "" if self._client_id is None else self._client_id.get_secret_value().strip()
        if not client_id:
            raise failures.no_client_id()
        if not _CLIENT_ID.fullmatch(client_id):
            raise failures.invalid_client_id()
        return client_id

    def _first_page(self, name: str) -> URL:
        return (self._address / "users" / name / "animelist").with_query(
            fields="list_status{status,score,start_date,finish_date}", limit=PAGE, nsfw="true"
        )

    def _further_page(self, address: str) -> URL:
        # The request carries the client id, so it may only go to the site itself.
        try:
            url = URL(address)
            if url.origin() == self._address.origin() and url.user is None and url.password is None:
                return url
        except ValueError:
            pass
        raise failures.unknown_form(SITE)


def _page(answer: SiteAnswer, name: str) -> _Page:
    """Read a page from an answer, or raise the reason why there is none."""
    if answer.status != HTTPStatus.OK:
        raise _refusal(answer, name)
    page = in_form(SITE, _Page, answer.body)
    if page.paging.next is not None and not page.data:
        raise failures.half_an_answer(SITE)
    return page


def _refusal(answer: SiteAnswer, name: str) -> SiteError:
    try:
        refusal = _Refusal.model_validate_json(answer.body)
    except ValidationError:
        refusal = _Refusal()
    if answer.status == HTTPStatus.UNAUTHORIZED or "client id" in refusal.message.lower():
        log.error("MyAnimeList does not accept MAL_CLIENT_ID")
        return failures.invalid_client_id()
    if answer.status == HTTPStatus.NOT_FOUND:
        return failures.unknown_name(SITE, name)
    if answer.status == HTTPStatus.FORBIDDEN:
        # Without this code, everyone is blocked: "DoS detected etc.", the documentation says.
        private = refusal.error == "not_permitted"
        return failures.private_list(SITE, name) if private else failures.turned_away(SITE)
    return failures.refused(SITE, answer.status)


def _list_of(entries: list[_Entry]) -> ReadList:
    harvest = Harvest()
    for entry in entries:
        kept = entry.list_status
        if not 0 < entry.node.anime_id <= MAX_ANIME_ID:
            harvest.pass_over(BAD_ID)
        else:
            if not 0 <= kept.score <= _TOP_SCORE:
                harvest.count_unknown_score(kept.score)
                kept.score = 0
            harvest.add(
                entry.node.anime_id,
                title=entry.node.title,
                score=kept.score or None,
                status=harvest.status(kept.status),
                started=_day(harvest, kept.started),
                finished=_day(harvest, kept.finished),
            )
    return harvest.whole("myanimelist")


def _day(harvest: Harvest, text: str | None) -> date | None:
    if not text:
        return None
    match = _DAY.fullmatch(text)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return harvest.day(year, month, day)
