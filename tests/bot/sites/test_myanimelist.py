"""Lists from MyAnimeList, from a stand-in that answers as its documentation says."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.lists import ListEntry
from bot.sites import MyAnimeListLists, SiteError
from tests.bot.sites.conftest import CLIENT_ID, PATIENCE, Account, Place, on_myanimelist, said


async def test_entries_come_with_score_status_days_and_title(myanimelist: Place) -> None:
    myanimelist.here.accounts["ann"] = Account(
        [
            on_myanimelist(1, score=9, start_date="2020-05-31", finish_date="2020-06-01"),
            on_myanimelist(6, status="plan_to_watch"),
        ]
    )
    read = await myanimelist.lists.fetch("Ann")
    assert read.kind == "myanimelist"
    assert read.entries == (
        ListEntry(1, 9, "completed", date(2020, 5, 31), date(2020, 6, 1), "Anime 1"),
        ListEntry(6, None, "planned", None, None, "Anime 6"),
    )
    assert (read.passed_over, read.notes, read.unsure) == ({}, (), ())


async def test_each_status_becomes_one_of_hakkens(myanimelist: Place) -> None:
    statuses = ["watching", "completed", "on_hold", "dropped", "plan_to_watch"]
    entries = [on_myanimelist(n, status=one) for n, one in enumerate(statuses, 1)]
    myanimelist.here.accounts["ann"] = Account(entries)
    read = await myanimelist.lists.fetch("ann")
    assert [entry.status for entry in read.entries] == [
        "watching",
        "completed",
        "on hold",
        "dropped",
        "planned",
    ]


async def test_all_pages_are_read_and_told_of(myanimelist: Place) -> None:
    myanimelist.here.accounts["ann"] = Account([on_myanimelist(n, score=n % 11) for n in range(1, 2402)])
    told: list[int] = []

    async def progress(entries: int) -> None:
        told.append(entries)

    read = await myanimelist.lists.fetch("ann", progress)
    assert {entry.anime_id: entry.score for entry in read.entries} == {
        n: n % 11 or None for n in range(1, 2402)
    }
    assert told == [1000, 2000, 2401]


async def test_the_documented_fields_are_asked_for(myanimelist: Place) -> None:
    myanimelist.here.accounts["ann"] = Account([on_myanimelist(1)])
    await myanimelist.lists.fetch("ann")
    (request,) = myanimelist.here.requests
    assert request.path == "/v2/users/ann/animelist"
    assert dict(request.query) == {
        "fields": "list_status{status,score,start_date,finish_date}",
        "limit": "1000",
        "nsfw": "true",
    }


@pytest.mark.parametrize("day", ["2020-05", "2020", "2021-02-29", "2020-13-01", "soon", "٢٠٢٠-٠١-٠١"])
async def test_a_day_known_in_part_is_left_out_and_said(myanimelist: Place, day: str) -> None:
    myanimelist.here.accounts["ann"] = Account([on_myanimelist(1, start_date=day)])
    read = await myanimelist.lists.fetch("ann")
    assert read.entries[0].started is None
    assert read.notes == ("Dates that are incomplete or impossible were left out.",)


async def test_broken_entries_are_passed_over_and_counted(myanimelist: Place) -> None:
    myanimelist.here.accounts["ann"] = Account(
        [
            on_myanimelist(1, score=10),
            on_myanimelist(2, score=11),
            on_myanimelist(3, score=-1),
            on_myanimelist(0),
            on_myanimelist(2**63),
            on_myanimelist(4, status="forgotten"),
            on_myanimelist(5, status="forgotten", score=5),
        ]
    )
    read = await myanimelist.lists.fetch("ann")
    assert [(entry.anime_id, entry.score, entry.status) for entry in read.entries] == [
        (1, 10, "completed"),
        (2, None, "completed"),
        (3, None, "completed"),
        (5, 5, None),
    ]
    assert read.unknown_scores == {"11": 1, "-1": 1}
    assert read.unknown_statuses == {"forgotten": 2}
    assert read.passed_over == {
        "entries with an id that no anime has": 2,
        "entries with neither a score nor a status": 1,
    }


@pytest.mark.parametrize("client_id", [None, SecretStr(""), SecretStr("  ")])
async def test_without_a_client_id_the_owner_is_named_as_the_one_to_set_it(
    myanimelist: Place, client_id: SecretStr | None
) -> None:
    with pytest.raises(SiteError, match="until the people who run me set MAL_CLIENT_ID"):
        await MyAnimeListLists(client_id, myanimelist.here.address + "v2").fetch("ann")
    assert myanimelist.here.requests == []


WRONG = "0" * 31 + "f"


@pytest.mark.parametrize("client_id", [WRONG, "two\r\nX-Lines: 1", "ß"])
async def test_a_wrong_client_id_is_told_and_shown_nowhere(
    myanimelist: Place, client_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lists = MyAnimeListLists(SecretStr(client_id), myanimelist.here.address + "v2")
    with pytest.raises(SiteError, match="until the people who run me correct MAL_CLIENT_ID") as raised:
        await lists.fetch("ann")
    await lists.close()
    assert client_id not in caplog.text + str(raised.value) + repr(vars(lists))
    assert client_id != WRONG or "does not accept MAL_CLIENT_ID" in caplog.text


async def test_an_expired_registration_counts_as_a_wrong_one(myanimelist: Place) -> None:
    myanimelist.here.always = said(401, '{"error": "invalid_token", "message": "token is invalid"}')
    with pytest.raises(SiteError, match="correct MAL_CLIENT_ID"):
        await myanimelist.lists.fetch("ann")


@pytest.mark.parametrize("body", ['{"message": "", "error": "forbidden"}', "<html>Access denied</html>", ""])
async def test_being_taken_for_an_attack_is_not_called_a_private_list(myanimelist: Place, body: str) -> None:
    myanimelist.here.always = said(403, body)
    with pytest.raises(SiteError, match="MyAnimeList doesn't let me in right now"):
        await myanimelist.lists.fetch("ann")


@pytest.mark.parametrize(
    "further",
    [
        "https://evil.example/v2/users/ann/animelist?offset=1000",
        "http://api.myanimelist.net.evil.example/",
        "http://127.0.0.1:1/v2/users/ann/animelist",
        "//evil.example/",
        "/v2/users/ann/animelist?offset=1000",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
async def test_the_client_id_goes_to_no_other_place(myanimelist: Place, further: str) -> None:
    page = web.json_response({"data": [on_myanimelist(1)], "paging": {"next": further}})
    myanimelist.here.always = said(200, page.text or "")
    with pytest.raises(SiteError, match="I don't understand MyAnimeList's answer"):
        await myanimelist.lists.fetch("ann")
    assert len(myanimelist.here.requests) == 1


async def test_a_further_page_with_a_password_in_its_address_is_not_asked_for(myanimelist: Place) -> None:
    further = myanimelist.here.address.replace("http://", "http://ann:secret@") + "v2/users/ann/animelist"
    page = web.json_response({"data": [on_myanimelist(1)], "paging": {"next": further}})
    myanimelist.here.always = said(200, page.text or "")
    with pytest.raises(SiteError, match="I don't understand MyAnimeList's answer"):
        await myanimelist.lists.fetch("ann")


async def test_an_empty_page_that_promises_another_is_half_an_answer(myanimelist: Place) -> None:
    further = myanimelist.here.address + "v2/users/ann/animelist?offset=0"
    page = web.json_response({"data": [], "paging": {"next": further}})
    myanimelist.here.always = said(200, page.text or "")
    with pytest.raises(SiteError, match="MyAnimeList's answer broke off"):
        await myanimelist.lists.fetch("ann")


async def test_pages_without_end_end(myanimelist: Place) -> None:
    further = myanimelist.here.address + "v2/users/ann/animelist?offset=0"
    page = web.json_response({"data": [on_myanimelist(1)], "paging": {"next": further}})
    myanimelist.here.always = said(200, page.text or "")
    with pytest.raises(SiteError, match="too large\\. I read up to 50,000 entries"):
        await myanimelist.lists.fetch("ann")
    assert len(myanimelist.here.requests) == 50


async def test_the_client_id_appears_in_no_log_and_no_error(
    myanimelist: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures = [
        said(500, ""),
        said(429, "", Retry_After="3600"),
        said(418, CLIENT_ID),
        said(200, f'{{"data": "{CLIENT_ID}"}}'),
        said(200, '{"data": '),
        said(302, "", Location="https://evil.example/"),
    ]
    for failure in failures:
        myanimelist.here.always = failure
        myanimelist.lists = myanimelist.client(PATIENCE)  # the rest that one failure asks for ends with it
        with pytest.raises(SiteError) as raised:
            await myanimelist.lists.fetch("ann")
        error: BaseException | None = raised.value
        while error is not None:
            assert CLIENT_ID not in repr(error) + repr(vars(error))
            assert error.__cause__ is None
            error = error.__context__ if not error.__suppress_context__ else None
    logged = caplog.text + "".join(repr(vars(record)) for record in caplog.records)
    assert CLIENT_ID not in logged
    assert "has a problem right now" in logged
