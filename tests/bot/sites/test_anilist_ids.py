"""Ids on AniList become those on MyAnimeList, by what AniList says."""

from __future__ import annotations

import pytest

from bot.sites import AniList, SiteError
from tests.bot.sites.conftest import ON_ANILIST, AniListHere, Place, said


def parts(place: Place) -> tuple[AniList, AniListHere]:
    assert isinstance(place.lists, AniList)
    assert isinstance(place.here, AniListHere)
    return place.lists, place.here


async def test_each_anime_is_asked_for_once_in_batches_of_fifty(anilist: Place) -> None:
    client, here = parts(anilist)
    ids = [ON_ANILIST + n for n in range(1, 121)]

    assert await client.mal_ids([*ids, *ids]) == {one: one - ON_ANILIST for one in ids}
    asked = [(await request.json())["variables"]["ids"] for request in here.requests]
    assert asked == [ids[:50], ids[50:100], ids[100:]]


async def test_what_is_not_on_myanimelist_or_not_on_anilist_is_missing(anilist: Place) -> None:
    client, here = parts(anilist)
    here.idmal = {ON_ANILIST + 2: None, ON_ANILIST + 3: -1}
    assert await client.mal_ids([ON_ANILIST + n for n in (1, 2, 3)] + [5]) == {ON_ANILIST + 1: 1}


async def test_nothing_is_asked_for_nothing(anilist: Place) -> None:
    client, here = parts(anilist)
    assert await client.mal_ids([]) == {}
    assert here.requests == []


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (400, "{}", "HTTP 400"),
        (200, '{"data": null}', "AniList"),
        (200, '{"data": {"Page": {"media": [{}]}}}', "AniList"),
        (503, "", "AniList"),
    ],
)
async def test_a_failure_ends_in_a_sentence(anilist: Place, status: int, body: str, sentence: str) -> None:
    client, here = parts(anilist)
    here.always = said(status, body)
    with pytest.raises(SiteError, match=sentence):
        await client.mal_ids([ON_ANILIST + 1])
