"""The poll of a watch party: sent, ended and counted; each can be repeated after a crash at any line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.cogs.watchparty import messages
from bot.cogs.watchparty.channel import (
    VOTING,
    HinderedError,
    Place,
    already_sent,
    bears,
    is_refusal,
    need,
    place_to_announce,
)
from bot.cogs.watchparty.forecasts import forecast_group
from bot.cogs.watchparty.host_buttons import host_buttons
from bot.cogs.watchparty.rules import decide, require
from bot.store import Contender, Party
from bot.ui.context import display_of_server

if TYPE_CHECKING:
    from bot.client import HakkenBot

NOT_FINAL_YET = timedelta(seconds=30)
"""Time until a poll that is over but not yet counted is checked again."""
COUNTED_ANYWAY = timedelta(minutes=10)
"""Time after a poll's end when its votes are taken even if Discord has not finalised them."""


async def send_poll(client: HakkenBot, party: Party, place: Place) -> None:
    """Send the poll, and note when it ends."""
    need(place, VOTING)
    message = await already_sent(party, place, bears(f"party:end:{party.party_id}"))
    if message is None:
        asked = messages.poll(
            party.ballot.answers, party.ballot.hours, await display_of_server(client, party.guild_id, place)
        )
        message = await place.send(poll=asked, view=host_buttons(party.party_id, "vote"))
    ends_at = require(message.poll).expires_at or message.created_at + timedelta(hours=party.ballot.hours)
    await client.store.parties.voting(party.party_id, message.id, ends_at)


async def end_poll(place: Place, message_id: int) -> None:
    """End the poll before its time; nothing happens if it is over or gone."""
    try:
        message = await place.fetch_message(message_id)
    except discord.NotFound:
        return  # the step that counts the votes reports it
    if message.poll is None or message.poll.is_finalised():
        return
    try:
        await message.end_poll()
    except discord.HTTPException as error:
        if not is_refusal(error):  # it is over, just not counted yet
            raise


async def count_votes(client: HakkenBot, party: Party, place: Place) -> None:
    """Decide by the votes once the poll is over; look again later if it is not."""
    now, parties = discord.utils.utcnow(), client.store.parties
    try:
        message = await place.fetch_message(require(party.poll_message_id))
    except discord.NotFound:
        await parties.claim_end(party.party_id, messages.POLL_DELETED, at=now)
        return
    if message.poll is None:
        raise HinderedError("The poll cannot be read.")
    ends_at = message.poll.expires_at or now
    if not message.poll.is_finalised() and now < ends_at + COUNTED_ANYWAY:
        await parties.postpone(party.party_id, max(ends_at, now + NOT_FINAL_YET))
        return
    votes = [answer.vote_count for answer in message.poll.answers]
    decision = decide(party.ballot.answers[: len(votes)], votes)
    if decision is None:
        await parties.claim_end(party.party_id, messages.NOBODY_VOTED, at=now)
    else:
        await decide_for(client, party, decision.winner, votes)


async def decide_for(client: HakkenBot, party: Party, winner: Contender, votes: list[int] | None) -> bool:
    """Claim the winner's announcement; forecast the members who are in and enter them in the ledger.

    Return whether the watch party was still undecided.
    """
    await forecast_group(client, party)
    ballot = replace(party.ballot, votes=None if votes is None else tuple(votes))
    anime = client.recommender.catalogue.anime(winner.anime_id)
    channel_id = await place_to_announce(client, party, anime)
    return await client.store.parties.claim_winner(
        party, ballot, winner.anime_id, channel_id=channel_id, at=discord.utils.utcnow()
    )
