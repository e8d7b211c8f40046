"""What the bot may do in a channel, in the words of Discord's own settings."""

from __future__ import annotations

from collections.abc import Mapping

import discord

_NAMES: Mapping[str, str] = {
    "manage_guild": "Manage Server",
    "read_messages": "View Channel",
    "send_polls": "Create Polls",
    "send_messages_in_threads": "Send Messages in Threads",
}
"""Where Discord's settings call it other than discord.py does."""


def missing(
    channel: discord.guild.GuildChannel | discord.Thread, me: discord.Member, needed: discord.Permissions
) -> list[str]:
    """The permissions that the bot needs in a channel and does not have, as Discord's settings name them.

    Args:
        channel: where.
        me: the bot as a member of the channel's server.
        needed: what it must be allowed.
    """
    allowed = channel.permissions_for(me)
    lacking = needed & ~allowed
    if lacking.read_messages:
        # Who cannot see a channel is allowed nothing there, whatever else is set: the rest may be fine.
        return [_name("read_messages")]
    return [_name(name) for name, lacks in lacking if lacks]


def _name(permission: str) -> str:
    return _NAMES.get(permission, permission.replace("_", " ").title())
