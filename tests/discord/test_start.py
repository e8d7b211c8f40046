"""/start: the interview played through, stopped, taken up again, after a restart, pressed late, and its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import discord
import pytest
from simcord.results import InteractionResult, ResponseMessage

from bot.client import HakkenBot
from bot.cogs.start.questions import NotSeenButton, ScoreMenu, StepButton
from bot.recommender import RecommenderService
from bot.store import FeedbackSets
from bot.ui.paginator import OUT_OF_TIME
from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.catalogue.watch_order import WatchOrder
from hakken.recommend.filters import Filters
from hakken.recommend.onboarding import choose_questions
from hakken.recommend.recommender import Member
from tests.discord.conftest import World
from tests.discord.test_recommend import labels, shown

ALL = 30
REDO_OF_HEALER = 40750  # Erotica
NO_GAME_NO_LIFE = 19815  # ecchi


@pytest.fixture(scope="session")
def questions(ratings: Ratings, catalogue: Catalogue) -> tuple[int, ...]:
    allowed = [one.anime_id for one in catalogue.values() if Filters(ecchi=False).fit(one)]
    return tuple(choose_questions(ratings, ALL, allowed=allowed).tolist())


@pytest.fixture(scope="session")
def model_dir(
    ratings: Ratings,
    catalogue: Catalogue,
    questions: tuple[int, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A model that brings questions, 18+, ecchi and unknown ones among them: other people's models may be careless."""
    directory = tmp_path_factory.mktemp("asking")
    model = ItemKNNBaseline().fit(ratings)
    model.questions = (REDO_OF_HEALER, NO_GAME_NO_LIFE, 999_999_999, *questions)
    model.save(directory, catalogue)
    return directory


async def start(world: World) -> ResponseMessage:
    result = await world.ann.slash(world.channel, "start")
    assert result.ephemeral
    return result.response


def asked_about(world: World, message: ResponseMessage) -> int:
    [anime] = shown(world, message)
    return anime.anime_id


def menu(message: ResponseMessage) -> str:
    return next(
        one["custom_id"] for row in message.components for one in row["components"] if "options" in one
    )


def buttons(message: ResponseMessage) -> list[str]:
    return [one["label"] for row in message.components for one in row["components"] if "label" in one]


async def score(world: World, message: ResponseMessage, value: int) -> InteractionResult:
    return await world.ann.select(message, [str(value)], custom_id=menu(message))


async def answer_all(world: World, message: ResponseMessage, score_of: Callable[[int], int | None]) -> int:
    """Answer until there is nothing more to answer; how many questions that took."""
    count = 0
    while "Not seen" in buttons(message):
        value = score_of(count)
        if value is None:
            await world.ann.click(message, label="Not seen")
        else:
            await score(world, message, value)
        count += 1
    return count


async def scores(world: World) -> dict[int, int]:
    return await world.bot.store.ratings.of_member(world.ann.id)


async def asked(world: World) -> tuple[int, ...]:
    begun = await world.bot.store.interviews.of_member(world.ann.id)
    return begun.asked if begun else ()


async def rename(world: World, table: str, to: str) -> None:
    async with world.bot.store.database.begin() as connection:
        await connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


# The questions


async def test_a_question_shows_the_anime_its_facts_and_how_to_answer(
    world: World, questions: tuple[int, ...]
) -> None:
    message = await start(world)
    anime = world.bot.recommender.catalogue[questions[0]]
    assert message.content.endswith("\n**1 of 10** · How did you like this?")
    assert message.embeds[0].title == anime.title
    assert message.embeds[0].url == anime.url
    assert f"{anime.type} · " in message.embeds[0].description
    [first_row, second_row] = message.components
    assert [one["value"] for one in first_row["components"][0]["options"]] == [
        "10", "9", "8", "7", "6", "5", "4", "3", "2", "1",
    ]  # fmt: skip
    assert [one["label"] for one in second_row["components"]] == ["Not seen", "Stop"]


async def test_ten_scores_are_asked_one_at_a_time_in_the_models_order_and_kept_at_once(
    world: World, questions: tuple[int, ...]
) -> None:
    message = await start(world)
    for at, value in enumerate((10, 9, 8, 7, 6, 5, 4, 3, 2, 1)):
        assert f"**{at + 1} of 10**" in message.content
        assert asked_about(world, message) == questions[at]
        await score(world, message, value)
        assert (await scores(world))[questions[at]] == value
    assert await scores(world) == dict(zip(questions, range(10, 0, -1), strict=False))
    assert {one.source for one in await world.bot.store.ratings.listed(world.ann.id)} == {"start"}
    assert message.content.startswith("Thank you! Based on your 10 ratings (")


async def test_the_answer_before_is_told_with_the_next_question(
    world: World, questions: tuple[int, ...]
) -> None:
    message = await start(world)
    title = world.bot.recommender.catalogue.title(questions[0])
    await score(world, message, 8)
    assert message.content == f"You gave **{title}** **8**.\n**2 of 10** · How did you like this?"


async def test_what_is_not_seen_is_passed_over_without_a_rating(
    world: World, questions: tuple[int, ...]
) -> None:
    message = await start(world)
    await world.ann.click(message, label="Not seen")
    assert asked_about(world, message) == questions[1]
    assert message.content.startswith("You haven't seen **")
    assert "**.\n**1 of 10**" in message.content
    assert await scores(world) == {}
    assert await world.bot.store.feedback.of_member(world.ann.id) == FeedbackSets()
    again = await start(world)
    assert asked_about(world, again) == questions[1]


async def test_after_twenty_questions_it_is_enough(world: World) -> None:
    count = await answer_all(world, message := await start(world), lambda at: 9 if at % 3 == 0 else None)
    assert count == 20
    assert len(await scores(world)) == 7
    assert message.content.startswith("Thank you! Based on your 7 ratings (")


async def test_what_is_rated_or_turned_down_already_is_not_asked(
    world: World, questions: tuple[int, ...]
) -> None:
    await world.taste(world.ann, {questions[0]: 9, questions[2]: 4})
    await world.bot.store.feedback.dismiss(world.ann.id, questions[1], "not for me", at=world.env.now())
    message = await start(world)
    assert asked_about(world, message) == questions[3]
    assert "**1 of 10**" in message.content


async def test_nothing_rated_18_no_ecchi_and_nothing_unknown_is_asked(
    world: World, questions: tuple[int, ...]
) -> None:
    assert world.bot.recommender.questions == questions


async def test_titles_are_as_the_member_wants_them(world: World) -> None:
    catalogue = world.bot.recommender.catalogue
    translated = next(
        one
        for one in world.bot.recommender.questions
        if catalogue[one].english not in (None, catalogue.title(one))
    )
    await world.taste(world.ann, dict.fromkeys(set(world.bot.recommender.questions) - {translated}, 5))
    await world.bot.store.preferences.choose_titles(world.ann.id, "english", at=world.env.now())
    message = await start(world)
    assert message.embeds[0].title == catalogue[translated].english
    assert "**1 of 1**" in message.content


# Stopped and taken up again


async def test_stopped_it_goes_on_where_it_was_by_its_button_and_by_start(
    world: World, questions: tuple[int, ...]
) -> None:
    message = await start(world)
    await score(world, message, 7)
    await world.ann.click(message, label="Stop")
    assert message.content.startswith("Stopped. Your scores are saved.")
    assert not message.embeds
    assert buttons(message) == ["Go on"]
    again = await start(world)
    assert asked_about(world, again) == questions[1]
    assert again.content == "**2 of 10** · How did you like this?"
    await world.ann.click(message, label="Go on")
    assert asked_about(world, message) == questions[1]


async def test_every_button_and_menu_works_after_a_restart(
    world: World, new_bot: Callable[[], HakkenBot], questions: tuple[int, ...]
) -> None:
    message = await start(world)
    await score(world, message, 7)
    await world.env.restart_bot(new_bot())
    await score(world, message, 3)
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label="Not seen")
    assert "**3 of 10**" in message.content
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label="Stop")
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label="Go on")
    assert asked_about(world, message) == questions[3]
    assert await scores(world) == {questions[0]: 7, questions[1]: 3}


async def test_each_member_has_an_interview_of_their_own(world: World, questions: tuple[int, ...]) -> None:
    await score(world, await start(world), 7)
    of_bob = await world.bob.slash(world.channel, "start")
    assert asked_about(world, of_bob.response) == questions[0]


# Finished, and further anime


async def test_when_it_is_finished_start_says_so_and_offers_further_anime(
    world: World, questions: tuple[int, ...]
) -> None:
    await answer_all(world, await start(world), lambda at: 10 - at)
    message = await start(world)
    assert message.content.startswith("Done! Try `/recommend`.")
    assert buttons(message) == ["Go on"]
    await world.ann.click(message, label="Go on")
    assert asked_about(world, message) == questions[10]
    assert "**1 of 10**" in message.content
    await score(world, message, 5)
    resumed = await start(world)
    assert asked_about(world, resumed) == questions[11]
    assert "**2 of 10**" in resumed.content


async def test_the_last_round_ends_with_the_list_and_what_was_not_scored_can_be_asked_again(
    world: World, questions: tuple[int, ...]
) -> None:
    await answer_all(world, await start(world), lambda _: None)
    message = await start(world)
    await world.ann.click(message, label="Go on")
    assert await answer_all(world, message, lambda at: 8 if at < 9 else None) == 10
    assert set(await asked(world)) == set(questions)
    message = await start(world)
    assert message.content.startswith("That was my last question.")
    assert buttons(message) == ["Ask again about skipped anime"]
    await world.ann.click(message, label="Ask again about skipped anime")
    assert asked_about(world, message) == questions[0]
    assert set(questions) - set(await scores(world)) == {*questions[:20], questions[29]}


async def test_who_has_rated_all_of_it_is_told_so(world: World, questions: tuple[int, ...]) -> None:
    await world.taste(world.ann, dict.fromkeys(questions, 8))
    message = await start(world)
    assert message.content.startswith("That was my last question.")
    assert not message.embeds
    assert not message.components


# The first recommendations


async def test_the_first_picks_are_those_of_recommend_and_say_how_sure_they_are(world: World) -> None:
    message = await start(world)
    await answer_all(world, message, lambda at: 10 - at)
    picks = await world.bot.recommender.recommend(Member(await scores(world)), 10, Filters(ecchi=False))
    assert [one.anime_id for one in shown(world, message)] == [one.anime_id for one in picks[:4]]
    sure = message.content.partition("(")[2].partition(")")[0]
    said = {word: int(count) for word, count in (part.split(": ") for part in sure.split(", "))}
    assert said == {word: sum(one.confidence == word for one in picks) for word in said}
    assert sum(said.values()) == 10
    assert "predicted" in message.embeds[0].description
    assert {"1 Seen it", "4 Not for me", "More"} <= set(labels(message))
    by_command = await world.ann.slash(world.channel, "recommend", only_me=True)
    assert shown(world, by_command.response) == shown(world, message)


async def test_their_pages_turn_and_have_their_time_as_those_of_recommend(world: World) -> None:
    message = await start(world)
    await answer_all(world, message, lambda at: 10 - at)
    first = shown(world, message)
    await world.ann.click(message, label="More")
    assert set(first).isdisjoint(shown(world, message))
    await world.env.advance_time(11 * 60)
    assert "More" not in labels(message)
    assert OUT_OF_TIME not in message.content


async def test_other_answers_give_other_picks(world: World) -> None:
    async def picks_after(value: Callable[[int], int]) -> list[int]:
        message = await start(world)
        await answer_all(world, message, value)
        found = [anime.anime_id for anime in shown(world, message)]
        for anime_id in await scores(world):
            await world.bot.store.ratings.unrate(world.ann.id, anime_id)
        await world.bot.store.interviews.end(world.ann.id)
        return found

    rising = await picks_after(lambda at: at + 1)
    falling = await picks_after(lambda at: 10 - at)
    assert rising != falling
    assert rising == await picks_after(lambda at: at + 1)


@pytest.mark.parametrize(
    ("seen", "said", "whose"),
    [
        (0, "I don't know your taste yet, so here is what most people love.", "on average"),
        (1, "Thank you! Only 1 rating so far, so these are guesses.", "predicted"),
        (4, "Thank you! Only 4 ratings so far, so these are guesses.", "predicted"),
    ],
)
async def test_after_few_scores_it_calls_its_picks_guesses(
    world: World, seen: int, said: str, whose: str
) -> None:
    message = await start(world)
    await answer_all(world, message, lambda at: 9 if at < seen else None)
    assert message.content.startswith(said)
    assert whose in message.embeds[0].description


async def test_remembered_filters_hold_and_an_empty_choice_says_what_to_loosen(world: World) -> None:
    store, films = world.bot.store.preferences, Filters(types=frozenset({"Movie"}))
    await store.remember(world.ann.id, films, at=world.env.now())
    message = await start(world)
    await answer_all(world, message, lambda at: 10 - at)
    assert {anime.type for anime in shown(world, message)} == {"Movie"}
    assert "Your remembered filters are on: Movie." in message.content
    await store.remember(world.ann.id, Filters(from_year=2100), at=world.env.now())
    await world.ann.click(message := await start(world), label="Go on")
    await answer_all(world, message, lambda at: 10 - at)
    assert message.content.startswith("Nothing new fits")
    assert not message.embeds
    assert not message.components


# Presses that come late, twice, or from others


async def test_a_second_answer_to_a_question_is_answered_kindly_and_changes_nothing(
    world: World, questions: tuple[int, ...]
) -> None:
    old, message = await start(world), await start(world)
    await score(world, message, 9)
    for press in (score(world, old, 2), world.ann.click(old, label="Not seen")):
        late = await press
        assert late.followups[0].content == (
            "You already answered this one. `/start` goes on; `/rate` changes a score."
        )
    assert await scores(world) == {questions[0]: 9}
    assert await asked(world) == questions[:1]
    assert asked_about(world, old) == questions[0]


async def test_an_old_question_about_an_anime_that_was_rated_since_is_closed(
    world: World, questions: tuple[int, ...]
) -> None:
    message = await start(world)
    await world.ann.slash(world.channel, "rate", anime=f"mal:{questions[0]}", score=6)
    late = await score(world, message, 2)
    assert late.followups[0].content == "I no longer ask about this one. `/start` goes on with the next one."
    assert await scores(world) == {questions[0]: 6}
    assert await asked(world) == ()


async def test_others_get_one_kind_sentence_and_change_nothing(
    world: World, questions: tuple[int, ...]
) -> None:
    view = discord.ui.View(timeout=None)
    for item in (ScoreMenu(world.ann.id, questions[0]), NotSeenButton(world.ann.id, questions[0])):
        view.add_item(item)
    view.add_item(StepButton("again", world.ann.id))
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    # Discord shows an interview to its member alone; should it ever be seen by others, it is still theirs.
    seen_by_all = await channel.send("here", view=view)
    for refused in (
        await world.bob.select(seen_by_all, ["9"], custom_id=f"start:score:{world.ann.id}:{questions[0]}"),
        await world.bob.click(seen_by_all, label="Not seen"),
        await world.bob.click(seen_by_all, label="Ask again about skipped anime"),
    ):
        assert refused.ephemeral
        assert refused.response.content.startswith("These buttons belong to the member who asked.")
    for member in (world.ann, world.bob):
        assert await world.bot.store.ratings.of_member(member.id) == {}
        assert await world.bot.store.interviews.of_member(member.id) is None


@pytest.mark.parametrize(
    "crafted",
    ["start:score:1:", "start:score:-1:2", "start:score:1:1234567890", "start:score:1:٢", "start:unseen:1",
     "start:unseen:1:2:3", "start:forget:1", "start:on:1; DROP TABLE ratings", "start:on:"],
)  # fmt: skip
def test_crafted_custom_ids_are_no_buttons(crafted: str) -> None:
    for item in (ScoreMenu, NotSeenButton, StepButton):
        assert item.__discord_ui_compiled_template__.fullmatch(crafted) is None


def test_custom_ids_carry_the_longest_ids_within_discords_limit() -> None:
    longest = (ScoreMenu(2**64 - 1, 999_999_999), NotSeenButton(2**64 - 1, 999_999_999))
    for item in (*longest, StepButton("again", 2**64 - 1)):
        assert len(item.custom_id) <= 100
        assert item.__discord_ui_compiled_template__.fullmatch(item.custom_id)


# When the database fails


@pytest.mark.parametrize("table", ["ratings", "interviews", "feedback"])
async def test_a_failing_database_is_one_sentence_and_the_question_stays_to_be_answered(
    world: World, table: str, questions: tuple[int, ...], caplog: pytest.LogCaptureFixture
) -> None:
    message = await start(world)
    await score(world, message, 7)
    await rename(world, table, "away")
    for press in (score(world, message, 4), world.ann.click(message, label="Not seen")):
        failed = await press
        assert "something went wrong on my side" in failed.followups[0].content
    assert any(record.exc_info for record in caplog.records if record.name == "bot.errors")
    await rename(world, "away", table)
    assert await scores(world) == {questions[0]: 7}
    assert asked_about(world, message) == questions[1]
    await score(world, message, 4)
    assert await scores(world) == {questions[0]: 7, questions[1]: 4}
    assert await asked(world) == questions[:2]


async def test_a_score_is_kept_even_when_its_answer_is_lost(world: World, questions: tuple[int, ...]) -> None:
    message = await start(world)
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=500, times=None)
    await score(world, message, 9)
    assert await scores(world) == {questions[0]: 9}
    assert await asked(world) == questions[:1]


# Models without questions of their own


def test_an_older_model_asks_how_well_known_series_begin(
    model: ItemKNNBaseline, catalogue: Catalogue
) -> None:
    assert not model.questions
    service, order = RecommenderService(model, catalogue), WatchOrder(catalogue)
    asked = service.questions
    service.close()
    raters = dict(zip(model.anime_ids.tolist(), model.raters.tolist(), strict=True))
    assert len(asked) >= 20
    assert all(Filters(ecchi=False).fit(catalogue[one]) for one in asked)
    assert [order.entry(one, ()) for one in asked] == [*asked]
    assert len({order.franchise(one) for one in asked}) == len(asked)
    assert [raters[one] for one in asked] == sorted((raters[one] for one in asked), reverse=True)
