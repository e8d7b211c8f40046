"""Ids on AniList: the catalogue is asked first, the site only for the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.lists import parse_in_process, resolve_parsed
from hakken.catalogue.search import TitleSearch

GDPR = {
    "lists": [
        {"series_type": 0, "series_id": one, "status": 2, "score": score}
        for one, score in ((101, 95), (102, 60), (103, 80))
    ]
}


async def test_only_ids_that_the_catalogue_lacks_are_looked_up(titles: TitleSearch) -> None:
    asked: list[int] = []

    async def look_up(ids: Sequence[int]) -> dict[int, int]:
        asked.extend(ids)
        return {102: 6}

    parsed = await parse_in_process(json.dumps(GDPR).encode())
    read = await resolve_parsed(parsed, titles, {101: 1, 7: 9}, look_up)
    assert asked == [102, 103]
    assert [(one.anime_id, one.score) for one in read.out_of(100).entries] == [(1, 10), (6, 6)]
    assert read.passed_over == {"entries that are not on MyAnimeList": 1}


async def test_where_the_catalogue_knows_all_nobody_is_asked(titles: TitleSearch) -> None:
    async def look_up(ids: Sequence[int]) -> dict[int, int]:
        raise AssertionError(ids)

    parsed = await parse_in_process(json.dumps(GDPR).encode())
    read = await resolve_parsed(parsed, titles, {101: 1, 102: 6, 103: 5114}, look_up)
    assert [one.anime_id for one in read.entries] == [1, 6, 5114]
