"""/suggest: good for all, new to all, and nobody's ratings shown."""

from __future__ import annotations

import re

from discord.utils import escape_markdown

from bot.errors import MemberError
from tests.discord.conftest import World, told

ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
BOB = {5114: 9, 4224: 10, 2167: 9, 8074: 1}


async def test_suggest_picks_what_no_participant_has_rated_and_all_would_like(world: World) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    picks = await world.bot.recommender.suggest([ANN, BOB], 5)
    result = await world.bob.slash(world.channel, "suggest")
    assert "For the 2 members here who rate" in result.response.content
    for pick, embed in zip(picks, result.response.embeds, strict=True):
        assert pick.anime_id not in ANN | BOB
        assert f"**★ {pick.mean:.1f}** for 2 members" in embed.description
        assert f"from {pick.lowest:.1f} to {pick.highest:.1f}" in embed.description
        assert pick.lowest >= world.bot.settings.misery_floor


async def test_titles_are_as_the_member_who_asks_wants_them(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.bot.store.preferences.choose_titles(world.ann.id, "english", at=world.env.now())
    result = await world.ann.slash(world.channel, "suggest", count=5)
    catalogue = world.bot.recommender.catalogue
    asked = [catalogue[int(embed.url.rpartition("/")[2])] for embed in result.response.embeds]
    assert any(anime.english for anime in asked)
    assert [embed.title for embed in result.response.embeds] == [
        escape_markdown(anime.english or anime.title) for anime in asked
    ]


async def test_suggest_names_no_member_and_none_of_their_ratings(world: World) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    result = await world.ann.slash(world.channel, "suggest", count=25)
    shown = [embed.to_dict() for embed in result.response.embeds]
    rated = [world.bot.recommender.catalogue[anime_id] for anime_id in ANN | BOB]
    assert not {one["url"] for one in shown} & {anime.url for anime in rated}
    # A pick's own name may hold another's: 'Clannad: After Story' names no rating of 'Clannad'.
    text = result.response.content + str([{**one, "title": "", "url": ""} for one in shown])
    for pick in world.bot.recommender.catalogue.values():
        if pick.url in {one["url"] for one in shown} and pick.english:
            text = text.replace(escape_markdown(pick.english), "")
    ids = [str(member.id) for member in (world.ann, world.bob)]
    assert not any(secret in text for secret in (*ids, *(anime.title for anime in rated)))
    assert not any(str(anime_id) in text for anime_id in ANN | BOB)
    assert not {"ann", "bob"} & {*re.findall(r"\w+", text.lower())}


async def test_using_the_bot_makes_a_participant_of_that_server_alone(world: World) -> None:
    other = world.env.create_guild("Elsewhere")
    elsewhere = other.create_text_channel("general")
    guest = other.add_member(world.env.create_user("guest"))
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "recommend")
    participants = world.bot.store.participants
    assert await participants.of_guild(world.ann.guild.id) == [world.ann.id]
    assert await participants.of_guild(other.id) == []
    result = await guest.slash(elsewhere, "suggest")
    assert "Nobody who counts here has rated anything yet" in result.response.content
    assert isinstance(told(world), MemberError)
    assert await participants.of_guild(other.id) == [guest.id]


async def test_a_single_member_is_told_so_and_their_range_is_not_shown(world: World) -> None:
    await world.taste(world.ann, ANN)
    result = await world.ann.slash(world.channel, "suggest")
    assert "Only one member here has rated" in result.response.content
    assert " to " not in result.response.embeds[0].description.splitlines()[0]


async def test_a_group_that_nothing_pleases_is_told_so(world: World) -> None:
    await world.taste(world.ann, dict.fromkeys(list(world.bot.recommender.catalogue)[:60], 1))
    result = await world.ann.slash(world.channel, "suggest")
    assert "nothing that is new to everyone here and good enough" in result.response.content
    assert isinstance(told(world), MemberError)
