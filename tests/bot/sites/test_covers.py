"""Covers, from a stand-in for AniList on this machine that speaks its GraphQL and keeps to its schema."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from discord.utils import utcnow
from graphql import build_schema, graphql_sync

from bot.sites import AniList, Patience
from bot.sites.cover_checks import CoverChecks, CoverHosts
from bot.sites.covers import Covers
from bot.sites.outage import Timing
from bot.store import Store

SCHEMA = build_schema((Path(__file__).parent / "anilist.graphql").read_text(encoding="utf-8"))
PAGE = 50
"""What AniList puts on a page at most."""
FAST = 60_000
"""Requests a minute: one a millisecond."""
PATIENCE = Timing(collect=0.02, first_pause=0.05, longest_pause=0.4)
PLACEHOLDER = "https://s4.anilist.co/file/anilistcdn/media/anime/cover/medium/default.jpg"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def cover_of(anime_id: int) -> str:
    return f"https://s4.anilist.co/file/anilistcdn/media/anime/cover/medium/bx{anime_id}.jpg"


class AniListHere:
    """Executes what it is asked by AniList's schema, unless a test lays other answers ready."""

    def __init__(self) -> None:
        self.covers: dict[int, str | None] = {}
        self.also: list[int] = []
        """Anime that it gives without being asked."""
        self.headers = {"X-RateLimit-Limit": str(FAST), "X-RateLimit-Remaining": "89"}
        self.asked: list[list[int]] = []
        self.moments: list[float] = []
        self.bodies: list[dict[str, Any]] = []
        self.instead: list[Answer] = []
        """Answers for the next requests, first come, first served."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.moments.append(time.monotonic())
        body = await request.json()
        self.bodies.append(body)
        self.asked.append(body["variables"]["ids"])
        if self.instead:
            return await self.instead.pop(0)(request)
        done = graphql_sync(SCHEMA, body["query"], {"Page": self._page}, variable_values=body["variables"])
        told: dict[str, Any] = {"data": done.data}
        if done.errors:
            told["errors"] = [error.formatted for error in done.errors]
        return web.json_response(told, status=400 if done.errors else 200, headers=self.headers)

    def _page(self, _info: object, perPage: int = PAGE) -> dict[str, Any]:  # noqa: N803 - AniList's name
        def media(_info: object, idMal_in: list[int], type: str) -> list[dict[str, Any]]:  # noqa: A002, N803
            assert type == "ANIME"
            found = [one for one in [*idMal_in, *self.also] if one in self.covers]
            return [{"idMal": one, "coverImage": {"large": self.covers[one]}} for one in found][
                : min(perPage, PAGE)
            ]

        return {"media": media}


@pytest.fixture
def anilist() -> AniListHere:
    return AniListHere()


@pytest.fixture
async def server(anilist: AniListHere) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.router.add_post("/", anilist.answer)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0)
    yield server
    await server.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}")
    yield store
    await store.close()


Looking = Callable[..., Covers]


@pytest.fixture
async def looking(store: Store, server: TestServer) -> AsyncIterator[Looking]:
    """Starts searches that ask AniList on this machine, and ends them."""
    async with AsyncExitStack() as stack:

        def start(address: str = "", per_minute: int = FAST, answer: float = 60.0) -> Covers:
            here = address or str(server.make_url("/"))
            anilist = AniList(here, patience=Patience(answer=answer), per_minute=per_minute)
            checks = CoverChecks(store.failed_covers, CoverHosts())
            covers = Covers(store.covers, anilist, checks, timing=PATIENCE)
            covers.start()
            stack.push_async_callback(anilist.close)
            stack.push_async_callback(covers.close)
            return covers

        yield start


@pytest.fixture
async def search(looking: Looking) -> Covers:
    return looking()


def at_work() -> list[str]:
    """The tasks that look for covers now."""
    coroutines = [task.get_coro() for task in asyncio.all_tasks()]
    names = [one.__qualname__ for one in coroutines if one is not None]
    return [name for name in names if name.startswith("Backlog")]


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what the search does is seen from outside only
            await asyncio.sleep(0.005)


async def kept(store: Store, *anime_ids: int) -> dict[int, str | None]:
    return await store.covers.of(anime_ids, at=utcnow())


async def settled(store: Store, *anime_ids: int) -> dict[int, str | None]:
    async with asyncio.timeout(60):
        while len(found := await kept(store, *anime_ids)) < len(anime_ids):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
    return found


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    told = [record for record in caplog.records if record.name.startswith("bot.")]
    return [record.getMessage() for record in told if record.levelno >= logging.WARNING]


async def test_a_cover_is_there_the_next_time(search: Covers, anilist: AniListHere) -> None:
    anilist.covers = {1: cover_of(1)}
    assert search.known(1) is None
    await until(lambda: search.known(1))
    assert search.known(1) == cover_of(1)


async def test_anime_shown_together_are_asked_for_together_and_only_once(
    search: Covers, anilist: AniListHere, store: Store
) -> None:
    ids = list(range(1, 121))
    anilist.covers = {one: cover_of(one) for one in ids}
    for one in [*ids, *ids]:
        search.known(one)
    found = await settled(store, *ids)
    assert [len(batch) for batch in anilist.asked] == [50, 50, 20]
    assert sorted(one for batch in anilist.asked for one in batch) == ids
    assert found == anilist.covers == {one: search.known(one) for one in ids}


async def test_nothing_but_ids_of_anime_goes_to_anilist(search: Covers, anilist: AniListHere) -> None:
    search.known(1)
    search.known(20)
    await until(lambda: anilist.bodies)
    (body,) = anilist.bodies
    assert set(body) == {"query", "variables"}
    assert body["variables"] == {"ids": [1, 20]}


async def test_covers_survive_a_restart_and_need_no_network_then(
    search: Covers, anilist: AniListHere, store: Store, looking: Looking
) -> None:
    anilist.covers = {1: cover_of(1)}
    search.known(1)
    await settled(store, 1)
    await search.close()
    restarted = looking(f"http://127.0.0.1:{unused_port()}")
    assert restarted.known(1) is None
    await until(lambda: restarted.known(1))
    assert restarted.known(1) == cover_of(1)


async def test_covers_in_the_database_are_found_while_anilist_hangs(
    search: Covers, anilist: AniListHere, store: Store
) -> None:
    released = asyncio.Event()
    anilist.instead = [waiting(released)]
    await store.covers.keep({2: cover_of(2)}, at=utcnow())
    search.known(1)
    await until(lambda: anilist.asked)
    search.known(2)
    await until(lambda: search.known(2))
    released.set()


@pytest.mark.parametrize("covers", [{}, {1: None}, {1: PLACEHOLDER}])
async def test_an_anime_without_a_cover_is_not_asked_for_again(
    search: Covers, anilist: AniListHere, store: Store, looking: Looking, covers: dict[int, str | None]
) -> None:
    anilist.covers = covers
    search.known(1)
    assert await settled(store, 1) == {1: None}
    restarted = looking()
    for covers_now in (search, restarted):
        assert covers_now.known(1) is None
    anilist.covers = {2: cover_of(2)}
    restarted.known(2)
    await until(lambda: restarted.known(2))
    assert anilist.asked == [[1], [2]]


def too_many(**headers: str) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        told = {"data": None, "errors": [{"message": "Too Many Requests.", "status": 429}]}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(told, status=429, headers=named)

    return answer


@pytest.mark.parametrize("reset", [{}, {"X_RateLimit_Reset": "1502035959"}])
async def test_anilist_is_left_alone_for_the_seconds_that_it_names(
    search: Covers, anilist: AniListHere, caplog: pytest.LogCaptureFixture, reset: dict[str, str]
) -> None:
    caplog.set_level(logging.INFO)
    anilist.covers = {1: cover_of(1)}
    anilist.instead = [too_many(Retry_After="1", X_RateLimit_Remaining="0", **reset)]
    await until(lambda: search.known(1))
    first, second = anilist.moments
    assert second - first >= 0.99
    assert not warnings(caplog)
    assert "it was asked too often; asked again in 1 s" in caplog.text


async def test_anilist_is_left_alone_until_the_moment_that_it_names(
    search: Covers, anilist: AniListHere
) -> None:
    anilist.covers = {1: cover_of(1)}
    moment = int(time.time()) + 2
    anilist.instead = [too_many(X_RateLimit_Reset=str(moment))]
    search.known(1)
    await until(lambda: search.known(1))
    assert time.time() >= moment - 0.01
    assert anilist.asked == [[1], [1]]


@pytest.mark.parametrize("retry_after", ["never", "-1", "1e9", "9" * 400, ""])
async def test_an_unreadable_retry_after_counts_as_the_minute_that_anilist_documents(
    search: Covers, anilist: AniListHere, caplog: pytest.LogCaptureFixture, retry_after: str
) -> None:
    caplog.set_level(logging.INFO)
    anilist.instead = [too_many(Retry_After=retry_after)]
    search.known(1)
    await until(lambda: "no covers" in caplog.text)
    assert "asked again in 60 s" in caplog.text


@pytest.mark.parametrize(
    ("per_minute", "header"), [(FAST, "240"), (240, "90000"), (240, None), (240, "many")]
)
async def test_requests_keep_to_the_lower_of_both_limits_without_bursts(
    looking: Looking, anilist: AniListHere, per_minute: int, header: str | None
) -> None:
    anilist.headers = {} if header is None else {"X-RateLimit-Limit": header}
    covers = looking(per_minute=per_minute)
    for one in range(1, 4 * PAGE + 1):
        covers.known(one)
    await until(lambda: len(anilist.moments) == 4)
    # 240 a minute are one each 0.25 s. When a request arrives also depends on how busy the machine is.
    turns = covers._anilist._site.pace._turns
    assert len(turns) == 4
    assert min(later - earlier for earlier, later in pairwise(turns)) >= 0.25 - 1e-6


async def status_503(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=503, text="<html>Service Unavailable</html>")


async def disabled(_request: web.Request) -> web.StreamResponse:
    told = {
        "data": None,
        "errors": [{"message": "The AniList API has been temporarily disabled", "status": 403}],
    }
    return web.json_response(told, status=403)


async def hung_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def broken_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"data": {"Page": {"media": [')
    assert request.transport is not None
    request.transport.abort()
    return response


async def elsewhere(request: web.Request) -> web.StreamResponse:
    return web.Response(status=307, headers={"Location": str(request.url.with_path("/other"))})


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(160):
        await response.write(b" " * 2**16)
    await response.write(b'{"data": {"Page": {"media": [{"idMal": 1, "coverImage": {"large": null}}]}}}')
    return response


async def blown_up(_request: web.Request) -> web.StreamResponse:
    response = web.Response(body=b" " * 10 * 2**20, content_type="application/json")
    response.enable_compression(web.ContentCoding.gzip)
    return response


def saying(body: bytes) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    return answer


def waiting(event: asyncio.Event) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        await event.wait()
        return web.Response(status=503)

    return answer


FAILURES = {
    "HTTP 503": (status_503, "it answers HTTP 503"),
    "the API disabled": (disabled, "it answers HTTP 403"),
    "a redirect": (elsewhere, "it answers HTTP 307"),
    "hung up": (hung_up, "it cannot be reached"),
    "broken off": (broken_off, "its answer broke off"),
    "10 MiB": (endless, "its answer is longer than 4 MiB"),
    "10 MiB made small": (blown_up, "its answer is longer than 4 MiB"),
    "nothing": (saying(b""), "its answer is not of the form"),
    "no JSON": (saying(b"<html>hello</html>"), "its answer is not of the form"),
    "no UTF-8": (saying(b'{"data": "\xff\xfe"}'), "its answer is not of the form"),
    "too deep": (saying(b"[" * 100_000), "its answer is not of the form"),
    "an error in place of data": (
        saying(b'{"data": null, "errors": [{"message": "Internal Server Error", "status": 500}]}'),
        "it answers with an error",
    ),
    "an error beside data": (
        saying(b'{"data": {"Page": {"media": [null]}}, "errors": [{"message": "Internal Server Error"}]}'),
        "it answers with an error",
    ),
    "another form": (saying(b'{"data": {"Page": {"media": {"1": "x"}}}}'), "its answer is not of the form"),
    "another type": (
        saying(b'{"data": {"Page": {"media": [{"idMal": "one", "coverImage": {"large": 7}}]}}}'),
        "its answer is not of the form",
    ),
}


@pytest.mark.parametrize(("answer", "why"), FAILURES.values(), ids=FAILURES.keys())
async def test_a_failure_is_told_once_keeps_nothing_and_passes(
    search: Covers,
    anilist: AniListHere,
    store: Store,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
    why: str,
) -> None:
    caplog.set_level(logging.INFO)
    anilist.covers = {1: cover_of(1)}
    anilist.instead = [answer, answer]
    search.known(1)
    await until(lambda: warnings(caplog))
    assert await kept(store, 1) == {}
    await until(lambda: search.known(1))
    assert search.known(1) == cover_of(1)
    assert len(anilist.asked) == 3
    (warning,) = warnings(caplog)
    assert why in warning
    assert "covers from AniList again" in caplog.text


async def test_an_answer_that_does_not_come_in_time_is_a_failure_that_passes(
    looking: Looking, anilist: AniListHere, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    search = looking(answer=0.3)
    anilist.covers = {1: cover_of(1)}
    anilist.instead = [waiting(asyncio.Event())] * 2
    search.known(1)
    await until(lambda: warnings(caplog))
    assert await kept(store, 1) == {}
    await until(lambda: search.known(1))
    assert search.known(1) == cover_of(1)
    assert len(anilist.asked) >= 3  # more where the machine is busy
    (warning,) = warnings(caplog)
    assert "no answer within 0.3 s" in warning
    assert "covers from AniList again" in caplog.text


async def test_an_outage_of_many_kinds_warns_once(
    search: Covers, anilist: AniListHere, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    anilist.covers = {1: cover_of(1)}
    anilist.instead = [hung_up, status_503, hung_up, status_503, saying(b"?")]
    await until(lambda: search.known(1))
    told = [record.levelname for record in caplog.records if record.name == "bot.sites.outage"]
    assert told == ["WARNING", "INFO", "INFO", "INFO"]  # three kinds, and the end


async def test_pauses_grow_while_an_outage_lasts_and_begin_anew_after_it(
    search: Covers, anilist: AniListHere, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot.sites.outage")
    anilist.covers = {1: cover_of(1), 2: cover_of(2)}
    anilist.instead = [status_503, status_503, status_503, status_503]
    await until(lambda: search.known(1))
    anilist.instead = [status_503]
    await until(lambda: search.known(2))
    pauses = [record.args[2] for record in caplog.records if record.getMessage().startswith("no covers")]
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.05]
    gaps = [later - earlier for earlier, later in pairwise(anilist.moments)]
    assert [gap >= least for gap, least in zip(gaps[:4], pauses[:4], strict=True)] == [True] * 4
    assert gaps[5] >= 0.05


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    pauses = [Timing().pause_after(failures) for failures in range(1, 9)]
    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900]
    assert Timing().pause_after(10**9) == 900


async def test_without_a_network_there_is_no_cover_and_one_warning(
    looking: Looking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot.sites.outage")
    covers = looking(f"http://127.0.0.1:{unused_port()}")
    await until(lambda: covers.known(1) or len(caplog.records) >= 3)
    assert covers.known(1) is None
    (warning,) = warnings(caplog)
    assert "it cannot be reached" in warning


async def test_an_address_that_is_not_anilists_own_counts_as_none(
    search: Covers, anilist: AniListHere, store: Store
) -> None:
    foreign = [
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "http://s4.anilist.co/cover.jpg",
        "https://evil.example/cover.jpg",
        "https://anilist.co.evil.example/cover.jpg",
        "https://evilanilist.co/cover.jpg",
        "https://evil.example\\@s4.anilist.co/cover.jpg",
        "https://ann:secret@s4.anilist.co/cover.jpg",
        "https://s4.anilist.co/" + "x" * 2048,
        "//s4.anilist.co/cover.jpg",
        "cover.jpg",
        "",
    ]
    anilist.covers = dict(enumerate([*foreign, cover_of(0)], start=1))
    for one in anilist.covers:
        search.known(one)
    found = await settled(store, *anilist.covers)
    assert list(found.values()) == [None] * len(foreign) + [cover_of(0)]
    assert {one: search.known(one) for one in found} == found


async def test_covers_of_anime_that_were_not_asked_for_are_left_aside(
    search: Covers, anilist: AniListHere, store: Store
) -> None:
    anilist.covers = {1: cover_of(1), 2: cover_of(2)}
    anilist.also = [2]
    search.known(1)
    assert await settled(store, 1) == {1: cover_of(1)}
    assert await kept(store, 2) == {}
    assert search.known(2) is None


@pytest.mark.parametrize("wrong", [0, -1, 2**31, 2**63])
async def test_an_id_that_graphql_cannot_carry_spoils_no_other(
    search: Covers, anilist: AniListHere, wrong: int
) -> None:
    anilist.covers = {2**31 - 1: cover_of(1)}
    assert search.known(wrong) is None
    search.known(2**31 - 1)
    await until(lambda: search.known(2**31 - 1))
    assert anilist.asked == [[2**31 - 1]]


async def test_known_does_not_wait_for_a_hanging_anilist_and_looks_for_a_thousand_at_most(
    search: Covers, anilist: AniListHere
) -> None:
    released = asyncio.Event()
    anilist.instead = [waiting(released)]
    search.known(1)
    await until(lambda: anilist.asked)
    for one in range(1, 1501):
        assert search.known(one) is None
    assert anilist.asked == [[1]]  # and so it hangs still
    released.set()
    await until(lambda: not at_work())
    assert sum(map(len, anilist.asked)) == 1000


async def test_tasks_exist_only_while_covers_are_looked_for(search: Covers, anilist: AniListHere) -> None:
    assert at_work() == []
    anilist.covers = {1: cover_of(1)}
    anilist.instead = [status_503]
    for found in (None, cover_of(1)):
        search.known(1)
        assert len(at_work()) == 1
        await until(lambda: not at_work())
        assert search._memory.get(1) == found
    assert search.known(1) == cover_of(1)
    assert at_work() == []


async def test_closing_ends_at_once_in_the_midst_of_a_request(search: Covers, anilist: AniListHere) -> None:
    released = asyncio.Event()
    anilist.instead = [waiting(released)]
    search.known(1)
    await until(lambda: anilist.asked)
    assert at_work()
    async with asyncio.timeout(30):  # the answer may take 60 s
        await search.close()
    assert at_work() == []
    assert search.known(2) is None
    await search.close()
    released.set()
    assert at_work() == []
    assert anilist.asked == [[1]]


async def test_before_the_start_nothing_is_looked_for(
    store: Store, server: TestServer, anilist: AniListHere
) -> None:
    site = AniList(str(server.make_url("/")), per_minute=FAST)
    covers = Covers(store.covers, site, CoverChecks(store.failed_covers, CoverHosts()), timing=PATIENCE)
    assert covers.known(1) is None
    assert at_work() == []
    await covers.close()
    covers.start()
    covers.start()
    covers.known(2)
    await until(lambda: anilist.asked)
    assert anilist.asked == [[2]]
    await covers.close()
    await site.close()


async def test_a_cover_that_cannot_be_kept_is_shown_all_the_same(
    search: Covers, anilist: AniListHere, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    anilist.covers = {1: cover_of(1)}
    with closing(sqlite3.connect(tmp_path / "hakken.sqlite3")) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON covers BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    search.known(1)
    await until(lambda: search.known(1))
    await until(lambda: warnings(caplog))
    assert "no room" in caplog.text


async def test_a_database_that_cannot_be_read_ends_neither_the_search_nor_a_command(
    search: Covers, anilist: AniListHere, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    anilist.covers = {1: cover_of(1)}
    with closing(sqlite3.connect(tmp_path / "hakken.sqlite3")) as database:
        database.execute("ALTER TABLE covers RENAME TO elsewhere")
        assert search.known(1) is None
        await until(lambda: warnings(caplog))
        assert search.known(1) is None
        database.execute("ALTER TABLE elsewhere RENAME TO covers")
    await until(lambda: search.known(1))
    assert anilist.asked == [[1]]


async def test_a_bug_in_the_search_is_told_and_reaches_no_command(
    search: Covers, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.setattr(type(store.covers), "of", None)
    assert search.known(1) is None
    await until(lambda: warnings(caplog))
    assert search.known(2) is None
    assert search.known(1) is None
    (record,) = (record for record in caplog.records if record.name == "bot.sites.backlog")
    assert record.levelname == "ERROR"
    assert record.exc_info is not None


async def test_what_memory_has_no_room_for_is_found_in_the_database(
    search: Covers, anilist: AniListHere, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sites.covers._REMEMBERED", 2)
    anilist.covers = {one: cover_of(one) for one in (1, 2, 3)}
    search.known(1)
    search.known(2)
    await settled(store, 1, 2)
    assert search.known(1) == cover_of(1)  # so 2 is the one not shown for longest
    search.known(3)
    await until(lambda: search.known(3))
    assert search.known(1) == cover_of(1)
    assert search.known(2) is None
    await until(lambda: search.known(2))
    assert anilist.asked == [[1, 2], [3]]
