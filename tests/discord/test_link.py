"""/link: a list elsewhere comes in step day by day, what is said here stays, and one press ends it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.client import HakkenBot
from bot.cogs.link.changes import changed_there, rows
from bot.cogs.link.loop import EVERY, RETRIES, LinkLoop
from bot.cogs.link.stop_button import StopButton
from bot.errors import MemberError
from bot.lists import ListEntry, ReadList
from bot.sites import AniList
from bot.store import Link, Rated
from tests.bot.sites.conftest import FAST, PATIENCE, Account, AniListHere, on_anilist, said
from tests.discord.conftest import World, told

DEATH_NOTE, FMA, TITAN, MONSTER = 1535, 5114, 16498, 19
DAY, HOUR = 24 * 3600, 3600


@pytest.fixture
async def site() -> AsyncIterator[AniListHere]:
    """AniList on this machine, where ann is called annabel."""
    here = AniListHere()
    here.accounts["annabel"] = Account(
        [
            on_anilist(DEATH_NOTE, score=8),
            on_anilist(TITAN, status="CURRENT"),
            on_anilist(FMA, status="PLANNING"),
        ]
    )
    app = web.Application()
    app.router.add_post("/", here.answer)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0)
    here.address = str(server.make_url("/"))
    yield here
    await server.close()


@pytest.fixture
def new_bot(new_bot: Callable[[], HakkenBot], site: AniListHere) -> Callable[[], HakkenBot]:
    """Bots that ask the site on this machine."""

    def build() -> HakkenBot:
        bot = new_bot()
        bot.anilist = AniList(site.address, patience=PATIENCE, per_minute=FAST)
        return bot

    return build


def gives(site: AniListHere, *entries: dict[str, Any]) -> None:
    """The list becomes another on the site."""
    site.accounts["annabel"].entries = list(entries)


async def link(world: World, name: str = "annabel") -> Any:
    return await world.ann.slash(world.channel, "link", site="AniList", name=name)


async def linked_and_taken(world: World) -> Any:
    """The message with the button that ends it."""
    result = await link(world)
    await world.ann.click(result.response, label="Take it")
    return result.followups[0]


def sentence(result: Any) -> str:
    """What a member reads in place of an answer."""
    return result.response.content or result.followups[0].content


async def ratings(world: World) -> dict[int, int]:
    return await world.bot.store.ratings.of_member(world.ann.id)


async def links(world: World) -> list[Link]:
    return await world.bot.store.links.of_member(world.ann.id)


async def test_linking_previews_the_list_as_import_does_and_says_what_holds_from_now_on(world: World) -> None:
    result = await link(world)
    preview, said_then = result.response, result.followups[0]
    assert result.ephemeral
    assert preview.embeds
    assert await ratings(world) == {}
    assert said_then.content.startswith(
        "Linked to `annabel` on AniList. Every day I copy what has changed there. The next time is <t:"
    )
    [kept] = await links(world)
    assert (kept.site, kept.name, kept.state) == ("anilist", "annabel", "active")
    assert kept.next_sync_at - world.env.now() > timedelta(hours=23)
    await world.ann.click(preview, label="Take it")
    assert await ratings(world) == {DEATH_NOTE: 8}
    statuses = {
        one.anime_id: one.status
        for one in (await world.bot.store.list_entries.of_member(world.ann.id)).values()
    }
    assert statuses == {DEATH_NOTE: "completed", TITAN: "watching", FMA: "planned"}


async def test_what_changes_there_comes_within_the_day(world: World, site: AniListHere) -> None:
    await linked_and_taken(world)
    gives(site, on_anilist(DEATH_NOTE, score=6), on_anilist(TITAN, score=9), on_anilist(MONSTER, score=10))
    await world.env.advance_time(DAY - HOUR)
    assert await ratings(world) == {DEATH_NOTE: 8}
    await world.env.advance_time(HOUR + 600)
    assert await ratings(world) == {DEATH_NOTE: 6, TITAN: 9, MONSTER: 10}
    gives(site, on_anilist(DEATH_NOTE, score=7))
    await world.env.advance_time(DAY + 600)
    assert await ratings(world) == {DEATH_NOTE: 7, TITAN: 9, MONSTER: 10}


async def test_what_was_rated_here_since_the_last_reading_stays_for_good(
    world: World, site: AniListHere
) -> None:
    await linked_and_taken(world)
    await world.env.advance_time(HOUR)
    await world.ann.slash(world.channel, "rate", anime=f"mal:{DEATH_NOTE}", score=3)
    gives(site, on_anilist(DEATH_NOTE, score=9))
    for _ in range(3):
        await world.env.advance_time(DAY + 600)
        assert await ratings(world) == {DEATH_NOTE: 3}
    gives(site, on_anilist(DEATH_NOTE, score=10))
    await world.env.advance_time(DAY + 600)
    assert await ratings(world) == {DEATH_NOTE: 10}


async def test_what_was_refused_in_the_preview_is_not_slipped_in_later(world: World) -> None:
    result = await link(world)
    await world.ann.click(result.response, label="Cancel")
    await world.env.advance_time(2 * DAY)
    assert await ratings(world) == {}
    assert await world.bot.store.list_entries.of_member(world.ann.id) == {}


async def test_a_reading_that_changed_something_can_be_undone_and_stays_undone(
    world: World, site: AniListHere
) -> None:
    await linked_and_taken(world)
    gives(site, on_anilist(DEATH_NOTE, score=2))
    await world.env.advance_time(DAY + 600)
    assert await ratings(world) == {DEATH_NOTE: 2}
    assert await world.bot.store.imports.undo_last(world.ann.id)
    await world.env.advance_time(DAY + 600)
    assert await ratings(world) == {DEATH_NOTE: 8}


async def test_one_press_stops_it_and_what_was_taken_stays(world: World, site: AniListHere) -> None:
    said_then = await linked_and_taken(world)
    stopped = await world.ann.click(said_then, label="Stop AniList")
    assert said_then.content == (
        "AniList is no longer linked. What I copied from there stays.\n"
        "No list is linked. `/link site: name:` syncs one every day."
    )
    assert not said_then.components
    assert not stopped.followups
    asked = len(site.requests)
    gives(site, on_anilist(DEATH_NOTE, score=1))
    await world.env.advance_time(3 * DAY)
    assert len(site.requests) == asked
    assert await ratings(world) == {DEATH_NOTE: 8}


async def test_without_options_the_links_are_shown_each_with_its_button(world: World) -> None:
    none = await world.ann.slash(world.channel, "link")
    assert none.response.content.startswith("No list is linked.")
    assert not none.response.components
    await linked_and_taken(world)
    await world.bot.store.links.link(world.ann.id, "myanimelist", "ann_b", at=world.env.now(), known=[])
    shown = (await world.ann.slash(world.channel, "link")).response
    first, second = shown.content.splitlines()
    assert first.startswith("**AniList** · `annabel` · last read <t:")
    assert second.startswith("**MyAnimeList** · `ann_b` · last read <t:")
    await world.ann.click(shown, label="Stop MyAnimeList")
    assert [one.site for one in await links(world)] == ["anilist"]
    assert [one["label"] for one in shown.components[0]["components"]] == ["Stop AniList"]


@pytest.mark.parametrize("options", [{"site": "AniList"}, {"name": "annabel"}])
async def test_half_of_what_is_needed_gets_a_sentence(world: World, options: dict[str, str]) -> None:
    result = await world.ann.slash(world.channel, "link", **options)
    assert sentence(result) == ("I need both `site:` and your `name:` there. `/link` alone shows your links.")
    assert await links(world) == []
    told(world)


async def test_an_unknown_name_is_not_linked(world: World) -> None:
    result = await link(world, "nobody")
    assert "Nobody on AniList is called `nobody`" in sentence(result)
    assert await links(world) == []
    told(world)


async def test_another_name_on_the_site_takes_the_place_of_the_first(world: World, site: AniListHere) -> None:
    site.accounts["second"] = Account([on_anilist(MONSTER, score=9)])
    await linked_and_taken(world)
    await link(world, "second")
    assert [one.name for one in await links(world)] == ["second"]


async def test_the_seventh_list_in_an_hour_has_to_wait(world: World) -> None:
    for _ in range(6):
        await link(world)
    assert sentence(await link(world)).startswith("6 imports an hour. Try again in ")
    assert isinstance(told(world), MemberError)


async def test_the_button_is_its_owners_alone_also_in_a_crafted_message(world: World) -> None:
    await linked_and_taken(world)
    button = StopButton("anilist", world.ann.id)
    assert len(button.item.custom_id or "") <= 100
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.send("?", view=discord.ui.View(timeout=None).add_item(button))
    refused = await world.bob.click(message, label="Stop AniList")
    assert refused.ephemeral
    assert refused.response.content.startswith("These buttons belong to the member who asked.")
    assert [one.name for one in await links(world)] == ["annabel"]


async def test_failures_are_retried_ever_later_then_the_link_pauses_and_the_member_hears_of_it_once(
    world: World, site: AniListHere
) -> None:
    await linked_and_taken(world)
    site.accounts["annabel"].private = True
    before = len(site.requests)
    await world.env.advance_time(EVERY.total_seconds() + 600)
    assert len(site.requests) == before + 1
    shown = (await world.ann.slash(world.channel, "link")).response
    assert "The last time it failed: The list of `annabel` on AniList is private." in shown.content
    for number, pause in enumerate(RETRIES, 2):
        [failing] = await links(world)
        left = failing.next_sync_at - world.env.now()
        assert pause - timedelta(minutes=15) < left <= pause
        await world.env.advance_time(left.total_seconds() - 60)
        assert len(site.requests) == before + number - 1
        await world.env.advance_time(360)
        assert len(site.requests) == before + number
    [paused] = await links(world)
    assert (paused.state, paused.failures) == ("paused", 5)
    await world.env.advance_time(3 * DAY)
    assert len(site.requests) == before + 5
    first = await world.ann.slash(world.channel, "ratings")
    [news] = first.followups
    assert news.ephemeral
    assert news.content.startswith(
        "I stopped syncing `annabel` on AniList after 5 failures. The last one: The list of `annabel`"
    )
    assert news.content.endswith("To start again: `/link site:AniList name:annabel`")
    assert (await world.ann.slash(world.channel, "ratings")).followups == []
    site.accounts["annabel"].private = False
    await link(world)
    assert [(one.state, one.failures) for one in await links(world)] == [("active", 0)]


async def test_a_success_forgives_the_failures_before(world: World, site: AniListHere) -> None:
    await linked_and_taken(world)
    site.always = said(500, "")
    await world.env.advance_time(DAY + 600)
    assert [one.failures for one in await links(world)] == [1]
    site.always = None
    await world.env.advance_time(HOUR + 600)
    [kept] = await links(world)
    assert (kept.failures, kept.last_error) == (0, None)


async def test_one_list_that_cannot_be_read_keeps_no_other_waiting(world: World, site: AniListHere) -> None:
    await world.bot.store.links.link(world.bob.id, "anilist", "nobody", at=world.env.now())
    await linked_and_taken(world)
    gives(site, on_anilist(DEATH_NOTE, score=5))
    await world.env.advance_time(DAY + 1200)
    assert await ratings(world) == {DEATH_NOTE: 5}


async def test_after_a_restart_it_goes_on_and_what_is_due_comes_first(
    world: World, site: AniListHere, new_bot: Callable[[], HakkenBot]
) -> None:
    said_then = await linked_and_taken(world)
    await world.bot.store.links.link(world.ann.id, "anilist", "annabel", at=world.env.now(), known=[])
    gives(site, on_anilist(DEATH_NOTE, score=4))
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(1)
    assert await ratings(world) == {DEATH_NOTE: 4}
    gives(site, on_anilist(DEATH_NOTE, score=5))
    await world.env.advance_time(DAY + 600)
    assert await ratings(world) == {DEATH_NOTE: 5}
    await world.ann.click(said_then, label="Stop AniList")
    assert await links(world) == []


async def test_it_is_off_when_the_bot_closes(world: World) -> None:
    check = world.bot.cogs["LinkLoop"].check  # type: ignore[attr-defined]  # its class is loaded anew with every bot
    assert check.is_running()
    await world.bot.unload_extension("bot.cogs.link")
    assert not check.is_running()
    await world.bot.load_extension("bot.cogs.link")


async def test_a_day_without_links_costs_one_look(world: World, site: AniListHere) -> None:
    await world.env.advance_time(30 * DAY)
    check = world.bot.cogs["LinkLoop"].check  # type: ignore[attr-defined]
    assert 30 <= check.current_loop <= 31
    assert site.requests == []


async def test_whoever_is_forgotten_is_not_read_any_more(world: World, site: AniListHere) -> None:
    await linked_and_taken(world)
    await world.bot.store.personal_data.forget(world.ann.id)
    asked = len(site.requests)
    await world.env.advance_time(2 * DAY)
    assert len(site.requests) == asked
    assert await ratings(world) == {}


@pytest.mark.parametrize(
    ("ahead", "pause"),
    [
        (None, EVERY),
        (timedelta(days=3), EVERY),
        (timedelta(hours=2), timedelta(hours=2)),
        (timedelta(seconds=1), timedelta(minutes=5)),
        (timedelta(days=-3), timedelta(minutes=5)),
    ],
)
def test_the_next_look_comes_when_the_next_list_is_due(ahead: timedelta | None, pause: timedelta) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert LinkLoop.pause_until(ahead and now + ahead, now) == pause


def entry(
    anime_id: int, score: int | None = None, status: Any = "completed", started: date | None = None
) -> ListEntry:
    return ListEntry(anime_id, score, status, started, None, None)


def test_only_what_is_no_longer_as_it_was_counts_as_news() -> None:
    then = ReadList((entry(1, 7), entry(2, 7), entry(3, 7, "watching"), entry(4, None, "planned")), "anilist")
    now = ReadList(
        (
            entry(1, 7),
            entry(2, 8),
            entry(3, 7, "dropped", date(2024, 2, 29)),
            entry(4, None, "planned"),
            entry(5, 9),
        ),
        "anilist",
    )
    assert changed_there(now, rows(then), {}, None).entries == (
        ListEntry(2, 8, None, None, None, None),
        ListEntry(3, None, "dropped", date(2024, 2, 29), None, None),
        entry(5, 9),
    )
    assert changed_there(now, rows(now), {}, None).entries == ()


@pytest.mark.parametrize(
    ("source", "minutes", "taken"),
    [("rate", -1, True), ("rate", 1, False), ("start", 1, False), ("button", 1, False), ("anilist", 1, True)],
)
def test_of_a_score_here_and_one_there_the_later_word_counts(
    world: World, source: str, minutes: int, taken: bool
) -> None:
    since = world.env.now()
    mine = {1: Rated(1, 3, source, since + timedelta(minutes=minutes))}
    news = changed_there(
        ReadList((entry(1, 9),), "anilist"), rows(ReadList((entry(1, 8),), "anilist")), mine, since
    )
    assert bool(news.entries) is taken
