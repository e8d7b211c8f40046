"""Forecasts a server's ratings of the anime on its list, and sorts the list by votes and forecasts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.privacy import enough
from bot.store import ServerListEntry
from hakken.groups import LEAST_RATINGS

if TYPE_CHECKING:
    from bot.client import HakkenBot

_MOST_MEMBERS = 500
"""In larger servers only the most active raters are used: not all may fit into memory."""


async def group_forecasts(client: HakkenBot, guild_id: int, anime_ids: Collection[int]) -> dict[int, float]:
    """Forecast the mean rating that a server's participants would give each anime.

    Args:
        client: knows the members and the model.
        guild_id: the server.
        anime_ids: the anime.

    Returns:
        1–10 by anime id, from members with enough ratings of their own. Anime that the model does not know
        are missing. Empty if those members are too few: a mean of a few would reveal single ratings.
    """
    service = client.recommender
    asked = [one for one in anime_ids if service.known([one])]
    if not asked:
        return {}
    store = client.store
    there = await store.participants.taking_part(guild_id)
    members = await store.profiles.counted(guild_id, there, most=_MOST_MEMBERS)
    personal = [one for one in members.values() if len(one.ratings) >= LEAST_RATINGS]
    if not enough(len(personal)):
        return {}
    predicted = await service.forecast(personal, asked)
    return dict(zip(asked, predicted.mean(axis=0).tolist(), strict=True))


def ranked(listed: Sequence[ServerListEntry], forecasts: Mapping[int, float]) -> list[ServerListEntry]:
    """Sort a server's list: by votes, then by forecast, highest first; ties keep their order."""
    return sorted(listed, key=lambda one: (-one.votes, -forecasts.get(one.anime_id, 0.0)))
