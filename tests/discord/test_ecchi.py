"""Ecchi is recommended to those who liked two of it or ask for it, and to nobody in a server that forbids it."""

from __future__ import annotations

from typing import Any

import discord
from simcord import MemberActor

from bot.errors import MemberError
from tests.discord.conftest import World, reply, told
from tests.discord.test_settings import asked, fields

KILL_LA_KILL, NO_GAME_NO_LIFE = 18679, 19815
PLAIN = {1535: 10, 16498: 8, 1575: 9}
FAN = {**PLAIN, KILL_LA_KILL: 8, NO_GAME_NO_LIFE: 8}
EVERYTHING = {"count": 25, "min_raters": 0}


def ecchi(world: World, message: Any) -> list[bool]:
    """Whether each anime of a message is."""
    catalogue = world.bot.recommender.catalogue
    return ["Ecchi" in catalogue[int(one.url.rpartition("/")[2])].genres for one in message.embeds]


async def all_pages(world: World, member: MemberActor, **options: Any) -> list[bool]:
    """Whether each recommendation is."""
    message = reply(await member.slash(world.channel, "recommend", **EVERYTHING, **options))
    found = ecchi(world, message)
    while any(
        one.get("label") == "More" and not one["disabled"]
        for row in message.components
        for one in row["components"]
    ):
        await member.click(message, label="More")
        found += ecchi(world, message)
    return found


async def test_two_liked_make_a_fan_and_asking_is_enough(world: World) -> None:
    await world.taste(world.ann, {**FAN, NO_GAME_NO_LIFE: 6})
    assert not any(await all_pages(world, world.ann))
    assert all(await all_pages(world, world.ann, genre="Ecchi"))
    await world.taste(world.ann, {KILL_LA_KILL: 7, NO_GAME_NO_LIFE: 7})
    assert any(await all_pages(world, world.ann, only_me=True))
    assert not any(await all_pages(world, world.ann))  # others must not be able to tell a 7 from a 6
    await world.taste(world.ann, FAN)
    assert any(await all_pages(world, world.ann))
    picked = (await world.ann.slash(world.channel, "suggest", count=10)).response
    assert picked.embeds
    assert not any(ecchi(world, picked))  # it would say of each member that they like it


async def test_a_server_can_take_it_away_from_everyone(world: World) -> None:
    guild = world.ann.guild
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
    mod = guild.add_member(world.env.create_user("mod"), roles=[role])
    await world.taste(world.ann, FAN)
    shown = await asked(world, mod)
    assert fields(shown)["Ecchi"].startswith("Only for members who")
    await mod.click(shown, label="Forbid ecchi")
    assert fields(shown)["Ecchi"] == "Never recommended here."
    assert not any(await all_pages(world, world.ann))
    refused = reply(await world.ann.slash(world.channel, "recommend", genre="Ecchi"))
    assert refused.content == "This server doesn't show ecchi anime. Ask me elsewhere, or change `genre`."
    assert isinstance(told(world), MemberError)
    assert "Ecchi" not in str(await world.ann.autocomplete(world.channel, "recommend", "genre", "ecc"))
    similar = reply(await world.ann.slash(world.channel, "similar", anime=f"mal:{KILL_LA_KILL}"))
    titles = [one.title for one in world.bot.recommender.catalogue.values() if "Ecchi" in one.genres]
    assert similar.embeds
    assert not any(title in similar.embeds[0].description for title in titles if title != "Kill la Kill")
    await mod.click(shown, label="Allow ecchi")
    assert any(await all_pages(world, world.ann))
