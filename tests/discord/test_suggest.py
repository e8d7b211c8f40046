"""/suggest: good for all, new to all, for whom it was asked, joined and picked anew, nobody's ratings shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
import pytest
from discord.utils import escape_markdown
from simcord import MemberActor
from sqlalchemy import select

from bot.client import HakkenBot
from bot.cogs.suggest.embeds import hours_text, pick_embeds
from bot.cogs.suggest.message import suggestion_view
from bot.errors import MemberError
from bot.privacy import as_others_read
from bot.store import Forecast
from bot.store.tables import gathering_members, gatherings, members
from bot.ui.embeds import Display
from hakken import Anime, Catalogue
from hakken.groups import GroupFilters, Suggestion
from hakken.recommend.recommender import Member
from hakken.recommend.shown_ratings import shown_mean
from tests.discord.conftest import World, reply, told

# Of the minute that picks wait here, ten seconds are left when a test looks: simcord must not wait as long.
pytestmark = pytest.mark.simcord(settle_timeout=9)

ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
BOB = {5114: 9, 4224: 10, 2167: 9, 8074: 1, 30276: 8}
EVENING = "x" * 22


async def use(world: World, *others: tuple[MemberActor, dict[int, int]]) -> None:
    """Have ann and bob, and whoever else, rate anime and use the bot in the server."""
    for member, taste in ((world.ann, ANN), (world.bob, BOB), *others):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")


async def kept(world: World) -> Any:  # a row
    """The only suggestion there is."""
    async with world.bot.store.database.read() as connection:
        return (await connection.execute(select(gatherings))).one()


async def picked(world: World, *people: Member, n: int = 5) -> list[int]:
    """What the recommender picks for these members, without Discord."""
    filters = GroupFilters(ecchi=False, floor=world.bot.settings.misery_floor)
    group = [as_others_read(one) for one in people]
    return [one.anime_id for one in (await world.bot.recommender.group(group, n, filters)).picks]


def shown(message: Any) -> list[int]:  # simcord's
    return [int(embed.url.rpartition("/")[2]) for embed in message.embeds]


def said(result: Any) -> str:  # simcord's
    """The sentence that a member got for a command."""
    return str(reply(result).content)


def edits(world: World) -> int:
    return sum(one.method == "PATCH" and "/messages/" in one.path for one in world.env.http_requests)


def slow_down(world: World) -> None:
    """Have picks made anew only a minute after the last press: longer than simcord waits for by itself."""
    cog: Any = world.bot.get_cog("RefreshCog")
    cog.quiet = timedelta(minutes=1)


# For the whole server


async def test_picks_are_new_to_all_who_take_part_and_good_for_each(world: World) -> None:
    await use(world)
    result = await world.bob.slash(world.channel, "suggest")
    assert "For the 2 of you who use me here. I know everyone's taste." in result.response.content
    assert shown(result.response) == await picked(world, Member(ANN), Member(BOB))
    assert not set(shown(result.response)) & {*ANN, *BOB}
    filters = GroupFilters(ecchi=False, floor=world.bot.settings.misery_floor)
    people = [as_others_read(Member(one)) for one in (ANN, BOB)]
    group = await world.bot.recommender.group(people, 5, filters)
    for pick, embed in zip(group.picks, result.response.embeds, strict=True):
        assert "New to all of you" in embed.description
        # Of two, each could work out what the other is predicted to give.
        assert "★" not in embed.description
        assert not {str(shown_mean(one)) for one in (pick.lowest, pick.highest)} & {
            *embed.description.partition("New to all of you")[0].split()
        }


async def test_from_three_members_on_picks_say_what_the_group_would_give_them(world: World) -> None:
    cleo = world.ann.guild.add_member(world.env.create_user("cleo"))
    third = {5114: 10, 1535: 9, 9253: 9, 30276: 8, 11061: 9}
    await use(world, (cleo, third))
    result = await world.bob.slash(world.channel, "suggest")
    filters = GroupFilters(ecchi=False, floor=world.bot.settings.misery_floor)
    people = [as_others_read(Member(one)) for one in (ANN, BOB, third)]
    group = await world.bot.recommender.group(people, 5, filters)
    for pick, embed in zip(group.picks, result.response.embeds, strict=True):
        assert f"**★ {shown_mean(pick.mean)}** for 3 members" in embed.description
        ends = f"from {shown_mean(pick.lowest)} to {shown_mean(pick.highest)}"
        assert f"{ends}\nNew to all of you" in embed.description


async def test_who_has_rated_too_little_counts_with_the_crowds_taste_and_it_is_said(world: World) -> None:
    cleo = world.ann.guild.add_member(world.env.create_user("cleo"))
    await use(world, (cleo, {5114: 9}))
    result = await world.ann.slash(world.channel, "suggest")
    assert "I know the tastes of 2 of you. For the rest, I use the average taste." in result.response.content


async def test_where_nobodys_taste_is_known_the_crowds_favourites_are_shown_and_said_to_be(
    world: World,
) -> None:
    result = await world.ann.slash(world.channel, "suggest")
    assert "I don't know your taste yet, so this is what most people love" in result.response.content
    assert shown(result.response) == await picked(world, Member())


async def test_who_asks_without_ratings_does_not_see_the_only_other_members_taste(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "ratings")
    result = await world.bob.slash(world.channel, "suggest")
    assert said(result) == "I only know one person's taste here. Everyone else: try `/start`."
    assert result.followups[0].ephemeral
    named = await world.bob.slash(world.channel, "suggest", **{"with": world.ann.user.mention})
    assert said(named) == said(result)
    assert isinstance(told(world), MemberError)
    own = await world.ann.slash(world.channel, "suggest")
    assert shown(own.response) == await picked(world, Member(ANN))
    assert "★" not in own.response.embeds[0].description


async def test_where_nobody_takes_part_that_is_said(world: World) -> None:
    await world.bot.store.guild_settings.choose_participation(world.ann.guild.id, "opt-in")
    result = await world.ann.slash(world.channel, "suggest")
    assert said(result) == "I have nobody to pick for here. `/privacy` shows whether you count."
    assert isinstance(told(world), MemberError)


async def test_titles_are_the_servers_or_else_those_of_the_member_who_asks(world: World) -> None:
    await use(world)
    catalogue = world.bot.recommender.catalogue
    await world.bot.store.preferences.choose_titles(world.ann.id, "english", at=world.env.now())
    english = (await world.ann.slash(world.channel, "suggest")).response
    asked = [catalogue[one] for one in shown(english)]
    assert any(anime.english not in (None, anime.title) for anime in asked)
    assert [one.title for one in english.embeds] == [
        escape_markdown(one.english or one.title) for one in asked
    ]
    await world.bot.store.guild_settings.choose_titles(world.ann.guild.id, "romaji")
    romaji = (await world.ann.slash(world.channel, "suggest")).response
    assert [one.title for one in romaji.embeds] == [escape_markdown(one.title) for one in asked]


async def test_no_member_is_named_and_none_of_their_ratings(world: World) -> None:
    await use(world)
    result = await world.ann.slash(world.channel, "suggest", count=10)
    embeds = [embed.to_dict() for embed in result.response.embeds]
    rated = [world.bot.recommender.catalogue[anime_id] for anime_id in ANN | BOB]
    # A pick's own name may hold another's: 'Clannad: After Story' names no rating of 'Clannad'.
    text = result.response.content + str([one["description"] for one in embeds])
    ids = [str(member.id) for member in (world.ann, world.bob)]
    assert not any(secret in text for secret in (*ids, *(anime.title for anime in rated)))
    assert not any(str(anime_id) in text for anime_id in ANN | BOB)
    assert not {"ann", "bob"} & {*re.findall(r"\w+", text.lower())}
    suggestion = await kept(world)
    assert not any(one in f"{suggestion.ask} {suggestion.picks}" for one in ids)


async def test_using_the_bot_makes_a_participant_of_that_server_alone(world: World) -> None:
    other = world.env.create_guild("Elsewhere")
    elsewhere = other.create_text_channel("general")
    guest = other.add_member(world.env.create_user("guest"))
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "recommend")
    participants = world.bot.store.participants
    assert [*(await participants.roster(world.ann.guild.id)).here] == [world.ann.id]
    assert [*(await participants.roster(other.id)).here] == []
    result = await guest.slash(elsewhere, "suggest")
    assert "I don't know your taste yet" in result.response.content
    assert [*(await participants.roster(other.id)).here] == [guest.id]


async def test_wishes_are_kept_to_and_what_cannot_be_is_said(world: World) -> None:
    await use(world)
    short = (await world.ann.slash(world.channel, "suggest", one_cour=True)).response
    catalogue = world.bot.recommender.catalogue
    assert shown(short)
    assert all((catalogue[one].episodes or 99) <= 13 for one in shown(short))
    none = await world.ann.slash(world.channel, "suggest", hours=0.3)
    assert "I found nothing that short for all of you" in said(none)
    assert isinstance(told(world), MemberError)


async def test_the_aggregation_is_the_one_asked_for_or_else_the_servers_and_what_it_favours_is_said(
    world: World,
) -> None:
    await use(world)
    asked = (await world.ann.slash(world.channel, "suggest", aggregation="most pleasure")).response
    assert "Most pleasure: What at least one of you would love." in asked.content
    await world.bot.store.guild_settings.choose_aggregation(world.ann.guild.id, "least misery")
    servers = (await world.ann.slash(world.channel, "suggest")).response
    assert "Least misery: Best for the person who likes it least." in servers.content


async def test_what_is_asked_for_comes_before_what_the_server_has_chosen(world: World) -> None:
    await use(world)
    await world.bot.store.guild_settings.choose_aggregation(world.ann.guild.id, "least misery")
    asked = (await world.ann.slash(world.channel, "suggest", aggregation="most pleasure")).response
    assert "Most pleasure: What at least one of you would love." in asked.content


async def test_where_nothing_suits_everyone_the_floor_is_lowered_and_that_is_said(world: World) -> None:
    await use(world)
    await world.raters({5114: 10, 1535: 9, 9253: 9, 30276: 8, 11061: 9})
    await world.bot.store.guild_settings.choose_floor(world.ann.guild.id, 10.0)
    result = await world.ann.slash(world.channel, "suggest")
    [low] = re.findall(r"Someone might only give a (\d+(?:\.5)?)\.", reply(result).content)
    lowest = [
        float(re.findall(r"from ([\d.]+) to", embed.description)[0]) for embed in result.response.embeds
    ]
    assert min(lowest) >= float(low)
    assert float(low) < 10


async def test_18_plus_is_asked_for_only_in_age_restricted_channels_of_servers_that_allow_it(
    world: World,
) -> None:
    await use(world)
    guild = world.ann.guild
    restricted = guild.create_text_channel("late")
    # simcord knows no age-restricted channels: it is the bot that is told so.
    found = world.bot.get_channel(restricted.id)
    assert isinstance(found, discord.TextChannel)
    found.nsfw = True
    asks = []
    for channel, allowed in ((world.channel, True), (restricted, True), (restricted, False)):
        await world.bot.store.guild_settings.allow_adult(guild.id, allowed=allowed)
        message = (await world.ann.slash(channel, "suggest")).response
        async with world.bot.store.database.read() as connection:
            query = select(gatherings.c.ask).where(gatherings.c.message_id == message.id)
            asks.append((await connection.scalar(query) or {})["adult"])
    assert asks == [False, True, False]


async def test_picks_made_anew_are_without_18_plus_where_the_channel_is_age_restricted_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await use(world)
    service, asked = world.bot.recommender, list[bool]()
    pick = service.group

    async def overheard(members: Any, n: int, filters: GroupFilters, *, weights: Any) -> Suggestion:
        asked.append(filters.adult)
        return await pick(members, n, filters, weights=weights)

    monkeypatch.setattr(service, "group", overheard)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    channel.nsfw = True  # simcord knows no age-restricted channels
    message = (await world.ann.slash(world.channel, "suggest")).response
    await world.ann.click(message, label="I'm in")
    channel.nsfw = False
    await world.bob.click(message, label="I'm in · 1")
    assert asked == [True, True, False]


async def test_picks_made_again_hold_nothing_18_plus_once_the_server_forbids_it(world: World) -> None:
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    channel.nsfw = True  # simcord knows no age-restricted channels
    catalogue = world.bot.recommender.catalogue
    adult = {anime_id for anime_id, anime in catalogue.items() if anime.adult}
    # Ann knows all but three others, so that what is rated 18+ is among the picks where it may be.
    rest = [anime_id for anime_id in catalogue if anime_id not in adult][:-3]
    await world.taste(world.ann, dict.fromkeys(rest, 7))
    message = (await world.ann.slash(world.channel, "suggest")).response
    assert adult & {*shown(message)}
    await world.bot.store.guild_settings.allow_adult(world.ann.guild.id, allowed=False)
    await world.ann.click(message, label="I'm in")
    assert "For the one of you who is in." in message.content
    assert shown(message)
    assert not adult & {*shown(message)}


# For those who are named


async def test_named_members_and_who_asks_are_the_group_and_nothing_is_kept_of_strangers(
    world: World,
) -> None:
    cleo, dan = (world.ann.guild.add_member(world.env.create_user(name)) for name in ("cleo", "dan"))
    await use(world, (dan, {1: 10}))
    result = await world.ann.slash(world.channel, "suggest", **{"with": f"<@{world.bob.id}> <@!{cleo.id}>"})
    assert "For the 3 of you who were named. I know the tastes of 2 of you." in result.response.content
    assert shown(result.response) == await picked(world, Member(ANN), Member(BOB), Member())
    async with world.bot.store.database.read() as connection:
        named = set(await connection.scalars(select(gathering_members.c.user_id)))
        assert cleo.id not in await connection.scalars(select(members.c.user_id))
    assert named == {world.ann.id, world.bob.id}


async def test_a_named_member_who_takes_no_part_counts_with_the_crowds_taste(world: World) -> None:
    await use(world)
    await world.bot.store.privacy.choose(
        world.ann.guild.id, world.bob.id, takes_part=False, at=world.env.now()
    )
    result = await world.ann.slash(world.channel, "suggest", **{"with": world.bob.user.mention})
    assert "I know the taste of 1 of you." in result.response.content
    assert shown(result.response) == await picked(world, Member(ANN), Member())


async def test_a_role_means_those_of_it_who_take_part(world: World) -> None:
    guild = world.ann.guild
    night, empty = guild.create_role("Movie Night"), guild.create_role("Nobody")
    cleo, dora = (guild.add_member(world.env.create_user(one), roles=[night]) for one in ("cleo", "dora"))
    never = guild.add_member(world.env.create_user("never"), roles=[night])
    tastes = {5114: 10, 1535: 9, 9253: 9, 30276: 8, 11061: 9}, {1: 9, 6: 8, 30: 10, 33: 7, 47: 9}
    await use(world, (cleo, tastes[0]), (dora, tastes[1]))
    result = await world.ann.slash(world.channel, "suggest", **{"with": night.mention})
    assert shown(result.response) == await picked(world, *map(Member, tastes))
    assert "For the 2 of you who were named" in reply(result).content
    all_of_you = await world.ann.slash(world.channel, "suggest", **{"with": f"<@&{guild.id}>"})
    assert "For the 4 of you who use me here" in reply(all_of_you).content
    nobody = await world.ann.slash(world.channel, "suggest", **{"with": empty.mention})
    assert said(nobody) == "Nobody with this role has used me here yet. Ask them to try `/start`."
    assert never.id not in (await world.bot.store.participants.roster(guild.id)).here
    assert isinstance(told(world), MemberError)


async def test_a_role_of_one_other_member_does_not_tell_that_members_taste(world: World) -> None:
    guild = world.ann.guild
    lone = guild.create_role("Lone")
    cleo = guild.add_member(world.env.create_user("cleo"), roles=[lone])
    await use(world, (cleo, {5114: 10, 1535: 9, 9253: 9, 30276: 8, 11061: 9}))
    refused = await world.ann.slash(world.channel, "suggest", **{"with": lone.mention})
    assert said(refused) == "I only know one person's taste here. Everyone else: try `/start`."
    assert isinstance(told(world), MemberError)
    own = await cleo.slash(world.channel, "suggest", **{"with": lone.mention})
    assert "For one of you" in reply(own).content


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("bob", "I don't know who you mean."),
        ("@everyone", "I don't know who you mean."),
        ("<@123>", "I don't know who you mean."),
        ("<#123456789012345678>", "I don't know who you mean."),
        ("<@&123456789012345678>", "This server has no such role."),
        ("<@123456789012345678>", "Someone you named is not in this server."),
        ("<@99999999999999999999>", "Someone you named is not in this server."),
        ("<@&123456789012345678> <@123456789012345679>", "Choose only one role, or at most ten members."),
        (
            " ".join(f"<@{123456789012345678 + at}>" for at in range(11)),
            "Choose only one role, or at most ten",
        ),
    ],
)
async def test_who_is_not_to_be_found_is_asked_about_in_one_sentence_and_nothing_is_kept(
    world: World, typed: str, sentence: str
) -> None:
    result = await world.ann.slash(world.channel, "suggest", **{"with": typed})
    assert sentence in said(result)
    assert isinstance(told(world), MemberError)
    async with world.bot.store.database.read() as connection:
        assert (await connection.execute(select(gatherings))).all() == []


async def test_a_bot_that_is_named_does_not_count(world: World) -> None:
    await use(world)
    robot = world.ann.guild.add_member(world.env.create_user("robot", bot=True))
    result = await world.ann.slash(
        world.channel, "suggest", **{"with": f"{world.bob.mention} {robot.mention}"}
    )
    assert "For the 2 of you who were named" in result.response.content
    assert shown(result.response) == await picked(world, Member(ANN), Member(BOB))


async def test_of_a_role_those_who_have_left_or_want_no_part_do_not_count(world: World) -> None:
    guild = world.ann.guild
    night = guild.create_role("Movie Night")
    cleo, dora, eric, fay = (
        guild.add_member(world.env.create_user(one), roles=[night]) for one in ("cleo", "dora", "eric", "fay")
    )
    tastes = {5114: 10, 1535: 9, 9253: 9}, {1: 9, 6: 8, 30276: 3}
    await use(world, (cleo, tastes[0]), (dora, tastes[1]), (eric, {1535: 2}), (fay, {1535: 3}))
    guild.remove_member(eric)
    await world.bot.store.privacy.choose(guild.id, fay.id, takes_part=False, at=world.env.now())
    result = await world.ann.slash(world.channel, "suggest", **{"with": night.mention})
    assert "For the 2 of you who were named" in result.response.content
    assert shown(result.response) == await picked(world, *map(Member, tastes))


async def test_voice_means_who_sits_in_the_askers_channel_without_bots(world: World) -> None:
    guild = world.ann.guild
    room, other = guild.create_voice_channel("Cinema"), guild.create_voice_channel("Elsewhere")
    music = guild.add_member(world.env.create_user("music", bot=True))
    cleo = guild.add_member(world.env.create_user("cleo"))
    await use(world, (cleo, {1: 10, 6: 9}))
    for member, channel in ((world.ann, room), (world.bob, room), (music, room), (cleo, other)):
        await member.join_voice(channel)
    result = await world.ann.slash(world.channel, "suggest", voice=True)
    assert "For the 2 of you who were named" in result.response.content
    assert shown(result.response) == await picked(world, Member(ANN), Member(BOB))


async def test_voice_without_a_channel_and_voice_beside_with_are_explained(world: World) -> None:
    await world.ann.slash(world.channel, "ratings")
    result = await world.ann.slash(world.channel, "suggest", voice=True)
    assert "You aren't in a voice channel here." in said(result)
    both = await world.ann.slash(world.channel, "suggest", voice=True, **{"with": world.bob.user.mention})
    assert said(both) == "Use `with` or `voice`, not both."
    assert isinstance(told(world), MemberError)


async def test_who_left_the_server_is_noticed_within_a_day_and_counts_again_once_back(world: World) -> None:
    await use(world)
    guild = world.ann.guild
    guild.remove_member(world.bob)
    await world.env.advance_time(timedelta(days=1, minutes=1).total_seconds())
    alone = await world.ann.slash(world.channel, "suggest")
    assert shown(alone.response) == await picked(world, Member(ANN))
    back = guild.add_member(world.bob.user)
    result = await back.slash(world.channel, "suggest")
    assert shown(result.response) == await picked(world, Member(ANN), Member(BOB))


async def test_who_joined_and_has_left_the_server_counts_no_more(world: World) -> None:
    cleo, taste = (
        world.ann.guild.add_member(world.env.create_user("cleo")),
        {1: 10, 6: 9, 9253: 4, 30: 8, 33: 7},
    )
    await use(world, (cleo, taste))
    message = (await world.ann.slash(world.channel, "suggest")).response
    await world.ann.click(message, label="I'm in")
    await world.bob.click(message, label="I'm in · 1")
    world.ann.guild.remove_member(world.bob)
    await world.env.advance_time(timedelta(days=1, minutes=1).total_seconds())
    await cleo.click(message, label="I'm in · 2")
    assert "For the 2 of you who are in" in message.content
    assert shown(message) == await picked(world, Member(ANN), Member(taste))


async def test_who_was_named_and_has_left_the_server_counts_no_more(world: World) -> None:
    cleo, taste = (
        world.ann.guild.add_member(world.env.create_user("cleo")),
        {1: 10, 6: 9, 9253: 4, 30: 8, 33: 7},
    )
    await use(world, (cleo, taste))
    both = f"{world.bob.mention} {cleo.mention}"
    message = (await world.ann.slash(world.channel, "suggest", **{"with": both})).response
    assert "For the 3 of you who were named" in message.content
    world.ann.guild.remove_member(world.bob)
    await world.env.advance_time(timedelta(days=1, minutes=1).total_seconds())
    # A guest looks in and goes again: then the picks are for those who were named.
    guest = world.ann.guild.add_member(world.env.create_user("guest"))
    await guest.click(message, label="I'm in")
    await guest.click(message, label="I'm in · 1")
    assert "For the 2 of you who were named" in message.content
    assert shown(message) == await picked(world, Member(ANN), Member(taste))


# Who is in


async def test_picks_are_made_anew_for_those_who_are_in_and_again_when_they_leave(world: World) -> None:
    await use(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    await world.ann.click(message, label="I'm in")
    assert "For the one of you who is in." in message.content
    assert shown(message) == await picked(world, Member(ANN))
    assert [one["anime_id"] for one in (await kept(world)).picks] == shown(message)
    await world.bob.click(message, label="I'm in · 1")
    assert "For the 2 of you who are in" in message.content
    assert shown(message) == await picked(world, Member(ANN), Member(BOB))
    await world.ann.click(message, label="I'm in · 2")
    await world.bob.click(message, label="I'm in · 1")
    assert "For the 2 of you who use me here" in message.content
    assert shown(message) == await picked(world, Member(ANN), Member(BOB))


async def test_a_press_is_acknowledged_at_once_and_several_lead_to_one_edit_after_the_last(
    world: World,
) -> None:
    await use(world)
    slow_down(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    before, first = edits(world), shown(message)
    await world.ann.click(message, label="I'm in")
    await world.env.advance_time(50)
    await world.bob.click(message, label="I'm in · 1")
    await world.bob.click(message, label="I'm in · 2")
    await world.env.advance_time(50)
    assert (edits(world), shown(message)) == (before, first)
    await world.env.advance_time(11)
    assert edits(world) == before + 1
    assert shown(message) == await picked(world, Member(ANN))


async def test_a_press_while_picks_fail_to_be_made_anew_has_its_own_try(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await use(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    service, broken = world.bot.recommender, list[str]()
    pick = service.group

    async def break_once(*asked: Any, **weights: Any) -> Suggestion:
        if not broken:
            broken.append("out of memory")
            await asyncio.sleep(60)
            raise RuntimeError(*broken)
        return await pick(*asked, **weights)

    monkeypatch.setattr(service, "group", break_once)
    slow_down(world)
    await world.ann.click(message, label="I'm in")
    await world.env.advance_time(61)
    await world.bob.click(message, label="I'm in · 1")
    await world.env.advance_time(122)
    assert shown(message) == await picked(world, Member(ANN), Member(BOB))
    assert "For the 2 of you who are in" in message.content
    assert "picks could not be refreshed" in caplog.text


async def test_an_evening_begun_before_the_picks_are_made_anew_keeps_its_buttons(world: World) -> None:
    await use(world)
    slow_down(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    await world.ann.click(message, label="I'm in")
    await world.bob.click(message, label="Vote on these")
    await world.env.advance_time(61)
    assert "For the one of you who is in." in message.content
    labels = [one["label"] for row in message.components for one in row["components"]]
    assert labels == ["I'm in · 1", "Start the vote", "Skip the vote", "Call it off", "Take over"]


async def test_who_is_in_is_remembered_over_a_restart_in_the_midst_of_it(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    await use(world)
    slow_down(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    await world.ann.click(message, label="I'm in")
    await world.env.restart_bot(new_bot())
    await world.bob.click(message, label="I'm in · 1")
    await world.env.advance_time(70)
    assert "For the 2 of you who are in" in message.content
    assert shown(message) == await picked(world, Member(ANN), Member(BOB))


async def test_whoever_joins_takes_part_and_is_told_once(world: World) -> None:
    await world.taste(world.ann, ANN)
    message = (await world.ann.slash(world.channel, "suggest")).response
    result = await world.bob.click(message, label="I'm in")
    assert ["You now count in this server's" in one.content for one in result.followups] == [True]
    assert world.bob.id in (await world.bot.store.participants.roster(world.ann.guild.id)).here


async def test_who_takes_no_part_may_join_with_the_crowds_taste_and_is_told_so(world: World) -> None:
    await use(world)
    await world.bot.store.privacy.choose(
        world.ann.guild.id, world.bob.id, takes_part=False, at=world.env.now()
    )
    message = (await world.ann.slash(world.channel, "suggest")).response
    result = await world.bob.click(message, label="I'm in")
    assert ["Your ratings don't count" in one.content for one in result.followups] == [True]
    assert shown(message) == await picked(world, Member())


async def test_who_takes_no_part_is_told_so_when_they_come_and_not_when_they_go(world: World) -> None:
    await use(world)
    await world.bot.store.privacy.choose(
        world.ann.guild.id, world.bob.id, takes_part=False, at=world.env.now()
    )
    message = (await world.ann.slash(world.channel, "suggest")).response
    came = await world.bob.click(message, label="I'm in")
    went = await world.bob.click(message, label="I'm in · 1")
    assert [[one.ephemeral for one in result.followups] for result in (came, went)] == [[True], []]


async def test_picks_that_have_had_their_time_say_so_and_change_nothing(world: World) -> None:
    await use(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    first = shown(message)
    await world.env.advance_time(timedelta(days=2).total_seconds())
    result = await world.bob.click(message, label="I'm in")
    assert said(result) == "These picks expired. Run `/suggest` for new ones."
    assert shown(message) == first
    async with world.bot.store.database.read() as connection:
        assert (await connection.execute(select(gathering_members))).all() == []


async def test_what_expired_is_swept_away_by_itself(world: World, new_bot: Callable[[], HakkenBot]) -> None:
    await use(world)
    await world.ann.slash(world.channel, "suggest")
    await world.env.advance_time(timedelta(days=2).total_seconds())
    await world.env.restart_bot(new_bot())
    async with world.bot.store.database.read() as connection:
        assert (await connection.execute(select(gatherings))).all() == []


async def test_where_nothing_fits_those_who_are_in_the_picks_before_stay(world: World) -> None:
    await use(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    first = shown(message)
    everything = dict.fromkeys(world.bot.recommender.catalogue, 7)
    await world.taste(world.bob, everything)
    await world.bob.click(message, label="I'm in")
    assert "I found nothing that is new to all of you." in message.content
    assert "Below is what I picked before." in message.content
    assert shown(message) == first == [one["anime_id"] for one in (await kept(world)).picks]


async def test_who_compromised_before_is_leaned_towards_and_it_is_said_without_names(
    world: World,
) -> None:
    await use(world)
    await world.raters(dict(ANN))
    ledger, forecast = world.bot.store.ledger, Forecast({1: 9.0}, best=9.0)
    for member, score in ((world.ann, 10), (world.bob, 2)):
        await ledger.serve(world.ann.guild.id, EVENING, 1, member.id, forecast, at=world.env.now())
        await ledger.score(EVENING, member.id, score)
    result = await world.ann.slash(world.channel, "suggest")
    assert "Those who compromised last time count more now." in result.response.content
    assert "bob" not in result.response.content


async def test_another_servers_suggestion_cannot_be_joined_by_a_crafted_button(world: World) -> None:
    await use(world)
    message = (await world.ann.slash(world.channel, "suggest")).response
    suggestion_id, first = (await kept(world)).gathering_id, shown(message)
    other = world.env.create_guild("Elsewhere")
    elsewhere = other.create_text_channel("general")
    guest = other.add_member(world.env.create_user("guest"))
    for crafted in (suggestion_id, EVENING):
        channel = world.bot.get_channel(elsewhere.id)
        assert isinstance(channel, discord.TextChannel)
        fake = await channel.send("here", view=suggestion_view(crafted))
        result = await guest.click(fake, label="I'm in")
        assert said(result) == "These picks expired. Run `/suggest` for new ones."
    assert shown(message) == first
    assert await world.bot.store.suggestions.joined(suggestion_id) == []
    assert [*(await world.bot.store.participants.roster(other.id)).here] == []


async def test_a_role_of_more_members_than_discord_tells_at_once_is_whole(world: World) -> None:
    guild = world.ann.guild
    night = guild.create_role("Movie Night")
    crowd = [guild.add_member(world.env.create_user(f"m{at}"), roles=[night]) for at in range(130)]
    for member in crowd:
        await world.bot.store.participants.join(guild.id, member.id, at=world.env.now())
    result = await world.ann.slash(world.channel, "suggest", **{"with": night.mention})
    assert "For the 130 of you who were named" in result.response.content


async def test_where_discord_does_not_tell_who_is_there_everybody_is_taken_to_be(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_args: object, **_options: object) -> list[discord.Member]:
        raise TimeoutError

    await use(world)
    await world.env.advance_time(timedelta(days=1, minutes=1).total_seconds())
    monkeypatch.setattr(discord.Guild, "query_members", silent)
    result = await world.ann.slash(world.channel, "suggest")
    assert shown(result.response) == await picked(world, Member(ANN), Member(BOB))
    refused = await world.ann.slash(world.channel, "suggest", **{"with": world.bob.user.mention})
    assert said(refused) == "Discord can't say right now who is in this server. Try again."
    assert isinstance(told(world), TimeoutError)


# How it looks


def longest(anime_id: int) -> Anime:
    return Anime(
        anime_id,
        "*" * 400,
        english="_" * 400,
        type="TV Special",
        episodes=9_999,
        year=2026,
        genres=("Slice of Life" * 4,) * 9,
    )


def test_ten_picks_of_the_longest_titles_stay_within_a_message() -> None:
    display = Display(Catalogue([longest(one) for one in range(1, 31)]), "both")
    pick = {
        "personal": 499,
        "mean": 10.0,
        "lowest": 10.0,
        "highest": 10.0,
        "new_to": 499,
        "episodes": 9_999,
        "hours": 9_999.0,
        "catching_up": 9_999.0,
        "in_place_of": 11,
        "genres": ["Slice of Life" * 4] * 3,
        "loved": [12, 13, 14],
    }
    embeds = pick_embeds([{**pick, "anime_id": one} for one in range(1, 11)], 500, display)
    assert len(embeds) == 10
    assert sum(len(embed) for embed in embeds) <= 6_000
    assert all(embed.description.count("**") % 2 == 0 for embed in embeds if embed.description)


def test_a_pick_tells_length_catching_up_and_why_the_group_gets_it(catalogue: Catalogue) -> None:
    pick = {
        "anime_id": 1535,
        "personal": 3,
        "mean": 8.4,
        "lowest": 7.1,
        "highest": 9.2,
        "new_to": 3,
        "episodes": 37,
        "hours": 14.2,
        "catching_up": 4.8,
        "in_place_of": 5114,
        "genres": ["Drama", "Mystery"],
        "loved": [4224, 2167, 8074],
    }
    [embed] = pick_embeds([pick], 5, Display(catalogue, "romaji"))
    anime = catalogue[1535]
    assert (embed.description or "").splitlines() == [
        "**★ 8.5** for 5 members · from 7 to 9",
        "New to 3 of you",
        f"{anime.type} · {anime.episodes} episodes · {anime.year} · about 14 h",
        "Some of you need 5 h of earlier parts first.",
        f"Start here, then **{catalogue[5114].title}**",
        "Most of you like Drama and Mystery",
        f"Several of you loved **{catalogue[4224].title}** and **{catalogue[2167].title}**",
    ]


def test_a_pick_names_nothing_rated_18_plus_as_its_reason(catalogue: Catalogue) -> None:
    adult = next(anime_id for anime_id, anime in catalogue.items() if anime.adult)
    pick = {
        "anime_id": 1535,
        "mean": 8.4,
        "lowest": 7.1,
        "highest": 9.2,
        "new_to": 2,
        "episodes": 37,
        "hours": 14.2,
        "catching_up": 0.0,
        "in_place_of": adult,
        "genres": [],
        "loved": [adult, 4224],
    }
    [embed] = pick_embeds([pick], 2, Display(catalogue, "romaji"))
    text = embed.description or ""
    assert catalogue[adult].title not in text
    assert "Start here, then" not in text
    assert f"Several of you loved **{catalogue[4224].title}**" in text


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0.4, "24 min"), (1, "1 h"), (1.5, "1.5 h"), (2.96, "3 h"), (4.8, "5 h"), (120, "120 h")],
)
def test_a_length_reads_as_one_says_it(hours: float, text: str) -> None:
    assert hours_text(hours) == text
