"""Covers that fail are not shown for a week, by what a host on this machine answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from discord.utils import utcnow

from bot.sites import AniList, cover_checks
from bot.sites.cover_checks import CoverChecks, CoverHosts
from bot.sites.covers import Covers
from bot.sites.outage import Timing
from bot.store import Store
from hakken import Anime

A_WEEK = timedelta(days=7)


class PictureHost:
    """Has a picture at every address, but where a test lays another answer ready."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.address = ""
        self._answers: dict[str, dict[str, object]] = {}

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        headers = {"Location": "http://127.0.0.1:9/"}
        how = self._answers.get(request.path, {"content_type": "image/jpeg"})
        return web.Response(body=b"JPEG", headers=headers, **how)  # type: ignore[arg-type]

    def at(self, path: str, status: int = 200, content_type: str = "image/jpeg") -> str:
        self._answers[path] = {"status": status, "content_type": content_type}
        return self.address + path


@pytest.fixture
async def host() -> AsyncIterator[PictureHost]:
    here, app = PictureHost(), web.Application()
    app.router.add_get("/{path}", here.answer)
    async with TestServer(app) as server:
        here.address = str(server.make_url("")).rstrip("/")
        yield here


@pytest.fixture
async def silent_host() -> AsyncIterator[str]:
    """Takes connections and never answers."""
    writers = []

    def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for writer in writers:
        writer.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}")
    yield store
    await store.close()


def new_checks(store: Store, answer: float = 60.0) -> CoverChecks:
    timing = Timing(first_pause=0.01, longest_pause=0.02)
    return CoverChecks(store.failed_covers, CoverHosts(answer=answer, schemes=("http",)), timing=timing)


@pytest.fixture
async def checks(store: Store) -> AsyncIterator[CoverChecks]:
    checks = new_checks(store)
    await checks.start()
    yield checks
    await checks.close()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Sets the clock to this long after the present."""

    def go(by: timedelta) -> None:
        now: datetime = utcnow() + by
        monkeypatch.setattr(cover_checks, "utcnow", lambda: now)

    return go


async def checked(checks: CoverChecks) -> None:
    async with asyncio.timeout(60):
        while checks._awaited:  # noqa: ASYNC110 - what it does in the background is seen in no other way
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
async def test_a_cover_that_is_gone_is_not_shown_for_a_week_also_after_a_restart(
    host: PictureHost, store: Store, checks: CoverChecks, later: Callable[[timedelta], None], status: int
) -> None:
    address = host.at("/gone.jpg", status)
    assert checks.may_show(address)
    await checked(checks)
    assert not checks.may_show(address)
    again = new_checks(store)
    await again.start()
    later(A_WEEK - timedelta(minutes=1))
    assert not again.may_show(address)
    assert host.asked == ["/gone.jpg"]
    later(A_WEEK)
    assert again.may_show(address)  # it may be there again
    await checked(again)
    assert host.asked == ["/gone.jpg", "/gone.jpg"]
    assert not again.may_show(address)
    await again.close()


async def test_a_page_in_place_of_a_picture_is_none(host: PictureHost, checks: CoverChecks) -> None:
    address = host.at("/sorry", content_type="text/html")
    assert checks.may_show(address)
    await checked(checks)
    assert not checks.may_show(address)


@pytest.mark.parametrize("status", [200, 301, 302])
async def test_a_cover_that_works_is_asked_for_once_in_30_days(
    host: PictureHost, checks: CoverChecks, later: Callable[[timedelta], None], status: int
) -> None:
    address = host.at("/here.jpg", status)
    for _ in range(3):
        assert checks.may_show(address)
        await checked(checks)
    assert host.asked == ["/here.jpg"]
    later(timedelta(days=30))
    assert checks.may_show(address)
    await checked(checks)
    assert host.asked == ["/here.jpg"] * 2


@pytest.mark.parametrize("status", [400, 405, 429, 500, 503])
async def test_a_problem_of_the_host_is_no_failure_of_the_cover(
    host: PictureHost, checks: CoverChecks, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    address = host.at("/later.jpg", status)
    for _ in range(3):
        assert checks.may_show(address)
        await checked(checks)
    assert len(host.asked) == 3
    [warning] = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert f"the host answers HTTP {status}" in warning.getMessage()


async def test_a_host_that_is_not_there_or_silent_is_no_failure_of_the_cover(
    store: Store, silent_host: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    checks = new_checks(store, answer=0.2)
    await checks.start()
    for address in (f"http://127.0.0.1:{unused_port()}/1.jpg", f"{silent_host}/1.jpg"):
        assert checks.may_show(address)
        await checked(checks)
        assert checks.may_show(address)
    await checks.close()
    assert "cannot be reached" in caplog.text
    assert "no answer within 0.2 s" in caplog.text


@pytest.mark.parametrize(
    "address",
    ["ftp://example.com/1.jpg", "file:///etc/passwd", "x", "http://", "http://ann:word@127.0.0.1/1"],
)
async def test_other_addresses_are_not_asked_about(checks: CoverChecks, address: str) -> None:
    assert checks.may_show(address)
    assert not checks._awaited


def test_by_default_only_https_is_asked() -> None:
    assert CoverHosts().can_ask("https://cdn.example.com/1.jpg")
    assert not CoverHosts().can_ask("http://cdn.example.com/1.jpg")


async def test_before_the_start_everything_is_shown_and_nothing_asked(
    host: PictureHost, store: Store
) -> None:
    checks = new_checks(store)
    assert checks.may_show(host.at("/gone.jpg", 404))
    await checks.close()
    assert not host.asked


async def test_closing_ends_a_check_in_its_midst(store: Store, silent_host: str) -> None:
    checks = new_checks(store)
    await checks.start()
    assert checks.may_show(f"{silent_host}/1.jpg")
    await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        await checks.close()


async def test_anilists_cover_stands_in_for_one_of_the_catalogue_that_fails(
    host: PictureHost, store: Store, checks: CoverChecks
) -> None:
    instead = "https://s4.anilist.co/7.jpg"
    await store.covers.keep({7: instead}, at=utcnow())
    anilist = AniList("http://127.0.0.1:9")
    covers = Covers(store.covers, anilist, checks, timing=Timing(collect=0.0))
    covers.start()
    anime = Anime(7, "Sign", image_url=host.at("/gone.jpg", 404))
    assert covers.of(anime) == anime.image_url
    await checked(checks)
    async with asyncio.timeout(60):
        while covers.of(anime) is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
    assert covers.of(anime) == instead
    await covers.close()
    await anilist.close()
