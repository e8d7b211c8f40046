"""AniList's public API: the covers of anime by their MyAnimeList ids, no faster than it allows.

What it promises stands at https://docs.anilist.co/guide/rate-limiting, /guide/considerations and
/guide/graphql/errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Annotated, Self

import aiohttp
from pydantic import BaseModel, Field, HttpUrl, TypeAdapter, UrlConstraints, ValidationError

from bot.pace import Pace
from bot.retry_after import seconds_to_wait

ADDRESS = "https://graphql.anilist.co"
BATCH = 50
"""How many anime one request asks for: the most that AniList puts on a page."""
LARGEST_ID = 2**31 - 1
"""The largest Int of GraphQL; one id beyond it and the whole request is refused."""

QUERY = """
query ($ids: [Int]) {
  Page(perPage: 50) { media(idMal_in: $ids, type: ANIME) { idMal coverImage { large } } }
}
"""

_MOST_BYTES = 2**20
_MINUTE = 60.0
_HOST = "anilist.co"
_PLACEHOLDER = "/default.jpg"
"""How the address ends that AniList gives where it has no cover."""

_Address = Annotated[HttpUrl, UrlConstraints(max_length=2_048, allowed_schemes=["https"])]
_ADDRESS: TypeAdapter[HttpUrl] = TypeAdapter(_Address)


class AniListError(Exception):
    """AniList gave no covers; the text says why in few words, always the same ones for the same cause."""

    def __init__(self, why: str, *, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.retry_after = retry_after
        """Seconds that AniList wants to be left alone; 0.0 where it did not say."""


class LimitExceededError(AniListError):
    """AniList was asked too often."""


class _Image(BaseModel):
    large: str | None


class _Media(BaseModel):
    anime_id: int | None = Field(alias="idMal")
    image: _Image | None = Field(alias="coverImage")


class _Page(BaseModel):
    media: list[_Media | None]


class _Data(BaseModel):
    page: _Page = Field(alias="Page")


class _Answer(BaseModel):
    data: _Data | None
    errors: list[object] = []


class AniList:
    """A connection to AniList, open as long as its ``async with`` block."""

    def __init__(
        self, address: str = ADDRESS, *, per_minute: int = 90, timeout_seconds: float = 10.0
    ) -> None:
        """Nothing is sent before the first question.

        Args:
            address: where its GraphQL listens.
            per_minute: the most requests a minute, at least 1; fewer where AniList's answers say so.
            timeout_seconds: how long a whole answer may take.
        """
        self._address = address
        self._pace = Pace(per_minute)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            timeout=self._timeout,
            headers={"Accept": "application/json", "User-Agent": "Hakken (a bot for Discord)"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def turn(self) -> None:
        """Wait until the next request may be sent."""
        await self._pace.turn()

    async def covers(self, anime_ids: Sequence[int]) -> dict[int, str | None]:
        """The covers of these anime, in one request.

        Args:
            anime_ids: ids on MyAnimeList, 1 to `LARGEST_ID`, at most `BATCH` of them.

        Returns:
            For each anime asked for, and for no other, an https address of AniList's own, at most 2,048
            characters long; None where AniList has no cover.

        Raises:
            LimitExceededError: AniList was asked too often.
            AniListError: it cannot be reached, is out of order, or its answer is not what it promises.
        """
        try:
            body = await self._post({"query": QUERY, "variables": {"ids": list(anime_ids)}})
            answer = _Answer.model_validate_json(body)
        except TimeoutError as error:
            raise AniListError(f"no answer within {self._timeout.total:g} s") from error
        except aiohttp.ClientPayloadError as error:
            raise AniListError("its answer broke off") from error
        except aiohttp.ClientError as error:
            raise AniListError("it cannot be reached") from error
        except ValidationError as error:
            raise AniListError("its answer is not of the form that it promises") from error
        if answer.errors or answer.data is None:
            # With an error, data may be there in part: what is missing then is not known to have no cover.
            raise AniListError("it answers with an error")
        covers: dict[int, str | None] = dict.fromkeys(anime_ids)
        for media in answer.data.page.media:
            if media is not None and media.image is not None and media.anime_id in covers:
                covers[media.anime_id] = covers[media.anime_id] or _cover(media.image.large)
        return covers

    async def _post(self, question: object) -> bytes:
        async with self._session.post(self._address, json=question, allow_redirects=False) as response:
            self._pace.heed(response.headers)
            if response.status == HTTPStatus.TOO_MANY_REQUESTS:
                pause = seconds_to_wait(response.headers, unsaid=_MINUTE)
                raise LimitExceededError("it was asked too often", retry_after=pause)
            if response.status != HTTPStatus.OK:
                raise AniListError(f"it answers HTTP {response.status}")
            body = bytearray()
            async for chunk in response.content.iter_chunked(2**16):
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise AniListError("its answer is longer than 1 MiB")
            return bytes(body)


def _cover(address: str | None) -> str | None:
    try:
        url = _ADDRESS.validate_python(address)
    except ValidationError:
        return None
    own = url.host is not None and (url.host == _HOST or url.host.endswith(f".{_HOST}"))
    plain = url.username is None and url.password is None
    placeholder = (url.path or "").endswith(_PLACEHOLDER)
    return str(url) if own and plain and not placeholder else None
