"""Stand-ins for the two sites on this machine, which answer as their documentation says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from graphql import GraphQLError, build_schema, graphql_sync
from pydantic import SecretStr

from bot.sites import AniList, MyAnimeListLists, Patience

SCHEMA = build_schema((Path(__file__).parent / "anilist.graphql").read_text(encoding="utf-8"))
CLIENT_ID = "6f1e0d4c3b2a59687786950413a2b1c0"
FAST = 60_000
ON_ANILIST = 100_000
"""What an id on AniList here has more than that on MyAnimeList."""
PATIENCE = Patience(whole=60.0, answer=30.0, rest=1.0, first_pause=0.01)
"""Long enough for a busy machine."""

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Account:
    """Somebody's list, its entries as the site itself writes them."""

    entries: list[dict[str, Any]]
    score_format: str = "POINT_10"
    private: bool = False
    custom: list[int] = field(default_factory=list)
    """Ids of entries that stand in a custom list, too."""


class Here:
    """A site on this machine, unless a test lays other answers ready."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.requests: list[web.Request] = []
        self.instead: dict[int, Answer] = {}
        """Other answers, by the request's number from 1 on."""
        self.always: Answer | None = None
        self.address = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        self.requests.append(request)
        other = self.instead.get(len(self.requests), self.always)
        return await (self.page if other is None else other)(request)

    async def page(self, request: web.Request) -> web.Response:
        raise NotImplementedError


class AniListHere(Here):
    """Executes queries by AniList's schema; of every anime it has a cover."""

    def __init__(self) -> None:
        super().__init__()
        self.idmal: dict[int, int | None] = {}
        """Ids on MyAnimeList by ids on AniList, where they are not as `on_anilist` has them."""
        self.limit = FAST
        """What it says how often it may be asked in a minute."""

    async def page(self, request: web.Request) -> web.Response:
        body = await request.json()
        done = graphql_sync(
            SCHEMA,
            body["query"],
            {"MediaListCollection": self._collection, "Page": self._covers},
            variable_values=body["variables"],
        )
        told: dict[str, Any] = {"data": done.data}
        status = 200
        if done.errors:
            status = (done.errors[0].extensions or {}).get("status", 400)
            told["errors"] = [
                {"message": one.message, "status": status, "locations": [{"line": 3, "column": 3}]}
                for one in done.errors
            ]
        return web.json_response(told, status=status, headers={"X-RateLimit-Limit": str(self.limit)})

    def _collection(
        self,
        _info: object,
        userName: str,  # noqa: N803 - AniList's names
        type: str,  # noqa: A002
        chunk: int = 1,
        perChunk: int = 500,  # noqa: N803
    ) -> dict[str, Any]:
        assert type == "ANIME"
        account = self.accounts.get(userName.lower())
        if account is None:
            raise GraphQLError("User not found", extensions={"status": 404})
        if account.private:
            raise GraphQLError("Private User", extensions={"status": 404})
        size = min(perChunk, 500)
        shown = account.entries[(chunk - 1) * size : chunk * size]
        statuses = dict.fromkeys(entry["status"] for entry in shown)
        groups = [[entry for entry in shown if entry["status"] == status] for status in statuses]
        groups.append([entry for entry in shown if entry["id"] in account.custom])
        return {
            "hasNextChunk": chunk * size < len(account.entries),
            "user": {"id": 1, "name": userName, "mediaListOptions": {"scoreFormat": account.score_format}},
            "lists": [{"entries": group} for group in groups if group],
        }

    def _covers(self, _info: object, perPage: int) -> dict[str, Any]:  # noqa: N803 - AniList's names
        def media(
            _info: object,
            type: str,  # noqa: A002
            idMal_in: list[int] | None = None,  # noqa: N803
            id_in: list[int] | None = None,
        ) -> list[dict[str, Any]]:
            assert type == "ANIME"
            if id_in is not None:
                there = (one for one in id_in if one > ON_ANILIST)
                return [{"id": one, "idMal": self.idmal.get(one, one - ON_ANILIST)} for one in there][
                    :perPage
                ]
            assert idMal_in is not None
            return [{"idMal": one, "coverImage": {"large": cover_of(one)}} for one in idMal_in[:perPage]]

        return {"media": media}


def cover_of(anime_id: int) -> str:
    return f"https://s4.anilist.co/file/anilistcdn/media/anime/cover/medium/bx{anime_id}.jpg"


class MyAnimeListHere(Here):
    """Answers as https://myanimelist.net/apiconfig/references/api/v2 says."""

    async def page(self, request: web.Request) -> web.Response:
        if request.headers.get("X-MAL-CLIENT-ID") != CLIENT_ID:
            return refusal(400, "bad_request", "Invalid client id")
        account = self.accounts.get(request.match_info["name"].lower())
        if account is None:
            return refusal(404, "not_found")
        if account.private:
            return refusal(403, "not_permitted")
        assert request.query["nsfw"] == "true"
        limit, offset = int(request.query["limit"]), int(request.query.get("offset", 0))
        assert limit <= 1000
        paging = {}
        if offset + limit < len(account.entries):
            paging["next"] = str(request.url.update_query(offset=offset + limit))
        return web.json_response({"data": account.entries[offset : offset + limit], "paging": paging})


def refusal(status: int, error: str, message: str = "") -> web.Response:
    return web.json_response({"message": message, "error": error}, status=status)


def on_anilist(entry_id: int, **told: Any) -> dict[str, Any]:
    """An entry as AniList writes it."""
    return {
        "id": entry_id,
        "status": "COMPLETED",
        "score": 0,
        "startedAt": {"year": None, "month": None, "day": None},
        "completedAt": {"year": None, "month": None, "day": None},
        "media": {"id": ON_ANILIST + entry_id, "idMal": entry_id, "title": {"romaji": f"Anime {entry_id}"}},
        **told,
    }


def on_myanimelist(anime_id: int, **told: Any) -> dict[str, Any]:
    """An entry as MyAnimeList writes it; dates stand there only where they are known."""
    return {
        "node": {
            "id": anime_id,
            "title": f"Anime {anime_id}",
            "main_picture": {"medium": "https://cdn.myanimelist.net/a.jpg"},
        },
        "list_status": {
            "status": "completed",
            "score": 0,
            "num_episodes_watched": 12,
            "is_rewatching": False,
            "updated_at": "2024-03-02T06:03:11+00:00",
            **told,
        },
    }


@dataclass
class Place:
    """A site on this machine and the client that asks it."""

    name: str
    here: Here
    entry: Callable[..., dict[str, Any]]
    lists: AniList | MyAnimeListLists
    client: Callable[[Patience], AniList | MyAnimeListLists]
    """The client with another patience."""


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Here], Awaitable[None]]]:
    async with AsyncExitStack() as stack:

        async def start(here: Here) -> None:
            app = web.Application()
            app.router.add_post("/", here.answer)
            app.router.add_get("/v2/users/{name}/animelist", here.answer)
            server = TestServer(app)
            await server.start_server(shutdown_timeout=0)
            stack.push_async_callback(server.close)
            here.address = str(server.make_url("/"))

        yield start


@pytest.fixture
async def anilist(serve: Callable[[Here], Awaitable[None]]) -> AsyncIterator[Place]:
    here = AniListHere()
    await serve(here)
    async with AsyncExitStack() as clients:

        def client(patience: Patience) -> AniList:
            made = AniList(here.address, patience=patience, per_minute=FAST)
            clients.push_async_callback(made.close)
            return made

        yield Place("AniList", here, on_anilist, client(PATIENCE), client)


@pytest.fixture
async def myanimelist(
    serve: Callable[[Here], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    monkeypatch.setattr("bot.sites.myanimelist._PER_MINUTE", FAST)
    here = MyAnimeListHere()
    await serve(here)
    async with AsyncExitStack() as clients:

        def client(patience: Patience) -> MyAnimeListLists:
            made = MyAnimeListLists(SecretStr(CLIENT_ID), here.address + "v2", patience=patience)
            clients.push_async_callback(made.close)
            return made

        yield Place("MyAnimeList", here, on_myanimelist, client(PATIENCE), client)


@pytest.fixture(params=["anilist", "myanimelist"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each site in turn: what is said of both."""
    return request.getfixturevalue(request.param)


def said(status: int, body: str | bytes, **headers: str) -> Answer:
    """An answer of these bytes."""

    async def answer(_request: web.Request) -> web.Response:
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(
            status=status, body=content, headers={"Content-Type": "application/json", **named}
        )

    return answer


async def broken_off(request: web.Request) -> web.StreamResponse:
    """The connection ends in the midst of the body."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"data": ')
    assert request.transport is not None
    request.transport.abort()
    return response


async def hung_up(request: web.Request) -> web.StreamResponse:
    """The connection ends before any answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def silent(_request: web.Request) -> web.StreamResponse:
    """No answer, ever."""
    await asyncio.sleep(3600)
    return web.Response()
