"""Who asks too much gets a kind sentence with the time to wait, and gets through when it is over."""

from __future__ import annotations

import re

import pytest

from bot import Settings
from tests.discord.conftest import World

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"commands_per_minute": 2, "server_commands_per_minute": 3})


async def test_the_command_that_is_too_much_changes_nothing_and_works_after_the_time_told(
    world: World,
) -> None:
    for anime, score in (("mal:1535", 10), ("mal:5114", 9)):
        await world.ann.slash(world.channel, "rate", anime=anime, score=score)
    await world.env.advance_time(48)
    refused = await world.ann.slash(world.channel, "rate", anime="mal:1575", score=1)
    assert refused.ephemeral
    wait = re.fullmatch(
        r"I need a moment to catch up with you\. Try again in (\d+) seconds\.", refused.response.content
    )
    assert wait
    assert 11 <= int(wait[1]) <= 12
    assert await world.bot.store.ratings.of_member(world.ann.id) == {1535: 10, 5114: 9}
    await world.env.advance_time(int(wait[1]))
    await world.ann.slash(world.channel, "rate", anime="mal:1575", score=1)
    assert (await world.bot.store.ratings.of_member(world.ann.id))[1575] == 1


async def test_a_server_that_asks_too_much_waits_and_direct_messages_go_on(world: World) -> None:
    await world.taste(world.bob, TASTE)
    for member in (world.ann, world.ann, world.bob):
        await member.slash(world.channel, "watchlist mine")
    refused = await world.bob.slash(world.channel, "ratings")
    assert re.match(
        r"This server is asking me a lot right now\. Try again in \d+ seconds\.", refused.response.content
    )
    direct = await world.bob.user.slash("ratings")
    assert "You have rated 5 anime" in direct.response.content


async def test_buttons_are_more_generous_and_their_limit_is_told_alike(world: World) -> None:
    await world.taste(world.ann, TASTE)
    shown = (await world.ann.slash(world.channel, "recommend")).response
    for _ in range(4):
        await world.ann.click(shown, label="More")
        await world.ann.click(shown, label="Back")
    refused = await world.ann.click(shown, label="More")
    assert refused.ephemeral
    assert refused.response.content.startswith("I need a moment")
    planned = await world.ann.click(shown, label="1 Plan")
    assert planned.response.content.startswith("I need a moment")
    assert not (await world.bot.store.feedback.of_member(world.ann.id)).planned


async def test_suggestions_while_typing_cost_no_command(world: World) -> None:
    for _ in range(6):
        choices = await world.ann.autocomplete(world.channel, "rate", "anime", "monster")
        assert choices
    answer = await world.ann.slash(world.channel, "rate", anime="mal:1535", score=10)
    assert answer.response.embeds


async def test_typing_far_over_the_limit_is_not_answered_any_more(world: World) -> None:
    for _ in range(20):
        assert await world.ann.autocomplete(world.channel, "rate", "anime", "monster")
    before = len(world.env.http_requests)
    assert not await world.ann.autocomplete(world.channel, "rate", "anime", "monster")
    assert len(world.env.http_requests) == before
    await world.env.advance_time(60)
    assert await world.ann.autocomplete(world.channel, "rate", "anime", "monster")
