"""/import and /undo, as members use them: previewed, asked about, taken, repeated, taken back, after a restart."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from simcord.results import InteractionResult, ResponseMessage

from bot.client import HakkenBot
from bot.cogs.importing.embeds import choice_embed, nothing_new_text, preview_embed, question_text
from bot.cogs.importing.plan import plan
from bot.cogs.importing.preview import (
    CANCELLED,
    CHOOSE_FIRST,
    NO_CHOICE,
    OVER,
    ActButton,
    ChoiceButton,
    TitleMenu,
)
from bot.cogs.importing.proposal import Proposal
from bot.cogs.importing.undoing import LEFT, NOT_THE_LAST, NOTHING_TO_UNDO, UndoImportButton
from bot.errors import sentence_for
from bot.lists import MAX_FILE_BYTES, ListEntry, ReadList, Slots, Unsure, crowded
from bot.sites import AniList
from bot.ui.embeds import Display
from hakken import Anime, Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.lists import read_list_file
from tests.bot.sites.conftest import FAST, ON_ANILIST, Account, AniListHere, on_anilist, said
from tests.discord.conftest import World
from tests.hakken.lists.test_reading import REAL_LISTS

DEATH_NOTE, FMA, TITAN, ANOTHER = 1535, 5114, 16498, 11111
BEBOP, ADULT, NOWHERE = 1, 40750, 987_654
SAMPLE = Path(__file__).resolve().parents[2] / "demo" / "sample_list.xml"
NEXT = "`/recommend` uses it from now on. `/undo` takes back all of it."


@dataclass(frozen=True)
class Line:
    """An anime on a list of MyAnimeList."""

    anime_id: int
    score: int
    status: str = "Completed"
    started: str = "0000-00-00"
    finished: str = "0000-00-00"


LIST = (
    Line(DEATH_NOTE, 9, started="2012-03-04", finished="2012-04-01"),
    Line(TITAN, 0, "Dropped"),
    Line(FMA, 0, "Plan to Watch"),
    Line(ANOTHER, 7, "On-Hold"),
    Line(NOWHERE, 8, "Watching"),
)
NUMBERS = {"Watching": 1, "Completed": 2, "On-Hold": 3, "Dropped": 4, "Plan to Watch": 6}


def export(*lines: Line) -> bytes:
    """As MyAnimeList exports lists today."""
    anime = "".join(
        f"""
				<anime>
					<series_animedb_id>{line.anime_id}</series_animedb_id>
					<series_title><![CDATA[Title of {line.anime_id}]]></series_title>
					<series_type>TV</series_type>
					<series_episodes>12</series_episodes>
					<my_id>0</my_id>
					<my_watched_episodes>0</my_watched_episodes>
					<my_start_date>{line.started}</my_start_date>
					<my_finish_date>{line.finished}</my_finish_date>
					<my_rated></my_rated>
					<my_score>{line.score}</my_score>
					<my_status>{line.status}</my_status>
					<my_comments><![CDATA[]]></my_comments>
					<my_times_watched>0</my_times_watched>
					<my_tags><![CDATA[]]></my_tags>
					<update_on_import>0</update_on_import>
				</anime>
"""
        for line in lines
    )
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
		<!--
		Created by XML Export feature at MyAnimeList.net
		Version 1.1.0
		-->

		<myanimelist>

			<myinfo>
				<user_id>1</user_id>
				<user_name>member</user_name>
				<user_export_type>1</user_export_type>
				<user_total_anime>{len(lines)}</user_total_anime>
			</myinfo>
{anime}
		</myanimelist>
""".encode()


def old_export(*lines: Line) -> bytes:
    """As MyAnimeList's `malappinfo` gave lists, with numbers for statuses."""
    anime = "".join(
        f"<anime><series_animedb_id>{line.anime_id}</series_animedb_id>"
        f"<series_title>Title of {line.anime_id}</series_title><series_type>1</series_type>"
        f"<my_start_date>{line.started}</my_start_date><my_finish_date>{line.finished}</my_finish_date>"
        f"<my_score>{line.score}</my_score><my_status>{NUMBERS[line.status]}</my_status></anime>"
        for line in lines
    )
    info = "<myinfo><user_id>1</user_id><user_name>member</user_name></myinfo>"
    return f"<myanimelist>{info}{anime}</myanimelist>".encode()


async def bring(world: World, content: bytes, name: str = "animelist.xml") -> ResponseMessage:
    result = await world.ann.slash(world.channel, "import", file=(name, content))
    assert result.ephemeral
    return result.response


def labels(message: ResponseMessage) -> list[str]:
    return [one["label"] for row in message.components for one in row["components"] if "label" in one]


def counts(message: ResponseMessage) -> str:
    [embed] = message.embeds
    return embed.description or ""


def fields(message: ResponseMessage) -> dict[str, str]:
    [embed] = message.embeds
    return {field.name or "": field.value or "" for field in embed.fields}


def menu(message: ResponseMessage) -> dict[str, Any]:
    return next(one for row in message.components for one in row["components"] if "options" in one)


async def choose(world: World, message: ResponseMessage, value: str) -> InteractionResult:
    return await world.ann.select(message, [value], custom_id=menu(message)["custom_id"])


def sentence(result: InteractionResult) -> str:
    """What the member reads, beside or in place of the answer."""
    [message] = result.followups or [result.response]
    assert message.ephemeral
    return message.content


async def refused(world: World, **options: object) -> str:
    """The sentence that `/import` ends in."""
    shown = sentence(await world.ann.slash(world.channel, "import", **options))
    assert sentence_for(world.env.errors[-1]) == shown
    return shown


async def scores(world: World) -> dict[int, int]:
    return await world.bot.store.ratings.of_member(world.ann.id)


async def statuses(world: World) -> dict[int, str]:
    kept = await world.bot.store.list_entries.of_member(world.ann.id)
    return {anime_id: entry.status for anime_id, entry in kept.items()}


async def everything(world: World) -> tuple[object, ...]:
    """All that an import may change, with its moments and sources."""
    store, member = world.bot.store, world.ann.id
    return (
        await store.ratings.listed(member),
        await store.list_entries.of_member(member),
        await store.feedback.listed(member),
    )


async def posted(world: World, *items: discord.ui.Item[discord.ui.View]) -> discord.Message:
    """A message that all can press: what a client that keeps no rules could send."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send("here", view=view)


# The preview, and taking the list


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (export(*LIST), "animelist.xml"),
        (gzip.compress(export(*LIST), mtime=0), "animelist.xml.gz"),
        (old_export(*LIST), "malappinfo.xml"),
    ],
    ids=["today's", "gzipped", "malappinfo"],
)
async def test_a_list_is_previewed_and_taken_with_one_press(world: World, content: bytes, name: str) -> None:
    message = await bring(world, content, name)
    assert message.embeds[0].title == "Your list from MyAnimeList: 5 anime"
    assert counts(message).splitlines() == [
        "**5** new",
        "2 of them without a score",
        "1 of them new to me, but kept",
    ]
    assert labels(message) == ["Take it", "Cancel"]
    assert await everything(world) == ([], {}, [])

    await world.ann.click(message, label="Take it")
    assert message.content == f"Imported. New scores: 3. Changed scores: 0. Other: 5.\n{NEXT}"
    assert not message.embeds
    assert not message.components
    assert await scores(world) == {DEATH_NOTE: 9, ANOTHER: 7, NOWHERE: 8}
    kept = await world.bot.store.list_entries.of_member(world.ann.id)
    assert {anime_id: entry.status for anime_id, entry in kept.items()} == {
        DEATH_NOTE: "completed", TITAN: "dropped", FMA: "planned", ANOTHER: "on hold", NOWHERE: "watching",
    }  # fmt: skip
    assert (kept[DEATH_NOTE].started, kept[DEATH_NOTE].finished) == (date(2012, 3, 4), date(2012, 4, 1))
    assert (kept[ANOTHER].started, kept[ANOTHER].finished) == (None, None)


async def test_a_list_brought_again_says_nothing_new_and_changes_nothing(world: World) -> None:
    await world.ann.click(await bring(world, export(*LIST)), label="Take it")
    before = await everything(world)
    await world.env.advance_time(60)
    again = await bring(world, export(*LIST))
    assert again.content == "Nothing new: I already have all 5 anime of this list."
    assert not again.embeds
    assert not again.components
    assert await everything(world) == before


@pytest.mark.parametrize(("press", "score"), [("Keep mine", 10), ("Take theirs", 9)])
async def test_where_scores_differ_the_member_chooses(world: World, press: str, score: int) -> None:
    await world.taste(world.ann, {DEATH_NOTE: 10, ANOTHER: 7})
    message = await bring(world, export(*LIST))
    assert counts(message).splitlines()[:3] == [
        "**3** new",
        "**1** with another score than yours",
        "**1** with more or newer facts than yours",
    ]
    assert fields(message) == {"Other scores": "**Death Note**: yours **10**, theirs **9**"}
    assert labels(message) == ["Keep mine", "Take theirs", "Cancel"]
    await world.ann.click(message, label=press)
    assert await scores(world) == {DEATH_NOTE: score, ANOTHER: 7, NOWHERE: 8}
    assert (await statuses(world))[DEATH_NOTE] == "completed"


async def test_a_score_given_between_preview_and_press_is_not_overwritten(world: World) -> None:
    message = await bring(world, export(*LIST))
    await world.taste(world.ann, {DEATH_NOTE: 2})
    await world.ann.click(message, label="Take it")
    assert (await scores(world))[DEATH_NOTE] == 2
    assert message.content == (
        f"Imported. New scores: 2. Changed scores: 0. Other: 5.\nYou keep your own score for 1 anime.\n{NEXT}"
    )


async def test_a_score_given_while_a_list_is_being_taken_is_not_overwritten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await bring(world, export(*LIST))
    entries = world.bot.store.list_entries
    of_member = entries.of_member

    async def meanwhile(user_id: int) -> Any:  # as the store gives them
        found = await of_member(user_id)
        world.env.backend.clock.advance(1.0)
        await world.taste(world.ann, {DEATH_NOTE: 2})
        return found

    # What the list would change is worked out from ratings that were read before this one was given.
    monkeypatch.setattr(entries, "of_member", meanwhile)
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 2, ANOTHER: 7, NOWHERE: 8}
    assert (await statuses(world))[DEATH_NOTE] == "completed"


async def test_where_only_scores_differ_and_mine_are_kept_there_is_nothing_to_take_back(world: World) -> None:
    await world.ann.click(await bring(world, export(Line(DEATH_NOTE, 9))), label="Take it")
    await world.taste(world.ann, {DEATH_NOTE: 10})
    message = await bring(world, export(Line(DEATH_NOTE, 9)))
    await world.ann.click(message, label="Keep mine")
    assert message.content == ("Nothing changed.\nYou keep your own score for 1 anime.")
    assert await scores(world) == {DEATH_NOTE: 10}


async def test_cancelled_nothing_is_taken_and_the_list_is_forgotten(world: World) -> None:
    message = await bring(world, export(*LIST))
    take = message.components[0]["components"][0]["custom_id"]
    await world.ann.click(message, label="Cancel")
    assert message.content == CANCELLED
    assert not message.components
    late = await posted(world, ActButton("take", world.ann.id, take.split(":")[3], ""))
    assert (await world.ann.click(late, label="Take it")).followups[-1].content == OVER
    assert await everything(world) == ([], {}, [])


async def test_what_was_not_understood_is_counted_with_its_reasons(world: World) -> None:
    content = export(Line(DEATH_NOTE, 9), Line(ANOTHER, 0, "?!"), Line(TITAN, 8, "On the *moon*")).replace(
        b"<my_score>9<", b"<my_score>A+<"
    )
    message = await bring(world, content)
    assert message.embeds[0].title == "Your list from MyAnimeList: 2 anime"
    assert fields(message) == {
        "Not understood: 1": "1 × entries with neither a score nor a status",
        "Words I don't know": (
            "1 × the status “?!”, left out\n"
            "1 × the status “On the \\*moon\\*”, left out\n"
            "1 × the score “A+”, left out"
        ),
    }
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {TITAN: 8}
    assert await statuses(world) == {DEATH_NOTE: "completed"}


async def test_18_plus_titles_are_not_named_where_they_may_not_be(world: World) -> None:
    await world.taste(world.ann, {ADULT: 3, DEATH_NOTE: 3})
    message = await bring(world, export(Line(ADULT, 9), Line(DEATH_NOTE, 9)))
    assert counts(message) == "**2** with another score than yours"
    assert fields(message)["Other scores"] == "**Death Note**: yours **3**, theirs **9**\nand 1 more"


async def test_what_was_dropped_or_seen_unrated_is_not_recommended(world: World) -> None:
    await world.taste(world.ann, {DEATH_NOTE: 9, ANOTHER: 8, 10620: 9, 22319: 8})
    first = (await world.ann.slash(world.channel, "recommend", count=1)).response
    pick = int((first.embeds[0].url or "").rpartition("/")[2])
    await world.ann.click(await bring(world, export(Line(pick, 0, "Dropped"))), label="Take it")
    picks = (await world.ann.slash(world.channel, "recommend", count=25)).response
    assert first.embeds[0].url not in {embed.url for embed in picks.embeds}


# Titles that are unsure


async def test_unsure_titles_are_asked_about_one_by_one_and_then_taken(world: World) -> None:
    message = await bring(world, b"title,score\nDeath Note,9\nAnothr,8\nHaikyu second,6\n", "mine.csv")
    assert message.embeds[0].title == "Your list from a table: 1 anime"
    assert message.content == "Which anime is “Anothr”, your 8? (1 of 2)"
    options = {one["label"]: one["value"] for one in menu(message)["options"]}
    assert list(options)[-1] == "None of these"
    await choose(world, message, options["Another"])
    assert message.content == "Which anime is “Haikyu second”, your 6? (2 of 2)"
    assert counts(message).splitlines()[0] == "**2** new"
    await choose(world, message, "0")
    assert not message.content
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 9, ANOTHER: 8}


async def test_an_anime_that_is_on_the_list_already_keeps_its_score(world: World) -> None:
    message = await bring(world, b"title,score\nAnother,9\nAnothr,3\n", "mine.csv")
    options = {one["label"]: one["value"] for one in menu(message)["options"]}
    await choose(world, message, options["Another"])
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {ANOTHER: 9}


async def test_an_unsure_title_brings_its_status_and_dates_along(world: World) -> None:
    table = b"title,score,status,started,finished\nAnothr,,Dropped,2012-01-10,2012-02-03\n"
    message = await bring(world, table, "mine.csv")
    options = {one["label"]: one["value"] for one in menu(message)["options"]}
    await choose(world, message, options["Another"])
    await world.ann.click(message, label="Take it")
    entry = (await world.bot.store.list_entries.of_member(world.ann.id))[ANOTHER]
    assert (entry.status, entry.started, entry.finished) == ("dropped", date(2012, 1, 10), date(2012, 2, 3))
    assert await scores(world) == {}


async def test_a_list_kept_in_a_form_of_another_version_has_had_its_time(world: World) -> None:
    now = discord.utils.utcnow()
    pending_id = await world.bot.store.imports.keep_pending(
        world.ann.id, "csv", {"list": []}, at=now, expires_at=now + timedelta(hours=1)
    )
    message = await posted(world, ActButton("take", world.ann.id, pending_id, ""))
    assert (await world.ann.click(message, label="Take it")).followups[-1].content == OVER
    assert await everything(world) == ([], {}, [])


async def test_unsure_titles_left_unanswered_are_left_out(world: World) -> None:
    message = await bring(world, b"title,score\nDeath Note,9\nAnothr,8\n", "mine.csv")
    assert "I'm not sure about 1 title" in counts(message)
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 9}


async def test_of_many_unsure_titles_the_first_25_are_asked_about_and_all_counted(world: World) -> None:
    rows = "".join(f"Shingeki no Kyojin Saeson {number},8\n" for number in range(1, 31))
    message = await bring(world, f"title,score\nDeath Note,9\n{rows}".encode(), "mine.csv")
    assert message.content.endswith("(1 of 25)")
    assert "I'm not sure about 30 titles" in counts(message)
    for _ in range(25):
        await choose(world, message, "0")
    assert not message.content
    assert labels(message) == ["Take it", "Cancel"]


async def test_a_list_of_unsure_titles_alone_with_no_answer_takes_nothing(world: World) -> None:
    message = await bring(world, b"title,score\nAnothr,8\n", "mine.csv")
    assert labels(message) == ["Cancel"]
    await choose(world, message, "0")
    assert message.content == "I found no anime on this list that I'm sure of, so nothing changes."
    assert not message.components


async def test_18_plus_anime_are_no_candidates_where_they_may_not_be_named(world: World) -> None:
    adult = world.bot.recommender.catalogue[ADULT].title
    table = f"title,score\nDeath Note,9\n{adult[:-1]},8\n".encode()
    message = await bring(world, table, "mine.csv")
    assert adult not in str(message.components)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    channel.nsfw = True  # simcord has no age-restricted channels
    assert adult in str((await bring(world, table, "mine.csv")).components)


# Buttons pressed late, twice, by others, after a restart, or made up


async def test_preview_and_menu_work_after_a_restart(world: World, new_bot: Callable[[], HakkenBot]) -> None:
    message = await bring(world, b"title,score\nDeath Note,9\nAnothr,8\n", "mine.csv")
    another = next(one["value"] for one in menu(message)["options"] if one["label"] == "Another")
    await world.env.restart_bot(new_bot())
    await choose(world, message, another)
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 9, ANOTHER: 8}


async def test_after_an_hour_the_preview_is_over_and_says_so_kindly(world: World) -> None:
    message = await bring(world, export(*LIST))
    await world.env.advance_time(3601)
    result = await world.ann.click(message, label="Take it")
    assert sentence(result) == OVER
    assert not message.components
    assert await everything(world) == ([], {}, [])


async def test_a_list_is_taken_once_however_often_it_is_pressed(world: World) -> None:
    message = await bring(world, export(*LIST))
    pending = message.components[0]["components"][0]["custom_id"].split(":")[3]
    twice = await posted(world, ActButton("take", world.ann.id, pending, ""))
    await world.ann.click(message, label="Take it")
    await world.bot.store.ratings.unrate(world.ann.id, DEATH_NOTE)
    assert (await world.ann.click(twice, label="Take it")).followups[-1].content == OVER
    assert DEATH_NOTE not in await scores(world)


async def test_others_cannot_press_nor_pretend(world: World) -> None:
    message = await bring(world, export(*LIST))
    pending = message.components[0]["components"][0]["custom_id"].split(":")[3]
    theirs = await posted(world, ActButton("take", world.ann.id, pending, ""))
    result = await world.bob.click(theirs, label="Take it")
    assert result.response.content.startswith("These buttons belong to the member who asked.")
    pretended = await posted(world, ActButton("take", world.bob.id, pending, ""))
    assert (await world.bob.click(pretended, label="Take it")).followups[-1].content == OVER
    assert await world.bot.store.ratings.of_member(world.bob.id) == {}
    assert await scores(world) == {}


async def test_a_list_that_waits_can_be_neither_read_nor_dropped_by_another(world: World) -> None:
    message = await bring(world, b"title,score\nDeath Note,9\nAnothr,8\n", "mine.csv")
    pending = menu(message)["custom_id"].split(":")[3]
    ids = [f"import:{act}:{world.bob.id}:{pending}:" for act in ("cancel", "take", "mine", "theirs")]
    pretended = [discord.ui.Button[Any](label=one.split(":")[1], custom_id=one) for one in ids]
    for button in pretended:
        result = await world.bob.click(await posted(world, button), label=button.label)
        assert sentence(result) == OVER
    options = [discord.SelectOption(label="x", value=value) for value in ("0", "1")]
    for value in ("0", "1"):
        asked = discord.ui.Select[Any](custom_id=f"import:title:{world.bob.id}:{pending}:", options=options)
        crafted = await posted(world, asked)
        assert sentence(await world.bob.select(crafted, [value], custom_id=asked.custom_id)) == OVER
        assert not [one for one in world.channel.history() if "Anoth" in f"{one.content}{one.embeds}"]
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 9}
    assert await world.bot.store.ratings.of_member(world.bob.id) == {}


@pytest.mark.parametrize("value", ["9", "x", "-1", "1²"])
async def test_a_made_up_answer_is_refused(world: World, value: str) -> None:
    message = await bring(world, b"title,score\nDeath Note,9\nAnothr,8\n", "mine.csv")
    pending = menu(message)["custom_id"].split(":")[3]
    made_up = TitleMenu(world.ann.id, pending, "", [discord.SelectOption(label="x", value=value)])
    crafted = await posted(world, made_up)
    result = await world.ann.select(crafted, [value], custom_id=made_up.custom_id)
    assert sentence(result) == "That choice doesn't exist. Choose one from the list."


async def test_an_answer_beyond_the_last_question_is_refused(world: World) -> None:
    message = await bring(world, b"title,score\nDeath Note,9\nAnothr,8\n", "mine.csv")
    pending = menu(message)["custom_id"].split(":")[3]
    made_up = TitleMenu(world.ann.id, pending, "5" * 25, [discord.SelectOption(label="x", value="0")])
    crafted = await posted(world, made_up)
    result = await world.ann.select(crafted, ["0"], custom_id=made_up.custom_id)
    assert sentence(result) == "That choice doesn't exist. Choose one from the list."


# Questions about the whole list


STARS = b"title,rating\nDeath Note,5\nAnothr,4.5\nAttack on Titan,2\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Out of 5", {DEATH_NOTE: 10, ANOTHER: 9, TITAN: 4}),
        ("Out of 10", {DEATH_NOTE: 5, ANOTHER: 5, TITAN: 2}),
    ],
)
async def test_a_scale_that_could_be_either_is_asked_before_anything_else(
    world: World, new_bot: Callable[[], HakkenBot], answer: str, expected: dict[int, int]
) -> None:
    message = await bring(world, STARS, "mine.csv")
    assert message.content == "Are these scores out of 5 or 10? I can't tell."
    assert counts(message) == "**Death Note**: **5**\n**Shingeki no Kyojin**: **2**"
    assert labels(message) == ["Out of 5", "Out of 10", "Cancel"]
    await world.env.restart_bot(new_bot())
    await world.ann.click(message, label=answer)
    assert message.content == f"Which anime is “Anothr”, your {expected[ANOTHER]}? (1 of 1)"
    assert await everything(world) == ([], {}, [])
    options = {one["label"]: one["value"] for one in menu(message)["options"]}
    await choose(world, message, options["Another"])
    await world.ann.click(message, label="Take it")
    assert await scores(world) == expected


async def test_nothing_is_taken_while_the_scale_is_open(world: World) -> None:
    message = await bring(world, STARS, "mine.csv")
    pending = message.components[0]["components"][0]["custom_id"].split(":")[3]
    for answers in ("", "0", "3", "5"):
        for act in ("take", "mine", "theirs"):
            crafted = await posted(world, ActButton(act, world.ann.id, pending, answers))  # type: ignore[arg-type]
            result = await world.ann.click(crafted, custom_id=crafted.components[0].children[0].custom_id)  # type: ignore[union-attr]
            assert sentence(result) == CHOOSE_FIRST
        crafted = await posted(world, ChoiceButton(world.ann.id, pending, answers, "x"))
        assert sentence(await world.ann.click(crafted, label="x")) == NO_CHOICE
    assert await everything(world) == ([], {}, [])
    await world.ann.click(message, label="Cancel")
    assert message.content == CANCELLED


@pytest.mark.parametrize(("answer", "status"), [("Seen them", "completed"), ("Plan to watch", "planned")])
async def test_titles_alone_are_asked_about_and_come_in_without_scores(
    world: World, answer: str, status: str
) -> None:
    message = await bring(world, b"Death Note\nAttack on Titan\nzzqqxx\n", "seen.txt")
    assert message.content == "This list only names 3 titles, without scores. Have you seen them?"
    assert labels(message) == ["Seen them", "Plan to watch", "Cancel"]
    await world.ann.click(message, label=answer)
    assert counts(message).splitlines() == [
        "**2** new",
        "2 of them without a score",
        "I'm not sure about 1 title. I leave it out unless you choose its anime.",
    ]
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {}
    assert await statuses(world) == {DEATH_NOTE: status, TITAN: status}


def test_a_list_that_waits_since_before_there_were_questions_about_the_whole_is_read() -> None:
    entry = {"anime_id": 1, "score": 9, "status": None, "started": None, "finished": None, "title": None}
    unsure = {"text": "x", "score": 8, "candidates": [6], "status": None, "started": None, "finished": None}
    read = {"entries": [entry], "kind": "csv", "unsure": [unsure], "passed_over": {}, "notes": []}
    proposal = Proposal.from_body({"read": read, "unasked": 0})
    assert proposal.chosen("")
    assert {one.anime_id: one.score for one in proposal.answered("1").entries} == {1: 9, 6: 8}


async def test_what_was_mended_is_said(world: World) -> None:
    message = await bring(world, export(*LIST)[:-700])
    assert message.embeds[0].title == "Your list from MyAnimeList: 3 anime"
    assert fields(message) == {
        "Good to know": "The file is damaged or ends early: entries after that place are missing."
    }


DOUBTS = (
    "1 anime is on the list several times",
    "did not read these columns: “Rating”",
    "Dates that are incomplete",
    "Numbers for statuses",
    "quotation mark",
    "a day of finishing",
    "Days of starting",
    "“Stage play”",
    "decimals were rounded",
    "1 entry has a score, and no status",
)
DOUBTFUL = """Title,Type,Year,Status,Score,Rating,Start date,Finish date
Death Note,TV,2006,2,9,8,x,
Death Note,TV,2006,2,7,8,,
Attack on Titan,Stage play,2013,,8.5,8,2020-01-01,
Another,TV,2012,,6,8,,2020-01-01
Another,TV,1977,2,5,8,,2020-01-01
Horimiya,TV,2021,2,"8,\nFullmetal Alchemist: Brotherhood,TV,2009,2,10,9,,
"""


async def test_every_doubt_about_a_list_is_in_its_preview(world: World) -> None:
    message = await bring(world, DOUBTFUL.encode())
    shown = "\n".join(str(field.value) for field in message.embeds[0].fields)
    assert shown.count("\n") + 1 == len(DOUBTS)
    for doubt in DOUBTS:
        assert doubt in shown
    assert "Which anime is “Another (1977)”, your 5?" in str(message.content)


def test_a_title_that_is_answered_with_an_anime_of_the_list_is_named() -> None:
    entry = ListEntry(TITAN, 9, None, None, None, "Attack on Titan")
    unsure = Unsure("AoT", 3, (TITAN,))
    answered = Proposal(ReadList((entry,), "csv", (unsure,)), 0).answered("1")
    assert (answered.entries, answered.unsure) == ((entry,), ())
    assert answered.notes == ("“AoT” is on the list by another name, too: that entry counts.",)


# Lists on sites


@pytest.fixture
async def anilist(world: World) -> AsyncIterator[AniListHere]:
    """AniList on this machine, which executes queries by AniList's own schema."""
    here, app = AniListHere(), web.Application()
    app.router.add_post("/", here.answer)
    async with TestServer(app) as server:
        world.bot.anilist = AniList(str(server.make_url("/")), per_minute=FAST)
        yield here


async def test_a_list_on_anilist_is_previewed_with_how_its_scores_were_brought_to_ten(
    world: World, anilist: AniListHere
) -> None:
    entries = [
        on_anilist(DEATH_NOTE, score=85, completedAt={"year": 2012, "month": 4, "day": 1}),
        on_anilist(TITAN, status="PLANNING"),
    ]
    anilist.accounts["ann"] = Account(entries, "POINT_100")
    message = (await world.ann.slash(world.channel, "import", anilist="Ann")).response
    assert message.embeds[0].title == "Your list from AniList: 2 anime"
    assert fields(message)["Good to know"]
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 9}
    assert await statuses(world) == {DEATH_NOTE: "completed", TITAN: "planned"}


GDPR = json.dumps(
    {
        "user": {"id": 1},
        "lists": [
            {
                "series_type": 0,
                "series_id": ON_ANILIST + DEATH_NOTE,
                "status": 2,
                "score": 95,
                "started_on": 20180904,
            },
            {"series_type": 0, "series_id": ON_ANILIST + TITAN, "status": 1, "score": 0},
            {"series_type": 0, "series_id": 7, "status": 2, "score": 50},
            {"series_type": 1, "series_id": ON_ANILIST + 5, "status": 2, "score": 50},
        ],
    }
).encode()


async def test_what_anilist_sends_who_asks_for_their_data_comes_in_by_myanimelists_ids(
    world: World, anilist: AniListHere
) -> None:
    message = await bring(world, GDPR, "gdpr_data.json")
    assert message.embeds[0].title == "Your list from a file: 2 anime"
    assert fields(message)["Not understood: 2"] == (
        "1 × entries that are no anime\n1 × entries that are not on MyAnimeList"
    )
    await world.ann.click(message, label="Take it")
    assert await scores(world) == {DEATH_NOTE: 10}
    assert await statuses(world) == {DEATH_NOTE: "completed", TITAN: "planned"}
    assert len(anilist.requests) == 1


async def test_where_anilist_does_not_answer_a_file_with_its_ids_is_refused(
    world: World, anilist: AniListHere
) -> None:
    anilist.always = said(400, "{}")
    assert "AniList" in await refused(world, file=("gdpr_data.json", GDPR))
    assert await everything(world) == ([], {}, [])


async def test_a_list_that_a_site_does_not_give_ends_in_the_sites_sentence(
    world: World, anilist: AniListHere
) -> None:
    anilist.accounts["ann"] = Account([], private=True)
    assert "private" in await refused(world, anilist="ann")
    assert "Nobody on AniList is called `bob`" in await refused(world, anilist="bob")
    assert "MAL_CLIENT_ID" in await refused(world, mal="ann")


async def test_a_long_list_tells_how_far_it_has_come_at_most_every_two_seconds(
    world: World, anilist: AniListHere
) -> None:
    entries = [on_anilist(number) for number in range(1, 1_601)]
    anilist.accounts["ann"] = Account(entries)

    async def slowly(request: web.Request) -> web.Response:
        world.env.backend.clock.advance(1.0)
        return await anilist.page(request)

    anilist.always = slowly
    message = (await world.ann.slash(world.channel, "import", anilist="ann")).response
    sent = [request.json.get("content") for request in world.env.http_requests if request.method == "PATCH"]
    told = [content for content in sent if content]
    assert told == ["Reading … 1,000 anime so far.", "Reading … 1,600 anime so far."]
    assert message.embeds[0].title == "Your list from AniList: 1,600 anime"
    assert not message.content


# What cannot be read


@pytest.mark.parametrize("options", [{}, {"anilist": "ann", "mal": "ann"}])
async def test_one_place_must_be_named(world: World, options: dict[str, str]) -> None:
    assert (await refused(world, **options)).startswith("Choose one list: `/import file:`")


async def test_a_file_that_is_too_large_is_not_even_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discord.Attachment, "read", None)
    assert (await refused(world, file=("a.xml", bytes(MAX_FILE_BYTES + 1)))).startswith(
        "This file is too large: I read at most 16 MiB."
    )


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (404, "Discord no longer has this file."),
        (503, "Discord didn't give me the file (HTTP 503)."),
        (aiohttp.ServerDisconnectedError(), "The connection broke during the download."),
        (TimeoutError(), "The connection broke during the download."),
    ],
    ids=str,
)
async def test_a_download_that_fails_gets_a_sentence_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: int | Exception, sentence: str
) -> None:
    async def get_from_cdn(_url: str) -> bytes:
        if isinstance(failure, Exception):
            raise failure
        kind = discord.NotFound if failure == 404 else discord.DiscordServerError
        raise kind(Answered(failure), "no")  # type: ignore[arg-type]

    monkeypatch.setattr(world.bot.http, "get_from_cdn", get_from_cdn)
    assert (await refused(world, file=("a.xml", export(*LIST)))).startswith(sentence)
    assert await everything(world) == ([], {}, [])


@dataclass(frozen=True)
class Answered:
    """What discord.py's errors read of an answer."""

    status: int
    reason: str = "no"


BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">%s]><myanimelist>&j;</myanimelist>"""
    % b"".join(b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in b"abcdefghi")
)


@pytest.mark.parametrize(
    "content",
    [BOMB, b"<html><body>Log in</body></html>", export(*LIST)[:900], b"\x1f\x8b" + bytes(40), b"", bytes(99)],
    ids=["entity bomb", "HTML", "truncated", "broken gzip", "empty", "NUL"],
)
async def test_a_hostile_file_ends_in_a_sentence_with_nothing_kept(world: World, content: bytes) -> None:
    shown = await refused(world, file=("animelist.xml", content))
    assert re.fullmatch(r"[A-Z].*\.", shown)
    assert await everything(world) == ([], {}, [])
    assert (await bring(world, export(*LIST))).embeds


async def test_files_are_read_few_at_a_time_and_who_waits_too_long_is_told(world: World) -> None:
    world.bot.reading = Slots(1, 0, crowded)
    async with world.bot.reading.place():
        shown = await refused(world, file=("animelist.xml", export(*LIST)))
    assert shown == "I'm busy reading other lists. Run `/import` again in a minute."
    assert (await bring(world, export(*LIST))).embeds


# Taking back


async def test_an_import_is_taken_back_whole_after_a_confirming_press(world: World) -> None:
    await world.taste(world.ann, {DEATH_NOTE: 10, BEBOP: 8})
    await world.bot.store.feedback.plan(world.ann.id, ANOTHER, at=world.env.now())
    before = await everything(world)
    await world.ann.click(await bring(world, export(*LIST)), label="Take theirs")
    assert await everything(world) != before
    message = (await world.ann.slash(world.channel, "undo")).response
    assert message.ephemeral
    assert re.fullmatch(
        r"Undo your import from MyAnimeList \(<t:\d+:R>\)\? What you changed since then stays\.",
        message.content,
    )
    await world.ann.click(message, label="Take it back")
    assert message.content == "Undone: 5 anime are as they were before."
    assert not message.components
    assert await everything(world) == before


async def test_what_was_changed_by_hand_since_stays_and_is_counted(world: World) -> None:
    await world.ann.click(await bring(world, export(*LIST)), label="Take it")
    await world.env.advance_time(60)
    await world.taste(world.ann, {DEATH_NOTE: 3})
    message = (await world.ann.slash(world.channel, "undo")).response
    await world.ann.click(message, label="Take it back")
    assert message.content == (
        "Undone: 4 anime are as they were before. 1 anime that you changed since then stays as it is."
    )
    assert await scores(world) == {DEATH_NOTE: 3}


async def test_without_an_import_there_is_nothing_to_take_back(world: World) -> None:
    shown = sentence(await world.ann.slash(world.channel, "undo"))
    assert shown == NOTHING_TO_UNDO == sentence_for(world.env.errors[-1])


async def test_an_import_may_be_left_as_it_is(world: World) -> None:
    await world.ann.click(await bring(world, export(*LIST)), label="Take it")
    before = await everything(world)
    message = (await world.ann.slash(world.channel, "undo")).response
    await world.ann.click(message, label="Leave it")
    assert message.content == LEFT
    assert not message.components
    assert await everything(world) == before


async def test_an_old_question_never_takes_back_a_later_import(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    await world.ann.click(await bring(world, export(*LIST)), label="Take it")
    message = (await world.ann.slash(world.channel, "undo")).response
    await world.env.advance_time(1)
    await world.ann.click(await bring(world, export(Line(BEBOP, 9))), label="Take it")
    await world.env.restart_bot(new_bot())
    assert sentence(await world.ann.click(message, label="Take it back")) == NOT_THE_LAST
    assert not message.components
    assert (await scores(world))[BEBOP] == 9


async def test_others_cannot_take_back_my_import(world: World) -> None:
    await world.ann.click(await bring(world, export(*LIST)), label="Take it")
    before = await everything(world)
    message = (await world.ann.slash(world.channel, "undo")).response
    moment = message.components[0]["components"][0]["custom_id"].split(":")[3]
    theirs = await posted(world, UndoImportButton(world.ann.id, moment))
    shown = sentence(await world.bob.click(theirs, label="Take it back"))
    assert shown.startswith("These buttons belong to the member who asked.")
    for other in (moment, "99999999999999999999"):
        pretended = await posted(world, UndoImportButton(world.bob.id, other))
        assert sentence(await world.bob.click(pretended, label="Take it back")) == NOT_THE_LAST
    assert await everything(world) == before


# There and back


def real_lists() -> list[bytes]:
    folder = Path(REAL_LISTS) if REAL_LISTS else Path()
    return [path.read_bytes() for path in sorted(folder.glob("*.xml*"))] if REAL_LISTS else []


@pytest.mark.parametrize("content", [export(*LIST), old_export(*LIST), *real_lists()], ids=len)
async def test_imported_exported_and_imported_again_nothing_is_lost(world: World, content: bytes) -> None:
    await world.ann.click(await bring(world, content), label="Take it")
    exported = (await world.ann.slash(world.channel, "export")).response.attachments
    files = {file.filename.partition(".")[2]: await file.read() for file in exported}
    assert (await bring(world, files["xml"])).content.startswith("Nothing new: I already have all")
    assert (await bring(world, files["json"])).content.startswith("Nothing new: I already have all")

    result = await world.bob.slash(world.channel, "import", file=("list.xml", files["xml"]))
    await world.bob.click(result.response, label="Take it")
    store = world.bot.store
    assert await store.ratings.of_member(world.bob.id) == await scores(world)
    mine, theirs = [await store.list_entries.of_member(one.id) for one in (world.ann, world.bob)]
    assert {id_: (one.status, one.started, one.finished) for id_, one in theirs.items()} == {
        id_: (one.status, one.started, one.finished) for id_, one in mine.items()
    }


def test_the_demos_list_is_read_whole() -> None:
    read = read_list_file(SAMPLE.read_bytes(), TitleSearch(Catalogue()))
    assert (len(read.entries), read.kind, dict(read.passed_over)) == (60, "myanimelist", {})


# What is too much


def test_the_longest_preview_keeps_within_discords_limits() -> None:
    long = "\\_*~`|" * 400
    ids = range(1, 50_001)
    catalogue = Catalogue(Anime(anime_id, long) for anime_id in ids[:10])
    read = ReadList(
        tuple(ListEntry(anime_id, 9, "completed", None, None, long) for anime_id in ids),
        "myanimelist",
        (Unsure(long, 8, (1, 2, 3, 4, 5)),) * 100,
        {f"{number} {long}": 10_000 for number in range(50)},
        (long,) * 9,
        *({f"{number:02}{'*' * 38}": 50_000 for number in range(21)},) * 2,
    )
    found = plan(read, dict.fromkeys(ids, 8), {}, catalogue)
    proposal = Proposal.of(read, catalogue, adult=False)
    for embed in (
        preview_embed(found, read, proposal.unasked, Display(catalogue), adult=False),
        choice_embed(read, Display(catalogue), adult=False),
    ):
        assert len(embed) <= 6000
        assert all(len(field.name or "") <= 256 and len(field.value or "") <= 1024 for field in embed.fields)
    assert len(question_text(read.unsure[0], 25, 25)) <= 2000
    assert len(nothing_new_text(found, read)) <= 2000
    choice_id = ChoiceButton(2**64 - 1, "x" * 22, "5" * 25).custom_id
    assert len(choice_id) <= 100
    assert re.fullmatch(ChoiceButton.__discord_ui_compiled_template__, choice_id)
    menu_id = TitleMenu(2**64 - 1, "x" * 22, "5" * 25).custom_id
    assert len(menu_id) <= 100
    assert re.fullmatch(TitleMenu.__discord_ui_compiled_template__, menu_id)


async def test_the_seventh_list_in_an_hour_has_to_wait(world: World) -> None:
    for _ in range(6):
        await bring(world, export(*LIST))
    assert (await refused(world, file=("a.xml", export(*LIST)))).startswith(
        "6 imports an hour. Try again in "
    )
