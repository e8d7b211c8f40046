"""Checks whether weekly picks can be posted in a channel."""

from __future__ import annotations

import discord

from bot.cogs.schedule.texts import NO_CHANNEL, lacking_text
from bot.errors import MemberError
from bot.ui.permissions import missing

NEEDED = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, read_message_history=True
)
"""Permissions to post; the history is read after a crash, to see whether a pick was posted."""


def channel_for_picks(guild: discord.Guild, channel_id: int) -> discord.TextChannel:
    """Get the channel, if picks can be posted there.

    Raises:
        MemberError: it is gone, or permissions are missing; the sentence says what to do.
    """
    channel = guild.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        raise MemberError(NO_CHANNEL)
    if lacking := missing(channel, guild.me, NEEDED):
        raise MemberError(lacking_text(lacking))
    return channel


def what_is_wrong(guild: discord.Guild, channel_id: int) -> str | None:
    """Say why picks cannot be posted in a channel; None if they can."""
    try:
        channel_for_picks(guild, channel_id)
    except MemberError as error:
        return str(error)
    return None
