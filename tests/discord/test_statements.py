"""What `/recommend` and `/suggest` ask of the database, and that nobody waits for it longer than needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord import MemberActor
from simcord.http.client import FakeHTTPClient, FakeWebhookAdapter
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url

from bot.recommender import RecommenderService
from bot.store import Forecast
from hakken.recommend.filters import Filters
from tests.discord.conftest import World

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2, 9253: 10}
OTHER = {5114: 9, 4224: 10, 2167: 9, 8074: 1, 30276: 8}
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


class Traffic:
    """Counts what goes to a bot's database, and knows which transactions are open."""

    def __init__(self) -> None:
        self.transactions = 0
        self.open = 0
        self.statements: list[str] = []

    def begun(self, _connection: Connection) -> None:
        self.transactions += 1
        self.open += 1

    def ended(self, _connection: Connection) -> None:
        self.open -= 1

    def asked(self, _connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(NOT_COUNTED):
            self.statements.append(statement)


@contextmanager
def counted(world: World, *, transactions: int, statements: int) -> Iterator[Traffic]:
    """Fails if what is done within takes more of the database than this."""
    traffic, engine = Traffic(), world.bot.store.database._engine.sync_engine
    listeners: dict[str, Callable[..., None]] = {
        "begin": traffic.begun,
        "commit": traffic.ended,
        "rollback": traffic.ended,
        "before_cursor_execute": traffic.asked,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield traffic
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)
    assert traffic.open == 0
    assert 0 < traffic.transactions <= transactions
    assert 0 < len(traffic.statements) <= statements, "\n\n".join(traffic.statements)


def age_restrict(world: World) -> None:
    """As Discord would tell of it: simcord has no age-restricted channels."""
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    channel.nsfw = True


def said(result: Any) -> str:  # simcord's
    return str(result.response.content)


async def recommend(world: World, **options: Any) -> Any:  # simcord's
    with counted(world, transactions=6, statements=8):
        result = await world.ann.slash(world.channel, "recommend", **options)
    assert len(result.response.embeds) == 4
    return result


async def suggest(world: World, people: int, **options: Any) -> Any:  # simcord's
    with counted(world, transactions=8, statements=12):
        result = await world.ann.slash(world.channel, "suggest", **options)
    assert f"For the {people} of you" in said(result)
    return result


@pytest.mark.parametrize("taste", [{}, TASTE], ids=["new", "rated"])
async def test_recommend_asks_little_at_the_first_time(world: World, taste: dict[int, int]) -> None:
    age_restrict(world)
    await world.taste(world.ann, taste)
    await recommend(world)
    assert [*(await world.bot.store.participants.roster(world.ann.guild.id)).here] == [world.ann.id]


@pytest.mark.parametrize("options", [{}, {"remember": True, "from_year": 2000}], ids=["as is", "remember"])
async def test_recommend_asks_little_later(world: World, options: dict[str, Any]) -> None:
    age_restrict(world)
    await world.taste(world.ann, TASTE)
    store, at = world.bot.store, world.env.now()
    await store.participants.join(world.ann.guild.id, world.ann.id, at=at)
    await store.preferences.remember(world.ann.id, Filters(to_year=2024), at=at)
    await store.privacy.allow_comparing(world.ann.id, allowed=True, at=at)
    await store.guild_settings.choose_titles(world.ann.guild.id, "english")
    await recommend(world, **options)


async def test_recommend_asks_little_where_all_comes_together(world: World) -> None:
    age_restrict(world)
    await recommend(world, remember=True, from_year=2000)
    kept = await world.bot.store.preferences.of_member(world.ann.id)
    assert kept.filters == Filters(from_year=2000)


async def crowd(world: World, *roles: Any) -> list[MemberActor]:  # simcord's
    """Others than Ann use the bot here; of one it is not known yet that they have left."""
    guild, store = world.ann.guild, world.bot.store
    people = [guild.add_member(world.env.create_user(name), roles=roles) for name in ("cleo", "dora", "eric")]
    for member in (world.bob, *people):
        await world.taste(member, OTHER)
        await store.participants.join(guild.id, member.id, at=world.env.now() - timedelta(days=3))
    guild.remove_member(people[-1])
    # An evening that was rated.
    forecast = Forecast({1: 8.0}, 9.0)
    await store.ledger.serve(guild.id, "x" * 22, 1, world.bob.id, forecast, at=world.env.now())
    await store.ledger.score("x" * 22, world.bob.id, 7)
    return people


async def test_suggest_asks_little_for_the_server(world: World) -> None:
    age_restrict(world)
    await world.taste(world.ann, TASTE)
    people = await crowd(world)
    await suggest(world, 4)
    assert (await world.bot.store.participants.roster(world.ann.guild.id)).gone == {people[-1].id}
    await suggest(world, 4)


async def test_suggest_asks_little_for_a_role_and_for_named_members(world: World) -> None:
    age_restrict(world)
    night = world.ann.guild.create_role("Movie Night")
    people = await crowd(world, night)
    await suggest(world, 2, **{"with": night.mention})
    await suggest(world, 3, **{"with": f"<@{world.bob.id}> <@{people[0].id}>"})


async def test_nothing_is_open_while_the_model_computes_or_discord_is_awaited(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []

    def watch(traffic: Traffic, patch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        really = getattr(owner, name)

        async def watched(*args: Any, **kwargs: Any) -> Any:
            seen.append((owner.__name__, traffic.open))
            answer = await really(*args, **kwargs)
            seen.append((owner.__name__, traffic.open))
            return answer

        patch.setattr(owner, name, watched)

    await world.taste(world.ann, TASTE)
    await crowd(world)
    owners = (
        (RecommenderService, "_compute"),
        (FakeHTTPClient, "request"),
        (FakeWebhookAdapter, "request"),
        (discord.Guild, "query_members"),
    )
    for command in ("recommend", "suggest"):
        with counted(world, transactions=8, statements=12) as traffic, monkeypatch.context() as patch:
            for owner, name in owners:
                watch(traffic, patch, owner, name)
            await world.ann.slash(world.channel, command)
    assert {owner for owner, _ in seen} >= {"RecommenderService", "FakeWebhookAdapter", "Guild"}
    assert {open_ for _, open_ in seen} == {0}


@pytest.mark.parametrize(
    ("command", "asks"), [("recommend", "recommend"), ("suggest", "group")], ids=["recommend", "suggest"]
)
async def test_what_is_read_waits_for_no_writer(
    world: World, monkeypatch: pytest.MonkeyPatch, command: str, asks: str
) -> None:
    """Another process writes from before the command until the model is asked."""
    for member, taste in ((world.ann, TASTE), (world.bob, OTHER)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    path = make_url(world.bot.settings.database_url).database
    writer = sqlite3.connect(str(path), isolation_level=None, timeout=0)
    really, asked_while_locked = getattr(world.bot.recommender, asks), []

    async def ask(*args: Any, **kwargs: Any) -> Any:
        asked_while_locked.append(writer.in_transaction)
        writer.execute("ROLLBACK")
        return await really(*args, **kwargs)

    monkeypatch.setattr(world.bot.recommender, asks, ask)
    writer.execute("BEGIN IMMEDIATE")
    try:
        result = await world.ann.slash(world.channel, command)
    finally:
        writer.close()
    assert asked_while_locked == [True]
    assert result.response.embeds
