"""What a server should give what it wants to watch, and what comes first by that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.privacy import enough
from bot.store import ServerListEntry
from hakken.groups import LEAST_RATINGS

if TYPE_CHECKING:
    from bot.client import HakkenBot

_MOST_MEMBERS = 500
"""Of more, those count who have rated most: a server may have more than fits into memory."""


async def group_forecasts(client: HakkenBot, guild_id: int, anime_ids: Collection[int]) -> dict[int, float]:
    """What those who take part in a server should give some anime on average.

    Args:
        client: knows the members and the model.
        guild_id: the server.
        anime_ids: the anime.

    Returns:
        1–10 by anime id, for members with enough ratings of their own. None of what the model does not know,
        and none at all where those members are too few: a mean of a few tells on people.
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
    """A server's list: most votes first, of as many the highest forecast, then in the order given."""
    return sorted(listed, key=lambda one: (-one.votes, -forecasts.get(one.anime_id, 0.0)))
