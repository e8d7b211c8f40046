"""Checks who is in a server: without a privileged intent, Discord says so only when asked."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice

import discord

from bot.errors import LOST_CONNECTION, MemberError
from bot.store.participants import ParticipantStore, Roster

log = logging.getLogger(__name__)

CHECKED_EVERY = timedelta(days=1)
"""How long a participant is assumed to be still there."""
_ASKED_AT_ONCE = 100
"""Discord's limit."""
_UNANSWERED = (TimeoutError, ConnectionError, discord.ConnectionClosed, *LOST_CONNECTION)


async def members_here(guild: discord.Guild, user_ids: Collection[int]) -> dict[int, discord.Member]:
    """Get the given users who are in a server now, by id.

    Raises:
        MemberError: Discord does not answer.
    """
    found: dict[int, discord.Member] = {}
    for some in _hundreds(user_ids):
        try:
            here = await guild.query_members(user_ids=some, limit=_ASKED_AT_ONCE, cache=False)
        except _UNANSWERED as error:
            raise MemberError("Discord can't say right now who is in this server. Try again.") from error
        found.update((one.id, one) for one in here)
    return found


async def present(
    participants: ParticipantStore,
    guild: discord.Guild,
    roster: Roster,
    user_ids: Collection[int],
    *,
    at: datetime,
) -> set[int]:
    """Get the given users, without those who are known to have left the server.

    Each participant is checked once per `CHECKED_EVERY`, and Discord's answer is kept. If Discord does not
    answer, everybody is assumed to be where they were.
    """
    there = set(user_ids) - roster.gone
    due = {one for one in there if one in roster.here and _long_ago(roster.here[one], at)}
    if not due:
        return there
    try:
        here = await members_here(guild, due)
    except MemberError:
        log.warning("could not check who is still in the server %s", guild.id)
        return there
    gone = due.difference(here)
    await participants.checked(guild.id, here=here, gone=gone, at=at)
    return there - gone


def _long_ago(checked_at: datetime | None, at: datetime) -> bool:
    return checked_at is None or checked_at < at - CHECKED_EVERY


def _hundreds(user_ids: Collection[int]) -> Iterator[list[int]]:
    rest = iter(user_ids)
    while some := list(islice(rest, _ASKED_AT_ONCE)):
        yield some
