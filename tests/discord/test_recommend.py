"""/recommend: picks, filters, what is remembered, pages, whose buttons, how long, and after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.client import HakkenBot
from bot.cogs.recommend.intros import filled_up, recommendation_intro, surprise_intro
from bot.errors import MemberError
from bot.privacy import as_others_read
from bot.ui.paginator import OUT_OF_TIME
from hakken import Anime
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Member, Pick
from hakken.recommend.shown_ratings import ShownRating
from tests.discord.conftest import World, reply, told

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2, 9253: 10}
REDO_OF_HEALER = 40750  # Erotica


def titles(message: object) -> list[str]:
    return [embed.title for embed in message.embeds]  # type: ignore[attr-defined]


def shown(world: World, message: object) -> list[Anime]:
    """The anime of the page, by the addresses that their titles link to."""
    ids = [int(embed.url.rpartition("/")[2]) for embed in message.embeds]  # type: ignore[attr-defined]
    return [world.bot.recommender.catalogue[one] for one in ids]


def labels(message: object) -> list[str]:
    rows = message.components  # type: ignore[attr-defined]
    return [button["label"] for row in rows for button in row["components"]]


async def pages(world: World, message: object) -> AsyncIterator[object]:
    """The message, once with each page of it."""
    yield message
    while "More" in labels(message) and not _at_the_end(message):
        await world.ann.click(message, label="More")
        yield message


async def all_shown(world: World, message: object) -> list[Anime]:
    """The anime of all pages."""
    return [anime async for page in pages(world, message) for anime in shown(world, page)]


async def all_texts(world: World, message: object) -> list[str]:
    """What stands under the titles of all pages."""
    return [embed.description async for page in pages(world, message) for embed in page.embeds]  # type: ignore[attr-defined]


def _at_the_end(message: object) -> bool:
    rows = message.components  # type: ignore[attr-defined]
    return any(one["label"] == "More" and one["disabled"] for row in rows for one in row["components"])


def age_restrict(world: World) -> None:
    """As Discord would tell of it: simcord has no age-restricted channels."""
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    channel.nsfw = True


async def test_recommend_shows_numbered_linked_anime_with_prediction_facts_and_reasons(world: World) -> None:
    await world.taste(world.ann, TASTE)
    unasked = Filters(ecchi=False)
    best = (await world.bot.recommender.recommend(as_others_read(Member(TASTE)), 3, unasked))[0]
    result = await world.ann.slash(world.channel, "recommend", count=3)
    assert not result.ephemeral
    assert result.response.content == "Based on your 6 ratings:"
    first = result.response.embeds[0]
    anime = world.bot.recommender.catalogue[best.anime_id]
    assert first.title == f"1. {discord.utils.escape_markdown(anime.title)}"
    assert first.url == f"https://myanimelist.net/anime/{best.anime_id}"
    assert f"**★ {best.shown}** predicted · {best.confidence}" in first.description
    assert f"{anime.type} · " in first.description
    assert ", ".join(anime.genres[:4]) in first.description
    assert "Because you liked **" in first.description
    assert "rated" not in first.description
    assert len(result.response.embeds) == 3
    assert "More" not in labels(result.response)


async def test_a_rating_counts_in_the_next_recommendation(world: World) -> None:
    await world.taste(world.ann, TASTE)
    before = shown(world, (await world.ann.slash(world.channel, "recommend", count=1)).response)[0]
    await world.ann.slash(world.channel, "rate", anime=f"mal:{before.anime_id}", score=10)
    after = await world.ann.slash(world.channel, "recommend", count=25)
    assert before not in await all_shown(world, after.response)
    assert "your 7 ratings" in after.response.content


async def test_without_ratings_it_says_how_to_start_and_that_these_are_what_most_people_love(
    world: World,
) -> None:
    result = await world.ann.slash(world.channel, "recommend")
    assert "I don't know your taste yet" in result.response.content
    assert "what most people love" in result.response.content
    assert "`/start`" in result.response.content
    assert "`/rate`" in result.response.content
    assert "on average" in result.response.embeds[0].description


@pytest.mark.parametrize(("rated", "said"), [(1, "Only 1 rating so far"), (4, "Only 4 ratings so far")])
async def test_with_few_ratings_it_calls_its_picks_guesses(world: World, rated: int, said: str) -> None:
    await world.taste(world.ann, dict(list(TASTE.items())[:rated]))
    result = await world.ann.slash(world.channel, "recommend")
    assert result.response.content.startswith(f"{said}, so these are guesses")
    assert "`/start`" in result.response.content
    assert "predicted" in result.response.embeds[0].description


async def test_ratings_that_the_model_does_not_know_tell_it_nothing(world: World) -> None:
    await world.taste(world.ann, {63431: 10, 999_999: 9})
    result = await world.ann.slash(world.channel, "recommend")
    assert "I don't know your taste yet" in result.response.content


FILTERS: list[tuple[dict[str, object], Callable[[Anime], bool]]] = [
    ({"type": "Movie"}, lambda anime: anime.type == "Movie"),
    ({"genre": "drama"}, lambda anime: "Drama" in anime.genres),
    ({"genre": "drama, ACTION"}, lambda anime: {"Drama", "Action"} <= {*anime.genres}),
    ({"without": "Action, comedy"}, lambda anime: not {"Action", "Comedy"} & {*anime.genres}),
    ({"from_year": 2015}, lambda anime: (anime.year or 0) >= 2015),
    ({"to_year": 2010}, lambda anime: 0 < (anime.year or 0) <= 2010),
    ({"length": "an evening"}, lambda anime: 0 < (anime.episodes or 0) <= 6),
    ({"length": "long"}, lambda anime: (anime.episodes or 0) > 26),
    ({"type": "TV", "genre": "Comedy", "from_year": 2010, "to_year": 2015},
     lambda anime: anime.type == "TV" and "Comedy" in anime.genres and 2010 <= (anime.year or 0) <= 2015),
]  # fmt: skip


@pytest.mark.parametrize(("options", "wanted"), FILTERS)
async def test_filters_leave_only_what_was_asked_for(
    world: World, options: Mapping[str, object], wanted: Callable[[Anime], bool]
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=25, **options)
    found = await all_shown(world, result.response)
    assert found
    assert all(wanted(anime) for anime in found)


async def test_min_raters_adventure_sequels_and_sort_reach_the_recommender(world: World) -> None:
    await world.taste(world.ann, TASTE)
    raters = {int(one): int(many) for one, many in zip(
        world.bot.recommender._model.anime_ids, world.bot.recommender._model.raters, strict=True
    )}  # fmt: skip
    floor = sorted(raters.values())[-20]
    result = await world.ann.slash(world.channel, "recommend", count=25, min_raters=floor)
    found = await all_shown(world, result.response)
    assert found
    assert all(raters[anime.anime_id] >= floor for anime in found)
    for options in (
        {"adventure": "hidden gems"},
        {"sequels": "include"},
        {"sort": "best match"},
        {"sort": "newest"},
    ):
        filters = Filters.model_validate({**options, "ecchi": False})
        wished = await world.bot.recommender.recommend(as_others_read(Member(TASTE)), 8, filters)
        result = await world.ann.slash(world.channel, "recommend", count=8, **options)
        assert [anime.anime_id for anime in await all_shown(world, result.response)] == [
            pick.anime_id for pick in wished
        ]


async def test_a_pick_that_stands_in_for_a_sequel_says_so(world: World) -> None:
    await world.taste(world.ann, TASTE)
    picks = await world.bot.recommender.recommend(as_others_read(Member(TASTE)), 25)
    standing_in = [pick for pick in picks if pick.in_place_of]
    if not standing_in:
        pytest.skip("this model's picks are all their own")
    result = await world.ann.slash(world.channel, "recommend", count=25)
    texts = await all_texts(world, result.response)
    later = world.bot.recommender.catalogue.title(standing_in[0].in_place_of or 0)
    assert any(f"Start here, then **{later[:20]}" in text for text in texts)


async def test_the_next_part_of_a_series_says_what_it_follows_with_the_score_only_to_the_member(
    world: World,
) -> None:
    await world.taste(world.ann, TASTE)
    service = world.bot.recommender
    [next_part] = [
        one.anime_id for one in await service.continuations(Member(TASTE), 9) if one.after == 16498
    ]
    for only_me, said in ((False, ""), (True, " and rated it 8")):
        result = await world.ann.slash(world.channel, "recommend", count=25, only_me=only_me)
        texts = await all_texts(world, result.response)
        assert [f"You finished **Shingeki no Kyojin**{said}" in text.splitlines() for text in texts].count(
            True
        ) == 1
        [following] = [text for text in texts if "You finished **Shingeki no Kyojin**" in text]
        assert str(service.catalogue[next_part].year) in following
        assert following.count("Shingeki no Kyojin") == 1


async def test_nothing_rated_18_is_shown_outside_age_restricted_channels(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", genre="Erotica", count=25)
    assert "only in age-restricted channels" in reply(result).content
    assert isinstance(told(world), MemberError)
    alone = world.env.create_user("alone")
    result = await alone.slash("recommend", genre="Erotica")
    assert "only in age-restricted channels" in reply(result).content
    told(world)
    offered = await world.ann.autocomplete(world.channel, "recommend", "genre", "erotica")
    assert "Erotica" not in [choice["value"] for choice in offered]


async def test_18_is_shown_in_age_restricted_channels_and_that_is_not_remembered(world: World) -> None:
    await world.taste(world.ann, TASTE)
    age_restrict(world)
    offered = await world.ann.autocomplete(world.channel, "recommend", "genre", "erotica")
    assert "Erotica" in [choice["value"] for choice in offered]
    result = await world.ann.slash(world.channel, "recommend", genre="Erotica", remember=True)
    assert [anime.anime_id for anime in shown(world, result.response)] == [REDO_OF_HEALER]
    remembered = (await world.bot.store.preferences.of_member(world.ann.id)).filters
    assert remembered == Filters(genres=frozenset({"Erotica"}))
    other = world.ann.guild.create_text_channel("for-all-ages")
    result = await world.ann.slash(other, "recommend")
    assert "only in age-restricted channels" in reply(result).content
    told(world)


async def test_a_rating_of_18_is_named_as_a_reason_nowhere_else(world: World) -> None:
    await world.taste(world.ann, {REDO_OF_HEALER: 10, 1535: 1})
    title = world.bot.recommender.catalogue.title(REDO_OF_HEALER)
    picks = await world.bot.recommender.recommend(as_others_read(Member({REDO_OF_HEALER: 10, 1535: 1})), 25)
    named = [r for pick in picks for r in pick.because[:2] if r.anime_id == REDO_OF_HEALER]
    assert any(reason.contribution > 0 for reason in named), "the test shows nothing"
    for restricted in (False, True):
        if restricted:
            age_restrict(world)
        result = await world.ann.slash(world.channel, "recommend", count=25)
        text = str(await all_texts(world, result.response))
        assert (title in text) == restricted


async def test_what_fits_nothing_is_answered_with_the_filters_to_loosen(world: World) -> None:
    result = await world.ann.slash(
        world.channel, "recommend", type="Movie", genre="Sports", from_year=1901, to_year=1902
    )
    assert "Nothing new fits **Movie · Sports · 1901–1902**." in reply(result).content
    assert "Try removing a filter: `type`, `genre`, `from_year`, `to_year`" in reply(result).content
    assert isinstance(told(world), MemberError)


async def test_one_year_alone_can_be_asked_for(world: World) -> None:
    result = await world.ann.slash(world.channel, "recommend", from_year=2012, to_year=2012, count=25)
    assert {anime.year for anime in await all_shown(world, result.response)} == {2012}


async def test_more_genres_than_ten_are_too_many(world: World) -> None:
    genres = list(world.bot.recommender.catalogue.genres)
    result = await world.ann.slash(world.channel, "recommend", without=", ".join(genres[:11]))
    assert result.response.content.startswith("Name 1 to 10 genres")
    assert isinstance(told(world), MemberError)


async def test_a_genre_that_is_named_already_is_not_offered_again(world: World) -> None:
    choices = await world.ann.autocomplete(world.channel, "recommend", "genre", "drama, dram")
    assert "drama, Drama" not in [choice["value"] for choice in choices]


async def test_that_buttons_have_had_their_time_is_told_to_who_pressed_alone(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(11 * 60)
    pressed = await world.ann.click(result.response, label="More")
    assert [one.ephemeral for one in pressed.followups] == [True]


async def test_years_the_wrong_way_round_are_told(world: World) -> None:
    result = await world.ann.slash(world.channel, "recommend", from_year=2020, to_year=2010)
    assert "`from_year` must be before `to_year`." in reply(result).content
    assert isinstance(told(world), MemberError)


async def test_an_unknown_genre_gets_near_ones(world: World) -> None:
    result = await world.ann.slash(world.channel, "recommend", genre="Drama, psycological")
    assert "Did you mean **Psychological**" in result.response.content
    assert isinstance(told(world), MemberError)
    for crafted in (",", ",".join(["Drama"] * 11), "x" * 6000, "🍣" * 500):
        result = await world.ann.slash(world.channel, "recommend", without=crafted)
        assert 0 < len(result.response.content) <= 300
        assert isinstance(told(world), MemberError)


async def test_genres_longer_than_discord_offers_harm_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A choice has at most 100 characters, a message 2,000."""
    longest = [f"{one:02}" + "*" * 98 for one in range(20)]
    genres = (*longest, "x" * 101)
    monkeypatch.setitem(world.bot.recommender.catalogue.__dict__, "genres", genres)
    offered = await world.ann.autocomplete(world.channel, "recommend", "genre", "")
    assert [choice["value"] for choice in offered] == longest
    result = await world.ann.slash(world.channel, "recommend", genre="x" * 101)
    assert "I don't know the genre" in reply(result).content
    assert isinstance(told(world), MemberError)
    result = await world.ann.slash(
        world.channel, "recommend", genre=", ".join(longest[:10]), without=", ".join(longest[10:])
    )
    assert "Try removing a filter: `genre`, `without`" in reply(result).content
    assert isinstance(told(world), MemberError)


async def test_genres_are_completed_one_after_the_other(world: World) -> None:
    async def offered(typed: str, option: str = "genre") -> list[str]:
        choices = await world.ann.autocomplete(world.channel, "recommend", option, typed)
        assert all(len(choice["name"]) <= 100 and choice["name"] == choice["value"] for choice in choices)
        return [choice["value"] for choice in choices]

    assert (await offered("psyc"))[0] == "Psychological"
    assert len(await offered("")) == 25
    assert (await offered("Drama, psyc", "without"))[0] == "Drama, Psychological"
    assert "Drama, Drama" not in await offered("drama, ")
    assert len(await offered("Drama,")) == 25
    long = "Psychological, " * 6
    assert await offered(f"{long}action") == [f"{long}Action"]
    assert f"{long}Slice of Life" not in await offered(f"{long}slice of life")


async def test_filters_are_remembered_when_asked_and_given_ones_go_before_them(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", type="Movie", without="Horror", remember=True)
    assert "I'll remember these filters. You can see or forget them" in result.response.content
    result = await world.ann.slash(world.channel, "recommend")
    assert "Your remembered filters are on. You can see or forget them" in result.response.content
    assert "Horror" not in result.response.content  # what she filters by is her own business
    assert {anime.type for anime in shown(world, result.response)} == {"Movie"}
    result = await world.ann.slash(world.channel, "recommend", only_me=True)
    assert "Your remembered filters are on: Movie · without Horror." in result.response.content
    result = await world.ann.slash(world.channel, "recommend", type="TV", only_me=True)
    assert "Your remembered filters are on: without Horror." in result.response.content
    assert {anime.type for anime in shown(world, result.response)} == {"TV"}
    result = await world.bob.slash(world.channel, "recommend")
    assert "remembered" not in result.response.content


async def test_an_order_is_remembered_like_a_filter_and_another_goes_before_it(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=25, sort="newest", remember=True)
    newest = [anime.year or 0 for anime in await all_shown(world, result.response)]
    assert newest == sorted(newest, reverse=True)
    kept = (await world.bot.store.preferences.of_member(world.ann.id)).filters
    assert kept == Filters(sort="newest")
    result = await world.ann.slash(world.channel, "recommend", count=25, only_me=True)
    assert "Your remembered filters are on: newest first." in result.response.content
    years = [anime.year or 0 for anime in await all_shown(world, result.response)]
    assert years == sorted(years, reverse=True)
    result = await world.ann.slash(world.channel, "recommend", count=25, sort="highest rating", only_me=True)
    assert "remembered" not in result.response.content
    years = [anime.year or 0 for anime in await all_shown(world, result.response)]
    assert years != sorted(years, reverse=True)


async def test_where_too_few_are_as_good_as_they_are_used_to_the_rest_is_counted(world: World) -> None:
    await world.taste(world.ann, TASTE)
    read = as_others_read(Member(TASTE))
    films = Filters(types=frozenset({"Movie"}), ecchi=False)
    picks = await world.bot.recommender.recommend(read, 25, films)
    below = sum(pick.below_usual for pick in picks)
    assert 1 < below < len(picks)
    result = await world.ann.slash(world.channel, "recommend", count=25, type="Movie")
    assert f"so {below} of these may please you less." in result.response.content
    good = len(picks) - below
    result = await world.ann.slash(world.channel, "recommend", count=good, type="Movie")
    assert result.response.content == "Based on your 6 ratings:"


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (0, ""),
        (1, "I found too few that you should like, so 1 of these may please you less."),
        (3, "I found too few that you should like, so 3 of these may please you less."),
    ],
)
def test_picks_that_only_fill_up_the_list_are_counted(below: int, said: str) -> None:
    good = Pick(1, 8.0, ShownRating(8, 8), (), "sure")
    assert filled_up([good] * 2 + [replace(good, below_usual=True)] * below) == said
    intro = recommendation_intro(6, 5, [good] * 2 + [replace(good, below_usual=True)] * below, "")
    assert intro.splitlines() == ["Based on your 6 ratings:", *([said] if said else [])]


def test_a_surprise_says_that_it_is_below_their_usual() -> None:
    good = Pick(1, 8.0, ShownRating(8, 8), (), "sure")
    assert surprise_intro(good, reasons=True, about_filters="") == "A hidden gem, close to what you like:"
    assert surprise_intro(replace(good, below_usual=True), reasons=True, about_filters="") == (
        "I found no hidden gem that you should like, so this one may please you less:"
    )


async def test_filters_that_fit_nothing_are_not_remembered(world: World) -> None:
    await world.ann.slash(world.channel, "recommend", to_year=1901, remember=True)
    told(world)
    assert (await world.bot.store.preferences.of_member(world.ann.id)).filters is None


async def test_a_remembered_year_that_contradicts_a_given_one_is_told(world: World) -> None:
    await world.ann.slash(world.channel, "recommend", to_year=2010, remember=True)
    result = await world.ann.slash(world.channel, "recommend", from_year=2020)
    assert "`/preferences` shows your remembered filters" in reply(result).content
    assert isinstance(told(world), MemberError)


@pytest.mark.parametrize(("titles", "title", "second_line"), [
    ("romaji", "1. Shingeki no Kyojin", False),
    ("english", "1. Attack on Titan", False),
    ("both", "1. Shingeki no Kyojin", True),
])  # fmt: skip
async def test_titles_are_as_the_member_wants_them_also_on_later_pages(
    world: World, titles: str, title: str, second_line: bool
) -> None:
    # Of 4 ratings each, so that the pick is known: everything else is planned.
    store, catalogue = world.bot.store, world.bot.recommender.catalogue
    for anime_id in set(catalogue) - {16498}:
        await store.feedback.plan(world.ann.id, anime_id, at=world.env.now())
    await store.preferences.choose_titles(world.ann.id, titles, at=world.env.now())  # type: ignore[arg-type]
    assert catalogue[16498].english == "Attack on Titan"
    result = await world.ann.slash(world.channel, "recommend", min_raters=0)
    embed = result.response.embeds[0]
    assert embed.title == title
    assert ("*Attack on Titan*" in embed.description) == second_line


async def test_a_page_turned_later_keeps_the_titles_of_the_first(world: World) -> None:
    await world.taste(world.ann, TASTE)
    store = world.bot.store.preferences
    await store.choose_titles(world.ann.id, "english", at=world.env.now())
    result = await world.ann.slash(world.channel, "recommend", count=25)
    await store.choose_titles(world.ann.id, "romaji", at=world.env.now())
    translated = 0
    async for page in pages(world, result.response):
        for embed, anime in zip(page.embeds, shown(world, page), strict=True):  # type: ignore[attr-defined]
            assert embed.title.endswith(discord.utils.escape_markdown(anime.english or anime.title))
            translated += bool(anime.english)
    assert translated


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
    assert (len(first), len(second), len(third)) == (4, 4, 4)
    assert len({*first, *second, *third}) == 12
    assert [title.partition(".")[0] for title in third] == ["9", "10", "11", "12"]
    assert "12 Seen it" in labels(result.response)
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


async def test_page_buttons_go_when_their_time_is_up_whichever_page_is_shown(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    await world.ann.click(result.response, label="More")
    shown = titles(result.response)
    await world.env.advance_time(9 * 60)
    assert "More" in labels(result.response)
    await world.env.advance_time(60)
    assert labels(result.response) == [
        f"{number} {said}" for number in (5, 6, 7, 8) for said in ("Seen it", "Plan", "Not for me")
    ]
    assert titles(result.response) == shown


async def test_pages_turn_after_a_restart(world: World, new_bot: Callable[[], HakkenBot]) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=10)
    first = titles(result.response)
    await world.env.restart_bot(new_bot())
    await world.ann.click(result.response, label="More")
    second = titles(result.response)
    assert len(second) == 4
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
    assert "More" not in labels(result.response)
    assert "1 Seen it" in labels(result.response)


@pytest.mark.parametrize("count", [1, 25])
async def test_any_count_that_discord_lets_through_is_answered(world: World, count: int) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "recommend", count=count)
    assert len(result.response.embeds) == min(count, 4)


async def test_in_a_direct_message_own_commands_answer_and_the_servers_are_not_offered(world: World) -> None:
    alone = world.env.create_user("alone")
    result = await alone.slash("recommend")
    assert "what most people love" in result.response.content
    await alone.slash("rate", anime="mal:5114", score=9)
    assert await world.bot.store.ratings.of_member(alone.id) == {5114: 9}
    assert "suggest" not in alone.available_commands()


async def test_an_answer_is_on_its_way_in_good_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Discord allows 3 seconds: however long it takes to compute, the first answer is sent before.
    service, sent = world.bot.recommender, list[list[str]]()
    recommend = service.recommend

    async def seen(*asked: Any) -> list[Pick]:
        sent.append([request.path.rpartition("/")[2] for request in world.env.http_requests[before:]])
        return await recommend(*asked)

    monkeypatch.setattr(service, "recommend", seen)
    await world.taste(world.ann, TASTE)
    before = len(world.env.http_requests)
    await world.ann.slash(world.channel, "recommend", count=25, genre="Drama", adventure="hidden gems")
    assert sent == [["callback"]]
