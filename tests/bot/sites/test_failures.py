"""What can go wrong with a site: one sentence for each cause, and nothing in part."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from bot.errors import MemberError
from bot.lists import ListError
from bot.sites import AniList, MyAnimeListLists, SiteError
from tests.bot.sites.conftest import (
    CLIENT_ID,
    PATIENCE,
    Account,
    Answer,
    Place,
    broken_off,
    hung_up,
    said,
    silent,
)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what the server is asked is seen from outside only
            await asyncio.sleep(0.005)


async def sentence(place: Place, name: str = "ann") -> str:
    with pytest.raises(SiteError) as raised:
        await place.lists.fetch(name)
    assert isinstance(raised.value, (ListError, MemberError))
    return str(raised.value)


def with_list(place: Place) -> None:
    place.here.accounts["ann"] = Account([place.entry(1), place.entry(2)])


async def test_an_unknown_name_is_told(place: Place) -> None:
    assert await sentence(place) == f"Nobody on {place.name} is called `ann`. Please check the spelling."
    assert len(place.here.requests) == 1


async def test_a_private_list_is_told_with_the_remedy(place: Place) -> None:
    place.here.accounts["ann"] = Account([], private=True)
    assert await sentence(place) == (
        f"The list of `ann` on {place.name} is private. Please make it public while I read it, "
        "or export it there and import the file."
    )
    assert len(place.here.requests) == 1


async def test_an_empty_list_is_told(place: Place) -> None:
    place.here.accounts["ann"] = Account([])
    assert await sentence(place) == f"The list of `ann` on {place.name} is empty."


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a",
        "x" * 21,
        "a b",
        "../me",
        "@me",
        "ann/../bob",
        "ann?x=1",
        "ann\0",
        "аnn",
        "ann`",
        "https://a.example/ann",
    ],
)
async def test_what_can_be_no_name_is_neither_asked_for_nor_repeated(place: Place, name: str) -> None:
    longest = {"AniList": 20, "MyAnimeList": 16}[place.name]
    assert await sentence(place, name) == (
        f"Names on {place.name} have 2 to {longest} letters, digits, `-` or `_`. "
        "Please give only the name, without a link."
    )
    assert place.here.requests == []


async def test_space_around_a_name_does_not_matter(place: Place) -> None:
    with_list(place)
    assert len((await place.lists.fetch(" Ann\n")).entries) == 2


async def test_a_short_rest_is_waited_out(place: Place) -> None:
    with_list(place)
    place.here.instead = {1: said(429, "", Retry_After="1")}
    started = time.monotonic()
    assert len((await place.lists.fetch("ann")).entries) == 2
    assert time.monotonic() - started >= 1
    assert len(place.here.requests) == 2


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "2"}, "2 seconds"),
        ({"Retry_After": "90"}, "90 seconds"),
        ({"Retry_After": "300"}, "5 minutes"),
        ({"Retry_After": "301"}, "6 minutes"),
        ({"Retry_After": "7200"}, "120 minutes"),
        ({"Retry_After": "10800"}, "3 hours"),
        ({"Retry_After": "9" * 300}, "60 seconds"),
        ({}, "60 seconds"),
    ],
)
async def test_of_a_longer_rest_the_member_is_told_when(
    place: Place, headers: dict[str, str], wait: str
) -> None:
    place.here.always = said(429, "", **headers)
    assert await sentence(place) == f"I asked {place.name} too often. Please try again in {wait}."
    assert len(place.here.requests) == 1


async def test_a_rest_beyond_the_time_for_the_list_is_told_at_once(place: Place) -> None:
    place.here.always = said(429, "", Retry_After="300")
    place.lists = place.client(replace(PATIENCE, whole=200.0, rest=1000.0))
    async with asyncio.timeout(100):
        assert "in 5 minutes" in await sentence(place)
    assert len(place.here.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
async def test_out_of_order_is_told_after_three_attempts(place: Place, status: int) -> None:
    place.here.always = said(status, "<html>Bad gateway</html>")
    assert await sentence(place) == (
        f"{place.name} has a problem right now (HTTP {status}). Please try again later."
    )
    assert len(place.here.requests) == 3


TRUNCATED = '{"data": {"MediaListCollection": {"hasNextChunk": false, "us'


@pytest.mark.parametrize(
    "failure",
    [broken_off, hung_up, said(200, TRUNCATED), said(200, ""), said(200, b"\xff\xfe"), said(200, "<html>")],
)
async def test_half_an_answer_is_told_after_three_attempts(place: Place, failure: Answer) -> None:
    place.here.always = failure
    assert await sentence(place) == (
        f"{place.name}'s answer broke off, so nothing was imported. Please try again."
    )
    # aiohttp itself asks once more for a page that no answer began for.
    assert len(place.here.requests) in ({3, 6} if failure is hung_up else {3})


@pytest.mark.parametrize("failure", [broken_off, hung_up, silent, said(503, ""), said(200, TRUNCATED)])
async def test_a_failure_that_passes_is_not_noticed(place: Place, failure: Answer) -> None:
    with_list(place)
    if failure is silent:  # where the machine is busy, the third answer may be late as well
        place.lists = place.client(replace(PATIENCE, answer=0.2, attempts=100))
    place.here.instead = {1: failure, 2: failure}
    assert len((await place.lists.fetch("ann")).entries) == 2


async def test_pauses_grow_between_attempts(place: Place) -> None:
    place.lists = place.client(replace(PATIENCE, first_pause=0.2))
    moments: list[float] = []

    async def failing(_request: web.Request) -> web.Response:
        moments.append(time.monotonic())
        return web.Response(status=503)

    place.here.always = failing
    await sentence(place)
    first, second, third = moments
    assert second - first >= 0.2
    assert third - second >= 0.4


async def test_no_answer_in_time_is_told(place: Place) -> None:
    place.here.always = silent
    place.lists = place.client(replace(PATIENCE, whole=3600.0, answer=0.1))
    async with asyncio.timeout(100):
        assert await sentence(place) == f"{place.name} is too slow right now. Please try again later."


async def test_the_whole_list_has_its_time_too(place: Place) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.3)
        return await place.here.page(request)

    place.here.accounts["ann"] = Account([place.entry(n) for n in range(1, 9000)])
    place.here.always = slow
    place.lists = place.client(replace(PATIENCE, whole=1.0, answer=60))
    assert await sentence(place) == f"{place.name} is too slow right now. Please try again later."
    assert len(place.here.requests) < 5


@pytest.mark.parametrize("site", ["AniList", "MyAnimeList"])
async def test_without_a_network_that_is_told(site: str) -> None:
    address = f"http://127.0.0.1:{unused_port()}/"
    lists = {
        "AniList": AniList(address, patience=PATIENCE, per_minute=60_000),
        "MyAnimeList": MyAnimeListLists(SecretStr(CLIENT_ID), address, patience=PATIENCE),
    }[site]
    with pytest.raises(SiteError, match=rf"^I can't reach {site} right now\. Please try again later\.$"):
        await lists.fetch("ann")
    await lists.close()


@pytest.mark.parametrize(
    "body",
    ["[]", "null", "7", '{"data": 7}', '{"data": {"MediaListCollection": {"lists": 7}}}', '{"data": [{}]}'],
)
async def test_an_answer_of_another_form_is_told_without_a_further_attempt(place: Place, body: str) -> None:
    place.here.always = said(200, body)
    assert f"I don't understand {place.name}'s answer" in await sentence(place)
    assert len(place.here.requests) == 1


async def test_an_answer_of_another_form_is_logged_without_what_it_says(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.here.always = said(200, '{"data": "something private"}')
    await sentence(place)
    assert "not of the form that it promises" in caplog.text
    assert "something private" not in caplog.text


@pytest.mark.parametrize("status", [204, 302, 400, 405, 418])
async def test_any_other_refusal_is_told_with_its_number(place: Place, status: int) -> None:
    place.here.always = said(status, "", Location="https://evil.example/")
    assert await sentence(place) == (
        f"{place.name} refused my request (HTTP {status}). Please tell the people who run me."
    )
    assert len(place.here.requests) == 1


BLANK = gzip.compress(b" " * 2**26)
"""64 MiB in 64 KiB."""


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_without_end_is_cut_off(place: Place, packed: bool) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        headers = {"Content-Encoding": "gzip"} if packed else {}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        piece = BLANK if packed else b" " * 2**20
        while sent < 2**30:
            await response.write(piece)
            sent += len(piece)
        return response

    place.here.always = endless
    told = await sentence(place)
    assert told.startswith(f"That list on {place.name} is too large. I read up to 50,000 entries.")
    assert sent < 2**25


async def test_a_failure_on_a_later_page_leaves_nothing(place: Place) -> None:
    place.here.accounts["ann"] = Account([place.entry(n) for n in range(1, 1500)])
    place.here.instead = dict.fromkeys((2, 3, 4), said(500, ""))
    assert "has a problem right now" in await sentence(place)


async def test_two_lists_at_once_and_the_third_waits(place: Place) -> None:
    with_list(place)
    now = most = 0
    two = asyncio.Event()

    async def counting(request: web.Request) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 2:
            two.set()
        await two.wait()
        now -= 1
        return await place.here.page(request)

    place.here.always = counting
    lists = await asyncio.gather(*(place.lists.fetch("ann") for _ in range(5)))
    assert [len(read.entries) for read in lists] == [2] * 5
    assert most == 2


async def test_who_waits_too_long_for_a_place_is_told(place: Place) -> None:
    place.here.always = silent
    place.lists = place.client(replace(PATIENCE, place=0.2, answer=60, whole=60))
    reading = [asyncio.create_task(place.lists.fetch("ann")) for _ in range(2)]
    await until(lambda: len(place.here.requests) == 2)
    assert await sentence(place) == (
        f"I am busy reading other lists from {place.name}. Please try again in a minute."
    )
    for task in reading:
        task.cancel()


async def test_a_place_is_free_again_after_a_failure_and_after_a_cancel(place: Place) -> None:
    place.here.always = silent
    place.lists = place.client(replace(PATIENCE, answer=60))
    waiting = [asyncio.create_task(place.lists.fetch("ann")) for _ in range(2)]
    await until(lambda: len(place.here.requests) == 2)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    place.here.always = None
    with_list(place)
    assert len((await place.lists.fetch("ann")).entries) == 2


async def test_an_error_of_whoever_listens_to_the_progress_is_their_own(place: Place) -> None:
    async def failing(_entries: int) -> None:
        raise TimeoutError("Discord")

    with_list(place)
    with pytest.raises(TimeoutError, match="Discord"):
        await place.lists.fetch("ann", failing)
