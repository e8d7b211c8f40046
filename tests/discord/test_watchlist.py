"""/watchlist mine and /preferences, as members use them: seen, turned, taken back, rated, also after a restart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import discord
import pytest
from simcord.results import InteractionResult, ResponseMessage
from sqlalchemy import text

from bot.client import HakkenBot
from bot.cogs.preferences import preferences_embed
from bot.cogs.watchlist.embeds import list_embed
from bot.cogs.watchlist.member_list import TakeBackMenu, WatchlistTurnButton
from bot.cogs.watchlist.pages import Place, part_of
from bot.store import Change, Feedback, Preferences
from bot.ui.embeds import Display
from hakken import Anime, Catalogue
from hakken.recommend.filters import Filters
from tests.discord.conftest import World

FMA, DEATH_NOTE, TITAN = 5114, 1535, 16498
ADULT = 3303


async def plan(world: World, *anime_ids: int) -> None:
    """The first one is the newest."""
    for age, anime_id in enumerate(anime_ids):
        at = world.env.now() - timedelta(minutes=age)
        await world.bot.store.feedback.plan(world.ann.id, anime_id, at=at)


def many(world: World, count: int) -> list[int]:
    catalogue = world.bot.recommender.catalogue
    return [anime_id for anime_id in sorted(catalogue) if not catalogue[anime_id].adult][:count]


def menus(message: ResponseMessage) -> dict[str, str]:
    """Custom ids of the message's menus by what they say."""
    return {
        component["placeholder"]: component["custom_id"]
        for row in message.components
        for component in row["components"]
        if "placeholder" in component
    }


def labels(message: ResponseMessage) -> list[str]:
    return [one["label"] for row in message.components for one in row["components"] if "label" in one]


def listed(message: ResponseMessage) -> list[int]:
    """Ids of the anime on the page, by their links."""
    [embed] = message.embeds
    lines = (embed.description or "").splitlines()
    return [int(line.partition("https://myanimelist.net/anime/")[2].partition(")")[0]) for line in lines]


async def take_back(world: World, message: ResponseMessage, anime_id: int) -> InteractionResult:
    return await world.ann.select(message, [str(anime_id)], custom_id=menus(message)["Take off this list…"])


async def posted(world: World, *items: discord.ui.Item[discord.ui.View]) -> discord.Message:
    """A message that all can press: what a client that keeps no rules could send."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send("here", view=view)


def options(*anime_ids: int | str) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=str(one), value=str(one)) for one in anime_ids]


async def test_what_is_planned_is_listed_newest_first_to_its_owner_alone(world: World) -> None:
    await plan(world, FMA, DEATH_NOTE)
    await world.bot.store.feedback.dismiss(world.ann.id, TITAN, "no time", at=world.env.now())
    result = await world.ann.slash(world.channel, "watchlist mine")
    assert result.ephemeral
    assert result.response.content == "You plan to watch 2 anime."
    assert result.response.embeds[0].description == (
        "[Fullmetal Alchemist: Brotherhood](https://myanimelist.net/anime/5114) · TV · 64 episodes · 2009\n"
        "[Death Note](https://myanimelist.net/anime/1535) · TV · 37 episodes · 2006"
    )
    others = await world.bob.slash(world.channel, "watchlist mine")
    assert others.response.content.startswith("You plan nothing yet.")
    assert not others.response.embeds
    assert not others.response.components


async def test_what_was_turned_down_is_listed_with_its_reason(world: World) -> None:
    await world.bot.store.feedback.dismiss(world.ann.id, TITAN, "wrong order", at=world.env.now())
    result = await world.ann.slash(world.channel, "watchlist mine", show="not interested")
    assert result.response.content == "You turned down 1 anime. I suggest none of them."
    assert result.response.embeds[0].description == (
        "[Shingeki no Kyojin](https://myanimelist.net/anime/16498) · wrong order"
    )
    assert list(menus(result.response)) == ["Take off this list…"]


async def test_what_was_seen_is_listed_and_can_be_rated(world: World) -> None:
    await world.bot.store.feedback.seen(world.ann.id, TITAN, at=world.env.now())
    result = await world.ann.slash(world.channel, "watchlist mine", show="seen")
    assert result.response.content == "You have seen 1 anime that you haven't rated."
    assert listed(result.response) == [TITAN]
    assert list(menus(result.response)) == ["Take off this list…", "Rate it…"]


@pytest.mark.parametrize("show", ["seen", "not interested"])
async def test_what_was_seen_or_turned_down_is_taken_back(world: World, show: str) -> None:
    store = world.bot.store.feedback
    await store.seen(world.ann.id, TITAN, at=world.env.now())
    await store.dismiss(world.ann.id, FMA, "no time", at=world.env.now())
    message = (await world.ann.slash(world.channel, "watchlist mine", show=show)).response
    [anime_id] = listed(message)
    await take_back(world, message, anime_id)
    assert " is off this list." in message.content
    left = [one.anime_id for one in await store.listed(world.ann.id)]
    assert left == [FMA if anime_id == TITAN else TITAN]


@pytest.mark.parametrize("show", ["planned", "not interested", "seen"])
async def test_an_empty_list_says_what_would_stand_there(world: World, show: str) -> None:
    result = await world.ann.slash(world.channel, "watchlist mine", show=show)
    assert result.ephemeral
    assert "nothing" in result.response.content.lower()
    assert not result.response.embeds


async def test_a_pick_that_is_planned_by_its_button_stands_on_the_list(world: World) -> None:
    await world.taste(world.ann, {DEATH_NOTE: 10, TITAN: 8, 1575: 9, 22319: 3})
    picks = await world.ann.slash(world.channel, "recommend", count=2)
    await world.ann.click(picks.response, label="1 Plan")
    result = await world.ann.slash(world.channel, "watchlist mine")
    url = picks.response.embeds[0].url or ""
    assert listed(result.response) == [int(url.rpartition("/")[2])]


async def test_an_entry_is_taken_back_and_the_list_shows_what_is_left(world: World) -> None:
    await plan(world, FMA, DEATH_NOTE)
    result = await world.ann.slash(world.channel, "watchlist mine")
    await take_back(world, result.response, FMA)
    assert result.response.content == (
        "**Fullmetal Alchemist: Brotherhood** is off this list.\nYou plan to watch 1 anime."
    )
    assert listed(result.response) == [DEATH_NOTE]
    assert (await world.bot.store.feedback.of_member(world.ann.id)).planned == {DEATH_NOTE}


async def test_what_an_import_plans_is_listed_too_and_taken_back_singly(world: World) -> None:
    changes = [
        Change(TITAN, status="planned"),
        Change(DEATH_NOTE, status="planned"),
        Change(FMA, 9, "completed"),
    ]
    await world.bot.store.imports.take(
        world.ann.id, "anilist", changes, at=world.env.now() - timedelta(days=1)
    )
    await plan(world, 1575)
    result = await world.ann.slash(world.channel, "watchlist mine")
    assert result.response.content == "You plan to watch 3 anime."
    assert listed(result.response) == [1575, DEATH_NOTE, TITAN]
    await take_back(world, result.response, TITAN)
    assert result.response.content.startswith("**Shingeki no Kyojin** is off this list.")
    assert listed(result.response) == [1575, DEATH_NOTE]
    assert set(await world.bot.store.list_entries.of_member(world.ann.id)) == {DEATH_NOTE, FMA}


async def test_what_an_import_plans_is_rated_from_the_list_and_leaves_it(world: World) -> None:
    await world.bot.store.imports.take(
        world.ann.id, "anilist", [Change(TITAN, status="planned")], at=world.env.now()
    )
    result = await world.ann.slash(world.channel, "watchlist mine")
    asked = await world.ann.select(
        result.response, [str(TITAN)], custom_id=menus(result.response)["Seen it…"]
    )
    await world.ann.select(asked.response, ["9"])
    after = await world.ann.slash(world.channel, "watchlist mine")
    assert after.response.content.startswith("You plan nothing yet.")


async def test_the_last_entry_taken_back_leaves_no_menus(world: World) -> None:
    await plan(world, FMA)
    result = await world.ann.slash(world.channel, "watchlist mine")
    await take_back(world, result.response, FMA)
    assert "is off this list.\nYou plan nothing yet." in result.response.content
    assert not result.response.embeds
    assert not result.response.components


async def test_taking_back_what_is_taken_back_already_says_so_and_shows_the_list(world: World) -> None:
    await plan(world, FMA, DEATH_NOTE)
    result = await world.ann.slash(world.channel, "watchlist mine")
    await world.bot.store.feedback.undo(world.ann.id, FMA, "planned")
    await take_back(world, result.response, FMA)
    assert result.response.content == (
        "**Fullmetal Alchemist: Brotherhood** was already off this list.\nYou plan to watch 1 anime."
    )
    assert listed(result.response) == [DEATH_NOTE]


async def test_an_old_list_does_not_take_back_a_later_word(world: World) -> None:
    await plan(world, FMA)
    result = await world.ann.slash(world.channel, "watchlist mine")
    await world.bot.store.feedback.dismiss(world.ann.id, FMA, "not for me", at=world.env.now())
    await take_back(world, result.response, FMA)
    assert "was already off this list" in result.response.content
    assert (await world.bot.store.feedback.of_member(world.ann.id)).dismissed == {FMA}


async def test_a_dismissed_anime_that_is_taken_back_may_be_recommended_again(world: World) -> None:
    await world.taste(world.ann, {DEATH_NOTE: 10, TITAN: 8, 1575: 9, 22319: 3})
    picks = await world.ann.slash(world.channel, "recommend", count=1)
    [first] = picks.response.embeds
    anime_id = int((first.url or "").rpartition("/")[2])
    await world.bot.store.feedback.dismiss(world.ann.id, anime_id, "no time", at=world.env.now())
    without = await world.ann.slash(world.channel, "recommend", count=1)
    assert without.response.embeds[0].url != first.url
    result = await world.ann.slash(world.channel, "watchlist mine", show="not interested")
    await take_back(world, result.response, anime_id)
    again = await world.ann.slash(world.channel, "recommend", count=1)
    assert again.response.embeds[0].url == first.url


async def test_a_planned_anime_is_rated_from_the_list_and_leaves_it(world: World) -> None:
    await plan(world, FMA, DEATH_NOTE)
    result = await world.ann.slash(world.channel, "watchlist mine")
    asked = await world.ann.select(result.response, [str(FMA)], custom_id=menus(result.response)["Seen it…"])
    assert asked.ephemeral
    assert asked.response.content == "How was **Fullmetal Alchemist: Brotherhood**?"
    await world.ann.select(asked.response, ["9"])
    assert "You rated it **9**." in (asked.response.embeds[0].description or "")
    assert await world.bot.store.ratings.of_member(world.ann.id) == {FMA: 9}
    after = await world.ann.slash(world.channel, "watchlist mine")
    assert listed(after.response) == [DEATH_NOTE]


async def test_a_long_list_is_turned_page_by_page_and_always_as_it_is_now(world: World) -> None:
    anime = many(world, 32)
    await plan(world, *anime)
    result = await world.ann.slash(world.channel, "watchlist mine")
    assert listed(result.response) == anime[:15]
    assert labels(result.response) == ["Back", "More"]
    await world.ann.click(result.response, label="More")
    await world.ann.click(result.response, label="More")
    assert listed(result.response) == anime[30:]
    assert result.response.embeds[0].footer.text == "Page 3 of 3"
    await world.bot.store.feedback.undo(world.ann.id, anime[0], "planned")
    await world.ann.click(result.response, label="Back")
    assert listed(result.response) == anime[16:31]
    assert result.response.content == "You plan to watch 31 anime."


async def test_taking_back_the_only_entry_of_the_last_page_shows_the_page_before(world: World) -> None:
    anime = many(world, 16)
    await plan(world, *anime)
    result = await world.ann.slash(world.channel, "watchlist mine")
    await world.ann.click(result.response, label="More")
    await take_back(world, result.response, anime[15])
    assert listed(result.response) == anime[:15]
    assert labels(result.response) == []


async def test_everything_works_after_a_restart_and_days_later(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    anime = many(world, 20)
    await plan(world, *anime)
    result = await world.ann.slash(world.channel, "watchlist mine")
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(2 * 24 * 3600)
    await world.ann.click(result.response, label="More")
    assert listed(result.response) == anime[15:]
    await take_back(world, result.response, anime[15])
    assert listed(result.response) == anime[16:]
    rate = menus(result.response)["Seen it…"]
    asked = await world.ann.select(result.response, [str(anime[16])], custom_id=rate)
    await world.ann.select(asked.response, ["7"])
    assert await world.bot.store.ratings.of_member(world.ann.id) == {anime[16]: 7}


async def test_others_presses_are_refused_and_change_nothing(world: World) -> None:
    await plan(world, FMA)
    place = Place(world.ann.id, "planned")
    message = await posted(world, TakeBackMenu(place, options(FMA)), WatchlistTurnButton(">", place))
    for pressed in (
        await world.bob.select(message, [str(FMA)]),
        await world.bob.click(message, label="More"),
    ):
        assert pressed.ephemeral
        assert "belong to the member who asked" in pressed.response.content
    assert (await world.bot.store.feedback.of_member(world.ann.id)).planned == {FMA}
    assert await world.bot.store.feedback.listed(world.bob.id) == []


@pytest.mark.parametrize("chosen", ["abc", "-1", "9" * 10, "٣", "5114; DROP TABLE feedback"])
async def test_a_crafted_choice_is_refused_and_changes_nothing(world: World, chosen: str) -> None:
    await plan(world, FMA)
    message = await posted(world, TakeBackMenu(Place(world.ann.id, "planned"), options(chosen)))
    pressed = await world.ann.select(message, [chosen])
    assert pressed.response.content == "That is not one of the choices. Please pick one from the list."
    assert (await world.bot.store.feedback.of_member(world.ann.id)).planned == {FMA}


async def test_a_page_far_beyond_the_last_is_the_last(world: World) -> None:
    await plan(world, FMA)
    message = await posted(world, WatchlistTurnButton(">", Place(world.ann.id, "planned", 9999)))
    await world.ann.click(message, label="More")
    shown = await message.fetch()
    assert "Brotherhood" in (shown.embeds[0].description or "")


async def test_what_left_the_catalogue_can_be_taken_back_but_not_rated(world: World) -> None:
    await plan(world, 99999)
    result = await world.ann.slash(world.channel, "watchlist mine")
    assert "[anime 99999]" in (result.response.embeds[0].description or "")
    assert list(menus(result.response)) == ["Take off this list…"]
    await take_back(world, result.response, 99999)
    assert await world.bot.store.feedback.listed(world.ann.id) == []


async def test_titles_are_those_that_the_member_chose(world: World) -> None:
    await plan(world, TITAN)
    await world.ann.slash(world.channel, "preferences", titles="english")
    result = await world.ann.slash(world.channel, "watchlist mine")
    assert "[Attack on Titan]" in (result.response.embeds[0].description or "")
    assert labels_of_options(result.response) == ["Attack on Titan"] * 2


def labels_of_options(message: ResponseMessage) -> list[str]:
    return [
        option["label"]
        for row in message.components
        for component in row["components"]
        for option in component.get("options", ())
    ]


async def test_what_is_rated_18_plus_is_counted_but_not_named_outside_age_restricted_channels(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plan(world, ADULT)
    alone = await world.ann.slash(world.channel, "watchlist mine")
    assert (
        alone.response.content
        == "1 anime counted as 18+ is hidden here. See it in an age-restricted channel."
    )
    assert not alone.response.embeds
    await plan(world, FMA)
    beside = await world.ann.slash(world.channel, "watchlist mine")
    assert beside.response.content == (
        "You plan to watch 1 anime. 1 anime counted as 18+ is hidden here. See it in an age-restricted channel."
    )
    assert labels_of_options(beside.response) == ["Fullmetal Alchemist: Brotherhood"] * 2
    # simcord has no age-restricted channels, so it is the bot that is told of one.
    monkeypatch.setattr(discord.TextChannel, "is_nsfw", lambda _channel: True)
    result = await world.ann.slash(world.channel, "watchlist mine")
    assert {*listed(result.response)} == {FMA, ADULT}


async def test_a_bug_behind_a_menu_is_one_kind_sentence(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await plan(world, FMA)
    result = await world.ann.slash(world.channel, "watchlist mine")
    async with world.bot.store.database.begin() as connection:
        await connection.execute(text("DROP TABLE feedback"))
    pressed = await take_back(world, result.response, FMA)
    [sentence] = pressed.followups
    assert sentence.ephemeral
    assert "something went wrong on my side" in sentence.content
    assert any(record.exc_info for record in caplog.records if record.name == "bot.errors")


async def test_every_page_of_the_whole_catalogue_is_within_discords_limits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.TextChannel, "is_nsfw", lambda _channel: True)
    anime = sorted(world.bot.recommender.catalogue)
    assert max(len(world.bot.recommender.catalogue[one].title) for one in anime) > 100
    await plan(world, *anime)
    result = await world.ann.slash(world.channel, "watchlist mine")
    seen = listed(result.response)
    while len(seen) < len(anime):
        await world.ann.click(result.response, label="More")
        seen += listed(result.response)
        assert max(map(len, labels_of_options(result.response))) <= 100
    assert seen == anime


def fields(result: InteractionResult) -> dict[str, str]:
    [embed] = result.response.embeds
    return {field.name or "": field.value or "" for field in embed.fields}


async def test_preferences_show_what_holds_without_any_choice(world: World) -> None:
    result = await world.ann.slash(world.channel, "preferences")
    assert result.ephemeral
    assert fields(result) == {
        "Titles": "As the server chose; elsewhere romaji, with English below",
        "Remembered filters": "None. To keep some: `/recommend remember:True`",
    }


@pytest.mark.parametrize(
    ("titles", "words"),
    [
        ("romaji", "Romaji"),
        ("english", "English, if there is one"),
        ("both", "Romaji, with English below"),
    ],
)
async def test_titles_are_chosen_kept_and_shown_in_words(world: World, titles: str, words: str) -> None:
    result = await world.ann.slash(world.channel, "preferences", titles=titles)
    assert fields(result)["Titles"] == words
    assert (await world.bot.store.preferences.of_member(world.ann.id)).titles == titles
    assert (await world.bot.store.preferences.of_member(world.bob.id)).titles is None


async def test_filters_that_recommend_remembered_are_shown_and_forgotten(world: World) -> None:
    await world.taste(world.ann, {DEATH_NOTE: 10, TITAN: 8})
    await world.ann.slash(world.channel, "recommend", type="TV", from_year=2010, remember=True)
    shown = fields(await world.ann.slash(world.channel, "preferences"))["Remembered filters"]
    assert shown == "TV · from 2010\nTo forget them: `/preferences forget_filters:True`"
    after = await world.ann.slash(world.channel, "preferences", titles="romaji", forget_filters=True)
    assert fields(after) == {
        "Titles": "Romaji",
        "Remembered filters": "None. To keep some: `/recommend remember:True`",
    }
    assert await world.bot.store.preferences.of_member(world.ann.id) == Preferences("romaji", None)


async def test_forgetting_without_anything_remembered_is_no_error(world: World) -> None:
    result = await world.ann.slash(world.channel, "preferences", forget_filters=True)
    assert fields(result)["Remembered filters"].startswith("None")


LONG = "*_~`|>[" * 34


def long_list(count: int) -> tuple[Sequence[Feedback], Catalogue]:
    catalogue = Catalogue(
        Anime(
            999_999_900 + number, LONG[:237], english=LONG[:127], type="TV Special", episodes=1787, year=2026
        )
        for number in range(count)
    )
    return [Feedback(one, "planned", None, discord.utils.utcnow()) for one in catalogue], catalogue


def test_a_page_of_the_longest_titles_fits_one_embed() -> None:
    entries, catalogue = long_list(40)
    for page in range(3):
        part = part_of(entries, page, catalogue, adult=False)
        embed = list_embed(part, Display(catalogue))
        assert len(part.entries) == (15, 15, 10)[page]
        assert len(embed.description or "") <= 4096


def test_the_most_filters_fit_one_field() -> None:
    genres = frozenset(f"{number:_>100}" for number in range(25))
    embed = preferences_embed(Preferences("both", Filters(genres=genres, without_genres=genres)))
    assert all(len(field.value or "") <= 1024 for field in embed.fields)


def test_the_longest_place_fits_its_custom_id_and_reads_back() -> None:
    place = Place(2**64 - 1, "dismissed", 9999)
    custom_id = TakeBackMenu(place).custom_id
    match = TakeBackMenu.__discord_ui_compiled_template__.fullmatch(custom_id)
    assert len(custom_id) <= 100
    assert match
    assert TakeBackMenu.ID.read(match) == {"place": place}
