"""Where an evening takes place, and what of it was sent there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.errors import MemberError
from bot.ui.permissions import missing

if TYPE_CHECKING:
    from bot.client import HakkenBot
    from bot.store import Party
    from hakken import Anime

Place: TypeAlias = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
SPEAKING = discord.Permissions(
    read_messages=True, send_messages=True, embed_links=True, read_message_history=True
)
"""What an evening needs in its channel."""
VOTING = SPEAKING | discord.Permissions(send_polls=True)
_EVENTS = discord.Permissions(create_events=True)
_MOST_READ = 5_000
"""Messages that are looked through for one."""
_REFUSALS = (400, 403, 404)
_CLOCKS = 5_000
"""Milliseconds by which Discord's clock may be behind ours."""


class HinderedError(MemberError):
    """The bot may not do there what it must; later it perhaps may."""


class GoneError(MemberError):
    """There is no such channel, or the bot is not in its server any more."""


async def place_of(client: HakkenBot, party: Party) -> Place:
    """The channel of an evening.

    Raises:
        GoneError: it was deleted, or the bot was removed from the server.
    """
    return await _channel(client, party.guild_id, party.channel_id)


async def place_to_announce(client: HakkenBot, party: Party, winner: Anime) -> int:
    """The id of the channel where it is announced what was decided: the server's own choice if it will do.

    What is rated 18+ leaves the evening's channel only for an age-restricted one.
    """
    chosen = (await client.store.guild_settings.of_guild(party.guild_id)).channel_id
    if chosen is None:
        return party.channel_id
    try:
        place = await _channel(client, party.guild_id, chosen)
    except (GoneError, discord.Forbidden):
        return party.channel_id
    will_do = not lacks(place, SPEAKING) and (place.is_nsfw() or not winner.adult)
    return chosen if will_do else party.channel_id


def lacks(place: Place, needed: discord.Permissions) -> list[str]:
    """What of this the bot may not do there; in a thread, writing is a permission of its own."""
    if isinstance(place, discord.Thread) and needed.send_messages:
        needed = discord.Permissions(needed.value)
        needed.update(send_messages=False, send_messages_in_threads=True)
    return missing(place, place.guild.me, needed)


def lacks_for_event(guild: discord.Guild, room: discord.VoiceChannel | None) -> list[str]:
    """What the bot may not do that an event needs, in a voice channel or elsewhere."""
    if room is not None:
        needed = _EVENTS | discord.Permissions(read_messages=True, connect=True)
        return missing(room, guild.me, needed)
    return [] if guild.me.guild_permissions.create_events else ["Create Events"]


def room_of(guild: discord.Guild, host_id: int | None) -> discord.VoiceChannel | None:
    """The voice channel where the host is now."""
    return next((one for one in guild.voice_channels if host_id in one.voice_states), None)


async def sent_since(
    place: Place, since: datetime, is_it: Callable[[discord.Message], bool]
) -> discord.Message | None:
    """The bot's own message there since a claim that is what was claimed; None if there is none."""
    after = discord.Object(discord.utils.time_snowflake(since) - (_CLOCKS << 22))
    async for message in place.history(after=after, limit=_MOST_READ, oldest_first=True):
        if message.author.id == place.guild.me.id and is_it(message):
            return message
    return None


def is_refusal(error: discord.HTTPException) -> bool:
    """Whether Discord would say no again: it is not allowed, no longer there, closed, or one too many."""
    return error.status in _REFUSALS


def bears(custom_id: str) -> Callable[[discord.Message], bool]:
    """Whether a message has the button with this id."""

    def bears_it(message: discord.Message) -> bool:
        return any(
            getattr(item, "custom_id", None) == custom_id
            for row in message.components
            for item in getattr(row, "children", ())
        )

    return bears_it


def says(content: str) -> Callable[[discord.Message], bool]:
    """Whether a message says just this."""
    return lambda message: message.content == content


async def _channel(client: HakkenBot, guild_id: int, channel_id: int) -> Place:
    guild = client.get_guild(guild_id)
    if guild is None:
        raise GoneError("I am not in that server any more.")
    try:
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except discord.NotFound as error:
        raise GoneError("The evening's channel is gone. `/watchparty` begins a new one.") from error
    if not isinstance(channel, Place):
        raise GoneError("That channel takes no messages.")
    return channel
