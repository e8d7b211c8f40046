"""Lists and covers ask AniList at one pace, in a loop whose time jumps from timer to timer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sites import AniList, Patience, SiteError
from bot.sites.anilist_covers import BATCH, AniListError
from bot.sites.cover_checks import CoverChecks, CoverHosts
from bot.sites.covers import Covers
from bot.store import Store
from tests.bot.sites.ahead import run_ahead
from tests.bot.sites.conftest import Account, AniListHere, cover_of, on_anilist, said

GRACE = 0.02
"""Real seconds that AniList on this machine has for an answer before time jumps."""
TINY = 1e-6
PATIENT = Patience(whole=600.0, answer=300.0)
WANTS_REST = r"I asked AniList too often\. Please try again in 5 minutes\."


@asynccontextmanager
async def served(here: AniListHere, per_minute: int = 90) -> AsyncIterator[AniList]:
    """AniList on this machine, and what asks it."""
    app = web.Application()
    app.router.add_post("/", here.answer)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0)
    anilist = AniList(str(server.make_url("/")), patience=PATIENT, per_minute=per_minute)
    yield anilist
    await anilist.close()
    await server.close()


@pytest.fixture
def here() -> AniListHere:
    here = AniListHere()
    here.accounts = {name: Account([on_anilist(n) for n in range(1, 23)]) for name in ("ann", "bob")}
    return here


async def covers_of(anilist: AniList, *anime_ids: int) -> dict[int, str | None]:
    await anilist.spare_turn()
    return await anilist.covers(anime_ids)


@pytest.mark.parametrize("limits", [[30], [20], [90] * 10 + [30], [30] * 10 + [15]])
def test_no_minute_has_more_requests_than_anilist_says(
    here: AniListHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: list[int]
) -> None:
    monkeypatch.setattr("bot.sites.anilist.CHUNK", 2)  # 11 answers a list
    turns: list[float] = []
    allowed: list[int] = []

    async def lowered(request: web.Request) -> web.Response:
        allowed.append(here.limit)
        here.limit = limits[min(len(here.requests), len(limits)) - 1]
        return await here.page(request)

    async def ask_all() -> None:
        here.always = lowered
        store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}")
        async with served(here) as anilist:
            covers = Covers(store.covers, anilist, CoverChecks(store.failed_covers, CoverHosts()))
            covers.start()
            for anime_id in range(1, 10 * BATCH + 1):
                covers.known(anime_id)
            read = await asyncio.gather(anilist.fetch("ann"), anilist.fetch("bob"))
            assert [len(one.entries) for one in read] == [22, 22]
            while (found := covers.known(10 * BATCH)) is None:  # noqa: ASYNC110 - seen from outside only
                await asyncio.sleep(1)
            assert found == cover_of(10 * BATCH)
            turns.extend(anilist._site.pace._turns)
            await covers.close()
        await store.close()

    here.limit = 90
    run_ahead(ask_all(), grace=GRACE)
    assert len(turns) == len(here.requests) == 2 * 11 + 10
    for moment, limit in zip(turns, allowed, strict=True):
        assert sum(moment - 60 + TINY < other <= moment for other in turns) <= limit


def test_what_covers_were_refused_for_members_are_told_without_asking_again(here: AniListHere) -> None:
    here.instead = {1: said(429, "", Retry_After="300")}

    async def ask() -> None:
        async with served(here) as anilist:
            with pytest.raises(AniListError) as refused:
                await covers_of(anilist, 1)
            assert refused.value.retry_after == 300
            with pytest.raises(SiteError, match=WANTS_REST):
                await anilist.fetch("ann")
            assert len(here.requests) == 1
            await asyncio.sleep(300)
            assert len((await anilist.fetch("ann")).entries) == 22

    run_ahead(ask(), grace=GRACE)


COMPLAINT = '{"data": null, "errors": [{"message": "Too Many Requests.", "status": 429}]}'


@pytest.mark.parametrize(
    ("refusal", "rest"), [(said(429, "", Retry_After="300"), 300), (said(200, COMPLAINT), 60)]
)
def test_covers_wait_out_the_rest_that_a_list_was_refused_for(
    here: AniListHere, refusal: object, rest: float
) -> None:
    async def ask() -> None:
        here.always = refusal  # type: ignore[assignment]
        async with served(here) as anilist:
            with pytest.raises(SiteError, match="I asked AniList too often"):
                await anilist.fetch("ann")
            refused_at = asyncio.get_running_loop().time()
            here.always = None
            assert await covers_of(anilist, 1) == {1: cover_of(1)}
            assert asyncio.get_running_loop().time() >= refused_at + rest - 1

    run_ahead(ask(), grace=GRACE)
    assert len(here.requests) == 2


def test_a_member_who_waits_for_a_turn_is_told_of_anothers_refusal(here: AniListHere) -> None:
    here.always = said(429, "", Retry_After="300")

    async def ask() -> None:
        async with served(here, per_minute=30) as anilist:
            first = asyncio.create_task(anilist.fetch("ann"))
            second = asyncio.create_task(anilist.fetch("bob"))
            for waiting in (first, second):
                with pytest.raises(SiteError, match=WANTS_REST):
                    await waiting

    run_ahead(ask(), grace=GRACE)
    assert len(here.requests) == 1
