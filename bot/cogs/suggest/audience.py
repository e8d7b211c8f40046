"""Finds the members to pick for: a role, named members, or everyone in a voice channel."""

from __future__ import annotations

import re

import discord

from bot.client import Interaction
from bot.cogs.suggest.presence import members_here
from bot.errors import MemberError
from bot.store import Roster

MOST_NAMED = 10
_MEMBER = re.compile(r"<@!?([0-9]{15,20})>")
_ROLE = re.compile(r"<@&([0-9]{15,20})>")
_MENTIONS = re.compile(r"(?:<@[!&]?[0-9]{15,20}>(?:\s|,|\band\b|&)*)+")
_HOW = "Type @ and choose a role or up to ten members, such as `with:@Movie Night` or `with:@ann @bob`."


async def named(
    interaction: Interaction, roster: Roster, with_: str | None, *, voice: bool
) -> list[int] | None:
    """Get the ids of the members to pick for, each once; None for the whole server.

    Args:
        interaction: the asker's; they are included if they name members, and by their voice channel.
        roster: the server's participants.
        with_: mentions of a role or of members, as Discord writes them.
        voice: whether it is for everyone in the asker's voice channel.

    Raises:
        MemberError: there are no such members; the text says how to name them.
    """
    guild = interaction.guild
    if guild is None or (with_ is None and not voice):
        return None
    if with_ is not None and voice:
        raise MemberError("Use `with` or `voice`, not both.")
    if with_ is None:
        return await _in_voice(interaction.user, guild)
    role_ids, user_ids = _read(with_)
    if role_ids:
        return await _having(guild, roster, role_ids[0])
    return await _people(guild, list(dict.fromkeys([interaction.user.id, *user_ids])))


def _read(typed: str) -> tuple[list[int], list[int]]:
    """Read the mentioned ids of roles and members: one role, or up to ten members."""
    if not _MENTIONS.fullmatch(typed.strip()):
        raise MemberError(f"I don't know who you mean. {_HOW}")
    role_ids = [int(one) for one in dict.fromkeys(_ROLE.findall(typed))]
    user_ids = [int(one) for one in dict.fromkeys(_MEMBER.findall(typed))]
    if len(role_ids) > 1 or (role_ids and user_ids) or len(user_ids) > MOST_NAMED:
        raise MemberError(f"Choose only one role, or at most ten members. {_HOW}")
    return role_ids, user_ids


async def _having(guild: discord.Guild, roster: Roster, role_id: int) -> list[int] | None:
    role = guild.get_role(role_id)
    if role is None:
        raise MemberError(f"This server has no such role. {_HOW}")
    if role.is_default():
        return None
    known = roster.taking_part
    here = await members_here(guild, known)
    having = [user_id for user_id in known if user_id in here and here[user_id].get_role(role_id) is not None]
    if not having:
        raise MemberError("Nobody with this role has used me here yet. Ask them to try `/start`.")
    return having


async def _people(guild: discord.Guild, user_ids: list[int]) -> list[int]:
    """Keep the members who are in the server, without bots."""
    here = await members_here(guild, user_ids)
    if any(one not in here for one in user_ids):
        raise MemberError("Someone you named is not in this server. Name only its members.")
    return [one for one in user_ids if not here[one].bot]


async def _in_voice(asker: discord.User | discord.Member, guild: discord.Guild) -> list[int]:
    state = asker.voice if isinstance(asker, discord.Member) else None
    if state is None or state.channel is None:
        raise MemberError("You aren't in a voice channel here. Join one and try again, or leave out `voice`.")
    here = await members_here(guild, list(state.channel.voice_states))
    return sorted(one.id for one in here.values() if not one.bot)
