"""Titles as options: what is rated 18+ is suggested only where it may be shown, and understood anywhere."""

from __future__ import annotations

import pytest

from bot.errors import MemberError
from tests.discord.conftest import World, told
from tests.discord.test_recommend import age_restrict

REDO_OF_HEALER = 40750  # Erotica
MOMIJI = 3303  # Hentai


async def suggested(world: World, command: str, typed: str) -> list[int]:
    choices = await world.ann.autocomplete(world.channel, command, "anime", typed)
    return [int(choice["value"].removeprefix("mal:")) for choice in choices]


@pytest.mark.parametrize("command", ["rate", "anime", "similar", "why"])
async def test_18_is_suggested_in_age_restricted_channels_alone(world: World, command: str) -> None:
    option = "title" if command == "anime" else "anime"
    for typed, anime_id in (("Redo of Healer", REDO_OF_HEALER), ("momiji", MOMIJI)):
        choices = await world.ann.autocomplete(world.channel, command, option, typed)
        assert f"mal:{anime_id}" not in [choice["value"] for choice in choices]
    age_restrict(world)
    for typed, anime_id in (("Redo of Healer", REDO_OF_HEALER), ("momiji", MOMIJI)):
        choices = await world.ann.autocomplete(world.channel, command, option, typed)
        assert f"mal:{anime_id}" in [choice["value"] for choice in choices]


async def test_own_ratings_of_18_are_suggested_there_alone(world: World) -> None:
    await world.taste(world.ann, {5114: 9, REDO_OF_HEALER: 3})
    assert await suggested(world, "unrate", "") == [5114]
    age_restrict(world)
    assert await suggested(world, "unrate", "") == [5114, REDO_OF_HEALER]


async def test_18_leaves_its_place_in_the_list_to_others(world: World) -> None:
    without = await suggested(world, "rate", "k")
    age_restrict(world)
    all_of_them = await suggested(world, "rate", "k")
    place = all_of_them.index(REDO_OF_HEALER)
    assert len(without) == len(all_of_them) == 25
    assert without[:-1] == all_of_them[:place] + all_of_them[place + 1 :]


async def test_did_you_mean_names_18_there_alone(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate", anime="redo of h", score=3)
    assert result.response.content.startswith("I don't know an anime called")
    assert "Kaifuku" not in result.response.content
    assert "Redo of Healer" not in result.response.content
    age_restrict(world)
    result = await world.ann.slash(world.channel, "rate", anime="redo of h", score=3)
    assert (
        "Did you mean **Redo of Healer / Kaifuku Jutsushi no Yarinaoshi (TV · 2021)**"
        in result.response.content
    )
    assert isinstance(told(world), MemberError)


@pytest.mark.parametrize(
    "typed", ["Redo of Healer", f"https://myanimelist.net/anime/{REDO_OF_HEALER}", f"mal:{REDO_OF_HEALER}"]
)
async def test_a_whole_title_or_page_of_18_can_be_rated_anywhere(world: World, typed: str) -> None:
    result = await world.ann.slash(world.channel, "rate", anime=typed, score=3)
    assert result.ephemeral
    assert await world.bot.store.ratings.of_member(world.ann.id) == {REDO_OF_HEALER: 3}


async def test_what_is_said_of_rated_18_has_title_and_cover_there_alone(world: World) -> None:
    typed = {"anime": "Redo of Healer"}
    rated = await world.ann.slash(world.channel, "rate", **typed, score=3)
    unrated = await world.ann.slash(world.channel, "unrate", **typed)
    for embed in (rated.response.embeds[0], unrated.response.embeds[0]):
        assert embed.description.endswith(" anime.")
        assert (embed.title, embed.url, embed.thumbnail.url) == (None, None, None)
    age_restrict(world)
    rated = await world.ann.slash(world.channel, "rate", **typed, score=3)
    assert "Kaifuku" in rated.response.embeds[0].title


async def test_own_ratings_of_18_are_listed_there_alone(world: World) -> None:
    await world.taste(world.ann, {5114: 9, REDO_OF_HEALER: 3})
    result = await world.ann.slash(world.channel, "ratings")
    assert result.response.content == (
        "You have rated 2 anime, 6.0 on average. 1 anime counted as 18+ is hidden here. See it in an age-restricted channel."
    )
    assert "anime/5114)" in result.response.embeds[0].description
    assert f"anime/{REDO_OF_HEALER})" not in result.response.embeds[0].description
    await world.taste(world.bob, {REDO_OF_HEALER: 3})
    assert (await world.bob.slash(world.channel, "ratings")).response.embeds == []
    age_restrict(world)
    result = await world.ann.slash(world.channel, "ratings")
    assert result.response.content == "You have rated 2 anime, 6.0 on average."
    assert f"anime/{REDO_OF_HEALER})" in result.response.embeds[0].description


async def test_what_is_typed_but_not_picked_counts_where_one_anime_is_clearly_meant(world: World) -> None:
    for typed, anime_id in (("atack on titan", 16498), ("fmab", 5114)):
        await world.ann.slash(world.channel, "rate", anime=typed, score=9)
        assert (await world.bot.store.ratings.of_member(world.ann.id)).get(anime_id) == 9
    asked = await world.ann.slash(world.channel, "rate", anime="fullmetal", score=9)
    assert "Did you mean" in asked.response.content
    assert isinstance(told(world), MemberError)


async def test_the_title_that_was_searched_for_stands_beside_the_main_one(world: World) -> None:
    choices = await world.ann.autocomplete(world.channel, "rate", "anime", "attack on")
    assert choices[0]["name"] == "Attack on Titan / Shingeki no Kyojin (TV · 2013)"
    choices = await world.ann.autocomplete(world.channel, "rate", "anime", "shingeki")
    assert choices[0]["name"] == "Shingeki no Kyojin (TV · 2013)"
    assert all(len(choice["name"]) <= 100 for choice in choices)
