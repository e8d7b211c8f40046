"""Stores the mean scores that a server's members may read, so that they do not follow every rating."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy import LEAST_CHANGED, LEAST_RATERS, published_mean
from bot.store.batches import batches
from bot.store.database import TableStore
from bot.store.participants import taking_part
from bot.store.tables import participants, published_changes, published_means, ratings
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class PublishedMean:
    """What others may read of a server's ratings of an anime."""

    mean: float
    """1–10, in steps of half a point; see `bot.privacy.published_mean`."""
    raters: int
    """Number of members whose scores it was made of."""


class _State(NamedTuple):
    anime_id: int
    mean: float | None
    """None: nothing is published yet."""
    raters: int | None
    changed: int
    """Number of members who have changed and were not part of the last change."""


class PublishedMeanStore(TableStore):
    """Published means by server and anime.

    A mean is made once `LEAST_RATERS` participants have rated an anime. It is made again once
    `LEAST_CHANGED` others than those who were part of the last change have rated the anime, or joined with
    a rating of it. In between, no rating moves it, and no removal of one. Its changes depend on who rates and
    when, never on a score. With fewer raters than `LEAST_RATERS` left, nothing is shown.
    """

    async def of_guild(
        self, guild_id: int, *, at: datetime, among: Collection[int] | None = None
    ) -> dict[int, PublishedMean]:
        """Return a server's published means, of all anime or some, by id, after making those that are due."""
        async with self._database.read() as connection:
            states = await _states(connection, guild_id, among)
        if due := _due(states):
            async with self._database.begin() as connection:
                # Another process may have made some of them since.
                for some in batches(due):
                    await _publish(connection, guild_id, await _states(connection, guild_id, some), at)
                states = await _states(connection, guild_id, among)
        return {
            state.anime_id: PublishedMean(state.mean, state.raters)
            for state in states
            if state.mean is not None and state.raters is not None
        }


def _due(states: Sequence[_State]) -> list[int]:
    return [state.anime_id for state in states if state.changed >= LEAST_CHANGED]


async def _states(
    connection: AsyncConnection, guild_id: int, among: Collection[int] | None
) -> Sequence[_State]:
    if among is None:
        return await _states_where(connection, guild_id, ratings.c.anime_id.is_not(None))
    found: list[_State] = []
    for some in batches(among):
        found += await _states_where(connection, guild_id, ratings.c.anime_id.in_(some))
    return found


async def _states_where(
    connection: AsyncConnection, guild_id: int, which: ColumnElement[bool]
) -> list[_State]:
    """Return the state of each anime with enough raters."""
    query = (
        _raters(guild_id, select(ratings.c.anime_id))
        .add_columns(
            func.max(published_means.c.mean),
            func.max(published_means.c.raters),
            func.count().filter(_has_changed(), published_changes.c.user_id.is_(None)),
        )
        .where(which)
        .group_by(ratings.c.anime_id)
        .having(func.count() >= LEAST_RATERS)
        .order_by(ratings.c.anime_id)
    )
    return [_State(*row) for row in await connection.execute(query)]


async def _publish(
    connection: AsyncConnection, guild_id: int, states: Sequence[_State], at: datetime
) -> None:
    due = _due(states)
    if not due:
        return
    query = _raters(
        guild_id, select(ratings.c.anime_id, ratings.c.user_id, ratings.c.score, _has_changed())
    ).where(ratings.c.anime_id.in_(due))
    scores: dict[int, list[int]] = {anime_id: [] for anime_id in due}
    changes: list[Mapping[str, int]] = []
    for anime_id, user_id, score, changed in await connection.execute(query):
        scores[anime_id].append(score)
        if changed:
            changes.append({"guild_id": guild_id, "anime_id": anime_id, "user_id": user_id})
    made = [
        {
            "guild_id": guild_id,
            "anime_id": anime_id,
            "mean": published_mean(given),
            "raters": len(given),
            "at": at,
        }
        for anime_id, given in scores.items()
    ]
    here = (published_changes.c.guild_id == guild_id) & published_changes.c.anime_id.in_(due)
    await upsert(connection, published_means, *made)
    await connection.execute(delete(published_changes).where(here))
    await connection.execute(insert(published_changes), changes)


def _raters(guild_id: int, query: Select[Any]) -> Select[Any]:
    """Join ratings of a server's participants with what is published, and with who was part of it."""
    this = (published_means.c.guild_id == guild_id) & (published_means.c.anime_id == ratings.c.anime_id)
    last = and_(
        published_changes.c.guild_id == guild_id,
        published_changes.c.anime_id == ratings.c.anime_id,
        published_changes.c.user_id == ratings.c.user_id,
    )
    return (
        query.select_from(ratings)
        .join(participants, participants.c.user_id == ratings.c.user_id)
        .outerjoin(published_means, this)
        .outerjoin(published_changes, last)
        .where(taking_part(guild_id))
    )


def _has_changed() -> ColumnElement[bool]:
    """Return whether somebody has rated, or joined with a rating, since the mean was made."""
    since = case(
        (participants.c.joined_at > ratings.c.rated_at, participants.c.joined_at), else_=ratings.c.rated_at
    )
    return published_means.c.at.is_(None) | (since > published_means.c.at)
