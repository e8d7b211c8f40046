"""The buttons under picks: seen it, plan, not for me; undone, whose they are, and after a restart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.client import HakkenBot
from bot.errors import MemberError
from bot.store import Feedback, FeedbackSets
from bot.ui.buttons import chosen
from bot.ui.feedback import SCORES, FeedbackButton, ScoreSelect, feedback_row
from tests.discord.conftest import World, expectation
from tests.discord.test_recommend import TASTE, labels, shown

OPTIONS = ["10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "seen"]


async def picks(world: World, **options: object) -> tuple[object, int, int]:
    """A message with picks for ann, and the ids of its first two."""
    await world.taste(world.ann, TASTE)
    message = (await world.ann.slash(world.channel, "recommend", **{"count": 4, **options})).response
    first, second, *_ = shown(world, message)
    return message, first.anime_id, second.anime_id


def rows(message: object) -> list[list[dict[str, object]]]:
    return [row["components"] for row in message.components]  # type: ignore[attr-defined]


async def kept(world: World) -> FeedbackSets:
    return await world.bot.store.feedback.of_member(world.ann.id)


async def listed(world: World) -> list[Feedback]:
    return await world.bot.store.feedback.listed(world.ann.id)


async def test_each_pick_has_a_row_of_buttons_with_its_number(world: World) -> None:
    message, *_ = await picks(world, count=9)
    assert [[button["label"] for button in row] for row in rows(message)] == [
        *([f"{at} Seen it", f"{at} Plan", f"{at} Not for me"] for at in (1, 2, 3, 4)),
        ["Back", "More"],
    ]


async def test_seen_it_asks_for_a_score_and_says_what_rate_says(world: World) -> None:
    message, anime_id, _ = await picks(world)
    title = world.bot.recommender.catalogue.title(anime_id)
    expected = await expectation(world, TASTE, anime_id)
    asked = await world.ann.click(message, label="1 Seen it")
    assert asked.ephemeral
    assert asked.response.content == f"How was **{title}**?"
    assert [option["value"] for option in rows(asked.response)[0][0]["options"]] == OPTIONS  # type: ignore[attr-defined]
    await world.ann.select(asked.response, ["9"])
    assert asked.response.embeds[0].description == (
        f"You rated it **9**. I expected {expected}. You have rated 7 anime."
    )
    assert not asked.response.content
    assert (await world.bot.store.ratings.of_member(world.ann.id))[anime_id] == 9


async def test_a_slip_of_the_score_is_mended_in_the_same_menu(world: World) -> None:
    message, anime_id, _ = await picks(world)
    asked = await world.ann.click(message, label="1 Seen it")
    await world.ann.select(asked.response, ["1"])
    await world.ann.select(asked.response, ["10"])
    assert "Your rating went from 1 to **10**." in asked.response.embeds[0].description
    await world.ann.select(asked.response, ["seen"])
    assert asked.response.content.endswith(" is marked as seen. I removed your rating of 10.")
    assert not asked.response.embeds
    assert anime_id not in await world.bot.store.ratings.of_member(world.ann.id)
    assert (await kept(world)).seen == {anime_id}


async def test_what_was_seen_is_not_recommended_again_until_undone(world: World) -> None:
    message, anime_id, _ = await picks(world)
    asked = await world.ann.click(message, label="1 Seen it")
    await world.ann.select(asked.response, ["seen"])
    again = await world.ann.slash(world.channel, "recommend", count=4)
    assert anime_id not in [anime.anime_id for anime in shown(world, again.response)]
    await world.ann.click(asked.response, label="Undo")
    assert asked.response.content.startswith("Undone for **")
    assert not asked.response.components
    assert await kept(world) == FeedbackSets()
    again = await world.ann.slash(world.channel, "recommend", count=4)
    assert anime_id in [anime.anime_id for anime in shown(world, again.response)]


async def test_plan_is_shown_on_its_button_alone_and_is_undone_by_it(world: World) -> None:
    message, anime_id, _ = await picks(world, count=9)
    before = labels(message)
    texts = [embed.description for embed in message.embeds]  # type: ignore[attr-defined]
    await world.ann.click(message, label="1 Plan")
    assert labels(message) == [label.replace("1 Plan", "1 Planned ✓") for label in before]
    assert [embed.description for embed in message.embeds] == texts  # type: ignore[attr-defined]
    assert (await kept(world)).planned == {anime_id}
    await world.ann.click(message, label="1 Planned ✓")
    assert labels(message) == before
    assert await kept(world) == FeedbackSets()


async def test_all_other_buttons_work_after_one_was_pressed(world: World) -> None:
    message, first, second = await picks(world, count=9)
    await world.ann.click(message, label="1 Plan")
    await world.ann.click(message, label="2 Plan")
    assert (await kept(world)).planned == {first, second}
    await world.ann.click(message, label="More")
    third = shown(world, message)[0].anime_id
    await world.ann.click(message, label="5 Plan")
    assert (await kept(world)).planned == {first, second, third}
    await world.ann.click(message, label="Back")
    assert {"1 Planned ✓", "2 Planned ✓", "3 Plan", "4 Plan"} <= set(labels(message))


async def test_what_is_planned_is_repeated_only_when_asked(world: World) -> None:
    message, anime_id, _ = await picks(world)
    await world.ann.click(message, label="1 Plan")
    again = await world.ann.slash(world.channel, "recommend", count=4)
    assert anime_id not in [anime.anime_id for anime in shown(world, again.response)]
    again = await world.ann.slash(world.channel, "recommend", count=4, planned=True)
    assert anime_id in [anime.anime_id for anime in shown(world, again.response)]
    assert "1 Planned ✓" in labels(again.response)


async def test_not_for_me_keeps_it_away_at_once_and_asks_why(world: World) -> None:
    message, anime_id, _ = await picks(world)
    answer = await world.ann.click(message, label="1 Not for me")
    assert answer.ephemeral
    assert answer.response.content.endswith("** again.")
    assert [(one.anime_id, one.kind, one.reason) for one in await listed(world)] == [
        (anime_id, "dismissed", "not for me")
    ]
    again = await world.ann.slash(world.channel, "recommend", count=4)
    assert anime_id not in [anime.anime_id for anime in shown(world, again.response)]


@pytest.mark.parametrize(
    ("reason", "label"),
    [
        ("not for me", "Not for me"),
        ("no time", "No time for it"),
        ("wrong order", "Wrong order: something else comes first"),
        ("seen elsewhere", "Seen it elsewhere"),
    ],
)
async def test_the_reason_is_kept_and_the_whole_undone(world: World, reason: str, label: str) -> None:
    message, anime_id, _ = await picks(world)
    answer = await world.ann.click(message, label="1 Not for me")
    await world.ann.select(answer.response, [reason])
    assert answer.response.content.endswith(f"** again. Your reason: {label}.")
    assert [one.reason for one in await listed(world)] == [reason]
    assert labels(answer.response) == ["Undo"]
    await world.ann.click(answer.response, label="Undo")
    assert await listed(world) == []
    again = await world.ann.slash(world.channel, "recommend", count=4)
    assert anime_id in [anime.anime_id for anime in shown(world, again.response)]


async def test_undo_without_anything_kept_says_so(world: World) -> None:
    message, anime_id, _ = await picks(world)
    answer = await world.ann.click(message, label="1 Not for me")
    await world.bot.store.feedback.undo(world.ann.id, anime_id, "dismissed")
    await world.ann.click(answer.response, label="Undo")
    assert answer.response.content.startswith("There is nothing left to undo for **")


async def test_old_buttons_do_not_take_back_a_later_word(world: World) -> None:
    message, anime_id, _ = await picks(world)
    answer = await world.ann.click(message, label="1 Not for me")
    await world.ann.click(message, label="1 Plan")
    await world.ann.click(answer.response, label="Undo")
    assert (await kept(world)).planned == {anime_id}
    await world.bot.store.feedback.dismiss(world.ann.id, anime_id, "no time", at=world.env.now())
    await world.ann.click(message, label="1 Planned ✓")
    assert (await kept(world)).dismissed == {anime_id}


@pytest.mark.parametrize("label", ["1 Seen it", "1 Plan", "1 Not for me"])
async def test_others_get_one_kind_sentence_and_change_nothing(world: World, label: str) -> None:
    message, *_ = await picks(world)
    before = labels(message)
    refused = await world.bob.click(message, label=label)
    assert refused.ephemeral
    assert refused.response.content.startswith("These buttons belong to the member who asked.")
    assert labels(message) == before
    assert await kept(world) == FeedbackSets()
    assert await world.bot.store.feedback.of_member(world.bob.id) == FeedbackSets()


async def test_every_button_and_menu_works_after_a_restart(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    message, first, second = await picks(world)
    score = await world.ann.click(message, label="1 Seen it")
    reason = await world.ann.click(message, label="2 Not for me")
    await world.env.restart_bot(new_bot())
    await world.ann.select(score.response, ["8"])
    assert (await world.bot.store.ratings.of_member(world.ann.id))[first] == 8
    await world.ann.select(reason.response, ["no time"])
    await world.env.restart_bot(new_bot())
    await world.ann.click(reason.response, label="Undo")
    assert await listed(world) == []
    await world.ann.click(message, label="2 Plan")
    assert (await kept(world)).planned == {second}
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label="2 Planned ✓")
    assert await kept(world) == FeedbackSets()


async def test_they_still_work_when_the_pages_have_had_their_time(world: World) -> None:
    message, anime_id, _ = await picks(world, count=9)
    await world.env.advance_time(11 * 60)
    assert "More" not in labels(message)
    await world.ann.click(message, label="1 Plan")
    assert (await kept(world)).planned == {anime_id}
    assert labels(message)[:3] == ["1 Seen it", "1 Planned ✓", "1 Not for me"]


async def test_an_anime_that_left_the_catalogue_is_told_and_nothing_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, anime_id, _ = await picks(world)
    score = await world.ann.click(message, label="1 Seen it")
    monkeypatch.delitem(world.bot.recommender.catalogue._by_id, anime_id)
    for label in ("1 Seen it", "1 Plan", "1 Not for me"):
        pressed = await world.ann.click(message, label=label)
        assert "I don't know this anime any more" in pressed.response.content
    pressed = await world.ann.select(score.response, ["9"])
    assert "I don't know this anime any more" in pressed.response.content
    assert await world.bot.store.ratings.of_member(world.ann.id) == TASTE
    assert await kept(world) == FeedbackSets()


async def test_a_bug_behind_a_button_is_one_sentence(world: World, caplog: pytest.LogCaptureFixture) -> None:
    message, *_ = await picks(world)
    async with world.bot.store.database.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE feedback")
    pressed = await world.ann.click(message, label="1 Plan")
    assert pressed.ephemeral
    assert "something went wrong on my side" in pressed.response.content
    assert any(record.exc_info for record in caplog.records if record.name == "bot.errors")


def test_custom_ids_carry_the_longest_ids_within_discords_limit() -> None:
    row = feedback_row(2**64 - 1, 999_999_999, 999, planned=True)
    assert all(len(button.custom_id) <= 100 for button in row)
    assert [button.item.label for button in row] == ["999 Seen it", "999 Planned ✓", "999 Not for me"]
    assert [button.item.label for button in feedback_row(1, 2)] == ["Seen it", "Plan", "Not for me"]


@pytest.mark.parametrize(
    "crafted",
    ["feedback:burn:1:2:3", "feedback:plan:1:2", "feedback:plan:-1:2:3", "feedback:plan:1:١:3",
     "feedback:plan:1:1234567890:3", "feedback:plan:1:2:3:", "feedback:plan:1:2; DROP TABLE ratings:3"],
)  # fmt: skip
def test_crafted_custom_ids_are_no_buttons(crafted: str) -> None:
    assert FeedbackButton.__discord_ui_compiled_template__.fullmatch(crafted) is None


@pytest.mark.parametrize("crafted", [["11"], [], ["9", "8"], ["not for me"]])
def test_a_choice_that_the_menu_does_not_offer_is_refused(crafted: list[str]) -> None:
    menu = ScoreSelect(1, 2).item
    menu._values = crafted
    with pytest.raises(MemberError, match="not one of the choices"):
        chosen(menu, SCORES)
