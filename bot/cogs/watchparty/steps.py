"""The steps of a watch party, one at a time; each can be repeated after a crash at any line.

Before a claimed message is sent, the channel is searched for it, so that nothing is sent twice.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Literal

import discord

from bot.cogs.watchparty import messages
from bot.cogs.watchparty.channel import (
    SPEAKING,
    GoneError,
    Place,
    already_sent,
    bears,
    is_refusal,
    lacks_for_event,
    need,
    place_of,
    room_of,
    says,
)
from bot.cogs.watchparty.event import RATED_AFTER, check_event, make_event
from bot.cogs.watchparty.host_buttons import host_buttons, score_buttons
from bot.cogs.watchparty.poll import count_votes, send_poll
from bot.cogs.watchparty.rules import RATINGS_OPEN, decision_of, require, watched_at, winner_of
from bot.store import Party
from bot.ui.context import display_of_server

if TYPE_CHECKING:
    from bot.client import HakkenBot

log = logging.getLogger(__name__)

_UNKNOWN_CHANNEL = 10003
"""Discord's code for a channel that was deleted a moment ago."""

Step = Callable[["HakkenBot", Party, Place], Awaitable[None]]


async def take_step(client: HakkenBot, party: Party) -> None:
    """Take the next due step of a watch party.

    Raises:
        HinderedError: the bot lacks permissions there.
        HTTPException: Discord refused or failed.
    """
    try:
        place = await place_of(client, party)
        await (_SENDING[party.sending] if party.sending else _DUE[party.stage])(client, party, place)
    except GoneError:
        await _without_its_channel(client, party)
    except discord.NotFound as error:
        if error.code != _UNKNOWN_CHANNEL:
            raise
        await _without_its_channel(client, party)


async def _without_its_channel(client: HakkenBot, party: Party) -> None:
    if party.stage == "rating":
        await client.store.parties.finish(party, at=watched_at(party))
    else:
        await client.store.parties.call_off(party.party_id, messages.CHANNEL_DELETED)


async def _announce(client: HakkenBot, party: Party, place: Place) -> None:
    need(place, SPEAKING)
    now = discord.utils.utcnow()
    if await already_sent(party, place, bears(f"party:rate:{party.party_id}")) is None:
        lacking = lacks_for_event(place.guild, room_of(place.guild, party.host_id)) if party.starts_at else []
        line = messages.start_line(party.starts_at, lacking, now)
        await place.send(
            messages.announcement(party, decision_of(party)),
            embed=messages.winner_embed(
                winner_of(party), await display_of_server(client, party.guild_id, place), line
            ),
            view=host_buttons(party.party_id, "decided"),
        )
    await client.store.parties.announced(party, at=now, next_at=now + RATED_AFTER)


async def _ask_ratings(client: HakkenBot, party: Party, place: Place) -> None:
    need(place, SPEAKING)
    closes_at = discord.utils.utcnow() + RATINGS_OPEN
    message = await already_sent(party, place, bears(f"party:absent:{party.party_id}"))
    if message is None:
        question = messages.rating_question(
            winner_of(party).anime_id, await display_of_server(client, party.guild_id, place), closes_at
        )
        message = await place.send(question, view=score_buttons(party.party_id))
    await client.store.parties.rating(party.party_id, message.id, closes_at)


async def _close_ratings(client: HakkenBot, party: Party, place: Place) -> None:
    rated = await client.store.parties.result(party)
    result = messages.rating_result(
        winner_of(party).anime_id, await display_of_server(client, party.guild_id, place), rated
    )
    try:
        await place.get_partial_message(require(party.rating_message_id)).edit(content=result, view=None)
    except discord.HTTPException as error:
        if not is_refusal(error):
            raise
        log.info("the result of a watch party could not be shown: %s", error)
    await client.store.parties.finish(party, at=watched_at(party))


async def _say_end(client: HakkenBot, party: Party, place: Place) -> None:
    need(place, SPEAKING)
    why = require(party.why_over)
    if await already_sent(party, place, says(why)) is None:
        await place.send(why)
    stage: Literal["over", "called off"] = "over" if why == messages.NOBODY_VOTED else "called off"
    await client.store.parties.call_off(party.party_id, why, stage)


async def _give_up(client: HakkenBot, party: Party, _place: Place) -> None:
    await client.store.parties.call_off(party.party_id, messages.NOT_GONE_ON)


async def _ask_at_last(client: HakkenBot, party: Party, _place: Place) -> None:
    await client.store.parties.claim_rating(party.party_id, at=discord.utils.utcnow())


async def _nothing(_client: HakkenBot, _party: Party, _place: Place) -> None:
    """Do nothing: a finished watch party is never due."""


_SENDING: Mapping[str, Step] = {
    "poll": send_poll,
    "winner": _announce,
    "event": make_event,
    "rating": _ask_ratings,
    "end": _say_end,
}
_DUE: Mapping[str, Step] = {
    "picks": _give_up,
    "vote": count_votes,
    "decided": _ask_at_last,
    "planned": check_event,
    "rating": _close_ratings,
    "over": _nothing,
    "called off": _nothing,
}
