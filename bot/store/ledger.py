"""Stores the fairness ledger: how well watch parties served each member, and the forecasts before them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.privacy import LEAST_RATERS, drawn_in, enough, published_mean
from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.participants import taking_part
from bot.store.tables import members, participants, parties, party_forecasts, ratings, served
from bot.store.upsert import insert_missing
from hakken.groups import LEAST_RATINGS
from hakken.groups.fairness import Served


@dataclass(frozen=True, slots=True)
class Forecast:
    """A member's predicted ratings, 1–10."""

    predicted: Mapping[int, float]
    """Predicted rating by anime id."""
    best: float
    """Predicted rating of the member's own best pick."""


@dataclass(frozen=True, slots=True)
class PartyResult:
    """What others may read of the ratings of a watch party."""

    forecast: float | None
    """Mean predicted rating of the raters, 1–10; None if the taste of too few of them is known."""
    rated: float | None
    """Their mean score, see `bot.privacy.published_mean`; None if they are too few."""
    raters: int


class LedgerStore(TableStore):
    """The fairness ledger: how well each member was served, by server and watch party.

    A watch party counts once it is over and someone has rated it: before, nobody has confirmed that it took
    place, and while scores can still change, what follows from them would reveal them.
    """

    async def of_guild(self, guild_id: int, most: int) -> list[list[Served]]:
        """Return how each participant was served by a server's last rated watch parties, the newest first.

        Scores are drawn in, because what follows from them is shown to others.
        """
        rated_parties = (
            select(served.c.party_id, func.max(served.c.at).label("at"))
            .where((served.c.guild_id == guild_id) & _is_over())
            .group_by(served.c.party_id)
            .having(func.count(served.c.score) > 0)
            .order_by(func.max(served.c.at).desc(), served.c.party_id)
            .limit(most)
            .subquery()
        )
        query = _rows(served.c.party_id == rated_parties.c.party_id).order_by(
            rated_parties.c.at.desc(), served.c.party_id, served.c.user_id
        )
        found: dict[str, list[Served]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                counts = None if row.score is None else drawn_in(row.score)
                found.setdefault(row.party_id, []).append(_served(row, counts))
        return list(found.values())

    async def own(self, guild_id: int, user_id: int) -> list[Served]:
        """Return how a member was served by each rated watch party, the newest first."""
        rated = select(served.c.party_id).where(
            (served.c.guild_id == guild_id) & served.c.score.is_not(None) & _is_over()
        )
        query = _rows(
            (served.c.guild_id == guild_id) & (served.c.user_id == user_id) & served.c.party_id.in_(rated)
        ).order_by(served.c.at.desc(), served.c.party_id)
        async with self._database.read() as connection:
            return [_served(row, row.score) for row in await connection.execute(query)]

    async def reset(self, guild_id: int) -> int:
        """Delete a server's ledger, so that everyone starts equal; return the number of its watch parties."""
        of_guild = served.c.guild_id == guild_id
        async with self._database.begin() as connection:
            count = select(func.count(served.c.party_id.distinct())).where(of_guild)
            gone = await connection.scalar(count) or 0
            await connection.execute(delete(served).where(of_guild))
        return gone

    async def forecast(self, party_id: str, forecasts: Mapping[int, Forecast]) -> None:
        """Store forecasts by user id; existing ones stay, and members who never used the bot get none."""
        async with self._database.begin() as connection:
            query = select(members.c.user_id).where(members.c.user_id.in_(list(forecasts)))
            known = set(await connection.scalars(query)) - set(await _forecast_for(connection, party_id))
            rows = [
                {
                    "party_id": party_id,
                    "user_id": user_id,
                    "anime_id": anime_id,
                    "predicted": predicted,
                    "best": forecasts[user_id].best,
                }
                for user_id in sorted(known)
                for anime_id, predicted in forecasts[user_id].predicted.items()
            ]
            if rows:
                await connection.execute(insert(party_forecasts), rows)

    async def forecast_for(self, party_id: str) -> set[int]:
        """Return the user ids of members with forecasts for a party."""
        async with self._database.read() as connection:
            return set(await _forecast_for(connection, party_id))

    async def serve(
        self, guild_id: int, party_id: str, anime_id: int, user_id: int, forecast: Forecast, *, at: datetime
    ) -> None:
        """Add a member to a watch party's ledger; nothing changes if they are already in it."""
        row = {
            "guild_id": guild_id,
            "user_id": user_id,
            "party_id": party_id,
            "anime_id": anime_id,
            "best": forecast.best,
            "forecast": forecast.predicted[anime_id],
            "at": at,
        }
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await insert_missing(connection, served, row)

    async def is_served(self, party_id: str, user_id: int) -> bool:
        """Return whether a member is in a watch party's ledger."""
        query = select(served.c.user_id).where(_row(party_id, user_id))
        async with self._database.read() as connection:
            return await connection.scalar(query) is not None

    async def score(self, party_id: str, user_id: int, score: int) -> None:
        """Store a member's score, replacing an earlier one.

        Raises:
            IntegrityError: the score is outside 1–10.
        """
        async with self._database.begin() as connection:
            await connection.execute(update(served).where(_row(party_id, user_id)).values(score=score))

    async def absent(self, party_id: str, user_id: int) -> None:
        """Remove a member who was not there."""
        async with self._database.begin() as connection:
            await connection.execute(delete(served).where(_row(party_id, user_id)))


async def serve_forecast(
    connection: AsyncConnection, guild_id: int, party_id: str, anime_id: int, *, at: datetime
) -> None:
    """Add all members who have a forecast for the decided anime; within a transaction that writes."""
    there = select(served.c.user_id).where(served.c.party_id == party_id)
    query = select(party_forecasts.c.user_id, party_forecasts.c.predicted, party_forecasts.c.best).where(
        (party_forecasts.c.party_id == party_id)
        & (party_forecasts.c.anime_id == anime_id)
        & party_forecasts.c.user_id.not_in(there)
    )
    rows = [
        {
            "guild_id": guild_id,
            "user_id": user_id,
            "party_id": party_id,
            "anime_id": anime_id,
            "best": best,
            "forecast": predicted,
            "at": at,
        }
        for user_id, predicted, best in await connection.execute(query)
    ]
    if rows:
        await connection.execute(insert(served), rows)


async def is_rated(connection: AsyncConnection, party_id: str) -> bool:
    """Return whether anybody has rated a watch party."""
    query = select(func.count(served.c.score)).where(served.c.party_id == party_id)
    return bool(await connection.scalar(query))


async def result(connection: AsyncConnection, guild_id: int, party_id: str) -> PartyResult:
    """Return the result of a watch party, from its raters who take part in its server.

    Scores of other members stay private: only their own ledger uses them.
    """
    known = (
        select(func.count())
        .where((ratings.c.user_id == served.c.user_id) & (ratings.c.anime_id != served.c.anime_id))
        .scalar_subquery()
    )
    query = (
        select(served.c.forecast, served.c.score, (known >= LEAST_RATINGS).label("personal"))
        .join(participants, participants.c.user_id == served.c.user_id)
        .where(taking_part(guild_id) & (served.c.party_id == party_id) & served.c.score.is_not(None))
    )
    rows = (await connection.execute(query)).all()
    forecasts, scores = [row.forecast for row in rows], [row.score for row in rows]
    # The others are forecast like anybody: from their forecasts, those of one or two would follow.
    shown = enough(sum(row.personal for row in rows))
    return PartyResult(
        forecast=sum(forecasts) / len(rows) if shown else None,
        rated=published_mean(scores) if len(rows) >= LEAST_RATERS else None,
        raters=len(rows),
    )


async def drop_forecasts(connection: AsyncConnection, party_id: str) -> None:
    """Delete a party's forecasts; within a transaction that writes."""
    await connection.execute(delete(party_forecasts).where(party_forecasts.c.party_id == party_id))


async def drop_served(connection: AsyncConnection, party_id: str) -> None:
    """Delete a party's ledger, because it was not watched; within a transaction that writes."""
    await connection.execute(delete(served).where(served.c.party_id == party_id))


async def _forecast_for(connection: AsyncConnection, party_id: str) -> Collection[int]:
    query = select(party_forecasts.c.user_id).where(party_forecasts.c.party_id == party_id).distinct()
    return list(await connection.scalars(query))


def _is_over() -> ColumnElement[bool]:
    return served.c.party_id.not_in(select(parties.c.party_id).where(parties.c.stage != "over"))


def _row(party_id: str, user_id: int) -> ColumnElement[bool]:
    return (served.c.party_id == party_id) & (served.c.user_id == user_id)


def _rows(condition: ColumnElement[bool]) -> Select[tuple[str, int, float, float, int | None]]:
    return select(
        served.c.party_id, served.c.user_id, served.c.best, served.c.forecast, served.c.score
    ).where(condition)


def _served(row: Row[tuple[str, int, float, float, int | None]], score: float | None) -> Served:
    received = row.forecast if score is None else float(score)
    return Served(user_id=row.user_id, best=row.best, received=received)
