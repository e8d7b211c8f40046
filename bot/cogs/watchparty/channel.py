"""Finds the channel of a watch party, its permissions there, and the messages already sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import discord

from bot.cogs.watchparty.messages import lacking_here
from bot.cogs.watchparty.rules import require
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
"""Permissions that a watch party needs in its channel."""
VOTING = SPEAKING | discord.Permissions(send_polls=True)
_EVENTS = discord.Permissions(create_events=True)
_MOST_READ = 5_000
"""Messages searched at most for one of the bot's own."""
_REFUSALS = (400, 403, 404)
_CLOCKS = 5_000
"""Milliseconds that Discord's clock may be behind ours."""


class HinderedError(MemberError):
    """The bot lacks permissions; a later try may succeed."""


class GoneError(MemberError):
    """The channel does not exist, or the bot is no longer in its server."""


async def place_of(client: HakkenBot, party: Party) -> Place:
    """Get the channel of a watch party.

    Raises:
        GoneError: it was deleted, or the bot was removed from the server.
    """
    return await _channel(client, party.guild_id, party.channel_id)


async def place_to_announce(client: HakkenBot, party: Party, winner: Anime) -> int:
    """Return the id of the channel for the announcement: the server's own choice if it can be used.

    An 18+ winner is announced outside the watch party's channel only in an age-restricted channel.
    """
    chosen = (await client.store.guild_settings.of_guild(party.guild_id)).channel_id
    if chosen is None:
        return party.channel_id
    try:
        place = await _channel(client, party.guild_id, chosen)
    except (GoneError, discord.Forbidden):
        return party.channel_id
    usable = not lacks(place, SPEAKING) and (place.is_nsfw() or not winner.adult)
    return chosen if usable else party.channel_id


def lacks(place: Place, needed: discord.Permissions) -> list[str]:
    """List the permissions the bot lacks there; in a thread, sending is a separate permission."""
    if isinstance(place, discord.Thread) and needed.send_messages:
        needed = discord.Permissions(needed.value)
        needed.update(send_messages=False, send_messages_in_threads=True)
    return missing(place, place.guild.me, needed)


def need(place: Place, needed: discord.Permissions) -> None:
    """Check the bot's permissions there.

    Raises:
        HinderedError: some are missing; the text names them.
    """
    if lacking := lacks(place, needed):
        raise HinderedError(lacking_here(lacking))


def lacks_for_event(guild: discord.Guild, room: discord.VoiceChannel | None) -> list[str]:
    """List the permissions the bot lacks to create an event, in a voice channel or elsewhere."""
    if room is not None:
        needed = _EVENTS | discord.Permissions(read_messages=True, connect=True)
        return missing(room, guild.me, needed)
    return [] if guild.me.guild_permissions.create_events else ["Create Events"]


def room_of(guild: discord.Guild, host_id: int | None) -> discord.VoiceChannel | None:
    """Get the voice channel where the host is now; None if they are in none."""
    return next((one for one in guild.voice_channels if host_id in one.voice_states), None)


async def sent_since(
    place: Place, since: datetime, is_it: Callable[[discord.Message], bool]
) -> discord.Message | None:
    """Find the bot's own matching message sent there since a claim; None if there is none."""
    after = discord.Object(discord.utils.time_snowflake(since) - (_CLOCKS << 22))
    async for message in place.history(after=after, limit=_MOST_READ, oldest_first=True):
        if message.author.id == place.guild.me.id and is_it(message):
            return message
    return None


async def already_sent(
    party: Party, place: Place, is_it: Callable[[discord.Message], bool]
) -> discord.Message | None:
    """Find the message that a watch party claimed, if it was sent before a crash."""
    return await sent_since(place, require(party.sending_since), is_it)


def is_refusal(error: discord.HTTPException) -> bool:
    """Whether Discord would refuse again: not allowed, deleted, closed, or a limit was reached."""
    return error.status in _REFUSALS


def bears(custom_id: str) -> Callable[[discord.Message], bool]:
    """Make a check for messages that have the button with this id."""

    def bears_it(message: discord.Message) -> bool:
        return any(
            getattr(item, "custom_id", None) == custom_id
            for row in message.components
            for item in getattr(row, "children", ())
        )

    return bears_it


def says(content: str) -> Callable[[discord.Message], bool]:
    """Make a check for messages with exactly this content."""
    return lambda message: message.content == content


async def _channel(client: HakkenBot, guild_id: int, channel_id: int) -> Place:
    guild = client.get_guild(guild_id)
    if guild is None:
        raise GoneError("I am not in that server any more.")
    try:
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except discord.NotFound as error:
        raise GoneError("The watch party's channel is gone. `/watchparty` starts a new one.") from error
    if not isinstance(channel, Place):
        raise GoneError("I can't send messages in that channel.")
    return channel
