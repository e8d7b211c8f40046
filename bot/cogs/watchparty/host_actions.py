"""Actions of the watch party's host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.cogs.watchparty import messages
from bot.cogs.watchparty.channel import (
    SPEAKING,
    VOTING,
    Place,
    lacks_for_event,
    need,
    place_of,
    room_of,
)
from bot.cogs.watchparty.forecasts import forecast_group
from bot.cogs.watchparty.host_buttons import Action
from bot.cogs.watchparty.loop import watch_party_loop
from bot.cogs.watchparty.poll import decide_for, end_poll
from bot.cogs.watchparty.rules import contenders_of
from bot.cogs.watchparty.time_modal import TimeModal
from bot.errors import LOST_CONNECTION, MemberError
from bot.store import Ballot, Party
from bot.ui.participation import take_part

if TYPE_CHECKING:
    from bot.client import Interaction

PICKS_OPEN = timedelta(days=1)
"""How long a watch party waits for its vote to be started."""


async def begin_from(interaction: Interaction, suggestion_id: str) -> Party:
    """Begin a watch party with a suggestion's picks; the member who pressed is its host.

    Another press before the vote gets the same watch party.

    Raises:
        MemberError: the picks are gone, or their watch party is past them.
    """
    store, now = interaction.client.store, discord.utils.utcnow()
    suggestion = await store.suggestions.find(suggestion_id, at=now)
    if suggestion is None or suggestion.guild_id != interaction.guild_id:
        raise MemberError("These picks expired. `/watchparty` makes fresh ones.")
    await take_part(interaction)
    await store.parties.begin(
        suggestion.guild_id,
        suggestion.channel_id,
        suggestion_id,
        interaction.user.id,
        Ballot(contenders_of(suggestion.picks)),
        at=now,
        next_at=now + PICKS_OPEN,
    )
    party = await store.parties.of_suggestion(suggestion_id)
    if party is None or party.stage != "picks" or party.sending is not None:
        raise MemberError(messages.IS_DONE)
    return party


async def party_here(interaction: Interaction, party_id: str) -> Party:
    """Get the watch party that a button is about.

    Raises:
        MemberError: it is unknown, of another server, or over.
    """
    party = await interaction.client.store.parties.find(party_id)
    if party is None or party.guild_id != interaction.guild_id or party.stage in ("over", "called off"):
        raise MemberError(messages.GONE)
    return party


def must_lead(interaction: Interaction, party: Party) -> None:
    """Raise unless the user is the host or a moderator.

    Raises:
        MemberError: the user is neither.
    """
    if interaction.user.id != party.host_id and not _moderates(interaction):
        raise MemberError(messages.NOT_LEADING)


def _moderates(interaction: Interaction) -> bool:
    allowed = interaction.permissions
    return allowed.manage_events or allowed.manage_guild


async def _take_over(interaction: Interaction, party: Party) -> None:
    if not _moderates(interaction):
        raise MemberError(messages.NOT_MODERATING)
    now = discord.utils.utcnow()
    await interaction.client.store.parties.take_over(party.party_id, interaction.user.id, at=now)
    await interaction.response.send_message(
        f"{interaction.user.mention} is now the host of this watch party."
    )


async def _start(interaction: Interaction, party: Party) -> None:
    await _allowed(interaction, party, VOTING)
    await interaction.response.defer()
    party, client = await _with_latest_picks(interaction, party), interaction.client
    answers, hours, now = party.ballot.answers, party.ballot.hours, discord.utils.utcnow()
    # Claimed first: while forecasts are made, the picks that are voted on could otherwise change.
    if not await client.store.parties.claim_poll(party.party_id, answers, hours=hours, at=now):
        raise MemberError(messages.IS_DONE)
    await forecast_group(client, party)
    await _go_on(interaction, party)


async def _skip(interaction: Interaction, party: Party) -> None:
    await _allowed(interaction, party, SPEAKING)
    await interaction.response.defer()
    party = await _with_latest_picks(interaction, party)
    first = party.ballot.answers[0]
    if party.stage != "picks" or not await decide_for(interaction.client, party, first, None):
        raise MemberError(messages.IS_DONE)
    await _go_on(interaction, party)


async def _end(interaction: Interaction, party: Party) -> None:
    if party.stage != "vote" or party.sending is not None or party.poll_message_id is None:
        raise MemberError(messages.IS_DONE)
    place = await _allowed(interaction, party, SPEAKING)
    await interaction.response.defer()
    await end_poll(place, party.poll_message_id)
    await interaction.client.store.parties.postpone(party.party_id, discord.utils.utcnow())
    await watch_party_loop(interaction.client).go_on(party.party_id)


async def _plan(interaction: Interaction, party: Party) -> None:
    if party.stage not in ("decided", "planned") or party.event_id is not None:
        raise MemberError(messages.IS_DONE)
    guild = (await _allowed(interaction, party, SPEAKING)).guild
    if lacking := lacks_for_event(guild, room_of(guild, party.host_id)):
        raise MemberError(messages.lacking_for_event(lacking))
    await interaction.response.send_modal(TimeModal(party.party_id))


async def _rate(interaction: Interaction, party: Party) -> None:
    await _allowed(interaction, party, SPEAKING)
    await interaction.response.defer()
    parties = interaction.client.store.parties
    if not await parties.claim_rating(party.party_id, at=discord.utils.utcnow()):
        raise MemberError(messages.IS_DONE)
    await _go_on(interaction, party)


async def _close(interaction: Interaction, party: Party) -> None:
    if party.stage != "rating":
        raise MemberError(messages.IS_DONE)
    await interaction.response.defer()
    await interaction.client.store.parties.postpone(party.party_id, discord.utils.utcnow())
    await watch_party_loop(interaction.client).go_on(party.party_id)


async def _call_off(interaction: Interaction, party: Party) -> None:
    await interaction.response.defer()
    parties = interaction.client.store.parties
    async with watch_party_loop(interaction.client).at_rest(party.party_id):
        party = await party_here(interaction, party.party_id)
        if not await parties.call_off(party.party_id, messages.CALLED_OFF):
            raise MemberError(messages.IS_DONE)
    await interaction.followup.send(messages.CALLED_OFF)
    if party.stage == "rating":  # score buttons that take no more ratings would mislead
        await interaction.edit_original_response(view=None)
    await _tidy_up(interaction, party)


ACTIONS: Mapping[Action, Callable[[Interaction, Party], Awaitable[None]]] = {
    "start": _start,
    "skip": _skip,
    "end": _end,
    "event": _plan,
    "rate": _rate,
    "close": _close,
    "off": _call_off,
    "take": _take_over,
}
"""What each button does; all but the last are for the host."""


async def _go_on(interaction: Interaction, party: Party) -> None:
    """Send what was claimed, then remove the buttons, so that the picks stay as they are now."""
    await watch_party_loop(interaction.client).go_on(party.party_id)
    await interaction.edit_original_response(view=None)


async def _tidy_up(interaction: Interaction, party: Party) -> None:
    """End the poll and delete the event of a cancelled watch party, if they still exist."""
    try:
        place = await place_of(interaction.client, party)
        if party.stage == "vote" and party.poll_message_id is not None:
            await end_poll(place, party.poll_message_id)
        if party.event_id is not None:
            await (await place.guild.fetch_scheduled_event(party.event_id)).delete()
    except (MemberError, *LOST_CONNECTION):
        return


async def _allowed(interaction: Interaction, party: Party, needed: discord.Permissions) -> Place:
    """Get the watch party's channel, if the bot has the needed permissions there.

    Raises:
        MemberError: it is gone, or permissions are missing; the text names them.
    """
    place = await place_of(interaction.client, party)
    need(place, needed)
    return place


async def _with_latest_picks(interaction: Interaction, party: Party) -> Party:
    """Get the watch party with the picks shown now, or its first picks if those have expired."""
    suggestions, now = interaction.client.store.suggestions, discord.utils.utcnow()
    suggestion = await suggestions.find(party.suggestion_id, at=now)
    if suggestion is None:
        return party
    return replace(party, ballot=replace(party.ballot, answers=contenders_of(suggestion.picks)))
