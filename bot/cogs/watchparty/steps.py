"""The steps of a watch party, one at a time; each can be repeated after a crash at any line.

Before a claimed message is sent, the channel is searched for it, so that nothing is sent twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import discord

from bot.cogs.watchparty import messages
from bot.cogs.watchparty.channel import (
    SPEAKING,
    VOTING,
    GoneError,
    HinderedError,
    Place,
    bears,
    is_refusal,
    lacks,
    lacks_for_event,
    place_of,
    place_to_announce,
    room_of,
    says,
    sent_since,
)
from bot.cogs.watchparty.forecasts import forecast_group
from bot.cogs.watchparty.host_buttons import host_buttons, score_buttons
from bot.cogs.watchparty.messages import event_name, poll, winner_embed
from bot.cogs.watchparty.rules import (
    RATINGS_OPEN,
    decide,
    decision_of,
    end_of,
    require,
    watched_at,
    winner_of,
)
from bot.store import Contender, Party
from bot.ui.context import display_with
from bot.ui.embeds import Display

if TYPE_CHECKING:
    from bot.client import HakkenBot

log = logging.getLogger(__name__)

NOT_FINAL_YET = timedelta(seconds=30)
"""Time until a poll that is over but not yet counted is checked again."""
COUNTED_ANYWAY = timedelta(minutes=10)
"""Time after a poll's end when its votes are taken even if Discord has not finalised them."""
RATED_AFTER = timedelta(days=1)
"""If no start time was set, ask for ratings this long after the decision."""

_UNKNOWN_CHANNEL = 10003
"""Discord's code for a channel that was deleted a moment ago."""

Step = Callable[["HakkenBot", Party, Place], Awaitable[None]]


async def take_step(client: HakkenBot, party: Party) -> None:
    """Take the next due step of a watch party.

    Raises:
        HinderedError: the bot lacks permissions there.
        HTTPException: Discord refused or failed.
    """
    try:
        place = await place_of(client, party)
        await (_SENDING[party.sending] if party.sending else _DUE[party.stage])(client, party, place)
    except GoneError:
        await _without_its_channel(client, party)
    except discord.NotFound as error:
        if error.code != _UNKNOWN_CHANNEL:
            raise
        await _without_its_channel(client, party)


async def decide_for(client: HakkenBot, party: Party, winner: Contender, votes: list[int] | None) -> bool:
    """Claim the winner's announcement; forecast the members who are in and enter them in the ledger.

    Return whether the watch party was still undecided.
    """
    await forecast_group(client, party)
    ballot = replace(party.ballot, votes=None if votes is None else tuple(votes))
    anime = client.recommender.catalogue.anime(winner.anime_id)
    channel_id = await place_to_announce(client, party, anime)
    return await client.store.parties.claim_winner(
        party, ballot, winner.anime_id, channel_id=channel_id, at=discord.utils.utcnow()
    )


async def _without_its_channel(client: HakkenBot, party: Party) -> None:
    if party.stage == "rating":
        await client.store.parties.finish(party, at=watched_at(party))
    else:
        await client.store.parties.call_off(party.party_id, messages.CHANNEL_DELETED)


async def _send_poll(client: HakkenBot, party: Party, place: Place) -> None:
    _need(place, VOTING)
    message = await _sent(party, place, bears(f"party:end:{party.party_id}"))
    if message is None:
        asked = poll(party.ballot.answers, party.ballot.hours, await _display(client, party))
        message = await place.send(poll=asked, view=host_buttons(party.party_id, "vote"))
    ends_at = require(message.poll).expires_at or message.created_at + timedelta(hours=party.ballot.hours)
    await client.store.parties.voting(party.party_id, message.id, ends_at)


async def _count(client: HakkenBot, party: Party, place: Place) -> None:
    now, parties = discord.utils.utcnow(), client.store.parties
    try:
        message = await place.fetch_message(require(party.poll_message_id))
    except discord.NotFound:
        await parties.claim_end(party.party_id, messages.POLL_DELETED, at=now)
        return
    if message.poll is None:
        raise HinderedError("The poll cannot be read.")
    ends_at = message.poll.expires_at or now
    if not message.poll.is_finalised() and now < ends_at + COUNTED_ANYWAY:
        await parties.postpone(party.party_id, max(ends_at, now + NOT_FINAL_YET))
        return
    votes = [answer.vote_count for answer in message.poll.answers]
    decision = decide(party.ballot.answers[: len(votes)], votes)
    if decision is None:
        await parties.claim_end(party.party_id, messages.NOBODY_VOTED, at=now)
    else:
        await decide_for(client, party, decision.winner, votes)


async def _announce(client: HakkenBot, party: Party, place: Place) -> None:
    _need(place, SPEAKING)
    now = discord.utils.utcnow()
    if await _sent(party, place, bears(f"party:rate:{party.party_id}")) is None:
        lacking = lacks_for_event(place.guild, room_of(place.guild, party.host_id)) if party.starts_at else []
        line = messages.start_line(party.starts_at, lacking, now)
        await place.send(
            messages.announcement(party, decision_of(party)),
            embed=winner_embed(winner_of(party), await _display(client, party), line),
            view=host_buttons(party.party_id, "decided"),
        )
    await client.store.parties.announced(party, at=now, next_at=now + RATED_AFTER)


async def _plan(client: HakkenBot, party: Party, place: Place) -> None:
    guild, starts_at = place.guild, require(party.starts_at)
    room = room_of(guild, party.host_id)
    event = None
    if not lacks_for_event(guild, room) and starts_at > discord.utils.utcnow():
        name = event_name(winner_of(party).anime_id, await _display(client, party))
        event = await _event_like(guild, name, starts_at)
        event = event or await _event_unless_refused(guild, name, party, room or place)
    await client.store.parties.planned(party.party_id, event.id if event else None, starts_at)


async def _check_event(client: HakkenBot, party: Party, place: Place) -> None:
    """Check at the start and the end whether the event still takes place, and when."""
    now, parties, ends_at = discord.utils.utcnow(), client.store.parties, end_of(party)
    if party.event_id is not None and now < ends_at:
        try:
            event = await place.guild.fetch_scheduled_event(party.event_id)
        except discord.NotFound:
            event = None
        if event is None or event.status is discord.EventStatus.cancelled:
            await _lose_event(client, party, place)
            return
        if event.start_time > now:
            await parties.move(party.party_id, event.start_time, event.start_time)
            return
    if now < ends_at:
        await parties.postpone(party.party_id, ends_at)
    else:
        await parties.claim_rating(party.party_id, at=now)


async def _lose_event(client: HakkenBot, party: Party, place: Place) -> None:
    _need(place, SPEAKING)
    if await sent_since(place, require(party.next_at), says(messages.EVENT_DELETED)) is None:
        await place.send(messages.EVENT_DELETED)
    await client.store.parties.unplan(party.party_id, discord.utils.utcnow() + RATED_AFTER)


async def _ask_ratings(client: HakkenBot, party: Party, place: Place) -> None:
    _need(place, SPEAKING)
    closes_at = discord.utils.utcnow() + RATINGS_OPEN
    message = await _sent(party, place, bears(f"party:absent:{party.party_id}"))
    if message is None:
        question = messages.rating_question(
            winner_of(party).anime_id, await _display(client, party), closes_at
        )
        message = await place.send(question, view=score_buttons(party.party_id))
    await client.store.parties.rating(party.party_id, message.id, closes_at)


async def _close_ratings(client: HakkenBot, party: Party, place: Place) -> None:
    rated = await client.store.parties.result(party)
    result = messages.rating_result(winner_of(party).anime_id, await _display(client, party), rated)
    try:
        await place.get_partial_message(require(party.rating_message_id)).edit(content=result, view=None)
    except discord.HTTPException as error:
        if not is_refusal(error):
            raise
        log.info("the result of a watch party could not be shown: %s", error)
    await client.store.parties.finish(party, at=watched_at(party))


async def _say_end(client: HakkenBot, party: Party, place: Place) -> None:
    _need(place, SPEAKING)
    why = require(party.why_over)
    if await _sent(party, place, says(why)) is None:
        await place.send(why)
    stage: Literal["over", "called off"] = "over" if why == messages.NOBODY_VOTED else "called off"
    await client.store.parties.call_off(party.party_id, why, stage)


async def _give_up(client: HakkenBot, party: Party, _place: Place) -> None:
    await client.store.parties.call_off(party.party_id, messages.NOT_GONE_ON)


async def _ask_at_last(client: HakkenBot, party: Party, _place: Place) -> None:
    await client.store.parties.claim_rating(party.party_id, at=discord.utils.utcnow())


async def _nothing(_client: HakkenBot, _party: Party, _place: Place) -> None:
    """Do nothing: a finished watch party is never due."""


_SENDING: Mapping[str, Step] = {
    "poll": _send_poll,
    "winner": _announce,
    "event": _plan,
    "rating": _ask_ratings,
    "end": _say_end,
}
_DUE: Mapping[str, Step] = {
    "picks": _give_up,
    "vote": _count,
    "decided": _ask_at_last,
    "planned": _check_event,
    "rating": _close_ratings,
    "over": _nothing,
    "called off": _nothing,
}


async def _sent(
    party: Party, place: Place, is_it: Callable[[discord.Message], bool]
) -> discord.Message | None:
    return await sent_since(place, require(party.sending_since), is_it)


async def _event_like(guild: discord.Guild, name: str, starts_at: datetime) -> discord.ScheduledEvent | None:
    """Find the bot's own event with that name and time; None if there is none."""
    for event in await guild.fetch_scheduled_events(with_counts=False):
        if (event.creator_id, event.name, event.start_time) == (guild.me.id, name, starts_at):
            return event
    return None


async def _event_unless_refused(
    guild: discord.Guild, name: str, party: Party, where: Place
) -> discord.ScheduledEvent | None:
    """Make an event; None if Discord refuses, since the start time holds without one."""
    try:
        return await _make_event(guild, name, party, where)
    except discord.HTTPException as error:
        if not is_refusal(error):
            raise
        log.info("a watch party has no event: %s", error)
        return None


async def _make_event(guild: discord.Guild, name: str, party: Party, where: Place) -> discord.ScheduledEvent:
    starts_at, ends_at = require(party.starts_at), end_of(party)
    link = f"https://discord.com/channels/{guild.id}/{party.channel_id}"
    if isinstance(where, discord.VoiceChannel) and where.id != party.channel_id:
        return await guild.create_scheduled_event(
            name=name,
            start_time=starts_at,
            end_time=ends_at,
            entity_type=discord.EntityType.voice,
            privacy_level=discord.PrivacyLevel.guild_only,
            channel=where,
            description=link,
        )
    return await guild.create_scheduled_event(
        name=name,
        start_time=starts_at,
        end_time=ends_at,
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        location=f"#{where.name}"[:100],
        description=link,
    )


def _need(place: Place, needed: discord.Permissions) -> None:
    if lacking := lacks(place, needed):
        raise HinderedError(messages.lacking_here(lacking))


async def _display(client: HakkenBot, party: Party) -> Display:
    titles = (await client.store.guild_settings.of_guild(party.guild_id)).titles
    return display_with(client, titles or "both")
