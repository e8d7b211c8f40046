"""A simulated Discord with the real bot in it: a server, a channel, members, a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from simcord import ChannelHandle, Env, MemberActor

from bot import Settings, create_bot
from bot.client import HakkenBot
from demo.installed import installed_in_servers
from tests.discord.contract.contract import EXTRACT, DiscordContract
from tests.discord.contract.plugin import assert_contract


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    with installed_in_servers():
        yield


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> DiscordContract:
    return DiscordContract.load(request.config.getoption("--discord-openapi") or EXTRACT)


@pytest.fixture
def settings(tmp_path: Path, model_dir: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}",
        model_dir=model_dir,
        shard_count=1,
        min_raters=3,
        anilist_covers=False,
    )


@pytest.fixture
async def new_bot(settings: Settings) -> AsyncIterator[Callable[[], HakkenBot]]:
    """Builds bots that share one database, and closes them all at the end."""
    bots = []

    def build() -> HakkenBot:
        bot = create_bot(settings)
        assert isinstance(bot, HakkenBot)
        bots.append(bot)
        return bot

    yield build
    for bot in bots:
        await bot.close()


@pytest.fixture
def simcord_bot(new_bot: Callable[[], HakkenBot]) -> HakkenBot:
    return new_bot()


@dataclass
class World:
    """One server with a channel and two members."""

    env: Env
    channel: ChannelHandle
    ann: MemberActor
    bob: MemberActor

    @property
    def bot(self) -> HakkenBot:
        assert isinstance(self.env.bot, HakkenBot)
        return self.env.bot

    async def taste(self, member: MemberActor, scores: dict[int, int]) -> None:
        """Give a member ratings, as if rated one by one."""
        for anime_id, score in scores.items():
            await self.bot.store.ratings.rate(member.id, anime_id, score, source="rate", at=self.env.now())


@pytest.fixture
def world(simcord_env: Env, contract: DiscordContract) -> Iterator[World]:
    """Whatever the bot sends in it is held against Discord's description at the end."""
    guild = simcord_env.create_guild("Anime Club")
    channel = guild.create_text_channel("what-to-watch")
    ann, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("ann", "bob"))
    yield World(simcord_env, channel, ann, bob)
    assert_contract(simcord_env, contract)


async def pass_time(world: World, seconds: float) -> None:
    """Day by day: simcord waits five seconds for what happens in one go."""
    day = 24 * 3600
    while seconds > 0:
        await world.env.advance_time(min(seconds, day))
        seconds -= day


def told(world: World) -> BaseException:
    """The error behind the last sentence that a member got; simcord remembers what the bot caught."""
    error: BaseException = world.env.errors[-1]
    while error.__cause__ is not None:
        error = error.__cause__
    return error
