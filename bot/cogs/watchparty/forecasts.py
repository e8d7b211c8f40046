"""Forecasts members' ratings of what they may watch together, as if they had not rated it yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bot.store import Forecast, Party
from hakken.groups import GroupFilters

if TYPE_CHECKING:
    from bot.client import HakkenBot

_ANYTHING = GroupFilters()


async def forecast_group(client: HakkenBot, party: Party) -> None:
    """Keep forecasts of a watch party's anime for the members who are in and have none yet."""
    joined = await client.store.suggestions.joined(party.suggestion_id)
    there = await client.store.ledger.forecast_for(party.party_id)
    asked = [one.anime_id for one in party.ballot.answers]
    found = await forecasts(client, party.guild_id, [one for one in joined if one not in there], asked)
    await client.store.ledger.forecast(party.party_id, found)


async def forecasts(
    client: HakkenBot, guild_id: int, user_ids: Collection[int], anime_ids: Sequence[int]
) -> dict[int, Forecast]:
    """Make forecasts by user id; empty if the model does not know one of the anime.

    A member whose ratings don't count in the server is forecast like the average user, as for the picks.
    """
    if not user_ids or client.recommender.known(anime_ids) < len(set(anime_ids)):
        return {}
    known = await client.store.profiles.counted(guild_id, user_ids)
    before = [
        replace(one, ratings={rated: score for rated, score in one.ratings.items() if rated not in anime_ids})
        for one in known.values()
    ]
    predicted = await client.recommender.forecast(before, anime_ids)
    best = (await client.recommender.group(before, 0, _ANYTHING)).best
    best = np.where(np.isnan(best), predicted.max(axis=1), best)  # they have no other anime left
    return {
        user_id: Forecast(dict(zip(anime_ids, row, strict=True)), own)
        for user_id, row, own in zip(known, predicted.tolist(), best.tolist(), strict=True)
    }
