"""A simulated Discord with the real bot in it: a server, a channel, members, a database of its own."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from simcord import ChannelHandle, Env, InteractionResult, MemberActor
from simcord.results import ResponseMessage

from bot import Settings, create_bot
from bot.client import HakkenBot
from bot.recommender import RecommenderService
from demo.installed import installed_in_servers
from demo.placeholders import placeholders_can_be_deleted
from hakken.recommend.recommender import Member
from hakken.recommend.shown_ratings import shown_rating
from tests.discord.contract.contract import EXTRACT, DiscordContract
from tests.discord.contract.plugin import assert_contract


def pytest_itemcollected(item: pytest.Item) -> None:
    """On a busy machine a bot takes longer than the five seconds that simcord waits by default.

    What sleeps for longer than simcord waits is left to sleep.
    """
    if item.get_closest_marker("simcord") is None:
        item.add_marker(pytest.mark.simcord(settle_timeout=30))


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    with installed_in_servers(), placeholders_can_be_deleted():
        yield


@pytest.fixture(scope="session")
def contract(request: pytest.FixtureRequest) -> DiscordContract:
    return DiscordContract.load(request.config.getoption("--discord-openapi") or EXTRACT)


@pytest.fixture(autouse=True)
def _imported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that closes has discord.py search all modules for its features' and forget them: the next bot needs them."""

    async def keep_the_modules(bot: HakkenBot, _module: ModuleType, feature: str) -> None:
        bot._BotBase__extensions.pop(feature)  # type: ignore[attr-defined]  # the feature is unloaded all the same

    monkeypatch.setattr(HakkenBot, "_call_module_finalizers", keep_the_modules)


@pytest.fixture(scope="session")
def opened() -> dict[tuple[Path, int], RecommenderService]:
    """What bots have opened, by the model's directory and the least raters."""
    return {}


@pytest.fixture(autouse=True)
def _opened_once(opened: dict[tuple[Path, int], RecommenderService], monkeypatch: pytest.MonkeyPatch) -> None:
    """The first bot opens a model; those after it share what no test can change, and have their own threads."""
    really_open = RecommenderService.open

    async def open_once(model_dir: Path, *, min_raters: int, workers: int) -> RecommenderService:
        key = model_dir, min_raters
        if key not in opened:
            opened[key] = await really_open(model_dir, min_raters=min_raters, workers=workers)
            opened[key].close()
        service = copy.copy(opened[key])
        service._models, service._searches = ThreadPoolExecutor(workers), ThreadPoolExecutor(1)
        return service

    monkeypatch.setattr(RecommenderService, "open", open_once)


@pytest.fixture
def settings(tmp_path: Path, model_dir: Path, new_database: Callable[[Path], None]) -> Settings:
    new_database(tmp_path / "hakken.sqlite3")
    return Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'hakken.sqlite3'}",
        model_dir=model_dir,
        shard_count=1,
        min_raters=3,
        anilist_covers=False,
        check_covers=False,
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

    async def raters(self, *tastes: dict[int, int]) -> list[MemberActor]:
        """New members who take part, each with the ratings that are given for them."""
        guild = self.channel.guild
        members = [guild.add_member(self.env.create_user(f"rater {at}")) for at in range(len(tastes))]
        for member, taste in zip(members, tastes, strict=True):
            await self.taste(member, taste)
            await self.bot.store.participants.join(guild.id, member.id, at=self.env.now())
        return members


@pytest.fixture
def world(simcord_env: Env, contract: DiscordContract) -> Iterator[World]:
    """Whatever the bot sends in it is held against Discord's description at the end."""
    guild = simcord_env.create_guild("Anime Club")
    channel = guild.create_text_channel("what-to-watch")
    ann, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("ann", "bob"))
    yield World(simcord_env, channel, ann, bob)
    assert_contract(simcord_env, contract)


async def pass_time(world: World, seconds: float) -> None:
    """Day by day: simcord waits only a while for what happens in one go."""
    day = 24 * 3600
    while seconds > 0:
        await world.env.advance_time(min(seconds, day))
        seconds -= day


def reply(result: InteractionResult) -> ResponseMessage:
    """What a command was answered with: in place of the 'thinking…', or beside it, where an error took that away."""
    return result.response or result.followups[0]


async def expectation(world: World, ratings: Mapping[int, float], anime_id: int) -> str:
    """What a member with these ratings would give an anime, as they read it."""
    explained = await world.bot.recommender.explain(Member(ratings), anime_id)
    assert explained is not None
    return str(shown_rating(explained.predicted, explained.confidence))


def told(world: World) -> BaseException:
    """The error behind the last sentence that a member got; simcord remembers what the bot caught."""
    error: BaseException = world.env.errors[-1]
    while error.__cause__ is not None:
        error = error.__cause__
    return error
