"""Work that has its time, under simcord's clock: each moment of a check is worked out by hand."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import discord
import pytest

from bot.client import HakkenBot
from bot.due import DueCog
from tests.discord.conftest import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Alarm(DueCog):
    """Notes when it checks, and is due at moments that a test chooses."""

    def __init__(self, bot: HakkenBot, *moments: datetime) -> None:
        super().__init__(bot)
        self.moments = set(moments)
        self.began = discord.utils.utcnow()
        self.looks: list[timedelta] = []

    async def do_due(self) -> datetime | None:
        now = discord.utils.utcnow()
        self.looks.append(now - self.began)
        self.moments = {one for one in self.moments if one > now}
        return min(self.moments, default=None)


class Failing(Alarm):
    """Fails each time, as where the database is gone."""

    retry = 7 * MINUTE

    async def do_due(self) -> datetime | None:
        await super().do_due()
        raise OSError("no database")


class Slow(Alarm):
    """Takes an hour over each check, and is due again ten minutes later."""

    async def do_due(self) -> datetime | None:
        await super().do_due()
        await asyncio.sleep(HOUR.total_seconds())
        return discord.utils.utcnow() + 10 * MINUTE


class Behind(Alarm):
    """Never gets done with what is due."""

    shortest = 2 * MINUTE

    async def do_due(self) -> datetime | None:
        await super().do_due()
        return self.began


class Busy(Alarm):
    """Is in the middle of a step, and needs a while to let go of it."""

    let_go = False

    async def do_due(self) -> datetime | None:
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(5):
                await asyncio.sleep(0)
            self.let_go = True
        return None


async def add(world: World, alarm: DueCog) -> None:
    """Add it within an event: simcord's clock governs what begins there."""

    async def on_guild_channel_create(_channel: discord.abc.GuildChannel) -> None:
        await world.bot.add_cog(alarm)

    world.bot.add_listener(on_guild_channel_create)
    world.ann.guild.create_text_channel("clock")
    await world.env.settle()
    world.bot.remove_listener(on_guild_channel_create)


async def advance(world: World, span: timedelta) -> None:
    await world.env.advance_time(span.total_seconds())


async def test_it_looks_at_once_and_when_each_is_due_and_daily(world: World) -> None:
    now = world.env.now()
    alarm = Alarm(world.bot, now + 5 * MINUTE, now + 3 * HOUR)
    await add(world, alarm)
    await advance(world, 2 * DAY)
    assert alarm.looks == [timedelta(0), 5 * MINUTE, 3 * HOUR, 3 * HOUR + DAY]


async def test_what_is_due_already_is_looked_at_again_after_the_shortest_pause(world: World) -> None:
    alarm = Behind(world.bot)
    await add(world, alarm)
    await advance(world, 5 * MINUTE)
    assert alarm.looks == [timedelta(0), 2 * MINUTE, 4 * MINUTE]


async def test_woken_it_looks_once_and_counts_on_from_then(world: World) -> None:
    alarm = Alarm(world.bot)
    await add(world, alarm)
    await advance(world, 20 * HOUR)
    alarm.moments = {world.env.now() + HOUR}
    alarm.wake()
    await advance(world, 2 * HOUR)
    assert alarm.looks == [timedelta(0), 20 * HOUR, 21 * HOUR]


async def test_woken_during_a_look_it_looks_again_at_once(world: World) -> None:
    alarm = Slow(world.bot)
    await add(world, alarm)
    await advance(world, 30 * MINUTE)
    alarm.wake()
    await advance(world, 2 * HOUR)
    assert [round(one / MINUTE) for one in alarm.looks] == [0, 60, 130]


async def test_the_pause_after_a_slow_look_is_whole(world: World) -> None:
    alarm = Slow(world.bot)
    await add(world, alarm)
    await advance(world, 3 * HOUR)
    assert alarm.looks == [timedelta(0), HOUR + 10 * MINUTE, 2 * HOUR + 20 * MINUTE]


async def test_a_look_that_fails_is_logged_and_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    alarm = Failing(world.bot, world.env.now() + MINUTE)
    with caplog.at_level(logging.ERROR, logger="bot.due"):
        await add(world, alarm)
        await advance(world, 15 * MINUTE)
    assert alarm.looks == [timedelta(0), 7 * MINUTE, 14 * MINUTE]
    assert [one.getMessage() for one in caplog.records] == ["Failing could not do what was due"] * 3
    assert all(one.exc_info for one in caplog.records)


async def test_the_end_waits_until_the_step_under_way_has_let_go(world: World) -> None:
    alarm = Busy(world.bot)
    await world.bot.add_cog(alarm)
    await asyncio.sleep(0.01)
    await world.bot.remove_cog("Busy")
    assert alarm.let_go
    assert not alarm.check.is_running()


async def test_it_waits_until_the_bot_knows_its_servers(world: World) -> None:
    world.bot._ready.clear()
    alarm = Alarm(world.bot)
    await world.bot.add_cog(alarm)
    await asyncio.sleep(0.01)
    assert alarm.looks == []
    world.bot._ready.set()
    await world.env.settle()
    assert alarm.looks == [timedelta(0)]
