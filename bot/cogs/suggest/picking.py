"""Makes picks for a group from its members, the server's settings and its ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import discord

from bot.client import HakkenBot
from bot.cogs.suggest.embeds import ONE_TASTE
from bot.cogs.suggest.presence import present
from bot.cogs.suggest.request import Ask
from bot.errors import MemberError
from bot.store import GuildSettings, Roster
from bot.ui.context import display_with
from bot.ui.embeds import Display
from hakken.groups import LEAST_RATINGS, GroupFilters, Suggestion
from hakken.groups.aggregations import DEFAULT, Aggregation
from hakken.groups.fairness import fairness_weights
from hakken.recommend.recommender import Member

MOST_MEMBERS = 500
"""In larger servers only the most active raters are used."""
_PARTIES = 30
"""The latest watch parties that are read; older ones would hardly count."""


@dataclass(frozen=True, slots=True)
class GuildState:
    """A server as it stands when picks are made."""

    guild_id: int
    settings: GuildSettings
    roster: Roster


@dataclass(frozen=True, slots=True)
class Suggested:
    """Picks for a group, and how to show them."""

    suggestion: Suggestion
    user_ids: list[int]
    """The members in the order of the suggestion's rows."""
    aggregation: Aggregation
    """How their predictions were combined into one ranking."""
    display: Display


async def read_guild(client: HakkenBot, guild_id: int) -> GuildState:
    """Read a server, for callers that have no interaction and so no context."""
    settings = await client.store.guild_settings.of_guild(guild_id)
    return GuildState(guild_id, settings, await client.store.participants.roster(guild_id))


async def suggestion_for(
    client: HakkenBot,
    server: GuildState,
    user_ids: Sequence[int] | None,
    ask: Ask,
    *,
    askers: Collection[int],
) -> Suggested:
    """Make picks for members of a server.

    Args:
        client: the bot.
        server: its settings and its ledger are used.
        user_ids: the members who will watch; None for all who take part there and whose profile is not empty.
        ask: the request.
        askers: the members who ask, or press the button.

    Raises:
        MemberError: there are no members, or no picks for them, or the picks would be those of one member who
            has not asked for them.
    """
    settings = server.settings
    people = await _people(client, server, user_ids)
    _check_private([one for one, member in people.items() if len(member.ratings) >= LEAST_RATINGS], askers)
    parties = await client.store.ledger.of_guild(server.guild_id, _PARTIES)
    filters = _filters(ask, settings, client.settings.misery_floor)
    suggestion = await client.recommender.group(
        list(people.values()), ask.count, filters, weights=fairness_weights(parties, list(people))
    )
    if not suggestion.picks:
        raise _nothing(ask)
    display = display_with(client, settings.titles or ask.titles, adult=filters.adult)
    return Suggested(suggestion, list(people), filters.aggregation, display)


async def _people(client: HakkenBot, server: GuildState, user_ids: Sequence[int] | None) -> dict[int, Member]:
    store, roster = client.store, server.roster
    guild, now = client.get_guild(server.guild_id), discord.utils.utcnow()
    ids = roster.taking_part if user_ids is None else user_ids
    if guild is not None:
        asked = roster.here if user_ids is None else user_ids
        here = await present(store.participants, guild, roster, asked, at=now)
        ids = [one for one in ids if one in here]
    # Limit the members before reading their data: a large server may not fit into memory.
    people = await store.profiles.counted(server.guild_id, ids, most=MOST_MEMBERS)
    if user_ids is None:
        people = {one: member for one, member in people.items() if member != Member()} or people
    if not people:
        raise MemberError("I have nobody to pick for here. `/privacy` shows whether you count.")
    return people


def _check_private(personal: Sequence[int], askers: Collection[int]) -> None:
    """Raise if picks would show the taste of one member, whom everyone can name, without their asking."""
    if len(personal) == 1 and personal[0] not in askers:
        raise MemberError(ONE_TASTE)


def _filters(ask: Ask, settings: GuildSettings, floor: float) -> GroupFilters:
    return GroupFilters(
        novelty=ask.novelty,
        hours=ask.hours,
        one_cour=ask.one_cour,
        adult=ask.adult and settings.adult,
        # Not even for those who all like it: the picks would say so of each of them.
        ecchi=False,
        aggregation=ask.aggregation or settings.aggregation or DEFAULT,
        floor=floor if settings.misery_floor is None else settings.misery_floor,
    )


def _nothing(ask: Ask) -> MemberError:
    if ask.hours is not None or ask.one_cour:
        return MemberError("I found nothing that short for all of you. Allow more hours.")
    if ask.novelty == "new to all":
        return MemberError("I found nothing that is new to all of you. Try `novelty: new to most`.")
    return MemberError("I found nothing for all of you. More ratings may help: try `/start`.")
