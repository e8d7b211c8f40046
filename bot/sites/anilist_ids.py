"""Looks up anime's ids on MyAnimeList by their ids on AniList."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from itertools import islice

from pydantic import BaseModel, Field
from yarl import URL

from bot.sites import failures
from bot.sites.visits import SiteAnswer, Visit, in_form

BATCH = 50
"""Anime in one request: the most that AniList puts on a page."""
LARGEST_ID = 2**31 - 1
"""The largest GraphQL Int; a single larger id makes AniList refuse the whole request."""

QUERY = """
query ($ids: [Int]) {
  Page(perPage: 50) { media(id_in: $ids, type: ANIME) { id idMal } }
}
"""
_SITE = "AniList"


class _Ids(BaseModel):
    anilist_id: int = Field(alias="id")
    mal_id: int | None = Field(alias="idMal")


class _IdPage(BaseModel):
    media: list[_Ids]


class _IdData(BaseModel):
    page: _IdPage = Field(alias="Page")


class _IdAnswer(BaseModel):
    data: _IdData | None = None


async def mal_ids(visit: Visit, address: URL, anilist_ids: Iterable[int]) -> dict[int, int]:
    """Fetch the ids on MyAnimeList of these anime; those that are not on MyAnimeList are missing.

    Args:
        visit: to AniList.
        address: URL of its GraphQL endpoint.
        anilist_ids: ids on AniList.

    Raises:
        SiteError: they could not be fetched; says why.
    """
    wanted = iter(dict.fromkeys(anilist_ids))
    found: dict[int, int] = {}
    while batch := list(islice(wanted, BATCH)):
        question = {"query": QUERY, "variables": {"ids": batch}}
        for media in await visit.ask(_page, "POST", address, body=question):
            if media.mal_id is not None and 0 < media.mal_id <= LARGEST_ID:
                found[media.anilist_id] = media.mal_id
    return found


def _page(answer: SiteAnswer) -> list[_Ids]:
    if answer.status != HTTPStatus.OK:
        raise failures.refused(_SITE, answer.status)
    data = in_form(_SITE, _IdAnswer, answer.body).data
    if data is None:
        raise failures.half_an_answer(_SITE)
    return data.page.media
