"""Where commands can be used: what concerns only oneself everywhere, what concerns a server only there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import simcord.interactions

from bot.errors import MemberError
from hakken import Anime
from tests.discord.conftest import World, told
from tests.discord.contract.contract import DiscordContract

GUILD_INSTALL, USER_INSTALL = 0, 1
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
"""As Discord numbers them (Application Commands: Installation Context, Interaction Context Types)."""

EVERYWHERE = ([GUILD_INSTALL, USER_INSTALL], [GUILD, BOT_DM, PRIVATE_CHANNEL])
SERVERS = ([GUILD_INSTALL], [GUILD])
PLACES: Mapping[str, tuple[list[int], list[int]]] = {
    "anime": EVERYWHERE,
    "compare": SERVERS,
    "continue": EVERYWHERE,
    "export": EVERYWHERE,
    "fairness": SERVERS,
    "forget-me": EVERYWHERE,
    "import": EVERYWHERE,
    "lend": SERVERS,
    "link": EVERYWHERE,
    "preferences": EVERYWHERE,
    "privacy": EVERYWHERE,
    "rate": EVERYWHERE,
    "ratings": EVERYWHERE,
    "recommend": EVERYWHERE,
    "schedule": SERVERS,
    "server": SERVERS,
    "settings": SERVERS,
    "similar": EVERYWHERE,
    "start": EVERYWHERE,
    "suggest": SERVERS,
    "surprise": EVERYWHERE,
    "undo": EVERYWHERE,
    "unrate": EVERYWHERE,
    "watchlist": EVERYWHERE,
    "watchparty": SERVERS,
    "why": EVERYWHERE,
}
"""Every command; whoever adds one decides here for whom it is."""
FOR_MANAGERS = {"schedule", "settings"}
"""Not offered to members who do not manage the server."""

TASTE = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
ELSEWHERE = 900_000_000_000_000_001
"""A server that has not installed the bot, and of which it therefore knows nothing."""
CHANNEL = 900_000_000_000_000_002


def installed_by_member_alone(monkeypatch: pytest.MonkeyPatch, channel: Mapping[str, Any] | None) -> None:
    """From now on all is asked in a server that the bot is not in.

    Args:
        monkeypatch: undoes it.
        channel: what Discord tells of the channel; None where it tells nothing.
    """
    build = simcord.interactions.base_payload

    def elsewhere(*args: Any, **asked: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = build(*args, **asked)
        payload["authorizing_integration_owners"] = {"1": str(asked["user_id"])}
        payload["guild_id"] = str(ELSEWHERE)
        payload["guild"] = {"id": str(ELSEWHERE), "locale": "en-US", "features": []}
        payload["channel_id"] = str(CHANNEL)
        payload.pop("channel")
        if channel is not None:
            payload["channel"] = {"id": str(CHANNEL), "permissions": "0", **channel}
        return record, payload

    monkeypatch.setattr(simcord.interactions, "base_payload", elsewhere)


def text_channel(*, nsfw: bool) -> dict[str, Any]:
    return {"type": 0, "name": "general", "nsfw": nsfw, "position": 1, "flags": 0, "guild_id": str(ELSEWHERE)}


def thread() -> dict[str, Any]:
    """Its parent, which alone knows whether it is age-restricted, is not told."""
    return {
        "type": 11,
        "name": "a thread",
        "parent_id": str(CHANNEL + 1),
        "guild_id": str(ELSEWHERE),
        "owner_id": "7",
        "message_count": 1,
        "member_count": 1,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": "2026-01-01T00:00:00+00:00",
            "auto_archive_duration": 1440,
            "locked": False,
        },
    }


def adult_anime(world: World) -> Anime:
    return next(one for one in world.bot.recommender.catalogue.values() if one.adult)


def test_every_command_is_offered_where_the_table_says(world: World) -> None:
    offered = {command.name: command.to_dict(world.bot.tree) for command in world.bot.tree.get_commands()}
    places = {name: (one["integration_types"], one["contexts"]) for name, one in offered.items()}
    assert places == PLACES


def test_what_discord_is_told_of_the_commands_is_as_it_describes_them(
    world: World, contract: DiscordContract
) -> None:
    payload = [command.to_dict(world.bot.tree) for command in world.bot.tree.get_commands()]
    path = f"/applications/{world.env.backend.application_id}/commands"
    assert contract.violations(("PUT", path, {}, payload)) == []
    crafted = [{**payload[0], "contexts": [3]}]
    assert contract.violations(("PUT", path, {}, crafted))
    [synced] = [one for one in world.env.http_requests if one.method == "PUT" and one.path == path]
    assert synced.json == payload


async def test_in_direct_messages_all_but_the_servers_commands_are_offered(world: World) -> None:
    everywhere = {name for name, places in PLACES.items() if places == EVERYWHERE}
    in_messages = world.ann.user.available_commands()
    assert {name.partition(" ")[0] for name in in_messages} == everywhere
    in_the_server = world.ann.available_commands(world.channel)
    assert {name.partition(" ")[0] for name in in_the_server} == PLACES.keys() - FOR_MANAGERS


async def test_who_installed_the_bot_alone_does_not_take_part_for_the_server(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_by_member_alone(monkeypatch, text_channel(nsfw=False))
    await world.ann.slash(world.channel, "rate", anime="mal:1535", score=10)
    assert await world.bot.store.ratings.of_member(world.ann.id) == {1535: 10}
    for guild in (ELSEWHERE, world.ann.guild.id):
        assert [*(await world.bot.store.participants.roster(guild)).here] == []


async def test_a_server_that_installed_the_bot_too_counts_whoever_asks_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = simcord.interactions.base_payload

    def both(*args: Any, **asked: Any) -> tuple[Any, dict[str, Any]]:
        record, payload = build(*args, **asked)
        payload["authorizing_integration_owners"]["1"] = str(asked["user_id"])
        return record, payload

    monkeypatch.setattr(simcord.interactions, "base_payload", both)
    await world.ann.slash(world.channel, "rate", anime="mal:1535", score=10)
    assert [*(await world.bot.store.participants.roster(world.ann.guild.id)).here] == [world.ann.id]


ASKED: Mapping[str, dict[str, object]] = {
    "anime": {"title": "mal:5114"},
    "continue": {},
    "preferences": {"titles": "english"},
    "rate": {"anime": "mal:5114", "score": 9},
    "ratings": {},
    "recommend": {"count": 10},
    "similar": {"anime": "mal:5114"},
    "start": {},
    "surprise": {},
    "unrate": {"anime": "mal:1535"},
    "watchlist mine": {},
    "why": {"anime": "mal:5114"},
}


@pytest.mark.parametrize("channel", [text_channel(nsfw=False), text_channel(nsfw=True), thread(), None])
async def test_every_own_command_answers_in_a_server_that_the_bot_is_not_in(
    world: World, monkeypatch: pytest.MonkeyPatch, channel: Mapping[str, Any] | None
) -> None:
    await world.taste(world.ann, TASTE)
    installed_by_member_alone(monkeypatch, channel)
    for name, options in ASKED.items():
        result = await world.ann.slash(world.channel, name, **options)
        shown = result.response
        assert shown.embeds or shown.content, name
        assert "went wrong" not in (shown.content or ""), name
        assert not result.followups, name
    assert [*(await world.bot.store.participants.roster(ELSEWHERE)).here] == []


async def test_buttons_work_in_a_server_that_the_bot_is_not_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.taste(world.ann, TASTE)
    installed_by_member_alone(monkeypatch, text_channel(nsfw=False))
    shown = (await world.ann.slash(world.channel, "recommend")).response
    first = shown.embeds[0].title
    await world.ann.click(shown, label="More")
    assert shown.embeds[0].title != first
    await world.ann.click(shown, label="5 Plan")
    assert len((await world.bot.store.feedback.of_member(world.ann.id)).planned) == 1


@pytest.mark.parametrize(
    ("channel", "allowed"),
    [
        (text_channel(nsfw=True), True),
        (text_channel(nsfw=False), False),
        (thread(), False),
        (None, False),
    ],
)
async def test_what_is_rated_18_plus_stays_where_discord_says_that_it_may_be(
    world: World, monkeypatch: pytest.MonkeyPatch, channel: Mapping[str, Any] | None, allowed: bool
) -> None:
    installed_by_member_alone(monkeypatch, channel)
    adult = adult_anime(world)
    result = await world.ann.slash(world.channel, "anime", title=f"mal:{adult.anime_id}")
    assert bool(result.response.embeds) is allowed
    if not allowed:
        assert "counts as 18+" in result.response.content
        assert isinstance(told(world), MemberError)
