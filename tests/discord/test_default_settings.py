"""The bot as it starts when nothing is set but where things lie: in a simulated Discord, covers looked for."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import Settings
from bot.client import HakkenBot
from bot.sites import AniList
from bot.sites.cover_checks import CoverHosts
from tests.bot.sites.conftest import FAST, PATIENCE, AniListHere, cover_of, said
from tests.discord.conftest import World

# Less than the first pause of a failed search, 15 s: simcord waits out what ends sooner.
pytestmark = pytest.mark.simcord(settle_timeout=9)

DEATH_NOTE = 1535


@pytest.fixture
def settings(tmp_path: Path, model_dir: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}",
        model_dir=model_dir,
        shard_count=1,
    )


@pytest.fixture
async def site() -> AsyncIterator[AniListHere]:
    here, app = AniListHere(), web.Application()
    app.router.add_post("/", here.answer)
    async with TestServer(app) as server:
        here.address = str(server.make_url("/"))
        yield here


@pytest.fixture
def simcord_bot(new_bot: Callable[[], HakkenBot], site: AniListHere) -> HakkenBot:
    """Asks AniList on this machine instead of the real one."""
    bot = new_bot()
    bot.anilist = AniList(site.address, patience=PATIENCE, per_minute=FAST)
    bot.cover_hosts = CoverHosts(schemes=())  # the pictures themselves are on no host of this machine
    return bot


async def rate(world: World) -> str | None:
    result = await world.ann.slash(world.channel, "rate", anime=f"mal:{DEATH_NOTE}", score=9)
    return result.response.embeds[0].thumbnail.url


async def test_commands_are_answered_while_covers_are_looked_for(world: World, site: AniListHere) -> None:
    assert await rate(world) is None
    await world.env.settle()
    assert await rate(world) == cover_of(DEATH_NOTE)
    await world.env.advance_time(3600)
    assert len(site.requests) == 1


async def test_commands_are_answered_while_anilist_is_out_of_order(world: World, site: AniListHere) -> None:
    site.always = said(503, "")
    for _ in range(3):
        assert await rate(world) is None
        await world.env.settle()
    # After a failure it is left alone; what is shown meanwhile is looked for after the pause.
    assert len(site.requests) == 1
    site.always = None
    await world.env.advance_time(60)
    assert await rate(world) == cover_of(DEATH_NOTE)


class TestWithoutAnyCoverToLookFor:
    """The bot just as it is made: its address of AniList is the real one."""

    @pytest.fixture
    def connections(self, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        """Hosts that somebody wanted to find or connect to; none is reached."""
        wanted: list[object] = []

        def refuse(*asked: object, **_how: object) -> None:
            wanted.append(asked)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        return wanted

    @pytest.fixture
    def simcord_bot(self, connections: list[object], new_bot: Callable[[], HakkenBot]) -> HakkenBot:
        del connections  # closed before the bot is made
        return new_bot()

    async def test_it_starts_and_settles_and_asks_nobody(
        self, world: World, connections: list[object]
    ) -> None:
        assert world.bot.settings.anilist_covers
        result = await world.ann.slash(world.channel, "privacy")
        assert result.response is not None
        await world.env.settle()
        await world.env.advance_time(3600)
        assert connections == []

    async def test_a_cover_that_nobody_can_find_keeps_nobody_waiting(
        self, world: World, connections: list[object]
    ) -> None:
        assert await rate(world) is None
        await world.env.settle()
        assert "graphql.anilist.co" in str(connections)
