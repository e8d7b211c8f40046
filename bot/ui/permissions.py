"""Names the bot's missing permissions in a channel as Discord's settings name them."""

from __future__ import annotations

from collections.abc import Mapping

import discord

_NAMES: Mapping[str, str] = {
    "manage_guild": "Manage Server",
    "read_messages": "View Channel",
    "send_polls": "Create Polls",
    "send_messages_in_threads": "Send Messages in Threads",
}
"""Permissions whose name in Discord's settings differs from discord.py's."""


def missing(
    channel: discord.guild.GuildChannel | discord.Thread, me: discord.Member, needed: discord.Permissions
) -> list[str]:
    """Return the permissions that the bot needs in a channel and lacks, as Discord's settings name them."""
    allowed = channel.permissions_for(me)
    lacking = needed & ~allowed
    if lacking.read_messages:
        # Without View Channel all other permissions appear to be missing, so report only this one.
        return [_name("read_messages")]
    return [_name(name) for name, lacks in lacking if lacks]


def _name(permission: str) -> str:
    return _NAMES.get(permission, permission.replace("_", " ").title())
