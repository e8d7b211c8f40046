"""/compare, /lend and /server: two who both allow it, or a server without names."""

from __future__ import annotations

import asyncio
import io
import threading
from datetime import timedelta
from typing import cast

import discord
import pytest
from PIL import Image
from simcord import InteractionResult, MemberActor
from sqlalchemy import update

from bot.errors import MemberError
from bot.privacy import drawn_in
from bot.store.tables import participants
from bot.ui.chart_thread import MOST_WAITING, ChartRenderer
from tests.discord.conftest import World, reply, told

ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2, 853: 9, 18679: 8}
BOB = {1535: 9, 16498: 9, 1575: 8, 22319: 8, 11757: 2, 20: 6}
HENTAI = 3303


async def allow(world: World, *members: MemberActor) -> None:
    for member in members:
        await world.bot.store.privacy.allow_comparing(member.id, allowed=True, at=world.env.now())


async def both_rate(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.taste(world.bob, BOB)


async def five_rate(world: World, *tastes: dict[int, int]) -> None:
    """Ann, Bob and three more rate and use the bot here."""
    for member, taste in zip((world.ann, world.bob), tastes, strict=False):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    await world.raters(*tastes[2:])


def refused(world: World, result: InteractionResult) -> str:
    """The one sentence of a refusal that the member can mend."""
    assert not reply(result).embeds
    assert isinstance(told(world), MemberError)
    return reply(result).content


def picture(result: InteractionResult) -> discord.Attachment:
    [file] = result.response.attachments
    [embed] = result.response.embeds
    assert embed.image.url is not None
    assert file.filename in embed.image.url
    assert file.description
    return file


async def pixels(file: discord.Attachment) -> Image.Image:
    return Image.open(io.BytesIO(await file.read()))


def fields(result: InteractionResult) -> dict[str, str]:
    return {field.name: field.value for field in result.response.embeds[0].fields}


# /compare


async def test_two_who_allow_it_see_their_match_what_both_love_and_where_they_differ(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    result = await world.ann.slash(world.channel, "compare", member=world.bob)
    embed = result.response.embeds[0]
    assert result.ephemeral
    assert embed.title == "You and bob"
    assert "from 5 anime that you both rated" in embed.description
    love, apart = fields(result).values()
    assert [line.partition("](")[0] for line in love.splitlines()] == [
        "· [Death Note",
        "· [Code Geass: Hangyaku no Lelouch",
        "· [Shingeki no Kyojin",
    ]
    assert "**10** · **9**" in love.splitlines()[0]
    [line] = apart.splitlines()
    assert line.startswith("1. [Tokyo Ghoul](")
    assert line.endswith("**3** · **8**")


async def test_the_picture_comes_with_its_description(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    file = picture(await world.ann.slash(world.channel, "compare", member=world.bob))
    assert (await pixels(file)).size == (800, 600)
    assert "5 anime as points, 4 of them at most 1 apart" in file.description


async def test_the_match_is_the_recommenders_and_the_same_from_either_side(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    known = await world.bot.store.profiles.of_members([world.ann.id, world.bob.id])
    alike = await world.bot.recommender.compare(known[world.ann.id], known[world.bob.id])
    said = f"Match **{alike.match:+.2f}**".replace("-", "−")
    for asker, friend in ((world.ann, world.bob), (world.bob, world.ann)):
        result = await asker.slash(world.channel, "compare", member=friend)
        assert said in result.response.embeds[0].description


@pytest.mark.parametrize("command", ["compare", "lend"])
async def test_who_does_not_let_others_compare_is_told_to_do_so_first(world: World, command: str) -> None:
    await both_rate(world)
    await allow(world, world.bob)
    result = await world.ann.slash(world.channel, command, member=world.bob)
    assert result.ephemeral
    assert "First let others compare with you" in refused(world, result)
    assert "bob" not in refused(world, result)


async def test_a_refusal_does_not_tell_whether_the_other_forbids_it_or_has_rated_too_little(
    world: World,
) -> None:
    await world.taste(world.ann, ANN)
    await allow(world, world.ann)
    never_came = refused(world, await world.ann.slash(world.channel, "compare", member=world.bob))
    await world.taste(world.bob, BOB)
    forbids = refused(world, await world.ann.slash(world.channel, "compare", member=world.bob))
    await allow(world, world.bob)
    await world.bot.store.ratings.unrate(world.bob.id, 1535)
    too_few = refused(world, await world.ann.slash(world.channel, "compare", member=world.bob))
    assert never_came == forbids == too_few
    assert "both of you allow it" in forbids


async def test_taking_it_back_counts_at_once(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    assert (await world.ann.slash(world.channel, "compare", member=world.bob)).response.embeds
    await world.bot.store.privacy.allow_comparing(world.bob.id, allowed=False, at=world.env.now())
    for command in ("compare", "lend"):
        assert refused(world, await world.ann.slash(world.channel, command, member=world.bob))


@pytest.mark.parametrize("command", ["compare", "lend"])
async def test_oneself_a_bot_and_who_is_elsewhere_are_refused(world: World, command: str) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    robot = world.ann.guild.add_member(world.env.create_user("robot", bot=True))
    stranger = world.env.create_user("stranger")
    for whom, said in ((world.ann, "That's you"), (robot, "Bots"), (stranger, "members of this server")):
        result = await world.ann.slash(world.channel, command, member=whom)
        assert said in refused(world, result)


async def test_what_is_rated_18_plus_is_named_only_in_age_restricted_channels(world: World) -> None:
    await both_rate(world)
    for member in (world.ann, world.bob):
        await world.taste(member, {HENTAI: 10})
    await allow(world, world.ann, world.bob)
    hidden = await world.ann.slash(world.channel, "compare", member=world.bob)
    assert "from 5 anime" in hidden.response.embeds[0].description
    adults = world.ann.guild.create_text_channel("adults")
    # simcord knows no age-restricted channels: it is the bot that is told so.
    cast("discord.TextChannel", world.bot.get_channel(adults.id)).nsfw = True
    shown = await world.ann.slash(adults, "compare", member=world.bob)
    assert "from 6 anime" in shown.response.embeds[0].description
    assert "Momiji" in str(shown.response.embeds[0].to_dict())
    assert "Momiji" not in str(hidden.response.embeds[0].to_dict())


async def test_a_name_of_markdown_and_emoji_stays_a_name(world: World) -> None:
    friend = world.ann.guild.add_member(world.env.create_user("joker", global_name="**$x_{1}$ 進撃 💥**"))
    await world.taste(world.ann, ANN)
    await world.taste(friend, BOB)
    await allow(world, world.ann, friend)
    result = await world.ann.slash(world.channel, "compare", member=friend)
    assert result.response.embeds[0].title == r"You and \*\*$x\_{1}$ 進撃 💥\*\*"
    assert (await pixels(picture(result))).size == (800, 600)


# /lend


async def test_what_one_loved_and_the_other_should_like_is_lent(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    result = await world.ann.slash(world.channel, "lend", member=world.bob)
    assert result.ephemeral
    known = await world.bot.store.profiles.of_members([world.ann.id, world.bob.id])
    loans = await world.bot.recommender.lend(known[world.ann.id], known[world.bob.id], 10)
    assert {loan.anime_id for loan in loans} == {853, 18679}
    said = result.response.embeds[0].description
    for number, loan in enumerate(loans, start=1):
        title = world.bot.recommender.catalogue.title(loan.anime_id)
        assert f"{number}. [{title}](" in said
        assert f"**★ {loan.shown}** for them" in said
    assert "you gave it 9" in said
    assert "you gave it 8" in said


async def test_what_the_other_has_seen_by_their_word_is_not_lent(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann, world.bob)
    for anime_id in (853, 18679):
        await world.bot.store.feedback.seen(world.bob.id, anime_id, at=world.env.now())
    result = await world.ann.slash(world.channel, "lend", member=world.bob)
    assert "I found nothing new for **bob**" in refused(world, result)


async def test_a_series_whose_first_part_the_other_turned_down_is_not_lent(world: World) -> None:
    await world.taste(world.ann, {2904: 10, 25777: 9})
    await world.taste(world.bob, {30276: 9, 11061: 8, 20: 3})
    await allow(world, world.ann, world.bob)
    lent = (await world.ann.slash(world.channel, "lend", member=world.bob)).response.embeds[0].description
    # What Ann loved are second parts: the first ones are lent.
    assert "(https://myanimelist.net/anime/1575)" in lent
    assert "(https://myanimelist.net/anime/16498)" in lent
    await world.bot.store.feedback.dismiss(world.bob.id, 1575, "not for me", at=world.env.now())
    lent = (await world.ann.slash(world.channel, "lend", member=world.bob)).response.embeds[0].description
    assert "1575" not in lent
    assert "2904" not in lent
    assert "(https://myanimelist.net/anime/16498)" in lent


async def test_lending_needs_the_others_word_for_it_says_what_they_have_not_seen(world: World) -> None:
    await both_rate(world)
    await allow(world, world.ann)
    result = await world.ann.slash(world.channel, "lend", member=world.bob)
    assert "the answer shows what they haven't seen" in refused(world, result)


async def test_no_more_than_ten_are_lent_at_once(world: World) -> None:
    loved = [one for one in world.bot.recommender.catalogue if one not in (30276, 11061, 20)]
    await world.taste(world.ann, dict.fromkeys(loved, 10))
    await world.taste(world.bob, {30276: 9, 11061: 8, 20: 3})
    await allow(world, world.ann, world.bob)
    lent = (await world.ann.slash(world.channel, "lend", member=world.bob)).response.embeds[0].description
    assert "\n10. [" in lent
    assert "\n11. [" not in lent


# /server


async def test_a_servers_best_are_those_of_five_raters_by_bayesian_mean(world: World) -> None:
    four = {1535: 10, 16498: 8, 20: 10}
    await five_rate(world, *[four] * 3, {**four, 16498: 3}, {1535: 9, 16498: 7})
    result = await world.ann.slash(world.channel, "server top")
    assert not result.ephemeral
    # (3 · 8.8 + 3.1 + 6.4) / 5 = 7.18; four are too few for the third.
    assert result.response.embeds[0].description.splitlines() == [
        "1. [Death Note](https://myanimelist.net/anime/1535)",
        "**★ 9** · 5 raters",
        "2. [Shingeki no Kyojin](https://myanimelist.net/anime/16498)",
        "**★ 7** · 5 raters",
    ]


async def test_neither_the_best_nor_the_taste_tell_which_score_of_its_band_somebody_gave(
    world: World,
) -> None:
    others = [{33352: 10, 20583: 3, 1535: 7}] * 4
    await five_rate(world, {33352: 9, 20583: 6, 1535: 2}, *others)
    seen = set()
    for loved, middling, hated in ((8, 5, 1), (9, 6, 3), (10, 7, 4)):
        await world.taste(world.ann, {33352: loved, 20583: middling, 1535: hated})
        best = (await world.bob.slash(world.channel, "server top")).response.embeds[0].description
        seen.add((best, picture(await world.bob.slash(world.channel, "server taste")).description))
    assert len(seen) == 1
    await world.taste(world.ann, {33352: 1, 20583: 10, 1535: 10})
    assert picture(await world.bob.slash(world.channel, "server taste")).description not in seen.pop()


async def test_who_does_not_take_part_or_has_left_is_in_no_figure(world: World) -> None:
    await five_rate(world, *[{1535: 10, 33352: 9, 16498: 5}] * 5)
    assert (await world.ann.slash(world.channel, "server top")).response.embeds
    guild = world.ann.guild.id
    privacy, at = world.bot.store.privacy, world.env.now()
    await privacy.choose(guild, world.bob.id, takes_part=False, at=at)
    for part in ("top", "taste", "activity"):
        assert refused(world, await world.ann.slash(world.channel, f"server {part}"))
    await privacy.choose(guild, world.bob.id, takes_part=True, at=at)
    assert (await world.ann.slash(world.channel, "server activity")).response.embeds
    async with world.bot.store.database.begin() as connection:
        await connection.execute(
            update(participants).where(participants.c.user_id == world.bob.id).values(left_at=at)
        )
    for part in ("top", "taste", "activity"):
        assert refused(world, await world.ann.slash(world.channel, f"server {part}"))


async def test_a_servers_best_are_ten(world: World) -> None:
    known = [one for one, anime in world.bot.recommender.catalogue.items() if not anime.adult][:12]
    await five_rate(world, *[dict.fromkeys(known, 8)] * 5)
    best = (await world.ann.slash(world.channel, "server top")).response.embeds[0].description
    assert "\n10. [" in best
    assert "\n11. [" not in best


async def test_fewer_than_five_are_told_why_there_is_no_answer(world: World) -> None:
    await both_rate(world)
    for member in (world.ann, world.bob):
        await member.slash(world.channel, "ratings")
    for part, said in (
        ("top", "has ratings from 5 members"),
        ("taste", "at least 5 members"),
        ("activity", "at least 5 members"),
    ):
        result = await world.ann.slash(world.channel, f"server {part}")
        assert said in refused(world, result)


async def test_a_servers_taste_is_drawn_without_names(world: World) -> None:
    await five_rate(world, *[{33352: 10, 20583: 3, 1535: 7}] * 5)
    result = await world.ann.slash(world.channel, "server taste")
    file = picture(result)
    assert (await pixels(file)).size == (800, 600)
    members = [
        {anime_id: drawn_in(score) for anime_id, score in scores.items()}
        for scores in (await world.bot.store.ratings.of_guild(world.ann.guild.id)).values()
    ]
    first, *_, last = await world.bot.recommender.genre_preferences(members)
    assert file.description.startswith(f"Points above or below everyone else, by genre: {first.genre} +")
    assert f"{last.genre} −" in file.description
    assert file.description.partition(": ")[2].count(",") <= 7
    said = str(result.response.embeds[0].to_dict()) + file.description
    assert "How 5 of you rate each genre" in said
    assert not any(name in said for name in ("ann", "bob", "cid", "Death Note"))


async def test_of_many_genres_the_most_and_the_least_liked_are_drawn(world: World) -> None:
    rated = [one for one, anime in world.bot.recommender.catalogue.items() if not anime.adult][:12]
    taste = {anime_id: 10 - at % 10 for at, anime_id in enumerate(rated)}
    await five_rate(world, *[taste] * 5)
    file = picture(await world.ann.slash(world.channel, "server taste"))
    members = [
        {anime_id: drawn_in(score) for anime_id, score in scores.items()}
        for scores in (await world.bot.store.ratings.of_guild(world.ann.guild.id)).values()
    ]
    found = [one.genre for one in await world.bot.recommender.genre_preferences(members)]
    assert len(found) > 8
    drawn = [
        part.rpartition(" ")[0] for part in file.description.removesuffix(".").split(": ")[1].split(", ")
    ]
    assert drawn == [*found[:6], *found[-2:]]


async def test_a_servers_activity_counts_each_week_and_nobody(world: World) -> None:
    await five_rate(world, {1535: 10}, {1535: 9}, {1535: 7}, {1535: 7}, {1535: 7})
    now = world.env.now()
    for anime_id, days in ((16498, 15), (20, 16), (1575, 83), (22319, 85)):
        rated = now - timedelta(days=days)
        await world.bot.store.ratings.rate(world.ann.id, anime_id, 8, source="rate", at=rated)
    result = await world.ann.slash(world.channel, "server activity")
    assert result.response.embeds[0].description == "5 members, 9 ratings, 8 of them in the last 12 weeks."
    file = picture(result)
    counts = [int(week.split()[-1]) for week in file.description.removesuffix(".").split(": ")[1].split(", ")]
    assert counts == [1, *[0] * 8, 2, 0, 5]


async def test_a_server_with_another_servers_members_sees_none_of_their_ratings(world: World) -> None:
    await five_rate(world, *[{1535: 10}] * 5)
    other = world.env.create_guild("Elsewhere")
    elsewhere = other.create_text_channel("general")
    guest = other.add_member(world.env.create_user("guest"))
    result = await guest.slash(elsewhere, "server top")
    assert "has ratings from 5 members" in refused(world, result)


# The charts


async def test_pictures_are_drawn_in_a_thread_of_their_own_one_after_the_other() -> None:
    charts, drawing = ChartRenderer(), set[str]()

    def draw() -> bytes:
        drawing.add(threading.current_thread().name)
        return b"png"

    try:
        assert await asyncio.gather(*(charts.draw(draw) for _ in range(5))) == [b"png"] * 5
    finally:
        charts.close()
    assert len(drawing) == 1
    assert drawing != {threading.current_thread().name}


async def test_when_many_wait_for_pictures_one_more_is_told_to_come_back() -> None:
    charts, go_on = ChartRenderer(), threading.Event()

    def slowly() -> bytes:
        go_on.wait(10)
        return b"png"

    waiting = [asyncio.create_task(charts.draw(slowly)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    try:
        with pytest.raises(MemberError, match="try again in a minute"):
            await charts.draw(slowly)
    finally:
        go_on.set()
    assert await asyncio.gather(*waiting) == [b"png"] * MOST_WAITING
    assert await charts.draw(lambda: b"again") == b"again"
    charts.close()
