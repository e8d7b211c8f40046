"""Fetches covers from AniList's public GraphQL API, by the anime's ids on MyAnimeList.

The API is documented at https://docs.anilist.co/guide/considerations and /guide/graphql/errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

import aiohttp
from pydantic import AliasPath, BaseModel, Field, HttpUrl, TypeAdapter, UrlConstraints, ValidationError
from yarl import URL

from bot.sites.failures import AskedTooOftenError
from bot.sites.visits import Site, SiteAnswer, TooLongError

BATCH = 50
"""Anime in one request: the most that AniList puts on a page."""

QUERY = """
query ($ids: [Int]) {
  Page(perPage: 50) { media(idMal_in: $ids, type: ANIME) { idMal coverImage { large } } }
}
"""

_HOST = "anilist.co"
_PLACEHOLDER = "/default.jpg"
"""End of the address that AniList gives for an anime without a cover."""

_Address = Annotated[HttpUrl, UrlConstraints(max_length=2_048, allowed_schemes=["https"])]
_ADDRESS: TypeAdapter[HttpUrl] = TypeAdapter(_Address)


class AniListError(Exception):
    """AniList gave no covers; the text gives the reason, always in the same words for the same cause."""

    def __init__(self, why: str, *, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after
        """Seconds that AniList asks us to wait after too many requests; otherwise None."""


class _Media(BaseModel):
    anime_id: int | None = Field(alias="idMal")
    cover: str | None = Field(default=None, validation_alias=AliasPath("coverImage", "large"))


class _Page(BaseModel):
    media: list[_Media | None]


class _Data(BaseModel):
    page: _Page = Field(alias="Page")


class _Answer(BaseModel):
    data: _Data | None
    errors: list[object] = []


async def covers(site: Site, address: URL, anime_ids: Sequence[int]) -> dict[int, str | None]:
    """Fetch the covers of up to `BATCH` anime, by their ids on MyAnimeList, in one request sent at once.

    Returns:
        For each requested anime, and for no other, an https address of AniList's own, at most 2,048
        characters long; None if AniList has no cover.

    Raises:
        AniListError: AniList got too many requests, cannot be reached, is out of order, or its answer is
            not what it documents.
    """
    question = {"query": QUERY, "variables": {"ids": list(anime_ids)}}
    try:
        page = await site.ask(_page, "POST", address, body=question)
    except AskedTooOftenError as error:
        raise AniListError("it was asked too often", retry_after=error.retry_after) from error
    except TooLongError as error:
        raise AniListError("its answer is longer than 4 MiB") from error
    except TimeoutError as error:
        raise AniListError(f"no answer within {site.patience.answer:g} s") from error
    except aiohttp.ClientPayloadError as error:
        raise AniListError("its answer broke off") from error
    except aiohttp.ClientError as error:
        raise AniListError("it cannot be reached") from error
    found: dict[int, str | None] = dict.fromkeys(anime_ids)
    for media in page.media:
        if media is not None and media.anime_id in found:
            found[media.anime_id] = found[media.anime_id] or _cover(media.cover)
    return found


def _page(answer: SiteAnswer) -> _Page:
    if answer.status != HTTPStatus.OK:
        raise AniListError(f"it answers HTTP {answer.status}")
    try:
        content = _Answer.model_validate_json(answer.body)
    except ValidationError as error:
        raise AniListError("its answer is not of the form that it promises") from error
    if content.errors or content.data is None:
        # With an error the data may be incomplete: a missing anime may still have a cover.
        raise AniListError("it answers with an error")
    return content.data.page


def _cover(address: str | None) -> str | None:
    try:
        url = _ADDRESS.validate_python(address)
    except ValidationError:
        return None
    own = url.host is not None and (url.host == _HOST or url.host.endswith(f".{_HOST}"))
    plain = url.username is None and url.password is None
    placeholder = (url.path or "").endswith(_PLACEHOLDER)
    return str(url) if own and plain and not placeholder else None
