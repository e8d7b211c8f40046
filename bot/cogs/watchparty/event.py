"""The server event of a watch party: made, and watched until it is over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.cogs.watchparty import messages
from bot.cogs.watchparty.channel import (
    SPEAKING,
    Place,
    is_refusal,
    lacks_for_event,
    need,
    room_of,
    says,
    sent_since,
)
from bot.cogs.watchparty.rules import end_of, require, winner_of
from bot.store import Party
from bot.ui.context import display_of_server

if TYPE_CHECKING:
    from bot.client import HakkenBot

log = logging.getLogger(__name__)

RATED_AFTER = timedelta(days=1)
"""If no start time was set, ask for ratings this long after the decision."""


async def make_event(client: HakkenBot, party: Party, place: Place) -> None:
    """Make the event, unless the bot may not or it would be in the past."""
    guild, starts_at = place.guild, require(party.starts_at)
    room = room_of(guild, party.host_id)
    event = None
    if not lacks_for_event(guild, room) and starts_at > discord.utils.utcnow():
        name = messages.event_name(
            winner_of(party).anime_id, await display_of_server(client, party.guild_id, place)
        )
        event = await _event_like(guild, name, starts_at)
        event = event or await _event_unless_refused(guild, name, party, room or place)
    await client.store.parties.planned(party.party_id, event.id if event else None, starts_at)


async def check_event(client: HakkenBot, party: Party, place: Place) -> None:
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
    need(place, SPEAKING)
    if await sent_since(place, require(party.next_at), says(messages.EVENT_DELETED)) is None:
        await place.send(messages.EVENT_DELETED)
    await client.store.parties.unplan(party.party_id, discord.utils.utcnow() + RATED_AFTER)


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
        return await _event(guild, name, party, where)
    except discord.HTTPException as error:
        if not is_refusal(error):
            raise
        log.info("a watch party has no event: %s", error)
        return None


async def _event(guild: discord.Guild, name: str, party: Party, where: Place) -> discord.ScheduledEvent:
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
