"""/export, /forget-me and /privacy; and what becomes of a server's data when it removes the bot."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # of what the bot wrote itself

import discord
import pytest
import simcord.interactions
from simcord.backend.serializers import guild_create_payload
from simcord.builders import GuildHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.client import HakkenBot
from bot.cogs.privacy.embeds import WORDS, Choices, forget_embed, privacy_embed
from bot.cogs.privacy.export import export_files, list_entries
from bot.cogs.privacy.forget_me import FORGOTTEN, KEPT, NOTHING_HELD, ForgetButton
from bot.cogs.privacy.switches import SwitchButton
from bot.errors import MemberError
from bot.privacy import LEAST_MEMBERS, LEAST_RATERS, drawn_in
from bot.settings import Settings
from bot.store import GRACE, Change
from bot.store.database import Database
from bot.store.tables import metadata
from bot.ui.paginator import OUT_OF_TIME
from tests.discord.conftest import World, pass_time, reply, told

PRIVACY = Path(__file__).resolve().parents[2] / "PRIVACY.md"
FMA, DEATH_NOTE, TITAN, UNKNOWN = 5114, 1535, 16498, 999_999_999
ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
BOB = {5114: 9, 4224: 10, 2167: 9, 8074: 1}
DAY = 24 * 3600
COUNTED = (
    "You now count in this server's `/suggest`. Nobody sees your scores. You can change this in `/privacy`."
)


def database(world: World) -> sqlite3.Connection:
    """The file as it stands on the disk, read by no code of the bot's."""
    return sqlite3.connect(world.bot.settings.database_url.partition("///")[2])


def rows(world: World, table: str) -> list[tuple[Any, ...]]:
    connection = database(world)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # our own table's name
    finally:
        connection.close()


def tables_with(world: World, told: int | str) -> set[str]:
    """Every table of the file in which a value is this one or holds it."""
    connection = database(world)
    try:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
    finally:
        connection.close()
    return {
        name for name in names if any(str(told) in str(value) for row in rows(world, name) for value in row)
    }


async def attached(message: ResponseMessage) -> dict[str, bytes]:
    return {one.filename: await one.read() for one in message.attachments}


def labels(message: ResponseMessage) -> list[str]:
    return [one["label"] for row in message.components for one in row["components"]]


def fields(result: InteractionResult) -> dict[str, str]:
    [embed] = result.response.embeds
    return {field.name or "": field.value or "" for field in embed.fields}


async def listed_by(world: World) -> dict[int, tuple[str, date | None, date | None]]:
    """What Ann's list says, without where it came from and when."""
    entries = await world.bot.store.list_entries.of_member(world.ann.id)
    return {anime_id: (one.status, one.started, one.finished) for anime_id, one in entries.items()}


async def acquainted(world: World) -> None:
    """Ann has told the bot something of every kind that members can tell by commands."""
    await world.taste(world.ann, ANN)
    store, now = world.bot.store, world.env.now()
    await store.feedback.plan(world.ann.id, FMA, at=now)
    await store.preferences.choose_titles(world.ann.id, "english", at=now)
    await world.ann.slash(world.channel, "recommend")
    await world.ann.slash(world.channel, "start")
    await world.ann.click(
        (await world.ann.slash(world.channel, "privacy")).response, label="Let others compare"
    )


async def posted(world: World, *items: discord.ui.Item[discord.ui.View]) -> discord.Message:
    """A message that all can press: what a client that keeps no rules could send."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return await channel.send("here", view=view)


# /export


async def test_export_sends_a_list_and_all_that_is_held_to_its_owner_alone(world: World) -> None:
    await acquainted(world)
    result = await world.ann.slash(world.channel, "export")
    files = await attached(result.response)
    assert result.ephemeral
    assert list(files) == ["hakken-list.xml", "hakken-data.json"]
    listed = {
        int(anime.findtext("series_animedb_id") or ""): (
            anime.findtext("my_score"),
            anime.findtext("my_status"),
        )
        for anime in ET.fromstring(files["hakken-list.xml"]).iter("anime")  # noqa: S314  # our own
    }
    scored = {anime_id: (str(score), "Completed") for anime_id, score in ANN.items()}
    assert listed == {**scored, FMA: ("0", "Plan to Watch")}


async def test_the_json_holds_every_row_of_the_file_about_the_member_and_none_of_others(world: World) -> None:
    await acquainted(world)
    await world.taste(world.bob, BOB)
    result = await world.ann.slash(world.channel, "export")
    held = json.loads((await attached(result.response))["hakken-data.json"])["held"]
    text = json.dumps(held)
    for table in tables_with(world, world.ann.id):
        mine = [row for row in rows(world, table) if world.ann.id in row]
        assert len(held[table]) == len(mine), table
    assert str(world.bob.id) not in text
    assert {row["anime_id"]: row["score"] for row in held["ratings"]} == ANN


async def test_without_anything_held_there_is_nothing_to_export_and_nothing_begins(world: World) -> None:
    for command in ("export", "forget-me"):
        result = await world.ann.slash(world.channel, command)
        assert result.response.content == NOTHING_HELD
        assert not result.response.attachments
    assert tables_with(world, world.ann.id) == set()


async def test_export_works_in_a_direct_message(world: World) -> None:
    await world.taste(world.ann, ANN)
    result = await world.ann.user.slash("export")
    assert len(result.response.attachments) == 2


async def test_a_file_larger_than_discord_takes_is_packed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anime = list(world.bot.recommender.catalogue)[:300]
    await world.taste(world.ann, dict.fromkeys(anime, 7))
    whole = await attached((await world.ann.slash(world.channel, "export")).response)
    limit = min(map(len, whole.values())) - 1
    build = simcord.interactions.base_payload

    def narrow(*args: Any, **told: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = build(*args, **told)
        return record, {**payload, "attachment_size_limit": limit}

    monkeypatch.setattr(simcord.interactions, "base_payload", narrow)
    packed = await attached((await world.ann.slash(world.channel, "export")).response)
    assert list(packed) == ["hakken-list.xml.gz", "hakken-data.json.gz"]
    assert all(len(content) <= limit for content in packed.values())
    assert {name.removesuffix(".gz"): gzip.decompress(content) for name, content in packed.items()} == whole


def test_a_file_that_is_too_large_even_packed_is_refused_with_a_way_out(world: World) -> None:
    catalogue = world.bot.recommender.catalogue
    with pytest.raises(MemberError, match=r"too large for Discord.*`/privacy`"):
        export_files(iter(()), {"ratings": [{"anime_id": 1}]}, catalogue, "ann", 10)


async def test_what_a_list_elsewhere_says_of_an_anime_holds_in_the_export(world: World) -> None:
    store, now, member = world.bot.store, world.env.now(), world.ann.id
    imported = [Change(TITAN, 8, "on hold", date(2020, 1, 2)), Change(UNKNOWN, None, "dropped")]
    await store.imports.take(member, "myanimelist", imported, at=now)
    await store.ratings.rate(member, DEATH_NOTE, 10, source="rate", at=now)
    await store.feedback.seen(member, FMA, at=now)
    await store.feedback.dismiss(member, 1575, "not for me", at=now)
    listed = list_entries(
        await store.ratings.of_member(member),
        await store.list_entries.of_member(member),
        await store.feedback.of_member(member),
    )
    assert [(one.anime_id, one.score, one.status, one.started) for one in listed] == [
        (DEATH_NOTE, 10, "completed", None),
        (FMA, None, "completed", None),
        (TITAN, 8, "on hold", date(2020, 1, 2)),
        (UNKNOWN, None, "dropped", None),
    ]


@pytest.mark.parametrize("name", ["hakken-list.xml", "hakken-data.json"])
async def test_who_was_forgotten_comes_back_whole_with_either_file(world: World, name: str) -> None:
    imported = [
        Change(TITAN, 8, "on hold", date(2020, 1, 2)),
        Change(DEATH_NOTE, 10, "completed", date(2019, 5, 6), date(2019, 7, 8)),
        Change(FMA, None, "dropped"),
        Change(1575, None, "planned"),
    ]
    store, member = world.bot.store, world.ann.id
    await store.imports.take(member, "myanimelist", imported, at=world.env.now())
    ratings, entries = await store.ratings.of_member(member), await listed_by(world)
    content = (await attached((await world.ann.slash(world.channel, "export")).response))[name]
    question = await world.ann.slash(world.channel, "forget-me")
    await world.ann.click(question.response, label="Delete everything")
    assert await listed_by(world) == {}
    preview = await world.ann.slash(world.channel, "import", file=(name, content))
    await world.ann.click(preview.response, label="Take it")
    assert await store.ratings.of_member(member) == ratings == {TITAN: 8, DEATH_NOTE: 10}
    assert await listed_by(world) == entries


# /forget-me


async def test_forget_me_says_what_goes_and_asks_before_anything_does(world: World) -> None:
    await acquainted(world)
    before = tables_with(world, world.ann.id)
    result = await world.ann.slash(world.channel, "forget-me")
    [embed] = result.response.embeds
    assert result.ephemeral
    assert "· Ratings: 5\n" in (embed.description or "")
    assert "· Anime that you plan, turned down or marked as seen: 1\n" in (embed.description or "")
    assert "`/export`" in (embed.description or "")
    assert labels(result.response) == ["Delete everything", "Keep it"]
    assert tables_with(world, world.ann.id) == before


async def test_who_is_forgotten_stands_in_no_table_and_others_stay_as_they_were(world: World) -> None:
    await acquainted(world)
    await world.taste(world.bob, BOB)
    await world.bob.slash(world.channel, "recommend")
    bobs = {table: [row for row in rows(world, table) if world.bob.id in row] for table in metadata.tables}
    question = await world.ann.slash(world.channel, "forget-me")
    assert len(tables_with(world, world.ann.id)) >= 6
    await world.ann.click(question.response, label="Delete everything")
    assert question.response.content == FORGOTTEN
    assert not question.response.embeds
    assert not question.response.components
    assert tables_with(world, world.ann.id) == set()
    assert {table: [row for row in rows(world, table) if world.bob.id in row] for table in bobs} == bobs


async def test_keeping_changes_nothing_and_takes_the_buttons_away(world: World) -> None:
    await acquainted(world)
    question = await world.ann.slash(world.channel, "forget-me")
    await world.ann.click(question.response, label="Keep it")
    assert question.response.content == KEPT
    assert not question.response.components
    assert await world.bot.store.ratings.of_member(world.ann.id) == ANN


async def test_a_press_after_all_is_gone_is_answered_kindly(world: World) -> None:
    await acquainted(world)
    first, second = [await world.ann.slash(world.channel, "forget-me") for _ in range(2)]
    pages = await world.ann.slash(world.channel, "recommend")
    await world.ann.click(first.response, label="Delete everything")
    await world.ann.click(second.response, label="Delete everything")
    assert second.response.content == NOTHING_HELD
    turned = await world.ann.click(pages.response, label="More")
    assert [one.content for one in turned.followups] == [OUT_OF_TIME]
    assert tables_with(world, world.ann.id) == set()


async def test_the_question_works_after_a_restart_and_only_for_a_while(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    await acquainted(world)
    early, late = [await world.ann.slash(world.channel, "forget-me") for _ in range(2)]
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(world.bot.settings.buttons_minutes * 60 - 1)
    await world.env.advance_time(2)
    await world.ann.click(late.response, label="Delete everything")
    assert late.response.content == OUT_OF_TIME
    assert await world.bot.store.ratings.of_member(world.ann.id) == ANN
    assert early.response.components
    fresh = await world.ann.slash(world.channel, "forget-me")
    await world.env.restart_bot(new_bot())
    await world.ann.click(fresh.response, label="Delete everything")
    assert tables_with(world, world.ann.id) == set()


async def test_nobody_can_have_another_forgotten(world: World) -> None:
    await acquainted(world)
    message = await posted(world, ForgetButton(world.ann.id, 99_999_999_999))
    pressed = await world.bob.click(message, label="Delete everything")
    assert "belong to the member who asked" in pressed.response.content
    assert await world.bot.store.ratings.of_member(world.ann.id) == ANN


async def test_forget_me_works_in_a_direct_message(world: World) -> None:
    await acquainted(world)
    question = await world.ann.user.slash("forget-me")
    await world.ann.user.click(question.response, label="Delete everything")
    assert question.response.content == FORGOTTEN
    assert tables_with(world, world.ann.id) == set()


def test_every_table_that_holds_something_of_a_member_has_words_for_them() -> None:
    of_servers = {"guild_settings", "departed_guilds", "gatherings", "parties", "watched"}
    of_servers |= {"schedules", "server_list", "published_means"}
    of_anime = {"covers", "failed_covers"}
    assert set(WORDS) == set(metadata.tables) - of_servers - of_anime


# /privacy


async def test_privacy_says_what_holds_without_any_choice(world: World) -> None:
    result = await world.ann.slash(world.channel, "privacy")
    assert result.ephemeral
    assert list(fields(result)) == ["What I keep", "Why", "How long", "Who sees it", "Your choices"]
    assert fields(result)["Your choices"] == (
        "✅ You count in this server's `/suggest`\n"
        "❌ Others who allow it too may `/compare` with you and `/lend` to you\n"
        "✅ `/recommend` may remember filters\n"
        "❌ Answers that everyone reads may show your scores"
    )
    assert labels(result.response) == [
        "Don't count me here",
        "Let others compare",
        "Forget and don't remember filters",
        "Show my scores in answers",
    ]
    assert tables_with(world, world.ann.id) == set()


async def test_who_does_not_take_part_counts_neither_in_suggest_nor_in_the_mean(world: World) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    result = await world.ann.slash(world.channel, "privacy")
    await world.ann.click(result.response, label="Don't count me here")
    assert "❌ You count in this server's `/suggest`" in fields(result)["Your choices"]
    ratings = world.bot.store.ratings
    assert await ratings.of_guild(world.ann.guild.id) == {world.bob.id: BOB}
    suggested = await world.bob.slash(world.channel, "suggest")
    assert suggested.response.content.startswith("I don't know your taste yet")
    await world.ann.click(result.response, label="Count me in here")
    assert await ratings.of_guild(world.ann.guild.id) == {world.ann.id: ANN, world.bob.id: BOB}


async def test_a_choice_holds_for_one_server_alone(world: World) -> None:
    other = world.env.create_guild("Elsewhere")
    elsewhere = other.create_text_channel("general")
    there = other.add_member(world.ann.user)
    await world.taste(world.ann, ANN)
    await there.slash(elsewhere, "ratings")
    result = await world.ann.slash(world.channel, "privacy")
    await world.ann.click(result.response, label="Don't count me here")
    assert await world.bot.store.ratings.of_guild(other.id) == {world.ann.id: ANN}


async def test_where_a_server_wants_it_only_those_count_who_say_yes(world: World) -> None:
    chief = chief_of(world)
    await chief.slash(world.channel, "privacy", members_count="only if they say yes")
    await world.taste(world.ann, ANN)
    first = await world.ann.slash(world.channel, "ratings")
    assert [one.content for one in first.followups] == [
        "In this server, `/suggest` counts only members who say yes. You can do that in `/privacy`."
    ]
    ratings = world.bot.store.ratings
    assert await ratings.of_guild(world.ann.guild.id) == {}
    result = await world.ann.slash(world.channel, "privacy")
    await world.ann.click(result.response, label="Count me in here")
    assert await ratings.of_guild(world.ann.guild.id) == {world.ann.id: ANN}


async def test_only_who_manages_the_server_chooses_for_it(world: World) -> None:
    result = await world.ann.slash(world.channel, "privacy", members_count="only if they say yes")
    assert isinstance(told(world), MemberError)
    assert result.response.content.startswith("Only moderators (Manage Server) can choose that.")
    assert (await world.bot.store.guild_settings.of_guild(world.ann.guild.id)).participation == "opt-out"


async def test_outside_a_server_there_is_no_switch_for_one(world: World) -> None:
    result = await world.ann.user.slash("privacy")
    assert "this server" not in fields(result)["Your choices"]
    assert labels(result.response) == [
        "Let others compare",
        "Forget and don't remember filters",
        "Show my scores in answers",
    ]
    refused = await world.ann.user.slash("privacy", members_count="only if they say yes")
    assert isinstance(told(world), MemberError)
    assert reply(refused).content == "That choice is about a server. Use `/privacy` in a server that I'm in."


async def test_switches_turn_for_their_owner_alone_after_a_restart_and_twice_is_once(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    message = await posted(
        world, SwitchButton(world.ann.id, "compare", to=True), SwitchButton(world.ann.id, "part", to=False)
    )
    for label in ("Let others compare", "Don't count me here"):
        refused = await world.bob.click(message, label=label)
        assert "belong to the member who asked" in refused.response.content
    assert tables_with(world, world.ann.id) == set()
    result = await world.ann.slash(world.channel, "privacy")
    await world.env.restart_bot(new_bot())
    await world.ann.click(result.response, label="Let others compare")
    assert (await world.bot.store.privacy.of_member(world.ann.id)).compare
    await world.ann.click(message, label="Let others compare")
    assert (await world.bot.store.privacy.of_member(world.ann.id)).compare
    assert not (await world.bot.store.privacy.of_member(world.bob.id)).compare


async def test_filters_that_must_not_be_remembered_go_and_are_refused(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "recommend", type="TV", remember=True)
    result = await world.ann.slash(world.channel, "privacy")
    await world.ann.click(result.response, label="Forget and don't remember filters")
    preferences = world.bot.store.preferences
    assert (await preferences.of_member(world.ann.id)).filters is None
    refused = await world.ann.slash(world.channel, "recommend", type="TV", remember=True)
    assert isinstance(told(world), MemberError)
    assert reply(refused).content.startswith("You don't let me remember filters.")
    assert (await preferences.of_member(world.ann.id)).filters is None
    await world.ann.click(result.response, label="Remember filters")
    await world.ann.slash(world.channel, "recommend", type="TV", remember=True)
    assert (await preferences.of_member(world.ann.id)).filters is not None


# The first use in a server


async def test_the_first_command_in_a_server_says_once_that_one_counts(world: World) -> None:
    first = await world.ann.slash(world.channel, "preferences")
    [notice] = first.followups
    assert notice.ephemeral
    assert notice.content == COUNTED
    again = await world.ann.slash(world.channel, "preferences")
    assert again.followups == []


async def test_suggest_as_the_first_command_tells_it_too_also_where_it_finds_nothing(world: World) -> None:
    refused = await world.ann.slash(world.channel, "suggest", hours=0.3)
    assert isinstance(told(world), MemberError)
    assert "I found nothing that short" in reply(refused).content
    assert [one.content for one in refused.followups[1:]] == [COUNTED]
    assert all(one.ephemeral for one in refused.followups)
    await world.taste(world.bob, BOB)
    found = await world.bob.slash(world.channel, "suggest")
    assert found.response.embeds
    assert [one.content for one in found.followups] == [COUNTED]


async def test_where_only_who_says_yes_counts_suggest_tells_raters_how_to_count(world: World) -> None:
    await chief_of(world).slash(world.channel, "privacy", members_count="only if they say yes")
    await world.taste(world.ann, ANN)
    refused = await world.ann.slash(world.channel, "suggest")
    assert isinstance(told(world), MemberError)
    assert "`/privacy` shows whether you count" in reply(refused).content
    shown = await world.ann.slash(world.channel, "privacy")
    await world.ann.click(shown.response, label="Count me in here")
    assert (await world.ann.slash(world.channel, "suggest")).response.embeds


@pytest.mark.parametrize("command", ["privacy", "export", "forget-me"])
async def test_asking_about_ones_data_makes_nobody_a_participant(world: World, command: str) -> None:
    result = await world.ann.slash(world.channel, command)
    assert result.followups == []
    assert [*(await world.bot.store.participants.roster(world.ann.guild.id)).here] == []


async def test_who_has_chosen_before_is_not_told_at_the_first_use(world: World) -> None:
    result = await world.ann.slash(world.channel, "privacy")
    await world.ann.click(result.response, label="Don't count me here")
    first = await world.ann.slash(world.channel, "preferences")
    assert first.followups == []


async def test_in_a_direct_message_nobody_is_told(world: World) -> None:
    result = await world.ann.user.slash("preferences")
    assert result.followups == []


# Servers that remove the bot


async def pass_days(world: World, days: float) -> None:
    # Lists that are kept in step are looked at every few minutes: a month of that takes minutes, too.
    await world.bot.unload_extension("bot.cogs.link")
    await pass_time(world, days * DAY)
    await world.bot.load_extension("bot.cogs.link")


async def removed(world: World, guild: GuildHandle) -> None:
    world.env.backend.remove_guild(guild.id)
    await world.env.settle()


async def test_a_servers_rows_go_thirty_days_after_it_removed_the_bot_and_members_stay(world: World) -> None:
    guild = world.ann.guild
    await chief_of(world).slash(world.channel, "privacy", members_count="only if they say yes")
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "preferences")
    await removed(world, guild)
    [(_, left_at)] = rows(world, "departed_guilds")
    assert datetime.fromisoformat(left_at).replace(tzinfo=UTC) == world.env.now()
    await pass_days(world, GRACE.days - 0.01)
    assert {"participants", "guild_settings", "departed_guilds"} == tables_with(world, guild.id)
    await pass_days(world, 40)
    assert tables_with(world, guild.id) == set()
    assert await world.bot.store.ratings.of_member(world.ann.id) == ANN


async def test_a_server_that_comes_back_in_time_keeps_what_it_had(world: World) -> None:
    guild = world.ann.guild
    backend = world.env.backend
    club, channel = backend.guilds[guild.id], backend.channels[world.channel.id]
    await world.ann.slash(world.channel, "preferences")
    await removed(world, guild)
    await pass_days(world, GRACE.days - 1)
    assert "departed_guilds" in tables_with(world, guild.id)
    backend.guilds[guild.id], backend.channels[channel.id] = club, channel
    told_anew = {
        key: value for key, value in guild_create_payload(backend, club).items() if key != "unavailable"
    }
    backend.emit(
        "GUILD_CREATE", told_anew
    )  # only a server that was merely out of reach is "unavailable" or not
    await world.env.settle()
    assert tables_with(world, guild.id) == {"participants"}
    await pass_days(world, 90)
    assert tables_with(world, guild.id) == {"participants"}


async def test_a_server_that_went_while_the_bot_was_away_is_noticed_at_its_start(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    gone = world.env.now() - timedelta(days=1)
    await world.bot.store.participants.join(4242, world.ann.id, at=gone)
    await world.env.restart_bot(new_bot())
    [(guild_id, *_)] = rows(world, "departed_guilds")
    assert guild_id == 4242
    await world.ann.slash(world.channel, "preferences")
    await pass_days(world, 80)
    assert tables_with(world, 4242) == set()
    assert tables_with(world, world.ann.guild.id) == {"participants"}


async def test_answers_and_lists_that_have_expired_are_gone_within_a_day_though_nobody_asks(
    world: World,
) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "recommend", count=25)
    await world.ann.slash(world.channel, "import", file=("list.csv", b"anime_id,score\n1,9\n"))
    assert {"answers", "pending_imports"} <= tables_with(world, world.ann.id)
    await pass_days(world, 1.1)
    assert not {"answers", "pending_imports"} & tables_with(world, world.ann.id)
    assert await world.bot.store.ratings.of_member(world.ann.id) == ANN


def chief_of(world: World) -> Any:
    """A member who manages the server."""
    guild = world.ann.guild
    role = guild.create_role("chief", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(world.env.create_user("chief"), roles=[role])


# What PRIVACY.md says


def test_the_policy_names_every_table_and_no_other() -> None:
    told = re.findall(r"^\| (`[a-z_`, ]+`) \|", PRIVACY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [name for cell in told for name in re.findall(r"`([a-z_]+)`", cell)]
    assert sorted(named) == sorted(metadata.tables)


def test_the_policys_figures_are_those_of_the_code() -> None:
    policy = PRIVACY.read_text(encoding="utf-8")
    days = {int(one) for one in re.findall(r"(\d+) days", policy)}
    minutes = {int(one) for one in re.findall(r"(\d+) minutes", policy)}
    assert days == {GRACE.days}
    assert minutes == {Settings(_env_file=None).buttons_minutes}
    assert LEAST_MEMBERS == 3
    assert "From three members whose taste is known on" in policy
    assert LEAST_RATERS == 5
    assert "averages of five or more ratings, in half points" in policy
    bands = [{score for score in range(1, 11) if drawn_in(score) == counts} for counts in (3.1, 6.4, 8.8)]
    said = [set(range(int(first), int(last) + 1)) for first, last in re.findall(r"\((\d+)–(\d+)\)", policy)]
    assert said == bands


def test_the_policy_names_no_command_that_is_none(world: World) -> None:
    named = set(re.findall(r"`/([a-z-]+)", PRIVACY.read_text(encoding="utf-8")))
    assert named <= {command.name for command in world.bot.tree.get_commands()}


# Within Discord's limits


def test_the_most_that_can_be_held_and_chosen_fits_an_embed() -> None:
    counts: Mapping[str, int] = dict.fromkeys(WORDS, 10**9)
    assert len(forget_embed(counts).description or "") <= 4096
    embed = privacy_embed(
        Choices(takes_part=True, compare=True, remember_filters=True, show_scores=True), 14.5, "x" * 200
    )
    assert all(len(field.value or "") <= 1024 for field in embed.fields)
    assert len(embed) <= 6000


def test_the_longest_ids_fit_a_custom_id_and_read_back() -> None:
    button = ForgetButton(2**64 - 1, 99_999_999_999)
    match = ForgetButton.__discord_ui_compiled_template__.fullmatch(button.custom_id)
    assert len(button.custom_id) <= 100
    assert match
    assert int(match["user_id"]) == 2**64 - 1
    for to in (True, False):
        switch = SwitchButton(2**64 - 1, "compare", to=to)
        assert SwitchButton.__discord_ui_compiled_template__.fullmatch(switch.custom_id)


async def test_what_a_reader_keeps_from_being_wiped_is_wiped_a_minute_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.taste(world.ann, ANN)
    wipe, tries = Database.wipe, list[bool]()

    async def read_at_first(database: Database) -> bool:
        tries.append(len(tries) > 1 and await wipe(database))
        return tries[-1]

    monkeypatch.setattr(Database, "wipe", read_at_first)
    asked = await world.ann.slash(world.channel, "forget-me")
    await world.ann.click(asked.response, label="Delete everything")
    await world.env.advance_time(1)
    assert tries == [False, False]
    assert not await world.bot.store.database.is_wiped()
    await world.env.advance_time(61)
    assert tries == [False, False, True]
    assert await world.bot.store.database.is_wiped()
    await world.env.advance_time(120)
    assert len(tries) == 3
