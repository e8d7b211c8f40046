"""Posts a weekly pick: claim, send, record; after a crash, search the channel before sending again."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from bot.client import HakkenBot
from bot.cogs.schedule.channels import channel_for_picks
from bot.cogs.schedule.texts import TOO_LATE
from bot.cogs.suggest.message import WEEKLY, begin_suggestion, shown, suggestion_view
from bot.cogs.suggest.picking import read_guild, suggestion_for
from bot.cogs.suggest.request import Ask
from bot.errors import MemberError
from bot.store import Schedule
from bot.times import UTC_NAME, next_weekly, zone

log = logging.getLogger(__name__)

LATEST = timedelta(hours=12)
"""A pick that is later than this is skipped."""
LIFETIME = timedelta(days=7)
"""How long members can join: until the next pick."""
_WEEK = timedelta(days=7)
_CLOCKS_APART = timedelta(minutes=1)
"""How far Discord's clock may differ from ours."""
_LOOKED_THROUGH = 200
"""Messages searched after the claim; a pick is sent within seconds of it, or not at all."""
_JOIN_ID = re.compile(r"gathering:join:([A-Za-z0-9_-]{1,64})")
"""The id of the join button, which stays when a watch party begins with the picks."""
_LOST_MEANWHILE = "I was not allowed to post there."


async def post(client: HakkenBot, schedule: Schedule) -> None:
    """Post a due pick, or skip it if it is too late.

    While the server cannot be reached, the pick stays due.
    """
    now = discord.utils.utcnow()
    next_at, latest = [await following(client, schedule, after) for after in (now, now - LATEST)]
    # After weeks offline, only the latest pick may still be in time.
    if now - schedule.next_at > LATEST and latest > now:
        await client.store.schedules.skip(schedule, TOO_LATE, at=now, next_at=next_at)
    elif _server(client, schedule) and await client.store.schedules.claim(schedule, at=now, next_at=next_at):
        await _send(client, replace(schedule, sending_since=now, next_at=next_at))


async def settle(client: HakkenBot, schedule: Schedule) -> None:
    """Check whether an interrupted pick was sent; if not, post it, unless it is too late."""
    store, now = client.store.schedules, discord.utils.utcnow()
    guild = _server(client, schedule)
    if now - (schedule.next_at - _WEEK) > LATEST:
        await store.skip(schedule, TOO_LATE, at=now, next_at=schedule.next_at)
        return
    if guild is None:
        return
    try:
        found = await _posted(client, channel_for_picks(guild, schedule.channel_id), schedule)
    except MemberError as error:
        await store.skip(schedule, str(error), at=now, next_at=schedule.next_at)
        return
    if found is not None:
        await store.posted(schedule, at=found.created_at)
    elif await store.claim(schedule, at=now, next_at=schedule.next_at):
        await _send(client, replace(schedule, sending_since=now))


async def following(client: HakkenBot, schedule: Schedule, after: datetime) -> datetime:
    """Get the time of the next pick after a moment, by the server's clock."""
    settings = await client.store.guild_settings.of_guild(schedule.guild_id)
    local, at = zone(settings.time_zone or UTC_NAME), schedule.at
    return next_weekly(schedule.weekday, at.hour, at.minute, local, after)


async def _send(client: HakkenBot, schedule: Schedule) -> None:
    """Send a claimed pick; if it is unclear whether it arrived, the claim stays open."""
    store, now, guild = client.store, discord.utils.utcnow(), _server(client, schedule)
    if guild is None:
        return
    try:
        channel = channel_for_picks(guild, schedule.channel_id)
        ask = Ask(adult=channel.is_nsfw())
        server = await read_guild(client, schedule.guild_id)
        suggested = await suggestion_for(client, server, None, ask, askers=())
    except MemberError as error:
        await store.schedules.skip(schedule, str(error), at=now, next_at=schedule.next_at)
        return
    suggestion_id = await begin_suggestion(
        client, guild.id, channel.id, suggested, ask, named=None, lifetime=LIFETIME
    )
    picks = shown("server", suggested)
    try:
        message = await channel.send(
            f"{WEEKLY}\n{picks.content}",
            embeds=picks.embeds,
            view=suggestion_view(suggestion_id),
            nonce=suggestion_id,  # if discord.py resends, Discord drops the duplicate
        )
    except (discord.Forbidden, discord.NotFound):
        await store.schedules.skip(schedule, _LOST_MEANWHILE, at=now, next_at=schedule.next_at)
        return
    await store.suggestions.sent(suggestion_id, message.id)
    await store.schedules.posted(schedule, at=now)


async def _posted(
    client: HakkenBot, channel: discord.TextChannel, schedule: Schedule
) -> discord.Message | None:
    """Find a claimed pick's message, and record it with its suggestion; None if it did not arrive."""
    since = (schedule.sending_since or schedule.next_at) - _CLOCKS_APART
    async for message in channel.history(limit=_LOOKED_THROUGH, after=since, oldest_first=True):
        # Answers to `/suggest` look alike, but carry the metadata of their command.
        if message.author != client.user or message.interaction_metadata is not None:
            continue
        for suggestion_id in _suggestion_ids(message):
            kept = await client.store.suggestions.find(suggestion_id, at=discord.utils.utcnow())
            if kept and kept.channel_id == channel.id and kept.message_id in (None, message.id):
                await client.store.suggestions.sent(suggestion_id, message.id)
                return message
    return None


def _suggestion_ids(message: discord.Message) -> list[str]:
    rows = (row for row in message.components if isinstance(row, discord.ActionRow))
    ids = (getattr(child, "custom_id", None) or "" for row in rows for child in row.children)
    return [match[1] for one in ids if (match := _JOIN_ID.fullmatch(one))]


def _server(client: HakkenBot, schedule: Schedule) -> discord.Guild | None:
    guild = client.get_guild(schedule.guild_id)
    return None if guild is None or guild.unavailable else guild
