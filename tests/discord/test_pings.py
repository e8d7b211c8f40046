"""Nothing that the bot says pings anyone, whatever a title, a name or a member's own words hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import MemberActor

from bot.errors import MemberError
from hakken import Catalogue, ItemKNNBaseline
from tests.discord.conftest import World, told

ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
BOB = {5114: 9, 4224: 10, 2167: 9, 8074: 1, 1535: 7}
LOUD = "@everyone"
DAY = 24 * 3600


@pytest.fixture(scope="module")
def model_dir(model: ItemKNNBaseline, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue in which every title calls everyone, as Discord would read it."""
    directory = tmp_path_factory.mktemp("loud")
    loud = [replace(one, title=f"{LOUD} {one.title}", english=None) for one in catalogue.values()]
    model.save(directory, Catalogue(loud))
    return directory


def said(world: World) -> Iterator[dict[str, Any]]:
    """The bodies of all requests that put words in a channel, newest last."""
    for request in world.env.http_requests:
        body = request.json if isinstance(request.json, dict) else {}
        body = body.get("data") or body  # an answer to an interaction wraps what it says
        if request.method in ("POST", "PATCH") and isinstance(body, dict) and body.get("content"):
            yield body


def assert_quiet(world: World, *words: str) -> None:
    """Each of these words was said, and nothing that was said may ping a member, a role or everyone."""
    bodies = list(said(world))
    for word in words:
        assert any(word in body["content"] for body in bodies), word
    for body in bodies:
        assert body.get("allowed_mentions", {}).get("parse") == [], body
        assert not body["allowed_mentions"].get("users"), body
        assert not body["allowed_mentions"].get("roles"), body


async def press(world: World, member: MemberActor, prefix: str) -> None:
    """Press the newest button of this kind."""
    for message in reversed(world.channel.history()):
        rows = (row for row in message.components if isinstance(row, discord.ActionRow))
        ids = [getattr(item, "custom_id", None) or "" for row in rows for item in row.children]
        if found := [one for one in ids if one.startswith(prefix)]:
            await member.click(message, custom_id=found[0])
            return
    raise AssertionError(prefix)


@pytest.mark.simcord(settle_timeout=60)
async def test_a_title_that_calls_everyone_pings_nobody_on_a_whole_evening(world: World) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    await world.ann.slash(world.channel, "watchparty", count=2)
    await press(world, world.ann, "gathering:join:")
    await press(world, world.ann, "party:start:")
    [poll] = [one for one in world.channel.history() if one.poll is not None]
    await world.bob.vote(poll, answer=1)
    await press(world, world.ann, "party:end:")
    await press(world, world.ann, "party:rate:")
    for member in (world.ann, world.bob):
        await press(world, member, "party:score:9:")
    await press(world, world.ann, "party:close:")
    everyone = [one for one in world.channel.history() if one.mention_everyone]
    assert everyone == []
    assert_quiet(
        world,
        f"<@{world.ann.id}> is the host of this watch party",
        f"How was **{LOUD}",
        "Ratings for",
    )


async def test_who_takes_an_evening_over_is_named_and_not_pinged(world: World) -> None:
    role = world.ann.guild.create_role("Mods", permissions=discord.Permissions(manage_events=True))
    mia = world.ann.guild.add_member(world.env.create_user("mia"), roles=[role])
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "watchparty", count=2)
    await press(world, mia, "party:take:")
    assert_quiet(world, f"<@{mia.id}> is now the host of this watch party.")


async def test_a_title_that_calls_everyone_pings_nobody_from_the_servers_list(world: World) -> None:
    await world.ann.slash(world.channel, "watchlist server add", anime="mal:1535")
    await press(world, world.bob, "serverlist:vote:")
    await world.ann.slash(world.channel, "watchlist server watched", anime="mal:1535")
    assert not any(one.mention_everyone for one in world.channel.history())
    assert_quiet(world, f"**{LOUD} Death Note** is now on", "Votes: 2.", "is now in")


async def test_the_weekly_pick_pings_nobody(world: World) -> None:
    role = world.ann.guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
    mod = world.ann.guild.add_member(world.env.create_user("mod"), roles=[role])
    await world.raters(ANN, ANN, ANN)
    picks = world.ann.guild.create_text_channel("weekly-pick")
    then = world.env.now()
    await mod.slash(world.channel, "schedule set", day=f"{then:%A}", time="23:59", channel=picks)
    await world.env.advance_time(DAY)
    assert len(picks.history()) == 1
    assert_quiet(world, "**This week's picks**")


async def test_a_members_name_and_words_are_repeated_without_a_ping(world: World) -> None:
    loud = world.ann.guild.add_member(world.env.create_user("loud", global_name=LOUD))
    await world.bot.store.privacy.allow_comparing(world.ann.id, allowed=True, at=world.env.now())
    for command, options in (
        ("compare", {"member": loud}),
        ("unrate", {"anime": "mal:1535"}),
        ("rate", {"anime": f"{LOUD} {loud.mention}", "score": 7}),
    ):
        await world.ann.slash(world.channel, command, **options)
        assert isinstance(told(world), MemberError)
    assert_quiet(world, f"compare you with **{LOUD}**", f"haven't rated **{LOUD}", f"“{LOUD} \\<@{loud.id}>”")
