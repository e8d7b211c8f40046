"""Evenings on their way from picks to ratings.

What is to be sent is claimed first, in the transaction that decides it; what was sent is recorded in the
transaction that goes on. Between the two stands the claim, which whoever finds it brings to its end.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import ledger
from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.server_list import take_off
from bot.store.tables import parties, party_hosts
from bot.store.upsert import upsert
from bot.store.watch_history import Watched, keep_watched

Stage = Literal["picks", "vote", "decided", "planned", "rating", "over", "called off"]
Sending = Literal["poll", "winner", "event", "rating", "end"]
"""What may be on its way to Discord; 'end' says why an evening is called off."""
_ID_BYTES = 16
_DONE: tuple[Stage, ...] = ("over", "called off")


@dataclass(frozen=True, slots=True)
class Contender:
    """An anime that a group may decide for."""

    anime_id: int
    mean: float
    """Predicted for the group, 1–10."""
    hours: float | None = None
    """How long it lasts, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What is voted on."""

    answers: tuple[Contender, ...]
    hours: int = 1
    """How long the vote lasts."""
    votes: tuple[int, ...] | None = None
    """For each answer, once they are counted; None where there was no vote."""


@dataclass(frozen=True, slots=True)
class Party:
    """One evening."""

    party_id: str
    guild_id: int
    channel_id: int
    gathering_id: str
    stage: Stage
    ballot: Ballot
    host_id: int | None = None
    """Who leads it; None where they were forgotten."""
    poll_message_id: int | None = None
    poll_ends_at: datetime | None = None
    anime_id: int | None = None
    """What was decided."""
    event_id: int | None = None
    starts_at: datetime | None = None
    rating_message_id: int | None = None
    next_at: datetime | None = None
    """When it must be looked at again; None when it is done."""
    sending: Sending | None = None
    sending_since: datetime | None = None
    why_over: str | None = None
    begun_at: datetime = field(kw_only=True)


class PartyStore:
    """Parties by a random id that cannot be guessed.

    Each step names the stages from which it may be taken, and says whether it was: of two who press at the
    same time, one is told that it is done already.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self,
        guild_id: int,
        channel_id: int,
        gathering_id: str,
        host_id: int,
        ballot: Ballot,
        *,
        at: datetime,
        next_at: datetime,
        starts_at: datetime | None = None,
    ) -> str | None:
        """Begin an evening with a gathering's picks.

        Returns:
            Its id; None where the gathering has one already.
        """
        party_id = secrets.token_urlsafe(_ID_BYTES)
        async with self._database.begin() as connection:
            taken = select(parties.c.party_id).where(parties.c.gathering_id == gathering_id)
            if await connection.scalar(taken) is not None:
                return None
            await ensure_member(connection, host_id, at)
            await connection.execute(
                insert(parties).values(
                    party_id=party_id,
                    guild_id=guild_id,
                    channel_id=channel_id,
                    gathering_id=gathering_id,
                    stage="picks",
                    answers=_plain(ballot),
                    starts_at=starts_at,
                    next_at=next_at,
                    begun_at=at,
                )
            )
            await connection.execute(insert(party_hosts).values(party_id=party_id, user_id=host_id))
        return party_id

    async def find(self, party_id: str) -> Party | None:
        """The evening; None for one that is unknown."""
        return await self._one(parties.c.party_id == party_id)

    async def of_suggestion(self, gathering_id: str) -> Party | None:
        """The evening that was begun from a gathering; None where there is none."""
        return await self._one(parties.c.gathering_id == gathering_id)

    async def due(self, at: datetime, most: int) -> list[str]:
        """Ids of evenings that must be looked at by now, those that have waited longest first."""
        query = (
            select(parties.c.party_id)
            .where(parties.c.next_at <= at)
            .order_by(parties.c.next_at, parties.c.party_id)
            .limit(most)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def next_time(self) -> datetime | None:
        """When the next evening must be looked at; None where all are done."""
        query = (
            select(parties.c.next_at)
            .where(parties.c.next_at.is_not(None))
            .order_by(parties.c.next_at)
            .limit(1)
        )
        async with self._database.read() as connection:
            return await connection.scalar(query)

    async def take_over(self, party_id: str, user_id: int, *, at: datetime) -> None:
        """Have this member lead the evening."""
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await upsert(connection, party_hosts, {"party_id": party_id, "user_id": user_id})

    async def claim_poll(
        self, party_id: str, answers: Sequence[Contender], *, hours: int, at: datetime
    ) -> bool:
        """Have the vote on these begin."""
        ballot = _plain(Ballot(tuple(answers), hours))
        return await self._claim(party_id, "poll", ("picks",), at, {"answers": ballot})

    async def voting(self, party_id: str, message_id: int, ends_at: datetime) -> None:
        """The poll was sent."""
        sent = {"poll_message_id": message_id, "poll_ends_at": ends_at}
        await self._sent(party_id, "poll", "vote", ends_at, sent)

    async def claim_winner(
        self, party: Party, ballot: Ballot, anime_id: int, *, channel_id: int, at: datetime
    ) -> bool:
        """Have it announced what was decided, in this channel, where the evening goes on.

        Who was forecast to watch it is entered in the ledger.
        """
        decided = {"answers": _plain(ballot), "anime_id": anime_id, "channel_id": channel_id}
        async with self._database.begin() as connection:
            claimed = await _claim(connection, party.party_id, "winner", (party.stage,), at, decided)
            if claimed:
                await ledger.serve_forecast(connection, party.guild_id, party.party_id, anime_id, at=at)
        return claimed

    async def announced(self, party: Party, *, at: datetime, next_at: datetime) -> None:
        """What was decided was announced; where its time is still to come, an event is to be made."""
        to_come = party.starts_at is not None and party.starts_at > at
        planning = {"sending": "event", "sending_since": at, "next_at": at}
        await self._sent(
            party.party_id, "winner", "decided", next_at, planning if to_come else {"starts_at": None}
        )

    async def claim_event(self, party_id: str, starts_at: datetime, *, at: datetime) -> bool:
        """Have a server event made for this time, unless there is one."""
        async with self._database.begin() as connection:
            query = select(parties.c.event_id).where(parties.c.party_id == party_id)
            if await connection.scalar(query) is not None:
                return False
            planned = {"starts_at": starts_at}
            return await _claim(connection, party_id, "event", ("decided", "planned"), at, planned)

    async def planned(self, party_id: str, event_id: int | None, next_at: datetime) -> None:
        """The event was made, or could not be and the time holds without one."""
        await self._sent(party_id, "event", "planned", next_at, {"event_id": event_id})

    async def move(self, party_id: str, starts_at: datetime, next_at: datetime) -> None:
        """The event was moved to another time."""
        await self._change(party_id, ("planned",), {"starts_at": starts_at, "next_at": next_at})

    async def unplan(self, party_id: str, next_at: datetime) -> None:
        """The event is gone: what was decided holds, its time does not."""
        gone = {"stage": "decided", "event_id": None, "starts_at": None, "next_at": next_at}
        await self._change(party_id, ("planned",), gone)

    async def claim_rating(self, party_id: str, *, at: datetime) -> bool:
        """Have those who were there asked for their ratings."""
        return await self._claim(party_id, "rating", ("decided", "planned"), at, {})

    async def rating(self, party_id: str, message_id: int, next_at: datetime) -> None:
        """They were asked."""
        await self._sent(party_id, "rating", "rating", next_at, {"rating_message_id": message_id})

    async def claim_end(self, party_id: str, why: str, *, at: datetime) -> bool:
        """Have it said why the evening comes to nothing."""
        stages: tuple[Stage, ...] = ("picks", "vote", "decided", "planned")
        return await self._claim(party_id, "end", stages, at, {"why_over": why})

    async def postpone(self, party_id: str, next_at: datetime) -> None:
        """Look at it again only then."""
        async with self._database.begin() as connection:
            await connection.execute(
                update(parties)
                .where((parties.c.party_id == party_id) & parties.c.stage.not_in(_DONE))
                .values(next_at=next_at)
            )

    async def call_off(
        self, party_id: str, why: str, stage: Literal["over", "called off"] = "called off"
    ) -> bool:
        """End an evening that comes to nothing; the ledger forgets it.

        Args:
            party_id: the evening.
            why: kept with it.
            stage: 'over' where it went its way, and nothing came of it.

        Returns:
            Whether it was still going on.
        """
        async with self._database.begin() as connection:
            ended = await _end(connection, party_id, stage, why)
            if ended:
                await ledger.drop_served(connection, party_id)
        return ended

    async def means(self, party: Party) -> tuple[float | None, float | None, int]:
        """Of those who rated it so far and take part: mean forecast, mean score, and how many they are."""
        async with self._database.read() as connection:
            return await ledger.means(connection, party.guild_id, party.party_id)

    async def finish(self, party: Party, *, at: datetime) -> None:
        """End an evening whose ratings are in, and keep it in the server's history.

        What was watched is on the server's list no more. Where nobody has rated it nobody has said that it
        was watched: neither history nor ledger keep it.

        Args:
            party: it must be decided.
            at: when it was watched.
        """
        if party.anime_id is None:
            raise ValueError("nothing was decided")
        async with self._database.begin() as connection:
            forecast, rated, raters = await ledger.means(connection, party.guild_id, party.party_id)
            if not await _end(connection, party.party_id, "over", None):
                return
            if await ledger.is_rated(connection, party.party_id):
                watched = Watched(party.anime_id, at, forecast, rated, raters)
                await keep_watched(connection, party.guild_id, watched, party_id=party.party_id)
                await take_off(connection, party.guild_id, party.anime_id)
            else:
                await ledger.drop_served(connection, party.party_id)

    async def _one(self, condition: ColumnElement[bool]) -> Party | None:
        query = (
            select(parties, party_hosts.c.user_id.label("host_id"))
            .outerjoin(party_hosts, party_hosts.c.party_id == parties.c.party_id)
            .where(condition)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        if row is None:
            return None
        told = dict(row)
        return Party(ballot=_ballot(told.pop("answers")), **told)

    async def _claim(
        self,
        party_id: str,
        sending: Sending,
        stages: Sequence[Stage],
        at: datetime,
        values: Mapping[str, Any],
    ) -> bool:
        async with self._database.begin() as connection:
            return await _claim(connection, party_id, sending, stages, at, values)

    async def _sent(
        self, party_id: str, sending: Sending, stage: Stage, next_at: datetime, values: Mapping[str, Any]
    ) -> None:
        ended = {"stage": stage, "sending": None, "sending_since": None, "next_at": next_at}
        this = (parties.c.party_id == party_id) & (parties.c.sending == sending)
        async with self._database.begin() as connection:
            await connection.execute(update(parties).where(this).values({**ended, **values}))

    async def _change(self, party_id: str, stages: Sequence[Stage], values: Mapping[str, Any]) -> None:
        this = (parties.c.party_id == party_id) & parties.c.stage.in_(stages) & parties.c.sending.is_(None)
        async with self._database.begin() as connection:
            await connection.execute(update(parties).where(this).values(**values))


async def _claim(
    connection: AsyncConnection,
    party_id: str,
    sending: Sending,
    stages: Sequence[Stage],
    at: datetime,
    values: Mapping[str, Any],
) -> bool:
    this = (parties.c.party_id == party_id) & parties.c.stage.in_(stages) & parties.c.sending.is_(None)
    claimed = await connection.execute(
        update(parties).where(this).values(sending=sending, sending_since=at, next_at=at, **values)
    )
    return claimed.rowcount > 0


async def _end(connection: AsyncConnection, party_id: str, stage: Stage, why: str | None) -> bool:
    this = (parties.c.party_id == party_id) & parties.c.stage.not_in(_DONE)
    ended = await connection.execute(
        update(parties)
        .where(this)
        .values(stage=stage, next_at=None, sending=None, sending_since=None, why_over=why)
    )
    if ended.rowcount:
        await ledger.drop_forecasts(connection, party_id)
    return ended.rowcount > 0


def _plain(ballot: Ballot) -> dict[str, Any]:
    return {
        "answers": [[one.anime_id, one.mean, one.hours] for one in ballot.answers],
        "hours": ballot.hours,
        "votes": None if ballot.votes is None else list(ballot.votes),
    }


def _ballot(plain: Mapping[str, Any]) -> Ballot:
    votes = plain["votes"]
    return Ballot(
        tuple(Contender(*one) for one in plain["answers"]),
        plain["hours"],
        None if votes is None else tuple(votes),
    )
