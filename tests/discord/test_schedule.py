"""/schedule: a weekly pick, by the server's clock, exactly once whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord.utils import format_dt
from simcord import ChannelHandle, MemberActor
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import update

from bot.client import HakkenBot
from bot.cogs.schedule.loop import PATIENCE
from bot.cogs.schedule.posting import LATEST
from bot.errors import MemberError
from bot.store import Schedule
from bot.store.tables import gatherings, schedules
from tests.discord.conftest import World, pass_time, told

ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
BOB = {5114: 9, 4224: 10, 2167: 9, 8074: 1, 30276: 8}
HOUR, WEEK = 3600, 7 * 24 * 3600
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.fixture
async def mod(world: World) -> MemberActor:
    """Manages a server where ann and bob use the bot."""
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    guild = world.ann.guild
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(world.env.create_user("mod"), roles=[role])


@pytest.fixture
def picks(world: World) -> ChannelHandle:
    """Where the weekly pick is posted, and nothing else."""
    return world.ann.guild.create_text_channel("weekly-pick")


def in_an_hour(world: World, zone: str = "UTC") -> dict[str, str]:
    """The day and time, as a moderator says them, that the clock there shows in an hour."""
    then = world.env.now().astimezone(ZoneInfo(zone)) + timedelta(hours=1)
    return {"day": DAYS[then.weekday()], "time": f"{then:%H:%M}"}


async def set_in_an_hour(world: World, mod: MemberActor, picks: ChannelHandle) -> datetime:
    result = await mod.slash(world.channel, "schedule set", **in_an_hour(world), channel=picks)
    assert result.ephemeral
    assert said(result).startswith("I will post picks every ")
    return (await kept(world)).next_at


async def set_in_an_hour_in(world: World, mod: MemberActor, channel: ChannelHandle) -> None:
    """As `set_in_an_hour`, where there may be other weekly picks."""
    result = await mod.slash(world.channel, "schedule set", **in_an_hour(world), channel=channel)
    assert said(result).startswith("I will post picks every ")


def shown_ids(message: discord.Message) -> set[int]:
    """Ids of the anime that a message shows."""
    return {int((embed.url or "").rpartition("/")[2]) for embed in message.embeds}


def said(result: Any) -> str:  # simcord's
    """The sentence that a member got."""
    return str(result.response.content)


async def kept(world: World) -> Schedule:
    [one] = await world.bot.store.schedules.of_guild(world.ann.guild.id)
    return one


async def shown(world: World, mod: MemberActor) -> str:
    return said(await mod.slash(world.channel, "schedule show"))


async def crashed(world: World, **left: Any) -> None:
    """Have the database be as the bot left it when it died within a sending."""
    async with world.bot.store.database.begin() as connection:
        await connection.execute(update(schedules).values(**left))
        await connection.execute(update(gatherings).values(message_id=None))


async def away(world: World, new_bot: Callable[[], HakkenBot], seconds: float) -> None:
    """Have time pass without the bot: nothing of it runs by itself, then another process takes over."""
    for cog in tuple(world.bot.cogs):
        await world.bot.remove_cog(cog)
    await world.env.advance_time(seconds)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(60)


async def test_the_pick_is_posted_when_its_time_comes_and_week_after_week(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR - 120)
    assert picks.history() == []
    await world.env.advance_time(180)
    [message] = picks.history()
    assert message.content.startswith("**This week's picks**\nFor the 2 of you who use me here")
    assert len(message.embeds) == 5
    labels = [button.label for row in message.components for button in row.children]
    assert labels == ["I'm in", "Vote on these"]
    assert timedelta(0) <= message.created_at - first < timedelta(minutes=1)
    assert (await kept(world)).next_at == first + timedelta(days=7)
    await pass_time(world, WEEK)
    assert len(picks.history()) == 2
    assert "Last posted" in await shown(world, mod)


async def test_its_buttons_count_members_in(world: World, mod: MemberActor, picks: ChannelHandle) -> None:
    await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 60)
    [message] = picks.history()
    await world.ann.click(message, label="I'm in")
    async with world.bot.store.database.read() as connection:
        [suggestion] = (await connection.execute(gatherings.select())).all()
    assert suggestion.message_id == message.id
    assert await world.bot.store.suggestions.joined(suggestion.gathering_id) == [world.ann.id]


async def test_it_goes_by_the_servers_clock_across_a_daylight_saving_change(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    await world.bot.store.guild_settings.choose_time_zone(world.ann.guild.id, "America/New_York", {})
    before = datetime(2026, 3, 4, 12, tzinfo=UTC)  # clocks go forward on 8 March
    await away(world, new_bot, (before - world.env.now()).total_seconds())
    await mod.slash(world.channel, "schedule set", day="Thursday", time="8pm", channel=picks)
    await pass_time(world, 2 * WEEK)
    assert [message.created_at.replace(second=0, microsecond=0) for message in picks.history()] == [
        datetime(2026, 3, 6, 1, tzinfo=UTC),
        datetime(2026, 3, 13, 0, tzinfo=UTC),
    ]


async def test_missed_while_down_it_is_posted_once_and_late(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    await away(world, new_bot, 12 * HOUR)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(HOUR)
    assert len(picks.history()) == 1
    assert (await kept(world)).next_at == first + timedelta(days=7)


async def test_missed_by_more_than_twelve_hours_it_is_skipped_and_comes_again(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    await away(world, new_bot, HOUR + LATEST.total_seconds() + 60)
    assert picks.history() == []
    assert "I was offline then" in await shown(world, mod)
    assert (await kept(world)).next_at == first + timedelta(days=7)
    await pass_time(world, WEEK)
    assert len(picks.history()) == 1
    assert "I was offline" not in await shown(world, mod)


async def test_after_more_than_a_week_away_the_last_missed_one_is_posted_if_it_is_in_time(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    for cog in tuple(world.bot.cogs):
        await world.bot.remove_cog(cog)
    await pass_time(world, WEEK)
    await away(world, new_bot, 3 * HOUR)
    assert len(picks.history()) == 1
    assert (await kept(world)).next_at == first + timedelta(days=14)


async def test_a_sending_of_last_week_is_given_up_and_this_weeks_is_in_time(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    for cog in tuple(world.bot.cogs):
        await world.bot.remove_cog(cog)
    await crashed(world, sending_since=first, next_at=first + timedelta(days=7))
    await pass_time(world, WEEK)
    await away(world, new_bot, 3 * HOUR)
    await world.env.advance_time(2 * PATIENCE.total_seconds())
    assert len(picks.history()) == 1
    now = await kept(world)
    assert (now.sending_since, now.next_at) == (None, first + timedelta(days=14))


async def test_after_a_crash_between_sending_and_recording_the_sent_one_is_adopted(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 30)
    [message] = picks.history()
    await crashed(world, sending_since=first, posted_at=None)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(3 * PATIENCE.total_seconds())
    assert [one.id for one in picks.history()] == [message.id]
    now = await kept(world)
    assert (now.sending_since, now.posted_at) == (None, message.created_at)
    async with world.bot.store.database.read() as connection:
        [suggestion] = (await connection.execute(gatherings.select())).all()
    assert suggestion.message_id == message.id


async def test_a_sent_one_with_which_an_evening_has_begun_is_adopted_as_well(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 30)
    [message] = picks.history()
    await crashed(world, sending_since=first, posted_at=None)
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label="Vote on these")
    await world.env.advance_time(3 * PATIENCE.total_seconds())
    assert [one.id for one in picks.history() if one.embeds] == [message.id]
    assert (await kept(world)).sending_since is None


async def test_after_a_crash_before_sending_it_is_sent_once(
    world: World, mod: MemberActor, picks: ChannelHandle, new_bot: Callable[[], HakkenBot]
) -> None:
    first = await set_in_an_hour(world, mod, picks)
    await world.bot.remove_cog("Posting")
    await world.env.advance_time(HOUR)
    await crashed(world, sending_since=first, next_at=first + timedelta(days=7))
    # What a member asks for in the same channel at that time is not the weekly pick.
    await world.ann.slash(picks, "suggest")
    for _ in range(2):
        await world.env.restart_bot(new_bot())
        await world.env.advance_time(3 * PATIENCE.total_seconds())
    posted = [one for one in picks.history() if one.content.startswith("**This week's picks**")]
    assert len(posted) == 1
    assert (await kept(world)).sending_since is None


async def test_a_sending_that_broke_off_is_not_given_up_and_not_doubled(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    world.env.inject_error("POST", f"/channels/{picks.id}/messages", status=503, times=1)
    await world.env.advance_time(HOUR + 30)
    assert picks.history() == []
    assert (await kept(world)).sending_since is not None
    await world.env.advance_time(3 * PATIENCE.total_seconds())
    assert len(picks.history()) == 1
    assert (await kept(world)).sending_since is None


async def test_setting_it_says_which_permissions_are_missing(world: World, mod: MemberActor) -> None:
    guild = world.ann.guild
    mute = discord.PermissionOverwrite(send_messages=False, embed_links=False, read_message_history=False)
    quiet = guild.create_text_channel("quiet", overwrites={guild.default_role: mute})
    result = await mod.slash(world.channel, "schedule set", day="Friday", time="20:00", channel=quiet)
    assert "I need these permissions there: Send Messages, Embed Links, Read Message History." in said(result)
    assert isinstance(told(world), MemberError)
    assert await world.bot.store.schedules.of_guild(guild.id) == []


async def test_permissions_lost_skip_it_and_are_shown_and_the_next_week_is_tried(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    guild, backend = world.ann.guild, world.env.backend
    everyone = guild.default_role.id
    allowed = backend.get_channel(picks.id).overwrites
    mute = discord.PermissionOverwrite(send_messages=False).pair()[1].value
    backend.edit_channel(picks.id, {}, overwrites=[Overwrite(everyone, OverwriteType.ROLE, deny=mute)])
    await world.env.advance_time(HOUR + 60)
    assert picks.history() == []
    text = await shown(world, mod)
    assert "Skipped" in text
    assert "⚠️ I need these permissions there: Send Messages" in text
    backend.edit_channel(picks.id, {}, overwrites=allowed)
    await pass_time(world, WEEK)
    assert len(picks.history()) == 1
    assert "⚠️" not in await shown(world, mod)


async def test_a_channel_that_is_gone_is_shown_so_and_its_pick_can_be_stopped(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    world.env.backend.delete_channel(picks.id)
    await world.env.advance_time(HOUR + 60)
    assert "The channel is gone" in await shown(world, mod)
    offered = await mod.autocomplete(world.channel, "schedule stop", "channel", "")
    assert [one["value"] for one in offered] == [str(picks.id)]
    assert "a deleted channel" in offered[0]["name"]
    assert "Stopped" in said(await mod.slash(world.channel, "schedule stop", channel=str(picks.id)))
    assert await world.bot.store.schedules.of_guild(world.ann.guild.id) == []


async def test_where_nobody_counts_it_is_skipped_and_says_why(world: World, picks: ChannelHandle) -> None:
    guild = world.ann.guild
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
    mod = guild.add_member(world.env.create_user("mod"), roles=[role])
    await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 60)
    assert picks.history() == []
    assert "I have nobody to pick for here" in await shown(world, mod)


async def test_another_time_zone_is_followed_at_once(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    # 20:00 in Tokyo is nine hours before 20:00 in UTC.
    then = world.env.now() + timedelta(hours=10)
    await mod.slash(
        world.channel, "schedule set", day=DAYS[then.weekday()], time=f"{then:%H:%M}", channel=picks
    )
    settings = (await mod.slash(world.channel, "settings")).response
    question = await mod.click(settings, label="Time zone…")
    await mod.submit_modal(question, {"zone": "Asia/Tokyo"})
    await world.env.advance_time(HOUR - 60)
    assert picks.history() == []
    await world.env.advance_time(120)
    assert len(picks.history()) == 1


async def test_a_schedule_that_is_stopped_posts_nothing(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    assert "Stopped" in said(await mod.slash(world.channel, "schedule stop"))
    await world.env.advance_time(2 * HOUR)
    assert picks.history() == []
    assert "There is no weekly pick yet" in await shown(world, mod)
    assert "There is no such weekly pick" in said(await mod.slash(world.channel, "schedule stop"))
    assert isinstance(told(world), MemberError)


async def test_what_is_set_is_shown_with_its_clock_and_next_time(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    next_at = await set_in_an_hour(world, mod, picks)
    text = await shown(world, mod)
    assert f"Every {DAYS[next_at.weekday()]} at {next_at:%H:%M} (UTC) in <#{picks.id}>" in text
    assert format_dt(next_at, "F") in text


async def test_a_time_that_is_none_and_a_sixth_pick_are_refused(world: World, mod: MemberActor) -> None:
    result = await mod.slash(world.channel, "schedule set", day="Friday", time="evening")
    assert "Write it as `20:00` or `8pm`" in said(result)
    assert isinstance(told(world), MemberError)
    channels = [world.ann.guild.create_text_channel(f"pick-{n}") for n in range(6)]
    for channel in channels:
        result = await mod.slash(world.channel, "schedule set", day="Friday", time="8pm", channel=channel)
    assert "can have 5 weekly picks" in said(result)
    assert isinstance(told(world), MemberError)
    assert len(await world.bot.store.schedules.of_guild(world.ann.guild.id)) == 5
    assert "several" in said(await mod.slash(world.channel, "schedule stop"))
    assert isinstance(told(world), MemberError)
    result = await mod.slash(world.channel, "schedule set", day="Monday", time="9:00", channel=channels[0])
    assert said(result).startswith("I will post picks every Monday at 09:00")


async def test_what_is_rated_18_plus_is_picked_in_age_restricted_channels_alone(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    late = world.ann.guild.create_text_channel("late")
    found = world.bot.get_channel(late.id)
    assert isinstance(found, discord.TextChannel)
    found.nsfw = True  # simcord knows no age-restricted channels: it is the bot that is told so
    catalogue = world.bot.recommender.catalogue
    adult = {anime_id for anime_id, anime in catalogue.items() if anime.adult}
    # All but three others are known to Bob, and so not new to all.
    rest = [anime_id for anime_id in catalogue if anime_id not in adult and anime_id not in BOB][:-3]
    await world.taste(world.bob, dict.fromkeys(rest, 7))
    for channel in (picks, late):
        await set_in_an_hour_in(world, mod, channel)
    await world.env.advance_time(HOUR + 60)
    [ordinary], [restricted] = picks.history(), late.history()
    assert ordinary.embeds
    assert not adult & shown_ids(ordinary)
    assert adult & shown_ids(restricted)


async def test_a_weekly_post_tells_discord_to_take_it_once(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 60)
    [message] = picks.history()
    [sent] = [
        one.json
        for one in world.env.http_requests
        if (one.method, one.path) == ("POST", f"/channels/{picks.id}/messages")
    ]
    [joining] = [
        item.custom_id
        for row in message.components
        for item in row.children
        if item.custom_id.startswith("gathering:join:")
    ]
    # Discord answers a second message of the same nonce with the first: one of each suggestion is posted.
    assert sent["enforce_nonce"] is True
    assert sent["nonce"] == joining.rpartition(":")[2]


async def test_it_stays_this_weeks_whoever_comes_and_whatever_fits_them(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 60)
    [message] = picks.history()
    await world.ann.click(message, label="I'm in")
    await world.env.advance_time(60)
    [message] = picks.history()
    assert message.content.startswith("**This week's picks**\nFor the one of you who is in.")
    await world.taste(world.bob, dict.fromkeys(world.bot.recommender.catalogue, 7))
    await world.bob.click(message, label="I'm in · 1")
    await world.env.advance_time(60)
    [message] = picks.history()
    assert message.content.startswith("**This week's picks**\nI found nothing that is new to all of you.")
    assert message.content.count("This week's picks") == 1


async def test_its_buttons_work_until_the_next_one(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    await world.env.advance_time(HOUR + 60)
    [message] = picks.history()
    await pass_time(world, WEEK - 2 * HOUR)
    await world.ann.click(message, label="I'm in")
    [message] = picks.history()
    assert message.content.startswith("**This week's picks**\nFor the one of you who is in.")


async def test_what_discord_refuses_is_skipped_and_said_and_tried_the_next_week(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    world.env.inject_error("POST", f"/channels/{picks.id}/messages", status=403, times=1)
    await world.env.advance_time(HOUR + 60)
    assert "I was not allowed to post there." in await shown(world, mod)
    await world.env.advance_time(HOUR)
    assert picks.history() == []
    await pass_time(world, WEEK)
    assert len(picks.history()) == 1


async def test_who_does_not_manage_the_server_stops_no_weekly_pick(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    for command in await world.bot.tree.fetch_commands():
        world.ann.guild.set_command_permissions(command, {world.ann: True})
    result = await world.ann.slash(world.channel, "schedule stop")
    assert result.response.ephemeral
    assert "Manage Server" in said(result)
    assert isinstance(told(world), MemberError)
    assert (await kept(world)).channel_id == picks.id


async def test_only_who_sets_and_stops_it_reads_the_answers(
    world: World, mod: MemberActor, picks: ChannelHandle
) -> None:
    await set_in_an_hour(world, mod, picks)
    for command in ("schedule show", "schedule stop"):
        assert (await mod.slash(world.channel, command)).ephemeral
