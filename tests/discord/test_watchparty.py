"""/watchparty: from picks to ratings, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

import discord
import pytest
from simcord import MemberActor
from sqlalchemy import select, update

from bot.client import HakkenBot
from bot.cogs.watchparty import messages
from bot.cogs.watchparty.loop import WatchPartyLoop
from bot.errors import MemberError
from bot.privacy import as_others_read
from bot.store import Ballot, Contender, Party
from bot.store.tables import gatherings, party_forecasts, served
from bot.store.tables import parties as table
from hakken.recommend.recommender import Member
from tests.discord.conftest import World, reply, told

pytestmark = pytest.mark.simcord(settle_timeout=60)

ANN = {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2}
BOB = {5114: 9, 4224: 10, 2167: 9, 8074: 1, 1535: 7}
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
DAY_ = timedelta(days=1)
ADULT = 3303
"""Rated 18+ in the catalogue."""

NewBot = Callable[[], HakkenBot]


async def _picks(world: World, **options: Any) -> discord.Message:
    """Ann asks for a watch party; Ann and Bob are in."""
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    shown = await world.ann.slash(world.channel, "watchparty", count=3, **options)
    suggestion_id = (await _party(world)).suggestion_id
    for member in (
        world.ann,
        world.bob,
    ):  # pressing it is tested where it is made, and waits for more to come
        await world.bot.store.suggestions.join(suggestion_id, member.id, at=world.env.now())
    return shown.response


async def _vote(world: World, **options: Any) -> discord.Message:
    """The vote on Ann's picks has begun."""
    await _picks(world, **options)
    await _press(world, world.ann, "party:start")
    return _with(world, "party:end")


async def _decided(world: World, **options: Any) -> discord.Message:
    """Bob's vote has decided for the second pick."""
    poll = await _vote(world, **options)
    await world.bob.vote(poll, answer=2)
    await world.env.advance_time(HOUR + MINUTE)
    return _with(world, "party:rate")


async def _rating(world: World, **options: Any) -> discord.Message:
    """Who was there is asked how it was."""
    await _decided(world, **options)
    await _press(world, world.ann, "party:rate")
    return _with(world, "party:absent")


async def _party(world: World) -> Party:
    async with world.bot.store.database.read() as connection:
        party_id = await connection.scalar(select(table.c.party_id))
    party = await world.bot.store.parties.find(party_id or "")
    assert party is not None
    return party


async def _set(world: World, **values: Any) -> None:
    """The evening's row, as a crash may have left it."""
    async with world.bot.store.database.begin() as connection:
        await connection.execute(update(table).values(**values))


def _ids(message: discord.Message) -> list[str]:
    return [item.custom_id for row in message.components for item in row.children]  # type: ignore[union-attr]


def _all_with(world: World, prefix: str) -> list[discord.Message]:
    return [
        message
        for message in world.channel.history()
        if any(one.startswith(prefix + ":") for one in _ids(message))
    ]


def _with(world: World, prefix: str) -> discord.Message:
    """The only message that bears such a button."""
    (message,) = _all_with(world, prefix)
    return message


async def _press(world: World, member: MemberActor, prefix: str) -> Any:
    message = _all_with(world, prefix)[-1]
    custom_id = next(one for one in _ids(message) if one.startswith(prefix + ":"))
    return await member.click(message, custom_id=custom_id)


def _ballot_of(anime_id: int, count: int) -> dict[str, Any]:
    return {"answers": [[anime_id, 8.0, 0.5]] * count, "hours": 1, "votes": None}


def _said(world: World, content: str) -> int:
    return sum(message.content == content for message in world.channel.history())


def _allow(world: World, *, allowed: bool, names: tuple[str, ...]) -> None:
    """Whether the bot may do this anywhere in the server."""
    backend, guild_id = world.env.backend, world.ann.guild.id
    for role in list(backend.guilds[guild_id].roles.values()):
        permissions = discord.Permissions(int(role.permissions))
        permissions.update(**dict.fromkeys(names, allowed))
        backend.edit_role(guild_id, role.id, {"permissions": permissions.value})


def _forbid(world: World, *names: str) -> None:
    _allow(world, allowed=False, names=names)


def _events(world: World) -> list[Any]:
    return list(world.env.backend.guilds[world.ann.guild.id].scheduled_events.values())


def _moderator(world: World) -> MemberActor:
    guild = world.ann.guild
    role = guild.create_role("Mods", permissions=discord.Permissions(manage_events=True))
    return guild.add_member(world.env.create_user("mia"), roles=[role])


# The way


async def test_the_poll_asks_about_the_picks_that_are_shown(world: World) -> None:
    await _picks(world)
    shown = _with(world, "party:start")
    poll = (await _vote_on(world)).poll
    assert poll is not None
    catalogue = world.bot.recommender.catalogue
    ids = [int(embed.url.rpartition("/")[2]) for embed in shown.embeds]
    assert [answer.text for answer in poll.answers] == [
        one if len(one) <= 55 else f"{one[:54].rstrip()}…" for one in (catalogue[i].title for i in ids)
    ]
    assert poll.duration == timedelta(hours=1)
    assert poll.multiple


async def _vote_on(world: World) -> discord.Message:
    await _press(world, world.ann, "party:start")
    return _with(world, "party:end")


async def test_most_votes_win_and_the_winner_is_announced_once_the_vote_is_over(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=2)
    await world.env.advance_time(HOUR - MINUTE)
    assert _all_with(world, "party:rate") == []
    await world.env.advance_time(2 * MINUTE)
    announced = _with(world, "party:rate")
    assert announced.content == "**Decided** with the only vote:"
    party = await _party(world)
    assert announced.embeds[0].url == world.bot.recommender.catalogue[party.ballot.answers[1].anime_id].url
    assert (party.stage, party.anime_id) == ("decided", party.ballot.answers[1].anime_id)


async def test_the_vote_lasts_as_long_as_was_asked(world: World) -> None:
    poll = await _vote(world, vote_hours=3)
    await world.bob.vote(poll, answer=1)
    await world.env.advance_time(2 * HOUR)
    assert (await _party(world)).stage == "vote"
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "decided"


async def test_a_vote_can_be_skipped_for_the_first_pick(world: World) -> None:
    await _picks(world)
    await _press(world, world.ann, "party:skip")
    party = await _party(world)
    assert (party.stage, party.anime_id) == ("decided", party.ballot.answers[0].anime_id)
    assert _with(world, "party:rate").content == "**Decided** without a vote:"


async def test_a_vote_ended_by_hand_counts_as_it_stands(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=3)
    await _press(world, world.ann, "party:end")
    party = await _party(world)
    assert (party.stage, party.anime_id) == ("decided", party.ballot.answers[2].anime_id)


async def test_a_vote_that_ended_a_moment_before_it_was_ended_by_hand_counts_all_the_same(
    world: World,
) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=3)
    world.env.inject_error("POST", f"/channels/*/polls/{poll.id}/expire", status=400, times=1)
    result = await _press(world, world.ann, "party:end")
    assert result.followups == []
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "decided"


async def test_a_tie_is_said_and_goes_to_what_is_predicted_best_for_the_group(world: World) -> None:
    poll = await _vote(world)
    await world.ann.vote(poll, answer=3)
    await world.bob.vote(poll, answer=2)
    await _press(world, world.ann, "party:end")
    party = await _party(world)
    best = max(party.ballot.answers[1:], key=lambda one: one.mean)
    assert party.anime_id == best.anime_id
    assert "A tie:** 2 anime have 1 vote each" in _with(world, "party:rate").content


async def test_an_evening_without_votes_is_over_and_says_so(world: World) -> None:
    await _vote(world)
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "over"
    assert _said(world, messages.NOBODY_VOTED) == 1


async def test_vote_on_these_makes_an_evening_of_a_suggestion(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "suggest", count=2)
    await _press(world, world.bob, "party:begin")
    party = await _party(world)
    assert (party.stage, party.host_id, len(party.ballot.answers)) == ("picks", world.bob.id, 2)
    await _press(world, world.bob, "party:start")
    assert (await _party(world)).stage == "vote"


async def test_of_two_who_press_vote_on_these_at_once_one_leads_and_it_is_said_once(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "suggest", count=2)
    shown = _with(world, "party:begin")
    (begin,) = [one for one in _ids(shown) if one.startswith("party:begin")]
    now, ballot = world.env.now(), Ballot((Contender(1535, 8.0),))
    # Ann's press is in the database, and her buttons are on their way.
    await world.bot.store.parties.begin(
        world.ann.guild.id,
        world.channel.id,
        begin.rpartition(":")[2],
        world.ann.id,
        ballot,
        at=now,
        next_at=now + timedelta(days=1),
    )
    await world.bob.click(shown, custom_id=begin)
    assert not any("is the host of this watch party" in one.content for one in world.channel.history())
    assert len(_all_with(world, "party:start")) == 1
    assert (await _party(world)).host_id == world.ann.id


async def test_nobody_who_goes_on_leaves_the_evening_to_end_after_a_day(world: World) -> None:
    await _picks(world)
    await world.env.advance_time(DAY + MINUTE)
    assert (await _party(world)).stage == "called off"


# The time


async def test_a_time_makes_an_event_and_the_ratings_come_after_it(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    (event,) = _events(world)
    party = await _party(world)
    assert (party.stage, party.event_id) == ("planned", event.id)
    tomorrow = world.env.now() + timedelta(days=1)
    starts_at = datetime.fromisoformat(event.scheduled_start_time)
    assert (starts_at.date(), starts_at.hour, starts_at.minute) == (tomorrow.date(), 20, 0)
    assert event.entity_metadata == {"location": "#what-to-watch"}
    until_start = (starts_at - world.env.now()).total_seconds()
    await world.env.advance_time(until_start + 20 * MINUTE)
    assert _all_with(world, "party:absent") == []
    await world.env.advance_time(3 * HOUR)
    assert (await _party(world)).stage == "rating"
    assert _with(world, "party:absent").content.startswith("How was **")


async def test_an_event_is_in_the_hosts_voice_channel_where_they_are_in_one(world: World) -> None:
    room = world.ann.guild.create_voice_channel("Cinema")
    await world.ann.join_voice(room)
    await _decided(world, when="tomorrow 8pm")
    (event,) = _events(world)
    assert event.channel_id == room.id


async def test_the_host_can_make_an_event_in_the_servers_time_zone_after_the_vote(world: World) -> None:
    await world.bot.store.guild_settings.choose_time_zone(world.ann.guild.id, "Asia/Tokyo", {})
    await _decided(world)
    asked = await _press(world, world.ann, "party:event")
    await world.ann.submit_modal(asked, {"when": "tomorrow 8pm"})
    (event,) = _events(world)
    assert datetime.fromisoformat(event.scheduled_start_time).hour == 11  # 20:00 in Tokyo is 11:00 UTC
    assert (await _party(world)).stage == "planned"


async def test_a_time_that_is_not_understood_is_told_to_the_host_alone(world: World) -> None:
    await _decided(world)
    asked = await _press(world, world.ann, "party:event")
    result = await world.ann.submit_modal(asked, {"when": "soonish"})
    (said,) = result.followups
    assert said.ephemeral
    assert "don't understand" in said.content
    assert isinstance(told(world), MemberError)
    assert (await _party(world)).starts_at is None


@pytest.mark.parametrize(
    ("when", "why"), [("soonish", "don't understand"), ("in 30 minutes", "end after that")]
)
async def test_a_time_that_cannot_be_is_refused_and_nothing_begins(world: World, when: str, why: str) -> None:
    await world.taste(world.ann, ANN)
    result = await world.ann.slash(world.channel, "watchparty", when=when)
    assert why in reply(result).content
    assert isinstance(told(world), MemberError)
    assert await world.bot.store.parties.next_time() is None


async def test_without_the_permission_the_time_holds_and_what_is_missing_is_said(world: World) -> None:
    await _vote(world, when="tomorrow 8pm")
    _forbid(world, "create_events")
    await world.bob.vote(_with(world, "party:end"), answer=1)
    await _press(world, world.ann, "party:end")
    assert "I need these permissions: Create Events" in _with(world, "party:rate").embeds[0].description
    assert _events(world) == []
    assert (await _party(world)).stage == "planned"


async def test_a_deleted_event_opens_the_time_again_and_says_so(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    (event,) = _events(world)
    world.env.backend.delete_scheduled_event(world.ann.guild.id, event.id)
    await world.env.advance_time(2 * DAY)
    party = await _party(world)
    assert _said(world, messages.EVENT_DELETED) == 1
    assert (party.stage, party.starts_at) in [("decided", None), ("rating", None)]


async def test_an_event_that_was_moved_moves_the_ratings(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    (event,) = _events(world)
    later = datetime.fromisoformat(event.scheduled_start_time) + timedelta(days=2)
    moved = {
        "scheduled_start_time": later.isoformat(),
        "scheduled_end_time": (later + timedelta(hours=2)).isoformat(),
    }
    world.env.backend.edit_scheduled_event(world.ann.guild.id, event.id, moved)
    await world.env.advance_time(2 * DAY)
    party = await _party(world)
    assert (party.stage, party.starts_at) == ("planned", later)


async def test_a_time_that_has_passed_when_it_is_decided_is_open_again(world: World) -> None:
    await _vote(world, when="tomorrow 8pm", vote_hours=2)
    await _set(world, starts_at=world.env.now() + timedelta(hours=1))
    await world.bob.vote(_with(world, "party:end"), answer=1)
    await world.env.advance_time(2 * HOUR + MINUTE)
    assert "has passed" in _with(world, "party:rate").embeds[0].description
    party = await _party(world)
    assert (party.stage, party.starts_at, _events(world)) == ("decided", None, [])
    assert _all_with(world, "party:absent") == []


async def test_a_server_that_takes_no_more_events_keeps_its_evening_and_time(world: World) -> None:
    world.env.inject_error("POST", "/guilds/*/scheduled-events", status=400, times=50)
    await _decided(world, when="tomorrow 8pm")
    party = await _party(world)
    assert (party.stage, party.event_id) == ("planned", None)
    assert party.starts_at is not None


# Who may


@pytest.mark.parametrize("action", ["start", "skip", "off"])
async def test_others_cannot_lead_an_evening(world: World, action: str) -> None:
    await _picks(world)
    before = await _party(world)
    result = await _press(world, world.bob, f"party:{action}")
    assert result.response.content == messages.NOT_LEADING
    assert await _party(world) == before


async def test_a_moderator_may_lead_and_take_over(world: World) -> None:
    mia = _moderator(world)
    await _picks(world)
    await _press(world, mia, "party:take")
    assert (await _party(world)).host_id == mia.id
    result = await _press(world, world.ann, "party:start")
    assert result.response.content == messages.NOT_LEADING
    await _press(world, mia, "party:start")
    assert (await _party(world)).stage == "vote"


async def test_who_is_no_moderator_cannot_take_over(world: World) -> None:
    await _picks(world)
    result = await _press(world, world.bob, "party:take")
    assert result.response.content == messages.NOT_MODERATING
    assert (await _party(world)).host_id == world.ann.id


async def test_an_evening_goes_on_when_its_host_is_forgotten(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    await world.bot.store.personal_data.forget(world.ann.id)
    await world.env.advance_time(HOUR + MINUTE)
    party = await _party(world)
    assert (party.stage, party.host_id) == ("decided", None)


@pytest.mark.parametrize("stage", [_picks, _vote, _decided, _rating])
async def test_an_evening_can_be_called_off_at_each_stage(
    world: World, stage: Callable[[World], Awaitable[discord.Message]]
) -> None:
    await stage(world)
    await _press(world, world.ann, "party:off")
    assert (await _party(world)).stage == "called off"
    assert _said(world, messages.CALLED_OFF) == 1
    await world.env.advance_time(3 * DAY)
    assert _all_with(world, "party:absent") == []
    assert await world.bot.store.watch_history.of_guild(world.ann.guild.id) == []
    assert await world.bot.store.ledger.of_guild(world.ann.guild.id, 5) == []


async def test_an_evening_called_off_while_its_poll_is_sent_leaves_no_open_poll(world: World) -> None:
    await _picks(world)
    party, now = await _party(world), world.env.now()
    button = _all_with(world, "party:off")[-1]
    await world.bot.store.parties.claim_poll(party.party_id, party.ballot.answers, hours=1, at=now)
    await asyncio.gather(
        cast("WatchPartyLoop", world.bot.get_cog("WatchPartyLoop")).go_on(party.party_id),
        world.ann.click(button, custom_id=f"party:off:{party.party_id}"),
    )
    assert (await _party(world)).stage == "called off"
    polls = [one.poll for one in world.channel.history() if one.poll is not None]
    assert all(one.is_finalised() for one in polls)


async def test_a_button_pressed_too_late_says_so(world: World) -> None:
    await _vote(world)
    await _press(world, world.ann, "party:off")
    result = await _press(world, world.ann, "party:end")
    assert result.response.content == messages.GONE


async def test_a_button_of_another_server_changes_nothing(world: World) -> None:
    await _picks(world)
    await _set(world, guild_id=1)
    result = await _press(world, world.ann, "party:start")
    assert result.response.content == messages.GONE
    assert (await _party(world)).stage == "picks"


# What can go wrong


async def test_what_a_vote_needs_is_said_before_it_begins(world: World) -> None:
    await _picks(world)
    _forbid(world, "send_polls", "read_message_history")
    result = await _press(world, world.ann, "party:start")
    assert "Create Polls" in result.response.content
    assert "Read Message History" in result.response.content
    assert (await _party(world)).sending is None


async def test_a_deleted_poll_calls_the_evening_off_and_says_so(world: World) -> None:
    poll = await _vote(world)
    world.env.backend.delete_message(world.channel.id, poll.id)
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "called off"
    assert _said(world, messages.POLL_DELETED) == 1


async def test_a_deleted_channel_calls_the_evening_off(world: World) -> None:
    await _vote(world)
    world.env.backend.delete_channel(world.channel.id)
    await world.env.advance_time(HOUR + MINUTE)
    party = await _party(world)
    assert (party.stage, party.why_over) == ("called off", messages.CHANNEL_DELETED)


async def test_a_server_that_removed_the_bot_has_no_evening_left(world: World) -> None:
    await _vote(world)
    world.env.backend.remove_guild(world.ann.guild.id)
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "called off"


async def test_lost_permissions_are_waited_for(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    _forbid(world, "send_messages")
    await world.env.advance_time(2 * HOUR)
    party = await _party(world)
    assert (party.stage, party.sending) == ("vote", "winner")
    _allow(world, allowed=True, names=("send_messages",))
    await world.env.advance_time(6 * MINUTE)
    assert (await _party(world)).stage == "decided"
    assert len(_all_with(world, "party:rate")) == 1


async def test_permissions_lost_for_a_day_call_the_evening_off(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    _forbid(world, "send_messages")
    await world.env.advance_time(HOUR + 6 * MINUTE)
    assert (await _party(world)).stage == "vote"
    await _set(world, next_at=world.env.now() + timedelta(hours=22))  # instead of a try every five minutes
    await world.env.advance_time(DAY + HOUR - 6 * MINUTE)
    party = await _party(world)
    assert (party.stage, party.why_over) == ("called off", messages.NOT_ALLOWED)


async def test_what_was_due_while_the_bot_was_away_is_not_given_up_at_the_first_failure(
    world: World, new_bot: NewBot
) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    await _set(world, next_at=world.env.now() + timedelta(hours=30))  # away until then
    await world.env.advance_time(29 * HOUR)
    world.env.inject_error("GET", f"/channels/*/messages/{poll.id}", status=403, times=1)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "vote"
    await world.env.advance_time(6 * MINUTE)
    assert (await _party(world)).stage == "decided"


async def test_a_failing_discord_is_tried_again(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    world.env.inject_error("GET", f"/channels/*/messages/{poll.id}", status=403, times=1)
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "vote"
    await world.env.advance_time(6 * MINUTE)
    assert (await _party(world)).stage == "decided"


# A crash at any line


async def test_a_restart_between_every_two_steps_loses_nothing_and_repeats_nothing(
    world: World, new_bot: NewBot
) -> None:
    async def restart() -> None:
        await world.env.restart_bot(new_bot())

    await _picks(world, when="tomorrow 8pm")
    await restart()
    poll = await _vote_on(world)
    await restart()
    await world.bob.vote(poll, answer=2)
    await restart()
    await world.env.advance_time(HOUR + MINUTE)
    await restart()
    await world.env.advance_time(DAY)
    await restart()
    await world.env.advance_time(DAY)
    await restart()
    await _press(world, world.bob, "party:score:9")
    await restart()
    await world.env.advance_time(2 * DAY + HOUR)
    assert (await _party(world)).stage == "over"
    assert len(_all_with(world, "party:end")) == len(_all_with(world, "party:rate")) == 1
    assert len(_events(world)) == 1
    (watched,) = await world.bot.store.watch_history.of_guild(world.ann.guild.id)
    assert watched.anime_id == (await _party(world)).anime_id


async def _to_poll(world: World) -> None:
    await _vote(world)


async def _to_winner(world: World) -> None:
    await _decided(world)


async def _to_event(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")


async def _to_rating(world: World) -> None:
    await _rating(world)


async def _to_end(world: World) -> None:
    await _vote(world)
    await world.env.advance_time(HOUR + MINUTE)


CLAIMS: list[tuple[str, str, Callable[[World], Awaitable[None]], dict[str, Any]]] = [
    ("poll", "picks", _to_poll, {"poll_message_id": None, "poll_ends_at": None}),
    ("winner", "vote", _to_winner, {}),
    ("event", "decided", _to_event, {"event_id": None}),
    ("rating", "decided", _to_rating, {"rating_message_id": None}),
    ("end", "vote", _to_end, {"why_over": messages.NOBODY_VOTED}),
]


def _sent_things(world: World) -> tuple[list[int], int]:
    return [message.id for message in world.channel.history()], len(_events(world))


@pytest.mark.parametrize(("sending", "stage", "drive", "unrecorded"), CLAIMS, ids=[one[0] for one in CLAIMS])
async def test_what_was_sent_before_a_crash_is_found_and_not_sent_again(
    world: World,
    new_bot: NewBot,
    sending: str,
    stage: str,
    drive: Callable[[World], Awaitable[None]],
    unrecorded: dict[str, Any],
) -> None:
    began = world.env.now()
    await drive(world)
    there, before = _sent_things(world), await _party(world)
    await _set(world, stage=stage, sending=sending, sending_since=began, next_at=began, **unrecorded)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(2)
    after = await _party(world)
    assert _sent_things(world) == there
    assert after.stage == before.stage
    assert (after.sending, after.poll_message_id, after.event_id, after.rating_message_id) == (
        None,
        before.poll_message_id,
        before.event_id,
        before.rating_message_id,
    )


@pytest.mark.parametrize(("sending", "stage", "drive", "unrecorded"), CLAIMS, ids=[one[0] for one in CLAIMS])
async def test_what_was_only_claimed_before_a_crash_is_sent_once(
    world: World,
    new_bot: NewBot,
    sending: str,
    stage: str,
    drive: Callable[[World], Awaitable[None]],
    unrecorded: dict[str, Any],
) -> None:
    await drive(world)
    before, now = await _party(world), world.env.now()
    last = world.channel.history()[-1]
    if sending == "event":
        world.env.backend.delete_scheduled_event(world.ann.guild.id, _events(world)[0].id)
    else:
        world.env.backend.delete_message(world.channel.id, last.id)
    count, _ = _sent_things(world)
    await _set(world, stage=stage, sending=sending, sending_since=now, next_at=now, **unrecorded)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(2)
    messages, events = _sent_things(world)
    assert (len(messages) - len(count), events) == ((0, 1) if sending == "event" else (1, 0))
    assert (await _party(world)).stage == before.stage


# How it was


async def test_a_press_rates_it_for_the_member_and_for_the_ledger(world: World) -> None:
    await _rating(world)
    result = await _press(world, world.bob, "party:score:4")
    assert "You rated it **4**" in result.followups[0].content
    party = await _party(world)
    (rated,) = [
        one for one in await world.bot.store.ratings.listed(world.bob.id) if one.anime_id == party.anime_id
    ]
    assert (rated.score, rated.source) == (4, "watchparty")
    await _press(world, world.ann, "party:close")
    (evening,) = await world.bot.store.ledger.of_guild(world.ann.guild.id, 5)
    assert {one.user_id for one in evening} == {world.ann.id, world.bob.id}
    assert {one.user_id: one.received for one in evening}[world.bob.id] == 3.1  # drawn in


async def test_who_was_in_is_forecast_as_the_model_predicts(world: World) -> None:
    await _decided(world)
    party = await _party(world)
    assert party.anime_id is not None
    async with world.bot.store.database.read() as connection:
        rows = {row.user_id: row.forecast for row in await connection.execute(select(served))}
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        read = as_others_read(Member(taste))
        explained = await world.bot.recommender.explain(read, party.anime_id)
        assert explained is not None
        assert rows[member.id] == pytest.approx(explained.predicted, abs=1e-6)


async def test_who_takes_no_part_is_forecast_as_the_crowd(world: World) -> None:
    await _picks(world)
    guild_id, at = world.ann.guild.id, world.env.now()
    await world.bot.store.privacy.choose(guild_id, world.bob.id, takes_part=False, at=at)
    await _press(world, world.ann, "party:skip")
    party = await _party(world)
    assert party.anime_id is not None
    crowd = (await world.bot.recommender.forecast([Member()], [party.anime_id]))[0, 0]
    async with world.bot.store.database.read() as connection:
        forecast = await connection.scalar(select(served.c.forecast).where(served.c.user_id == world.bob.id))
    assert forecast == pytest.approx(crowd)


async def test_who_was_not_in_is_forecast_as_if_they_had_not_rated_it(world: World) -> None:
    guest = world.ann.guild.add_member(world.env.create_user("guest"))
    await world.taste(guest, BOB)
    await _rating(world)
    await _press(world, guest, "party:score:1")
    party = await _party(world)
    assert party.anime_id is not None
    explained = await world.bot.recommender.explain(as_others_read(Member(BOB)), party.anime_id)
    assert explained is not None
    async with world.bot.store.database.read() as connection:
        query = select(served.c.forecast, served.c.score).where(served.c.user_id == guest.id)
        forecast, score = (await connection.execute(query)).one()
    assert (forecast, score) == (pytest.approx(explained.predicted, abs=1e-6), 1)


async def test_who_was_not_there_does_not_count(world: World) -> None:
    await _rating(world)
    await _press(world, world.bob, "party:score:8")
    await _press(world, world.ann, "party:absent")
    await _press(world, world.ann, "party:close")
    (evening,) = await world.bot.store.ledger.of_guild(world.ann.guild.id, 5)
    assert [one.user_id for one in evening] == [world.bob.id]


@pytest.mark.parametrize("raters", [2, 4, 5])
async def test_means_are_shown_only_of_five_or_more(world: World, raters: int) -> None:
    guests = [world.ann.guild.add_member(world.env.create_user(f"guest{at}")) for at in range(raters)]
    message = await _rating(world)
    for guest, score in zip(guests, (6, 7, 9, 10, 2), strict=False):
        await _press(world, guest, f"party:score:{score}")
    await world.env.advance_time(2 * DAY + HOUR)
    (shown,) = [one for one in world.channel.history() if one.id == message.id]
    said = shown.content.startswith("5 of you rated") and shown.content.endswith(
        "about **★ 6.5** on average."
    )
    assert said == (raters == 5)  # (2 · 6.4 + 2 · 8.8 + 3.1) / 5 = 6.7
    assert ("★" in shown.content) == (raters == 5)
    assert _ids(shown) == []
    (watched,) = await world.bot.store.watch_history.of_guild(world.ann.guild.id)
    assert watched.forecast is None  # nobody's taste is known


@pytest.mark.parametrize("known", [1, 2, 3])
async def test_what_was_forecast_is_shown_of_three_or_more_whose_taste_is_known(
    world: World, known: int
) -> None:
    """The others are forecast as anybody is, so what one or two are predicted to give would follow."""
    guests = [world.ann.guild.add_member(world.env.create_user(f"guest{at}")) for at in range(5)]
    for guest in guests[:known]:
        await world.taste(guest, BOB)
    message = await _rating(world)
    for guest in guests:
        await _press(world, guest, "party:score:8")
    await _press(world, world.ann, "party:close")
    (shown,) = [one for one in world.channel.history() if one.id == message.id]
    assert "**★ 9**" in shown.content
    assert ("I predicted" in shown.content) == (known == 3)
    (watched,) = await world.bot.store.watch_history.of_guild(world.ann.guild.id)
    assert (watched.forecast is not None) == (known == 3)


async def test_a_message_that_cannot_be_edited_any_more_keeps_no_evening_from_its_history(
    world: World,
) -> None:
    message = await _rating(world)
    await _press(world, world.bob, "party:score:8")
    # As in a thread that was archived meanwhile.
    world.env.inject_error("PATCH", f"/channels/*/messages/{message.id}", status=400, times=50)
    await world.env.advance_time(2 * DAY + HOUR)
    assert (await _party(world)).stage == "over"
    assert len(await world.bot.store.watch_history.of_guild(world.ann.guild.id)) == 1


async def test_who_leads_closes_the_ratings_before_their_time(world: World) -> None:
    await _rating(world)
    await _press(world, world.bob, "party:score:8")
    await _press(world, world.bob, "party:close")
    assert (await _party(world)).stage == "rating"
    await _press(world, world.ann, "party:close")
    assert (await _party(world)).stage == "over"
    assert _all_with(world, "party:score") == []
    assert len(await world.bot.store.watch_history.of_guild(world.ann.guild.id)) == 1


async def test_what_was_watched_leaves_the_servers_list(world: World) -> None:
    await _decided(world)
    anime_id, guild_id = (await _party(world)).anime_id, world.ann.guild.id
    assert anime_id is not None
    for one in (anime_id, 457):
        await world.bot.store.server_list.add(guild_id, one, world.bob.id, at=world.env.now())
    await _press(world, world.ann, "party:rate")
    await _press(world, world.bob, "party:score:8")
    await _press(world, world.ann, "party:close")
    assert [one.anime_id for one in await world.bot.store.server_list.of_guild(guild_id)] == [457]


async def test_an_evening_without_ratings_ends_and_is_not_taken_to_be_watched(world: World) -> None:
    await _rating(world)
    await world.env.advance_time(2 * DAY + HOUR)
    assert (await _party(world)).stage == "over"
    assert await world.bot.store.watch_history.of_guild(world.ann.guild.id) == []


async def test_a_day_after_the_decision_who_was_there_is_asked(world: World) -> None:
    await _decided(world)
    await world.env.advance_time(DAY - HOUR)
    assert _all_with(world, "party:absent") == []
    await world.env.advance_time(2 * HOUR)
    assert (await _party(world)).stage == "rating"


async def test_when_it_is_over_no_forecast_of_anyone_is_kept(world: World) -> None:
    await _rating(world)
    await _press(world, world.bob, "party:score:8")
    await world.env.advance_time(2 * DAY + HOUR)
    async with world.bot.store.database.read() as connection:
        assert (await connection.execute(select(party_forecasts))).all() == []


async def test_the_servers_channel_hears_what_was_decided_and_the_evening_goes_on_there(world: World) -> None:
    news = world.ann.guild.create_text_channel("news")
    await world.bot.store.guild_settings.choose_channel(world.ann.guild.id, news.id)
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    await world.env.advance_time(HOUR + MINUTE)
    (announced,) = news.history()
    assert announced.content.startswith("**Decided**")
    assert (await _party(world)).channel_id == news.id


async def test_what_is_rated_18_plus_is_announced_only_where_it_may_be_shown(world: World) -> None:
    news = world.ann.guild.create_text_channel("news")
    await world.bot.store.guild_settings.choose_channel(world.ann.guild.id, news.id)
    poll = await _vote(world)
    party = await _party(world)
    await _set(world, answers=_ballot_of(ADULT, len(party.ballot.answers)), starts_at=world.env.now() + DAY_)
    await world.bob.vote(poll, answer=1)
    await world.env.advance_time(HOUR + MINUTE)
    assert news.history() == []
    assert (await _party(world)).channel_id == world.channel.id
    assert [event.name for event in _events(world)] == ["Watch party"]


async def test_where_18_plus_may_be_shown_no_more_a_watch_party_goes_on_without_the_name(
    world: World,
) -> None:
    await _picks(world)
    async with world.bot.store.database.begin() as connection:
        [row] = (await connection.execute(select(gatherings.c.picks))).scalars()
        await connection.execute(update(gatherings).values(picks=[row[0] | {"anime_id": ADULT}, *row[1:]]))
    await _press(world, world.ann, "party:start")
    await world.bob.vote(_with(world, "party:end"), answer=1)
    await world.env.advance_time(HOUR + MINUTE)
    await _press(world, world.ann, "party:rate")
    await _press(world, world.ann, "party:close")
    party, history = await _party(world), world.channel.history()
    assert (party.anime_id, party.stage) == (ADULT, "over")
    polls = [one.poll for one in history if one.poll]
    said = str([[one.content, *(each.to_dict() for each in one.embeds)] for one in history])
    said += str([answer.text for poll in polls for answer in poll.answers])
    assert said.count("18+ anime") == 3  # the answer, the winner, the result
    anime = world.bot.recommender.catalogue[ADULT]
    assert not [
        one for one in (anime.title, f"/anime/{ADULT}", "Hentai", str(anime.image_url)) if one in said
    ]


async def test_an_age_restricted_channel_hears_of_what_is_rated_18_plus(world: World) -> None:
    news = world.ann.guild.create_text_channel("news")
    cast("discord.TextChannel", world.bot.get_channel(news.id)).nsfw = True
    await world.bot.store.guild_settings.choose_channel(world.ann.guild.id, news.id)
    poll = await _vote(world)
    await _set(world, answers=_ballot_of(ADULT, len((await _party(world)).ballot.answers)))
    await world.bob.vote(poll, answer=1)
    await world.env.advance_time(HOUR + MINUTE)
    assert len(news.history()) == 1


# The ledger


async def test_fairness_is_told_to_the_member_alone_once_the_evening_is_over(world: World) -> None:
    guest = world.ann.guild.add_member(world.env.create_user("guest"))
    await _rating(world)
    for member, score in ((world.bob, 1), (guest, 10), (world.ann, 10)):
        await _press(world, member, f"party:score:{score}")
    # While scores can change, what follows from them would tell them.
    early = await world.bob.slash(world.channel, "fairness")
    assert early.response.content.startswith("No watch party rated yet.")
    await _press(world, world.ann, "party:close")
    result = await world.bob.slash(world.channel, "fairness")
    assert result.response.flags.ephemeral
    assert "**1 watch party** counts for you here" in result.response.content
    assert "the next picks favour you" in result.response.content
    other = await world.ann.slash(world.channel, "fairness")
    assert "You compromised less than the others" in other.response.content


@pytest.mark.parametrize("score", [1, 5, 10])
async def test_fairness_after_an_evening_of_two_does_not_tell_the_others_score(
    world: World, score: int
) -> None:
    await _rating(world)
    await _press(world, world.bob, f"party:score:{score}")
    await _press(world, world.ann, "party:score:7")
    await _press(world, world.ann, "party:close")
    async with world.bot.store.database.begin() as connection:
        await connection.execute(update(served).values(best=8.0))
    result = await world.ann.slash(world.channel, "fairness")
    assert result.response.content.splitlines() == [
        "**1 watch party** counts for you here. It was 1.0 points below your own best pick.",
        "I compare you with the others after a watch party of three or more.",
        "Only you see this.",
    ]


async def test_fairness_without_an_evening_says_how_to_get_one(world: World) -> None:
    result = await world.ann.slash(world.channel, "fairness")
    assert "No watch party rated yet" in result.response.content
    assert result.response.components == []


async def test_who_manages_the_server_begins_the_ledger_anew_once_confirmed(world: World) -> None:
    guild = world.ann.guild
    role = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    eve = guild.add_member(world.env.create_user("eve"), roles=[role])
    await _rating(world)
    await _press(world, world.bob, "party:score:1")
    await _press(world, world.ann, "party:close")
    asked = await eve.slash(world.channel, "fairness")
    confirm = await eve.click(asked.response, label="Reset fairness")
    assert len(await world.bot.store.ledger.of_guild(guild.id, 5)) == 1
    done = await eve.click(confirm.response, label="Yes, reset it")
    assert "1 watch party no longer" in reply(done).content
    assert await world.bot.store.ledger.of_guild(guild.id, 5) == []


# What the votes and who is in decide


async def test_a_tie_goes_to_the_better_mean_though_it_stands_later(world: World) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    # By what pleases least, the picks do not stand in the order of their means.
    result = await world.ann.slash(world.channel, "watchparty", count=10, aggregation="least misery")
    assert not any("★" in one.description for one in result.response.embeds)  # they are two
    means = [one.mean for one in (await _party(world)).ballot.answers]
    worse, better = next(
        (first, then)
        for first in range(len(means))
        for then in range(first + 1, len(means))
        if means[then] > means[first]
    )
    poll = await _vote_on(world)
    await world.ann.vote(poll, answer=worse + 1)
    await world.bob.vote(poll, answer=better + 1)
    await _press(world, world.ann, "party:end")
    assert _with(world, "party:rate").embeds[0].url == result.response.embeds[better].url


async def _in_the_ledger(world: World) -> set[int]:
    """Who is served by the only evening."""
    async with world.bot.store.database.read() as connection:
        return set(await connection.scalars(select(served.c.user_id)))


async def test_who_is_in_counts_though_the_picks_have_had_their_time_before_the_vote(
    world: World, new_bot: NewBot
) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
    shown = (await world.ann.slash(world.channel, "suggest", count=2)).response
    await world.ann.click(shown, label="I'm in")
    await world.bob.click(shown, label="I'm in · 1")
    await world.env.advance_time(2 * DAY - HOUR)
    await _press(world, world.ann, "party:begin")
    await world.env.advance_time(2 * HOUR)
    await world.env.restart_bot(new_bot())  # and what has had its time is swept away
    await _press(world, world.ann, "party:skip")
    assert (await _party(world)).stage == "decided"
    assert await _in_the_ledger(world) == {world.ann.id, world.bob.id}


async def test_who_was_in_when_the_vote_began_counts_though_they_leave_before_its_end(world: World) -> None:
    poll = await _vote(world)
    await world.bob.vote(poll, answer=1)
    suggestion_id = (await _party(world)).suggestion_id
    # Its message lost the button when the vote began; a client that has not noticed may still send it.
    late = discord.ui.View(timeout=None)
    late.add_item(discord.ui.Button(label="I'm in", custom_id=f"gathering:join:{suggestion_id}"))
    channel = cast("discord.TextChannel", world.bot.get_channel(world.channel.id))
    await world.bob.click(await channel.send("here", view=late), label="I'm in")
    assert await world.bot.store.suggestions.joined(suggestion_id) == [world.ann.id]
    await world.env.advance_time(HOUR + MINUTE)
    assert (await _party(world)).stage == "decided"
    assert await _in_the_ledger(world) == {world.ann.id, world.bob.id}


# What only some may do, and what is for one alone


async def _crafted(world: World, custom_id: str) -> discord.Message:
    """A message with a button that the bot does not show just now."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
    return await cast("discord.TextChannel", world.bot.get_channel(world.channel.id)).send("here", view=view)


async def test_who_manages_the_server_may_lead_and_take_over(world: World) -> None:
    guild = world.ann.guild
    role = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    eve = guild.add_member(world.env.create_user("eve"), roles=[role])
    await _picks(world)
    await _press(world, eve, "party:skip")
    assert (await _party(world)).stage == "decided"
    await _press(world, eve, "party:take")
    assert (await _party(world)).host_id == eve.id


async def test_what_one_gave_and_that_one_was_not_there_is_told_to_them_alone(world: World) -> None:
    await _rating(world)
    gave = await _press(world, world.bob, "party:score:4")
    assert [one.ephemeral for one in gave.followups] == [True]
    absent = await _press(world, world.ann, "party:absent")
    assert absent.response.ephemeral


async def test_nothing_is_rated_before_it_was_watched(world: World) -> None:
    await _decided(world)
    party = await _party(world)
    for custom_id in (f"party:score:9:{party.party_id}", f"party:absent:{party.party_id}"):
        result = await world.bob.click(await _crafted(world, custom_id), custom_id=custom_id)
        assert messages.RATINGS_CLOSED in [one.content for one in (result.response, *result.followups) if one]
    assert party.anime_id not in await world.bot.store.ratings.of_member(world.bob.id)
    assert await _in_the_ledger(world) == {world.ann.id, world.bob.id}


async def test_who_no_longer_manages_the_server_cannot_begin_its_ledger_anew(world: World) -> None:
    await _rating(world)
    await _press(world, world.bob, "party:score:1")
    await _press(world, world.ann, "party:close")
    for step in ("ask", "reset"):
        custom_id = f"ledger:{step}:{world.bob.id}"
        result = await world.bob.click(await _crafted(world, custom_id), custom_id=custom_id)
        assert reply(result).content == "Only moderators with Manage Server can reset this."
    assert len(await world.bot.store.ledger.of_guild(world.ann.guild.id, 5)) == 1


# What is shown is what counts


async def _picked_again(world: World) -> list[str]:
    """Ann alone is in, so that the picks are others than those the evening began with; their titles."""
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    before = (await world.ann.slash(world.channel, "watchparty", count=3)).response
    first = [embed.url for embed in before.embeds]
    await _press(world, world.ann, "gathering:join")
    after = _with(world, "party:start")
    assert [embed.url for embed in after.embeds] != first
    catalogue = world.bot.recommender.catalogue
    return [catalogue.title(int((embed.url or "").rpartition("/")[2])) for embed in after.embeds]


async def test_the_poll_asks_about_picks_that_were_made_again(world: World) -> None:
    titles = await _picked_again(world)
    poll = (await _vote_on(world)).poll
    assert poll is not None
    assert [answer.text for answer in poll.answers] == [
        one if len(one) <= 55 else f"{one[:54].rstrip()}…" for one in titles
    ]


async def test_a_skipped_vote_decides_for_the_first_of_picks_that_were_made_again(world: World) -> None:
    titles = await _picked_again(world)
    await _press(world, world.ann, "party:skip")
    party = await _party(world)
    assert world.bot.recommender.catalogue.title(party.anime_id or 0) == titles[0]


async def test_an_evening_called_off_takes_its_event_along(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    assert len(_events(world)) == 1
    await _press(world, world.ann, "party:off")
    assert _events(world) == []


async def test_an_event_that_was_cancelled_opens_the_time_again_and_says_so(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    (event,) = _events(world)
    world.env.backend.edit_scheduled_event(world.ann.guild.id, event.id, {"status": 4})
    await world.env.advance_time(2 * DAY)
    assert _said(world, messages.EVENT_DELETED) == 1


async def test_an_evening_has_one_event_however_often_its_button_is_pressed(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    result = await _press(world, world.ann, "party:event")
    assert result.response.content == messages.IS_DONE
    assert len(_events(world)) == 1


async def test_who_would_make_an_event_is_told_at_once_what_is_missing(world: World) -> None:
    await _decided(world)
    _forbid(world, "create_events")
    result = await _press(world, world.ann, "party:event")
    assert "I need these permissions: Create Events" in result.response.content


@pytest.mark.parametrize(("hours", "lasts"), [(0.2, 0.5), (1.5, 1.5), (9.0, 3.0)])
async def test_an_event_lasts_as_long_as_what_is_watched_within_an_evenings_bounds(
    world: World, hours: float, lasts: float
) -> None:
    poll = await _vote(world, when="tomorrow 8pm")
    await _set(world, answers={"answers": [[1535, 8.0, hours]] * 3, "hours": 1, "votes": None})
    await world.bob.vote(poll, answer=1)
    await world.env.advance_time(HOUR + MINUTE)
    (event,) = _events(world)
    starts, ends = map(datetime.fromisoformat, (event.scheduled_start_time, event.scheduled_end_time))
    assert ends - starts == timedelta(hours=lasts)


async def test_where_the_servers_channel_cannot_be_spoken_in_it_is_announced_in_the_evenings(
    world: World,
) -> None:
    mute = discord.PermissionOverwrite(send_messages=False)
    news = world.ann.guild.create_text_channel("news", overwrites={world.ann.guild.default_role: mute})
    await world.bot.store.guild_settings.choose_channel(world.ann.guild.id, news.id)
    await _picks(world)
    await _press(world, world.ann, "party:skip")
    assert _with(world, "party:rate").content == "**Decided** without a vote:"
    assert (await _party(world)).stage == "decided"


async def test_who_leads_is_told_when_it_is_to_start(world: World) -> None:
    await _picks(world, when="tomorrow 8pm")
    (panel,) = [one for one in world.channel.history() if "is the host of this watch party" in one.content]
    starts_at = (await _party(world)).starts_at
    assert starts_at is not None
    assert f"It starts {discord.utils.format_dt(starts_at, 'F')}." in panel.content


async def test_what_one_has_rated_before_is_forecast_as_if_they_had_not(world: World) -> None:
    poll = await _vote(world)
    winner = (await _party(world)).ballot.answers[0].anime_id
    await world.bob.vote(poll, answer=1)
    guest = world.ann.guild.add_member(world.env.create_user("guest"))
    await world.taste(guest, {**BOB, winner: 1})
    await world.env.advance_time(HOUR + MINUTE)
    await _press(world, world.ann, "party:rate")
    await _press(world, guest, "party:score:2")
    explained = await world.bot.recommender.explain(as_others_read(Member(BOB)), winner)
    assert explained is not None
    async with world.bot.store.database.read() as connection:
        forecast = await connection.scalar(select(served.c.forecast).where(served.c.user_id == guest.id))
    assert forecast == pytest.approx(explained.predicted, abs=1e-6)


async def test_what_nobody_has_rated_can_be_watched_and_rated_without_a_forecast(world: World) -> None:
    await _picks(world)
    unknown = 59338
    async with world.bot.store.database.begin() as connection:
        picks = [{"anime_id": unknown, "mean": 7.0, "hours": 2.0}] * 2
        await connection.execute(update(gatherings).values(picks=picks))
    await _press(world, world.ann, "party:skip")
    await _press(world, world.ann, "party:rate")
    result = await _press(world, world.bob, "party:score:8")
    assert "You rated it **8**" in result.followups[0].content
    assert (await world.bot.store.ratings.of_member(world.bob.id))[unknown] == 8
    assert await _in_the_ledger(world) == set()


async def test_what_a_member_says_in_the_bots_words_is_not_taken_for_its_own(
    world: World, new_bot: NewBot
) -> None:
    await _vote(world)
    party, now = await _party(world), world.env.now()
    await world.env.advance_time(MINUTE)
    await world.bob.send(world.channel, messages.NOBODY_VOTED)
    await _set(world, sending="end", sending_since=now, next_at=now, why_over=messages.NOBODY_VOTED)
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(2)
    assert _said(world, messages.NOBODY_VOTED) == 2
    assert (await world.bot.store.parties.find(party.party_id) or party).stage == "over"


async def test_an_event_that_a_member_made_is_not_taken_for_the_bots(world: World) -> None:
    await _vote(world, when="tomorrow 8pm")
    party = await _party(world)
    assert party.starts_at is not None
    title = world.bot.recommender.catalogue.title(party.ballot.answers[0].anime_id)
    world.env.backend.create_scheduled_event(
        world.ann.guild.id,
        name=f"Watch party: {title}",
        entity_type=3,
        scheduled_start_time=party.starts_at.isoformat(),
        scheduled_end_time=(party.starts_at + timedelta(hours=1)).isoformat(),
        creator_id=world.bob.id,
        entity_metadata={"location": "my couch"},
    )
    await world.bob.vote(_with(world, "party:end"), answer=1)
    await world.env.advance_time(HOUR + MINUTE)
    assert len(_events(world)) == 2


# Buttons that are pressed late, twice or elsewhere


async def test_a_button_of_a_stage_that_has_gone_by_changes_nothing(world: World) -> None:
    await _decided(world)
    party = await _party(world)
    for action in ("start", "skip", "end", "close"):
        custom_id = f"party:{action}:{party.party_id}"
        result = await world.ann.click(await _crafted(world, custom_id), custom_id=custom_id)
        assert messages.IS_DONE in [one.content for one in (result.response, *result.followups) if one]
        assert await _party(world) == party
    assert len(_all_with(world, "party:rate")) == 1


async def test_picks_whose_evening_has_gone_on_begin_no_other(world: World) -> None:
    await _vote(world)
    party = await _party(world)
    custom_id = f"party:begin:{party.suggestion_id}"
    result = await world.bob.click(await _crafted(world, custom_id), custom_id=custom_id)
    assert result.response.content == messages.IS_DONE
    assert await _party(world) == party


async def test_another_servers_picks_begin_no_evening(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "suggest", count=2)
    (custom_id,) = [one for one in _ids(_with(world, "party:begin")) if one.startswith("party:begin")]
    other = world.env.create_guild("Elsewhere")
    elsewhere = other.create_text_channel("general")
    guest = other.add_member(world.env.create_user("guest"))
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
    channel = cast("discord.TextChannel", world.bot.get_channel(elsewhere.id))
    result = await guest.click(await channel.send("here", view=view), label="x")
    assert "These picks expired." in result.response.content
    assert await world.bot.store.parties.next_time() is None
    assert [*(await world.bot.store.participants.roster(other.id)).here] == []


async def test_who_begins_an_evening_takes_part(world: World) -> None:
    await world.taste(world.ann, ANN)
    await world.ann.slash(world.channel, "suggest", count=2)
    await _press(world, world.bob, "party:begin")
    assert world.bob.id in (await world.bot.store.participants.roster(world.ann.guild.id)).here


# For whom it is, and how it reads


async def test_an_evening_of_those_who_were_named_stays_theirs(world: World) -> None:
    cleo = world.ann.guild.add_member(world.env.create_user("cleo"))
    for member, taste in ((world.ann, ANN), (world.bob, BOB), (cleo, {1: 10, 6: 9, 9253: 4})):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    shown = await world.ann.slash(world.channel, "watchparty", count=3, **{"with": world.bob.mention})
    assert "For the 2 of you who were named" in shown.response.content
    picks = [embed.url for embed in shown.response.embeds]
    # Cleo comes and goes again: then the picks are for those who were named.
    await _press(world, cleo, "gathering:join")
    await _press(world, cleo, "gathering:join")
    again = _with(world, "party:start")
    assert "For the 2 of you who were named" in again.content
    assert [embed.url for embed in again.embeds] == picks


async def test_all_votes_are_counted_in_what_is_announced(world: World) -> None:
    poll = await _vote(world)
    cleo = world.ann.guild.add_member(world.env.create_user("cleo"))
    for member, answer in ((world.ann, 1), (world.bob, 1), (cleo, 3)):
        await member.vote(poll, answer=answer)
    await _press(world, world.ann, "party:end")
    assert _with(world, "party:rate").content == "**Decided** with 2 of 3 votes:"


async def test_who_came_off_as_well_as_the_others_is_told_so(world: World) -> None:
    guest = world.ann.guild.add_member(world.env.create_user("guest"))
    await _rating(world)
    for member in (world.bob, guest, world.ann):
        await _press(world, member, "party:score:7")
    await _press(world, world.ann, "party:close")
    async with world.bot.store.database.begin() as connection:
        await connection.execute(update(served).values(best=8.0))
    for member in (world.ann, world.bob):
        result = await member.slash(world.channel, "fairness")
        assert "You compromised about as much as the others" in result.response.content
        assert "1.0 points below" in result.response.content


async def test_who_comes_unannounced_is_entered_at_the_time_of_the_evening(world: World) -> None:
    await _decided(world, when="tomorrow 8pm")
    starts_at = (await _party(world)).starts_at
    await world.env.advance_time(2 * DAY)
    guest = world.ann.guild.add_member(world.env.create_user("guest"))
    await world.taste(guest, BOB)
    await _press(world, guest, "party:score:9")
    async with world.bot.store.database.read() as connection:
        at = await connection.scalar(select(served.c.at).where(served.c.user_id == guest.id))
    assert at == starts_at
