"""/settings: one message, for who manages the server, that shows and changes all that holds there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any, cast

import discord
import pytest
from simcord import MemberActor, SetupError

from bot.client import HakkenBot
from bot.errors import MemberError
from bot.store import GuildSettings
from bot.times import next_weekly, zone
from tests.discord.conftest import World, told


@pytest.fixture
def mod(world: World) -> MemberActor:
    """Manages the server."""
    guild = world.ann.guild
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(world.env.create_user("mod"), roles=[role])


async def chosen(world: World) -> GuildSettings:
    return await world.bot.store.guild_settings.of_guild(world.ann.guild.id)


async def asked(world: World, mod: MemberActor) -> Any:  # simcord's
    result = await mod.slash(world.channel, "settings")
    assert result.ephemeral
    return result.response


def fields(message: Any) -> dict[str, str]:
    return {field.name: field.value for field in message.embeds[0].fields}


def menu(message: Any, custom_id: str) -> dict[str, Any]:
    [found] = [
        one for row in message.components for one in row["components"] if one["custom_id"] == custom_id
    ]
    return found


def labels(message: Any) -> list[str]:
    return [one["label"] for row in message.components for one in row["components"] if "label" in one]


async def test_what_holds_by_default_is_shown_in_words(world: World, mod: MemberActor) -> None:
    words = fields(await asked(world, mod))
    assert words["How picks are made"].startswith("**Average without misery.**")
    assert f"below **{world.bot.settings.misery_floor:g}**, when picks avoid misery" in words["Misery floor"]
    assert words["Time zone"] == f"UTC. The time there is {world.env.now():%H:%M}."
    assert words["18+"] == "Only in age-restricted channels."
    assert await chosen(world) == GuildSettings()


async def test_every_setting_is_changed_in_the_one_message_also_after_restarts(
    world: World, mod: MemberActor, new_bot: Callable[[], HakkenBot]
) -> None:
    shown = await asked(world, mod)
    await mod.select(shown, ["least misery"], custom_id="settings:aggregation")
    await world.env.restart_bot(new_bot())
    await mod.select(shown, [world.channel], custom_id="settings:channel")
    await mod.select(shown, ["english"], custom_id="settings:titles")
    await mod.select(shown, ["6.5"], custom_id="settings:floor")
    await world.env.restart_bot(new_bot())
    await mod.click(shown, label="Count only members who say yes")
    await mod.click(shown, label="Forbid 18+")
    question = await mod.click(shown, label="Time zone…")
    await mod.submit_modal(question, {"zone": "berlin"})
    assert await chosen(world) == GuildSettings(
        "least misery", 6.5, "opt-in", False, world.channel.id, "Europe/Berlin", "english"
    )
    words = fields(shown)
    assert words["Announcements"] == f"In <#{world.channel.id}>."
    assert "below **6.5**" in words["Misery floor"]
    assert words["18+"] == "Nowhere."
    assert words["Time zone"].startswith("Europe/Berlin. ")
    [marked] = menu(shown, "settings:channel")["default_values"]
    assert int(marked["id"]) == world.channel.id
    assert {"Count everyone unless they say no", "Allow 18+"} <= set(labels(shown))
    await mod.select(shown, [], custom_id="settings:channel")
    assert (await chosen(world)).channel_id is None
    await mod.click(shown, label="Reset to defaults")
    assert await chosen(world) == GuildSettings()
    assert fields(shown)["Time zone"].startswith("UTC. ")


async def test_what_was_chosen_is_marked_in_the_menus(world: World, mod: MemberActor) -> None:
    shown = await asked(world, mod)
    await mod.select(shown, ["borda"], custom_id="settings:aggregation")
    for custom_id, value in (
        ("settings:aggregation", "borda"),
        ("settings:titles", "both"),
        ("settings:floor", f"{world.bot.settings.misery_floor:g}"),
    ):
        marked = [one["value"] for one in menu(shown, custom_id)["options"] if one.get("default")]
        assert marked == [value]


async def test_who_does_not_manage_the_server_is_not_offered_it(world: World, mod: MemberActor) -> None:
    for command in ("settings", "schedule set", "schedule show", "schedule stop"):
        assert command not in world.ann.available_commands(world.channel)
        assert command in mod.available_commands(world.channel)
    with pytest.raises(SetupError):
        await world.ann.slash(world.channel, "settings")


async def test_where_commands_were_opened_to_others_they_are_told_who_may(world: World) -> None:
    guild = world.ann.guild
    for command in await world.bot.tree.fetch_commands():
        guild.set_command_permissions(command, {world.ann: True})
    assert "Manage Server" in (await world.ann.slash(world.channel, "settings")).response.content
    assert isinstance(told(world), MemberError)
    for options in ({}, {"day": "Friday", "time": "20:00"}):
        name = "schedule set" if options else "schedule show"
        result = await world.ann.slash(world.channel, name, **options)
        assert "Manage Server" in result.response.content
        assert isinstance(told(world), MemberError)
    assert await chosen(world) == GuildSettings()


async def test_who_lost_the_permission_changes_nothing_any_more(world: World, mod: MemberActor) -> None:
    shown = await asked(world, mod)
    question = await mod.click(shown, label="Time zone…")
    await take_roles(world, mod)
    results = [
        await mod.click(shown, label="Forbid 18+"),
        await mod.click(shown, label="Reset to defaults"),
        await mod.click(shown, label="Time zone…"),
        await mod.select(shown, ["borda"], custom_id="settings:aggregation"),
        await mod.submit_modal(question, {"zone": "Europe/Berlin"}),
    ]
    assert all("Manage Server" in result.response.content for result in results)
    assert isinstance(told(world), MemberError)
    assert await chosen(world) == GuildSettings()


async def take_roles(world: World, member: MemberActor) -> None:
    """As another moderator does."""
    world.env.backend.edit_member(member.guild.id, member.id, {"role_ids": []})
    await world.env.settle()


async def test_a_zone_that_is_none_is_refused_with_the_one_that_was_meant(
    world: World, mod: MemberActor
) -> None:
    shown = await asked(world, mod)
    question = await mod.click(shown, label="Time zone…")
    result = await mod.submit_modal(question, {"zone": "Asia/Tokio"})
    assert "Did you mean `Asia/Tokyo`" in result.response.content
    assert isinstance(told(world), MemberError)
    assert await chosen(world) == GuildSettings()


async def test_a_channel_where_nothing_can_be_announced_is_refused_with_what_is_missing(
    world: World, mod: MemberActor
) -> None:
    guild = world.ann.guild
    mute = discord.PermissionOverwrite(send_messages=False)
    quiet = guild.create_text_channel("quiet", overwrites={guild.default_role: mute})
    result = await mod.select(await asked(world, mod), [quiet], custom_id="settings:channel")
    assert f"I can't post in <#{quiet.id}>. There I need: Send Messages" in result.followups[0].content
    assert await chosen(world) == GuildSettings()


async def test_another_time_zone_moves_the_weekly_picks(world: World, mod: MemberActor) -> None:
    guild_id, schedules = world.ann.guild.id, world.bot.store.schedules
    await schedules.set(guild_id, world.channel.id, 4, time(20), world.env.now())
    shown = await asked(world, mod)
    question = await mod.click(shown, label="Time zone…")
    await mod.submit_modal(question, {"zone": "America/New_York"})
    [moved] = await schedules.of_guild(guild_id)
    assert moved.next_at == next_weekly(4, 20, 0, zone("America/New_York"), world.env.now())
    await mod.click(shown, label="Reset to defaults")
    [back] = await schedules.of_guild(guild_id)
    assert back.next_at == next_weekly(4, 20, 0, zone("UTC"), world.env.now())


async def test_privacys_choice_for_the_server_and_this_one_are_the_same(
    world: World, mod: MemberActor
) -> None:
    await mod.slash(world.channel, "privacy", members_count="only if they say yes")
    shown = await asked(world, mod)
    assert "say yes" in fields(shown)["Who counts"]
    await mod.click(shown, label="Count everyone unless they say no")
    assert await world.bot.store.privacy.takes_part(world.ann.guild.id, world.ann.id)


async def test_titles_are_the_servers_for_members_who_never_chose(world: World, mod: MemberActor) -> None:
    async def heading(member: MemberActor) -> str:
        result = await member.slash(world.channel, "anime", title="mal:16498")
        return str(result.response.embeds[0].title)

    assert await heading(world.ann) == "Shingeki no Kyojin"
    await mod.select(await asked(world, mod), ["english"], custom_id="settings:titles")
    assert await heading(world.ann) == "Attack on Titan"
    await world.bot.store.preferences.choose_titles(world.bob.id, "romaji", at=world.env.now())
    assert await heading(world.bob) == "Shingeki no Kyojin"


async def test_18_plus_is_shown_in_no_channel_of_a_server_that_forbids_it(
    world: World, mod: MemberActor
) -> None:
    adult = next(one for one in world.bot.recommender.catalogue.values() if one.adult)
    restrict(world)
    result = await world.ann.slash(world.channel, "anime", title=f"mal:{adult.anime_id}")
    assert result.response.embeds
    await mod.click(await asked(world, mod), label="Forbid 18+")
    result = await world.ann.slash(world.channel, "anime", title=f"mal:{adult.anime_id}")
    assert not result.response.embeds
    assert "this server doesn't show 18+ anime" in result.response.content
    assert isinstance(told(world), MemberError)
    named = await world.ann.autocomplete(world.channel, "anime", "title", adult.title)
    assert f"mal:{adult.anime_id}" not in [choice["value"] for choice in named]


def restrict(world: World) -> None:
    """Make the channel age-restricted; simcord has no such channels."""
    cast("discord.TextChannel", world.bot.get_channel(world.channel.id)).nsfw = True
