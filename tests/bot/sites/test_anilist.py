"""Lists from AniList, from a stand-in that executes the queries by AniList's schema."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.lists import ListEntry
from bot.sites import SiteError
from tests.bot.sites.conftest import Account, Place, on_anilist, said


async def test_entries_come_with_score_status_days_and_title(anilist: Place) -> None:
    anilist.here.accounts["ann"] = Account(
        [
            on_anilist(
                1,
                score=9,
                startedAt={"year": 2020, "month": 5, "day": 31},
                completedAt={"year": 2020, "month": 6, "day": 1},
            ),
            on_anilist(5, status="PLANNING", media={"idMal": 6, "title": {"romaji": "Trigun"}}),
        ]
    )
    read = await anilist.lists.fetch("Ann")
    assert read.kind == "anilist"
    assert read.entries == (
        ListEntry(1, 9, "completed", date(2020, 5, 31), date(2020, 6, 1), "Anime 1"),
        ListEntry(6, None, "planned", None, None, "Trigun"),
    )
    assert (read.passed_over, read.notes, read.unsure) == ({}, (), ())


async def test_each_status_becomes_one_of_hakkens(anilist: Place) -> None:
    statuses = ["CURRENT", "PLANNING", "COMPLETED", "DROPPED", "PAUSED", "REPEATING"]
    anilist.here.accounts["ann"] = Account([on_anilist(n, status=one) for n, one in enumerate(statuses, 1)])
    read = await anilist.lists.fetch("ann")
    assert {entry.anime_id: entry.status for entry in read.entries} == {
        1: "watching",
        2: "planned",
        3: "completed",
        4: "dropped",
        5: "on hold",
        6: "completed",
    }


@pytest.mark.parametrize(
    ("form", "given", "points", "example"),
    [
        ("POINT_100", 85, 9, "85 → 9"),
        ("POINT_10_DECIMAL", 8.5, 9, "8.5 → 9"),
        ("POINT_10", 8, 8, None),
        ("POINT_5", 4, 8, "★★★★★ → 10"),
        ("POINT_3", 3, 9, "🙂 → 9"),
    ],
)
async def test_scores_come_to_ten_points_and_the_member_is_told_how(
    anilist: Place, form: str, given: float, points: int, example: str | None
) -> None:
    anilist.here.accounts["ann"] = Account([on_anilist(1, score=given), on_anilist(2)], score_format=form)
    read = await anilist.lists.fetch("ann")
    assert [entry.score for entry in read.entries] == [points, None]
    assert len(read.notes) == (example is not None)
    assert example is None or example in read.notes[0]


async def test_nothing_is_said_of_rounding_where_nothing_is_scored(anilist: Place) -> None:
    anilist.here.accounts["ann"] = Account([on_anilist(1)], score_format="POINT_100")
    assert (await anilist.lists.fetch("ann")).notes == ()


async def test_all_chunks_are_read_and_told_of(anilist: Place) -> None:
    anilist.here.accounts["ann"] = Account([on_anilist(n, score=n % 11) for n in range(1, 1202)])
    told: list[int] = []

    async def progress(entries: int) -> None:
        told.append(entries)

    read = await anilist.lists.fetch("ann", progress)
    assert {entry.anime_id: entry.score for entry in read.entries} == {
        n: n % 11 or None for n in range(1, 1202)
    }
    assert told == [500, 1000, 1201]
    asked = [(await request.json())["variables"] for request in anilist.here.requests]
    assert [one["chunk"] for one in asked] == [1, 2, 3]


async def test_an_entry_of_a_custom_list_counts_once(anilist: Place) -> None:
    without = {"idMal": None, "title": {"romaji": "Only there"}}
    anilist.here.accounts["ann"] = Account(
        [on_anilist(1, score=7), on_anilist(2, media=without)], custom=[1, 2]
    )
    read = await anilist.lists.fetch("ann")
    assert [entry.anime_id for entry in read.entries] == [1]
    assert read.passed_over == {"entries that are not on MyAnimeList": 1}


@pytest.mark.parametrize("media", [None, {"idMal": None}, {"idMal": 0}, {"idMal": -1}])
async def test_entries_without_an_id_on_myanimelist_are_counted(anilist: Place, media: object) -> None:
    anilist.here.accounts["ann"] = Account(
        [on_anilist(1), on_anilist(2, media=media), on_anilist(3, media=media)]
    )
    read = await anilist.lists.fetch("ann")
    assert [entry.anime_id for entry in read.entries] == [1]
    assert read.passed_over == {"entries that are not on MyAnimeList": 2}


async def test_a_score_that_the_format_does_not_have_is_named_and_the_status_stays(anilist: Place) -> None:
    anilist.here.accounts["ann"] = Account(
        [on_anilist(1, score=11), on_anilist(2, score=-1), on_anilist(3, score=10)]
    )
    read = await anilist.lists.fetch("ann")
    assert {entry.anime_id: (entry.score, entry.status) for entry in read.entries} == {
        1: (None, "completed"),
        2: (None, "completed"),
        3: (10, "completed"),
    }
    assert (read.passed_over, read.unknown_scores) == ({}, {"11": 1, "-1": 1})


@pytest.mark.parametrize(
    "day",
    [
        {"year": 2020, "month": 5, "day": None},
        {"year": 2020, "month": None, "day": None},
        {"year": None, "month": 5, "day": 1},
        {"year": 2021, "month": 2, "day": 29},
        {"year": 10**9, "month": 1, "day": 1},
    ],
)
async def test_a_day_known_in_part_is_left_out_and_said(anilist: Place, day: dict[str, int | None]) -> None:
    anilist.here.accounts["ann"] = Account([on_anilist(1, startedAt=day)])
    read = await anilist.lists.fetch("ann")
    assert read.entries[0].started is None
    assert read.notes == ("Dates that are incomplete or impossible were left out.",)


async def test_two_entries_for_one_anime_are_one_and_the_later_holds(anilist: Place) -> None:
    same = {"idMal": 1, "title": {"romaji": "Anime 1"}}
    anilist.here.accounts["ann"] = Account([on_anilist(1, score=5), on_anilist(2, score=8, media=same)])
    read = await anilist.lists.fetch("ann")
    assert [(entry.anime_id, entry.score) for entry in read.entries] == [(1, 8)]


def complaint(message: str, status: int) -> str:
    return f'{{"data": {{"MediaListCollection": null}}, "errors": [{{"message": "{message}", "status": {status}}}]}}'


@pytest.mark.parametrize("http", [200, 403, 404])
async def test_private_and_unknown_are_told_apart_whatever_the_status(anilist: Place, http: int) -> None:
    anilist.here.always = said(http, complaint("Private User", 404))
    with pytest.raises(SiteError, match=r"The list of `ann` on AniList is private\."):
        await anilist.lists.fetch("ann")
    anilist.here.always = said(http, complaint("User not found", 404))
    with pytest.raises(SiteError, match="Nobody on AniList is called `ann`"):
        await anilist.lists.fetch("ann")


async def test_an_error_within_an_answer_counts_as_its_status(anilist: Place) -> None:
    anilist.here.accounts["ann"] = Account([on_anilist(1)])
    anilist.here.instead = {1: said(200, complaint("Internal Server Error", 500))}
    assert len((await anilist.lists.fetch("ann")).entries) == 1
    anilist.here.always = said(200, complaint("Too Many Requests.", 429))
    with pytest.raises(SiteError, match=r"I asked AniList too often\. Please try again in 60 seconds\."):
        await anilist.lists.fetch("ann")


async def test_anilist_closed_to_all_is_said_so(anilist: Place) -> None:
    anilist.here.always = said(403, complaint("The AniList API has been temporarily disabled", 403))
    with pytest.raises(SiteError, match="AniList doesn't let me in right now"):
        await anilist.lists.fetch("ann")


HALVES: list[dict[str, Any] | None] = [
    None,
    {"hasNextChunk": False, "user": {"mediaListOptions": {"scoreFormat": "POINT_10"}}, "lists": None},
    {"hasNextChunk": True, "user": {"mediaListOptions": {"scoreFormat": "POINT_10"}}, "lists": []},
]


@pytest.mark.parametrize("half", HALVES)
async def test_a_missing_chunk_ends_the_import_after_it_was_asked_for_again(
    anilist: Place, half: dict[str, Any] | None
) -> None:
    anilist.here.accounts["ann"] = Account([on_anilist(n) for n in range(1, 502)])
    missing = said(200, json.dumps({"data": {"MediaListCollection": half}}))
    anilist.here.instead = {2: missing, 3: missing}
    assert len((await anilist.lists.fetch("ann")).entries) == 501
    anilist.here.requests.clear()
    anilist.here.instead = {2: missing, 3: missing, 4: missing}
    with pytest.raises(SiteError, match="AniList's answer broke off, so nothing was imported"):
        await anilist.lists.fetch("ann")
