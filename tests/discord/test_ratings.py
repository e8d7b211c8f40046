"""/rate, /unrate and /ratings, as members use them."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import MemberError
from tests.discord.conftest import World, expectation, told


async def test_a_rating_is_kept_and_answered_with_what_was_expected(world: World) -> None:
    await world.taste(world.ann, {1535: 9, 16498: 8})
    expected = await expectation(world, {1535: 9, 16498: 8}, 5114)
    result = await world.ann.slash(world.channel, "rate", anime="mal:5114", score=9)
    embed = result.response.embeds[0]
    assert result.ephemeral
    assert embed.title == "Fullmetal Alchemist: Brotherhood"
    assert embed.url == "https://myanimelist.net/anime/5114"
    assert embed.description == f"You rated it **9**. I expected {expected}. You have rated 3 anime."
    assert await world.bot.store.ratings.of_member(world.ann.id) == {1535: 9, 16498: 8, 5114: 9}


async def test_a_changed_rating_shows_the_old_and_the_new_score(world: World) -> None:
    await world.taste(world.ann, {5114: 4})
    result = await world.ann.slash(world.channel, "rate", anime="mal:5114", score=9)
    assert "Your rating went from 4 to **9**." in result.response.embeds[0].description
    assert "You have rated 1 anime." in result.response.embeds[0].description


async def test_the_forecast_of_a_rated_anime_does_not_know_its_rating(world: World) -> None:
    await world.taste(world.ann, {1535: 9, 16498: 8, 5114: 1})
    expected = await expectation(world, {1535: 9, 16498: 8}, 5114)
    result = await world.ann.slash(world.channel, "rate", anime="mal:5114", score=9)
    assert f"I expected {expected}." in result.response.embeds[0].description


async def test_an_anime_that_the_model_does_not_know_can_be_rated_without_a_forecast(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate", anime="mal:63431", score=7)
    assert result.response.embeds[0].description == "You rated it **7**. You have rated 1 anime."
    assert result.response.embeds[0].title.endswith("Daijoubu?")


async def test_titles_are_as_the_member_wants_them(world: World) -> None:
    await world.bot.store.preferences.choose_titles(world.ann.id, "english", at=world.env.now())
    rated = await world.ann.slash(world.channel, "rate", anime="mal:16498", score=9)
    listed = await world.ann.slash(world.channel, "ratings")
    unrated = await world.ann.slash(world.channel, "unrate", anime="mal:16498")
    assert rated.response.embeds[0].title == "Attack on Titan"
    assert "[Attack on Titan](https://myanimelist.net/anime/16498)" in listed.response.embeds[0].description
    assert unrated.response.embeds[0].title == "Attack on Titan"
    of_bob = await world.bob.slash(world.channel, "rate", anime="mal:16498", score=9)
    assert of_bob.response.embeds[0].title == "Shingeki no Kyojin"


@pytest.mark.parametrize(
    "typed",
    [
        "Fullmetal Alchemist: Brotherhood",
        "fullmetal alchemist brotherhood",
        "https://myanimelist.net/anime/5114/Fullmetal_Alchemist__Brotherhood",
        "ＦＵＬＬＭＥＴＡＬ ＡＬＣＨＥＭＩＳＴ　ＢＲＯＴＨＥＲＨＯＯＤ",
    ],
)
async def test_a_title_or_page_typed_out_is_understood(world: World, typed: str) -> None:
    await world.ann.slash(world.channel, "rate", anime=typed, score=9)
    assert await world.bot.store.ratings.of_member(world.ann.id) == {5114: 9}


async def test_a_title_made_of_digits_is_a_title(world: World) -> None:
    await world.ann.slash(world.channel, "rate", anime="86", score=8)
    assert await world.bot.store.ratings.of_member(world.ann.id) == {41457: 8}


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("fulmetal", "Fullmetal Alchemist"),
        ("Momiji", "Momiji (Music · 1979)"),  # its namesake is rated 18+
        ("mal:999999999", "Type part of the title"),
        ("mal:99999999999999999999999999", ""),
        ("5114", ""),
        ("🍣" * 100, "Type part of the title"),
        ("x" * 6000, ""),
    ],
)
async def test_what_matches_no_single_anime_is_answered_with_near_ones_and_rates_nothing(
    world: World, typed: str, hint: str
) -> None:
    result = await world.ann.slash(world.channel, "rate", anime=typed, score=9)
    assert result.ephemeral
    assert result.response.content.startswith("I don't know an anime called")
    assert hint in result.response.content
    assert len(result.response.content) <= 2000
    assert await world.bot.store.ratings.of_member(world.ann.id) == {}
    assert isinstance(told(world), MemberError)


async def test_autocomplete_forgives_and_offers_the_popular_first(world: World) -> None:
    for typed, first in (("kimetu no yaiba", 38000), ("demon slayer", 38000), ("fullmetal", 5114)):
        choices = await world.ann.autocomplete(world.channel, "rate", "anime", typed)
        assert choices[0]["value"] == f"mal:{first}"


async def test_autocomplete_keeps_discords_limits_also_for_the_longest_titles(world: World) -> None:
    for typed in ("", "a", "tsuihou sareta cheat fuyo", "no", "🍣", "z" * 100):
        choices = await world.ann.autocomplete(world.channel, "rate", "anime", typed)
        assert len(choices) <= 25
        assert all(1 <= len(choice["name"]) <= 100 for choice in choices)
    assert any(choice["value"] == "mal:63431" for choice in await long_title(world))


async def long_title(world: World) -> list[dict[str, str]]:
    return await world.ann.autocomplete(world.channel, "rate", "anime", "tsuihou sareta cheat fuyo")


async def test_unrate_takes_a_rating_back_and_offers_only_own_anime(world: World) -> None:
    await world.taste(world.ann, {5114: 9, 1535: 8})
    choices = await world.ann.autocomplete(world.channel, "unrate", "anime", "")
    assert {choice["value"] for choice in choices} == {"mal:5114", "mal:1535"}
    assert await world.bob.autocomplete(world.channel, "unrate", "anime", "full") == []
    result = await world.ann.slash(world.channel, "unrate", anime="mal:5114")
    assert result.ephemeral
    assert "I removed your rating of 9. You have rated 1 anime." in result.response.embeds[0].description
    assert await world.bot.store.ratings.of_member(world.ann.id) == {1535: 8}


async def test_unrate_of_what_was_not_rated_says_so(world: World) -> None:
    result = await world.ann.slash(world.channel, "unrate", anime="mal:5114")
    assert "You haven't rated **Fullmetal Alchemist: Brotherhood**." in result.response.content
    assert isinstance(told(world), MemberError)


async def test_a_rating_of_an_anime_that_left_the_catalogue_can_be_taken_back(world: World) -> None:
    await world.taste(world.ann, {99999: 9})
    result = await world.ann.slash(world.channel, "unrate", anime="https://myanimelist.net/anime/99999")
    assert "I removed your rating of 9." in result.response.embeds[0].description
    assert await world.bot.store.ratings.of_member(world.ann.id) == {}


async def test_ratings_are_listed_page_by_page_and_only_to_their_owner(world: World) -> None:
    catalogue = world.bot.recommender.catalogue
    anime = [one for one in sorted(catalogue) if not catalogue[one].adult][:40]
    await world.taste(world.ann, {anime_id: at % 10 + 1 for at, anime_id in enumerate(anime)})
    result = await world.ann.slash(world.channel, "ratings", sort="highest")
    assert result.ephemeral
    assert result.response.content == "You have rated 40 anime, 5.5 on average."
    scores = [int(line[1:3]) for line in result.response.embeds[0].description.splitlines()]
    assert scores == [10] * 4 + [9] * 4 + [8] * 4 + [7] * 3
    await world.ann.click(result.response, label="More")
    await world.ann.click(result.response, label="More")
    assert result.response.embeds[0].footer.text == "Page 3 of 3"
    assert len(result.response.embeds[0].description.splitlines()) == 10


@pytest.mark.parametrize("sort", ["newest", "oldest", "lowest", "title"])
async def test_ratings_can_be_sorted(world: World, sort: str) -> None:
    for anime_id, score in ((5114, 9), (1535, 3), (16498, 6)):
        await world.ann.slash(world.channel, "rate", anime=f"mal:{anime_id}", score=score)
        await world.env.advance_time(60)
    result = await world.ann.slash(world.channel, "ratings", sort=sort)
    first = {"newest": "Shingeki", "oldest": "Fullmetal", "lowest": "Death Note", "title": "Death Note"}[sort]
    assert first in result.response.embeds[0].description.splitlines()[0]


async def test_an_empty_list_says_how_to_start(world: World) -> None:
    result = await world.ann.slash(world.channel, "ratings")
    assert "Try `/start`, or `/rate` an anime." in result.response.content
    assert isinstance(told(world), MemberError)


async def test_two_members_at_once_each_keep_their_own(world: World) -> None:
    store, now = world.bot.store.ratings, world.env.now()
    await asyncio.gather(
        *(store.rate(member.id, 5114, score, source="rate", at=now) for member, score in
          ((world.ann, 9), (world.bob, 3)))
    )  # fmt: skip
    assert await store.of_member(world.ann.id) == {5114: 9}
    assert await store.of_member(world.bob.id) == {5114: 3}
