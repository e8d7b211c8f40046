"""Sixty titles checked by hand: what is for adults is named in age-restricted channels alone, the rest anywhere."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import discord
import numpy as np
import pytest
from simcord import ChannelHandle

from bot.cogs.settings.menus import SCHEDULES_CHANGED
from bot.errors import MemberError
from hakken import Catalogue, ItemKNNBaseline, Ratings
from tests.discord.conftest import World, told
from tests.hakken.made_up import made_up_ratings

pytestmark = pytest.mark.simcord(settle_timeout=60)

CHECKED = Path(__file__).parents[1] / "fixtures" / "adult_titles.tsv"
with CHECKED.open(encoding="utf-8") as lines:
    ROWS = list(csv.DictReader(lines, dialect="excel-tab"))
ADULT = [int(row["anime_id"]) for row in ROWS if row["adult"] == "yes"]
HARMLESS = [int(row["anime_id"]) for row in ROWS if row["adult"] == "no"]
RATED, LEFT = ADULT[::2], ADULT[1::2]
"""The members rated half of those for adults, so that the others can be recommended."""
KNOWN = HARMLESS[:-8]
BEBOP = f"mal:{HARMLESS[0]}"

COMMANDS: dict[str, dict[str, object]] = {
    "recommend": {"count": 25, "min_raters": 0, "sequels": "include"},
    "continue": {},
    "surprise": {},
    "start": {},
    "ratings": {},
    "similar": {"anime": BEBOP},
    "why": {"anime": f"mal:{HARMLESS[-1]}"},
    "anime": {"title": BEBOP},
    "watchlist mine": {},
    "watchlist server show": {},
    "watchlist server history": {},
    "server top": {},
    "server taste": {},
    "suggest": {"count": 10},
}
NAMING = {
    "recommend",
    "ratings",
    "watchlist mine",
    "similar",
    "suggest",
    "watchlist server show",
    "watchlist server history",
    "server top",
    "server taste",
}
"""Those that surely name something for adults where they may."""


@pytest.fixture(scope="module")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of these titles."""
    catalogue, directory = Catalogue.read(CHECKED), tmp_path_factory.mktemp("checked")
    shape = made_up_ratings(n_users=200, n_anime=len(catalogue), seed=3)
    users, anime = shape.matrix.nonzero()
    ratings = Ratings.from_arrays(users, np.array(sorted(catalogue))[anime], shape.matrix.data)
    ItemKNNBaseline().fit(ratings).save(directory, catalogue)
    return directory


@pytest.fixture
async def club(world: World) -> World:
    """Ann and five others rated some titles for adults, plan others, and list them for the server."""
    taste = {**dict.fromkeys(KNOWN, 8), **dict.fromkeys(RATED, 10)}
    store, now, guild_id = world.bot.store, world.env.now(), world.ann.guild.id
    await world.taste(world.ann, taste)
    few = {**dict.fromkeys(KNOWN[:3], 6), **dict.fromkeys(RATED[:6], 10)}
    await world.raters(*[few] * 5)
    await store.participants.join(guild_id, world.ann.id, at=now)
    await store.feedback.plan(world.ann.id, LEFT[0], at=now)
    for anime_id in LEFT[1:4]:
        await store.server_list.add(guild_id, anime_id, world.ann.id, at=now)
    await store.server_list.watched(guild_id, LEFT[3], world.ann.id, forecast=None, at=now)
    return world


@pytest.fixture(params=["channel", "thread", "direct messages", "age-restricted", "thread of it"])
def place(request: pytest.FixtureRequest, world: World) -> tuple[ChannelHandle | None, bool]:
    """Where Ann asks, None for direct messages, and whether titles for adults may be named there."""
    if request.param == "direct messages":
        return None, False
    restricted = request.param in ("age-restricted", "thread of it")
    # Simcord knows no age-restricted channels, so it is the bot that is told so.
    cast("discord.TextChannel", world.bot.get_channel(world.channel.id)).nsfw = restricted
    if "thread" not in request.param:
        return world.channel, restricted
    backend = world.env.backend
    backend.create_thread(world.channel.id, "a thread", owner_id=world.ann.id)
    return world.channel.threads[0], restricted


def named(messages: Iterator[Any]) -> set[int]:
    """The titles for adults, and the genres by 0, that messages name in texts, buttons and pictures."""
    said = " ".join(
        str([one.content, [embed.to_dict() for embed in one.embeds], one.components])
        + " ".join(file.description or "" for file in one.attachments)
        for one in messages
    ).replace("\\", "")
    titles = {
        int(row["anime_id"]) for row in ROWS if row["title"] in said or (row["english"] or "?!") in said
    }
    return (titles & {*ADULT}) | ({0} if "Hentai" in said or "Erotica" in said else set())


async def answers(world: World, channel: ChannelHandle | None, command: str, **options: Any) -> Iterator[Any]:
    ask = (
        world.ann.user.slash(command, **options)
        if channel is None
        else world.ann.slash(channel, command, **options)
    )
    result = await ask
    return (one for one in (result.response, *result.followups) if one is not None)


async def test_what_is_for_adults_is_named_where_it_may_be_alone(
    club: World, place: tuple[ChannelHandle | None, bool]
) -> None:
    await ask_each_command(club, *place)
    await ask_for_each_title(club, *place)
    await type_each_title(club, *place)
    assert place[1] or isinstance(told(club), MemberError)


async def ask_each_command(club: World, channel: ChannelHandle | None, restricted: bool) -> None:
    for command, options in COMMANDS.items():
        if channel is None and command not in club.ann.user.available_commands():
            continue
        found = named(await answers(club, channel, command, **options))
        if not restricted:
            assert not found, command
        elif command in NAMING:
            assert found, command


async def ask_for_each_title(club: World, channel: ChannelHandle | None, restricted: bool) -> None:
    for number, anime_id in enumerate((*HARMLESS[::6], *ADULT)):
        if number % 15 == 0:
            await club.env.advance_time(61)  # nobody may ask more often
        [message] = await answers(club, channel, "anime", title=f"mal:{anime_id}")
        assert bool(message.embeds) is (restricted or anime_id in HARMLESS), anime_id


async def type_each_title(club: World, channel: ChannelHandle | None, restricted: bool) -> None:
    async def typed(command: str, option: str, text: str, **filled: Any) -> list[str]:
        if channel is None:
            choices = await club.ann.user.autocomplete(command, option, text, **filled)
        else:
            choices = await club.ann.autocomplete(channel, command, option, text, **filled)
        return [choice["value"] for choice in choices]

    for row in ROWS:
        offered = f"mal:{row['anime_id']}" in await typed("anime", "title", row["title"])
        assert offered is (restricted or row["adult"] == "no"), row["title"]
    for command in ("rate", "similar", "why", "unrate"):
        shown = {int(one.removeprefix("mal:")) for one in await typed(command, "anime", "k")}
        assert bool(shown & {*ADULT}) is restricted, command
    assert ("Hentai" in await typed("recommend", "genre", "hen")) is restricted


@pytest.mark.parametrize("restricted", [False, True])
async def test_polls_and_weekly_picks(club: World, restricted: bool) -> None:
    cast("discord.TextChannel", club.bot.get_channel(club.channel.id)).nsfw = restricted
    begun = (await club.ann.slash(club.channel, "watchparty", count=10)).response
    start = next(one for one in re.findall(r"party:start:[^']+", str(begun.components)))
    await club.ann.click(begun, custom_id=start)
    [poll] = [one.poll for one in club.channel.history() if one.poll is not None]
    titles = {row["title"] for row in ROWS if row["adult"] == "yes"}
    assert bool(titles & {answer.text for answer in poll.answers}) is restricted
    weekly = club.ann.guild.create_text_channel("weekly")
    cast("discord.TextChannel", club.bot.get_channel(weekly.id)).nsfw = restricted
    then = club.env.now().replace(second=0, microsecond=0) + timedelta(hours=1)
    await club.bot.store.schedules.set(club.ann.guild.id, weekly.id, then.weekday(), then.time(), then)
    club.bot.dispatch(SCHEDULES_CHANGED)
    await club.env.advance_time(2 * 3600)
    [post] = weekly.history()
    assert post.embeds
    assert bool(named(iter([post]))) is restricted
