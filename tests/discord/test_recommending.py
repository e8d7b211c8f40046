"""/recommend: picks, filters, pages, whose buttons, how long, and after a restart."""

from __future__ import annotations

from collections.abc import Callable

import discord
import pytest

from bot.client import HakkenBot
from bot.errors import MemberError
from bot.ui.paginator import OUT_OF_TIME
from tests.discord.conftest import World, told

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2, 9253: 10}


def titles(message: object) -> list[str]:
    return [embed.title for embed in message.embeds]  # type: ignore[attr-defined]


async def test_recommend_shows_linked_anime_with_prediction_facts_and_reasons(world: World) -> None:
    await world.taste(world.ann, TASTE)
    best = (await world.bot.recommender.recommend(TASTE, 3))[0]
    result = await world.ann.slash(world.channel, "recommend", count=3)
    assert not result.ephemeral
    assert result.response.content == "For you, by your 6 ratings:"
    first = result.response.embeds[0]
    anime = world.bot.recommender.catalogue[best.anime_id]
    assert first.title == discord.utils.escape_markdown(anime.title)
    assert first.url == f"https://myanimelist.net/anime/{best.anime_id}"
    assert f"**★ {best.predicted:.1f}** predicted" in first.description
    assert f"{anime.type} · " in first.description
    assert ", ".join(anime.genres[:4]) in first.description
    assert "because you gave **" in first.description
    assert len(result.response.embeds) == 3
    assert not result.response.components


async def test_a_rating_counts_in_the_next_recommendation(world: World) -> None:
    await world.taste(world.ann, TASTE)
    before = await world.ann.slash(world.channel, "recommend", count=1)
    first = (await world.bot.recommender.recommend(TASTE, 1))[0].anime_id
    await world.ann.slash(world.channel, "rate", anime=f"mal:{first}", score=10)
    after = await world.ann.slash(world.channel, "recommend", count=25)
    assert titles(before.response)[0] not in titles(after.response)
    assert "by your 7 ratings" in after.response.content


async def test_without_ratings_it_says_how_to_start_and_that_these_are_what_most_people_love(
    world: World,
) -> None:
    result = await world.ann.slash(world.channel, "recommend")
    assert "rate at least 5 anime with `/rate`" in result.response.content
    assert "what most people love" in result.response.content
    assert "on average" in result.response.embeds[0].description
    await world.taste(world.ann, {5114: 9})
    result = await world.ann.slash(world.channel, "recommend")
    assert "You have rated 1 so far" in result.response.content


async def test_filters_by_type_and_genre_combine(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", type="Movie", genre="drama")
    by_title = {anime.title: anime for anime in world.bot.recommender.catalogue.values()}
    found = [by_title[title.replace("\\", "")] for title in titles(result.response)]
    assert found
    assert all(anime.type == "Movie" and "Drama" in anime.genres for anime in found)


async def test_nothing_rated_18_is_recommended(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", genre="Hentai", count=25)
    assert "I know no anime of that kind" in result.response.content
    assert isinstance(told(world), MemberError)


async def test_an_unknown_genre_gets_near_ones(world: World) -> None:
    result = await world.ann.slash(world.channel, "recommend", genre="psycological")
    assert "Did you mean **Psychological**" in result.response.content
    assert isinstance(told(world), MemberError)
    choices = await world.ann.autocomplete(world.channel, "recommend", "genre", "psyc")
    assert choices[0]["value"] == "Psychological"
    assert len(await world.ann.autocomplete(world.channel, "recommend", "genre", "")) == 25


async def test_only_me_is_seen_by_nobody_else(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", only_me=True)
    assert result.ephemeral


async def test_pages_turn_there_and_back(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=12)
    first = titles(result.response)
    await world.ann.click(result.response, label="More")
    second = titles(result.response)
    await world.ann.click(result.response, label="More")
    third = titles(result.response)
    assert (len(first), len(second), len(third)) == (5, 5, 2)
    assert len({*first, *second, *third}) == 12
    await world.ann.click(result.response, label="Back")
    assert titles(result.response) == second


async def test_only_the_asker_turns_the_pages(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    shown = titles(result.response)
    refused = await world.bob.click(result.response, label="More")
    assert refused.ephemeral
    assert "Only the member who asked" in refused.response.content
    assert titles(result.response) == shown


async def test_buttons_go_when_their_time_is_up_whichever_page_is_shown(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    await world.ann.click(result.response, label="More")
    shown = titles(result.response)
    await world.env.advance_time(9 * 60)
    assert result.response.components
    await world.env.advance_time(60)
    assert not result.response.components
    assert titles(result.response) == shown


async def test_pages_turn_after_a_restart(world: World, new_bot: Callable[[], HakkenBot]) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    first = titles(result.response)
    await world.env.restart_bot(new_bot())
    await world.ann.click(result.response, label="More")
    second = titles(result.response)
    assert len(second) == 5
    assert not {*first} & {*second}
    refused = await world.bob.click(result.response, label="Back")
    assert "Only the member who asked" in refused.response.content


async def test_buttons_of_before_a_restart_end_kindly_when_their_time_is_up(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(11 * 60)
    pressed = await world.ann.click(result.response, label="More")
    assert [followup.content for followup in pressed.followups] == [OUT_OF_TIME]
    assert not result.response.components


@pytest.mark.parametrize("count", [1, 25])
async def test_any_count_that_discord_lets_through_is_answered(world: World, count: int) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=count)
    assert len(result.response.embeds) == min(count, 5)


async def test_in_a_direct_message_own_commands_answer_and_the_servers_are_not_offered(world: World) -> None:
    alone = world.env.create_user("alone")
    result = await alone.slash("recommend")
    assert "what most people love" in result.response.content
    await alone.slash("rate", anime="mal:5114", score=9)
    assert await world.bot.store.ratings.of_member(alone.id) == {5114: 9}
    assert "suggest" not in alone.available_commands()
