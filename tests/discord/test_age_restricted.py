"""What is rated 18+ is named in age-restricted channels alone, by whichever command and for whatever reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from simcord import ChannelHandle

from bot.errors import MemberError
from hakken import Catalogue, ItemKNNBaseline
from tests.discord.conftest import World, reply, told

pytestmark = pytest.mark.simcord(settle_timeout=60)  # pictures are drawn, which takes a busy machine a while

FIRST, LATER, DEATH_NOTE = 1575, 2904, 1535
"""A series, and its second part: here that one is rated 18+."""


@pytest.fixture(scope="module")
def model_dir(model: ItemKNNBaseline, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue in which an anime that many have rated and that belongs to a series is rated 18+."""
    directory = tmp_path_factory.mktemp("restricted")
    later = replace(catalogue[LATER], genres=(*catalogue[LATER].genres, "Hentai"))
    model.save(directory, Catalogue(later if one.anime_id == LATER else one for one in catalogue.values()))
    return directory


@pytest.fixture
def restricted(world: World) -> ChannelHandle:
    """An age-restricted channel; simcord knows none, so it is the bot that is told so."""
    channel = world.ann.guild.create_text_channel("after-dark")
    cast("discord.TextChannel", world.bot.get_channel(channel.id)).nsfw = True
    return channel


async def names_it(world: World, channel: ChannelHandle, command: str, **options: Any) -> bool:
    """Whether what Ann is answered there names the anime that is rated 18+."""
    message = reply(await world.ann.slash(channel, command, **options))
    text = str([message.content, *(embed.to_dict() for embed in message.embeds), message.components])
    return "Hangyaku no Lelouch R2" in text


async def five(world: World) -> None:
    """Five members rate it high, and use the bot here."""
    await world.raters(*[{LATER: 10, DEATH_NOTE: 3, 16498: 4}] * 5)


async def test_parts_that_come_later(world: World, restricted: ChannelHandle) -> None:
    for channel, named in ((world.channel, False), (restricted, True)):
        assert await names_it(world, channel, "anime", title=f"mal:{FIRST}") is named


async def test_ratings_that_speak_for_and_against_an_anime(world: World, restricted: ChannelHandle) -> None:
    await world.taste(world.ann, {LATER: 10, 16498: 4, 22319: 7})
    for channel, named in ((world.channel, False), (restricted, True)):
        assert await names_it(world, channel, "why", anime=f"mal:{DEATH_NOTE}") is named


async def test_ratings_for_which_an_anime_is_recommended(world: World, restricted: ChannelHandle) -> None:
    # Nothing else that Ann has rated speaks for anything.
    await world.taste(world.ann, {LATER: 10, 16498: 1, 22319: 1, 20: 1})
    for channel, named in ((world.channel, False), (restricted, True)):
        assert await names_it(world, channel, "recommend", count=4) is named


async def test_ratings_for_which_an_anime_comes_as_a_surprise(world: World) -> None:
    await world.taste(world.ann, {LATER: 10, 16498: 1, 22319: 1, 20: 1})
    message = (await world.ann.slash(world.channel, "surprise")).response
    for _ in range(5):
        await world.ann.click(message, label="Another")
        [embed] = message.embeds
        assert "Hangyaku no Lelouch R2" not in str(embed.to_dict())


async def test_what_is_recommended_after_the_last_question(world: World, restricted: ChannelHandle) -> None:
    recommender = world.bot.recommender
    question = recommender.questions[0]
    few = {LATER, question, *[one for one in recommender.catalogue if one not in recommender.questions][-3:]}
    for member, channel, named in (
        (world.ann, world.channel, False),
        (world.bob, restricted, True),
    ):
        await world.taste(member, {one: 8 for one in recommender.catalogue if one not in few})
        asked = (await member.slash(channel, "start")).response
        await member.click(asked, label="Not seen")
        assert asked.embeds
        titles = str([embed.title for embed in asked.embeds])
        assert ("Hangyaku no Lelouch R2" in titles) is named


async def test_what_comes_next_in_a_series(world: World, restricted: ChannelHandle) -> None:
    await world.taste(world.ann, {FIRST: 10})
    assert not await names_it(world, world.channel, "continue")
    assert isinstance(told(world), MemberError)
    assert await names_it(world, restricted, "continue")


async def test_what_is_like_another(world: World, restricted: ChannelHandle) -> None:
    liked = await world.bot.recommender.similar(LATER, 1)
    anime = f"mal:{liked[0].anime_id}"
    for channel, named in ((world.channel, False), (restricted, True)):
        assert await names_it(world, channel, "similar", anime=anime) is named


async def test_what_one_can_lend_another(world: World, restricted: ChannelHandle) -> None:
    await world.taste(world.ann, {LATER: 10})
    await world.taste(world.bob, {30276: 9, 11061: 8, 20: 3, FIRST: 8})
    for member in (world.ann, world.bob):
        await world.bot.store.privacy.allow_comparing(member.id, allowed=True, at=world.env.now())
    assert not await names_it(world, world.channel, "lend", member=world.bob)
    assert isinstance(told(world), MemberError)
    assert await names_it(world, restricted, "lend", member=world.bob)


async def test_a_servers_best(world: World, restricted: ChannelHandle) -> None:
    await five(world)
    for channel, named in ((world.channel, False), (restricted, True)):
        assert await names_it(world, channel, "server top") is named


async def test_genres_that_a_server_likes(world: World, restricted: ChannelHandle) -> None:
    await five(world)
    for channel, named in ((world.channel, False), (restricted, True)):
        [picture] = (await world.ann.slash(channel, "server taste")).response.attachments
        assert ("Hentai" in (picture.description or "")) is named


async def test_votes_by_button_and_menu(world: World) -> None:
    await world.bot.store.server_list.add(world.ann.guild.id, LATER, world.ann.id, at=world.env.now())
    # A list that was shown while the channel was age-restricted.
    view, menu_id = discord.ui.View(timeout=None), f"serverlist:choose:list:{world.ann.id}:0"
    view.add_item(discord.ui.Button(label="vote", custom_id=f"serverlist:vote:{LATER}"))
    options = [discord.SelectOption(label="x", value=str(LATER))]
    view.add_item(discord.ui.Select(custom_id=menu_id, options=options))
    channel = cast("discord.TextChannel", world.bot.get_channel(world.channel.id))
    message = await channel.send("here", view=view)
    pressed = await world.bob.click(message, label="vote")
    assert "counts as 18+" in pressed.response.content
    chosen = await world.bob.select(message, [str(LATER)], custom_id=menu_id)
    assert "counts as 18+" in chosen.response.content
    [listed] = await world.bot.store.server_list.of_guild(world.ann.guild.id)
    assert listed.votes == 1
    channel.nsfw = True
    pressed = await world.bob.click(message, label="vote")
    assert [one.ephemeral for one in pressed.followups] == [True]
    assert "R2" in pressed.followups[0].content


async def test_what_was_watched(world: World, restricted: ChannelHandle) -> None:
    await names_it(world, restricted, "watchlist server add", anime=f"mal:{LATER}")
    await names_it(world, restricted, "watchlist server watched", anime=f"mal:{LATER}")
    for channel, named in ((world.channel, False), (restricted, True)):
        assert await names_it(world, channel, "watchlist server history") is named


async def test_what_somebody_has_not_rated(world: World, restricted: ChannelHandle) -> None:
    for channel, named in ((world.channel, False), (restricted, True)):
        answer = str(reply(await world.ann.slash(channel, "unrate", anime=f"mal:{LATER}")).content)
        assert ("Hangyaku no Lelouch R2" in answer) is named
        assert isinstance(told(world), MemberError)


async def test_genres_that_a_slip_may_have_meant(world: World, restricted: ChannelHandle) -> None:
    for channel, named in ((world.channel, False), (restricted, True)):
        answer = str(reply(await world.ann.slash(channel, "recommend", genre="Hentia")).content)
        assert ("Hentai" in answer) is named
        assert isinstance(told(world), MemberError)


async def test_pages_of_an_answer_from_before_the_channel_was_opened(
    world: World, restricted: ChannelHandle
) -> None:
    await world.taste(world.ann, {FIRST: 10, DEATH_NOTE: 9})
    shown = (await world.ann.slash(restricted, "recommend", count=25, sequels="include")).response
    texts = [str([one.to_dict() for one in shown.embeds])]
    cast("discord.TextChannel", world.bot.get_channel(restricted.id)).nsfw = False
    for label in ("More", "More", "More", "Back", "Back", "Back"):
        await world.ann.click(shown, label=label)
        texts.append(str([one.to_dict() for one in shown.embeds]))
    assert len(set(texts)) >= 4
    assert not [text for text in texts[1:] if "Hangyaku no Lelouch R2" in text or f"/anime/{LATER}" in text]
    assert [text for text in texts[1:] if "18+ anime" in text]
