"""Stores watch parties, from picks to ratings.

A message is claimed before it is sent, in the transaction that decides it; once sent, it is recorded in the
transaction of the next step. A claim that stays open after a crash is completed by the next process that
finds it.
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
from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.server_list import take_off
from bot.store.tables import parties, party_hosts
from bot.store.upsert import upsert
from bot.store.watch_history import Watched, keep_watched

Stage = Literal["picks", "vote", "decided", "planned", "rating", "over", "called off"]
Sending = Literal["poll", "winner", "event", "rating", "end"]
"""Messages that may be on their way to Discord; 'end' says why a watch party is called off."""
_ID_BYTES = 16
_DONE: tuple[Stage, ...] = ("over", "called off")


@dataclass(frozen=True, slots=True)
class Contender:
    """An anime that a group may choose."""

    anime_id: int
    mean: float
    """Predicted mean rating of the group, 1–10."""
    hours: float | None = None
    """The anime's length in hours, if it is known."""
    personal: int = 0
    """Number of members of the group whose own ratings the mean is made of."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """The answers of a vote."""

    answers: tuple[Contender, ...]
    hours: int = 1
    """How long the vote lasts."""
    votes: tuple[int, ...] | None = None
    """Votes for each answer, once they are counted; None if there was no vote."""


@dataclass(frozen=True, slots=True)
class Party:
    """One watch party."""

    party_id: str
    guild_id: int
    channel_id: int
    suggestion_id: str
    stage: Stage
    ballot: Ballot
    host_id: int | None = None
    """The host; None if their data was deleted."""
    poll_message_id: int | None = None
    poll_ends_at: datetime | None = None
    anime_id: int | None = None
    """The decided anime."""
    event_id: int | None = None
    starts_at: datetime | None = None
    rating_message_id: int | None = None
    next_at: datetime | None = None
    """When the party needs attention again; None when it is done."""
    sending: Sending | None = None
    sending_since: datetime | None = None
    why_over: str | None = None
    begun_at: datetime = field(kw_only=True)


class PartyStore(TableStore):
    """Watch parties by a random id that cannot be guessed.

    Each step is allowed from certain stages only, and returns whether it was taken: if two members press at
    the same time, the second learns that it is already done.
    """

    async def begin(
        self,
        guild_id: int,
        channel_id: int,
        suggestion_id: str,
        host_id: int,
        ballot: Ballot,
        *,
        at: datetime,
        next_at: datetime,
        starts_at: datetime | None = None,
    ) -> str | None:
        """Begin a watch party with a suggestion's picks; return its id, None if there is one already."""
        party_id = secrets.token_urlsafe(_ID_BYTES)
        async with self._database.begin() as connection:
            taken = select(parties.c.party_id).where(parties.c.gathering_id == suggestion_id)
            if await connection.scalar(taken) is not None:
                return None
            await ensure_member(connection, host_id, at)
            await connection.execute(
                insert(parties).values(
                    party_id=party_id,
                    guild_id=guild_id,
                    channel_id=channel_id,
                    gathering_id=suggestion_id,
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
        """Return a watch party; None if it is unknown."""
        return await self._one(parties.c.party_id == party_id)

    async def of_suggestion(self, suggestion_id: str) -> Party | None:
        """Return the watch party of a suggestion; None if there is none."""
        return await self._one(parties.c.gathering_id == suggestion_id)

    async def due(self, at: datetime, most: int) -> list[str]:
        """Return the ids of watch parties that need attention now, the longest waiting first."""
        query = (
            select(parties.c.party_id)
            .where(parties.c.next_at <= at)
            .order_by(parties.c.next_at, parties.c.party_id)
            .limit(most)
        )
        async with self._database.read() as connection:
            return list(await connection.scalars(query))

    async def next_time(self) -> datetime | None:
        """Return when the next watch party needs attention; None if all are done."""
        query = (
            select(parties.c.next_at)
            .where(parties.c.next_at.is_not(None))
            .order_by(parties.c.next_at)
            .limit(1)
        )
        async with self._database.read() as connection:
            return await connection.scalar(query)

    async def take_over(self, party_id: str, user_id: int, *, at: datetime) -> None:
        """Make this member the host."""
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await upsert(connection, party_hosts, {"party_id": party_id, "user_id": user_id})

    async def claim_poll(
        self, party_id: str, answers: Sequence[Contender], *, hours: int, at: datetime
    ) -> bool:
        """Claim the poll on these answers."""
        ballot = _plain(Ballot(tuple(answers), hours))
        return await self._claim(party_id, "poll", ("picks",), at, {"answers": ballot})

    async def voting(self, party_id: str, message_id: int, ends_at: datetime) -> None:
        """Record that the poll was sent."""
        sent = {"poll_message_id": message_id, "poll_ends_at": ends_at}
        await self._sent(party_id, "poll", "vote", ends_at, sent)

    async def claim_winner(
        self, party: Party, ballot: Ballot, anime_id: int, *, channel_id: int, at: datetime
    ) -> bool:
        """Claim the announcement of the decision, in the channel where the party goes on.

        Members with a forecast for the decided anime are added to the ledger.
        """
        decided = {"answers": _plain(ballot), "anime_id": anime_id, "channel_id": channel_id}
        async with self._database.begin() as connection:
            claimed = await _claim(connection, party.party_id, "winner", (party.stage,), at, decided)
            if claimed:
                await ledger.serve_forecast(connection, party.guild_id, party.party_id, anime_id, at=at)
        return claimed

    async def announced(self, party: Party, *, at: datetime, next_at: datetime) -> None:
        """Record that the decision was announced; if its time is in the future, claim the event."""
        to_come = party.starts_at is not None and party.starts_at > at
        planning = {"sending": "event", "sending_since": at, "next_at": at}
        await self._sent(
            party.party_id, "winner", "decided", next_at, planning if to_come else {"starts_at": None}
        )

    async def claim_event(self, party_id: str, starts_at: datetime, *, at: datetime) -> bool:
        """Claim the server event for this time, unless there is one."""
        async with self._database.begin() as connection:
            query = select(parties.c.event_id).where(parties.c.party_id == party_id)
            if await connection.scalar(query) is not None:
                return False
            planned = {"starts_at": starts_at}
            return await _claim(connection, party_id, "event", ("decided", "planned"), at, planned)

    async def planned(self, party_id: str, event_id: int | None, next_at: datetime) -> None:
        """Record that the event was created, or that it failed and the time is kept without one."""
        await self._sent(party_id, "event", "planned", next_at, {"event_id": event_id})

    async def move(self, party_id: str, starts_at: datetime, next_at: datetime) -> None:
        """Record that the event was moved to another time."""
        await self._change(party_id, ("planned",), {"starts_at": starts_at, "next_at": next_at})

    async def unplan(self, party_id: str, next_at: datetime) -> None:
        """Record that the event is gone: the decision stays, the time does not."""
        gone = {"stage": "decided", "event_id": None, "starts_at": None, "next_at": next_at}
        await self._change(party_id, ("planned",), gone)

    async def claim_rating(self, party_id: str, *, at: datetime) -> bool:
        """Claim the message that asks for ratings."""
        return await self._claim(party_id, "rating", ("decided", "planned"), at, {})

    async def rating(self, party_id: str, message_id: int, next_at: datetime) -> None:
        """Record that the members were asked for ratings."""
        await self._sent(party_id, "rating", "rating", next_at, {"rating_message_id": message_id})

    async def claim_end(self, party_id: str, why: str, *, at: datetime) -> bool:
        """Claim the message that says why the watch party is called off."""
        stages: tuple[Stage, ...] = ("picks", "vote", "decided", "planned")
        return await self._claim(party_id, "end", stages, at, {"why_over": why})

    async def postpone(self, party_id: str, next_at: datetime) -> None:
        """Set when the watch party needs attention again."""
        async with self._database.begin() as connection:
            await connection.execute(
                update(parties)
                .where((parties.c.party_id == party_id) & parties.c.stage.not_in(_DONE))
                .values(next_at=next_at)
            )

    async def call_off(
        self, party_id: str, why: str, stage: Literal["over", "called off"] = "called off"
    ) -> bool:
        """End a watch party without a result, and delete its ledger; return whether it was still going on.

        The stage is 'over' if it ran its course.
        """
        async with self._database.begin() as connection:
            ended = await _end(connection, party_id, stage, why)
            if ended:
                await ledger.drop_served(connection, party_id)
        return ended

    async def result(self, party: Party) -> ledger.PartyResult:
        """Return how the members who take part have rated a watch party so far."""
        async with self._database.read() as connection:
            return await ledger.result(connection, party.guild_id, party.party_id)

    async def finish(self, party: Party, *, at: datetime) -> None:
        """End a watch party with a decided anime after its ratings, and add it to the server's history.

        The anime is removed from the server's list. If nobody has rated it, nobody has confirmed that it was
        watched: then neither the history nor the ledger keeps it.
        """
        if party.anime_id is None:
            raise ValueError("nothing was decided")
        async with self._database.begin() as connection:
            result = await ledger.result(connection, party.guild_id, party.party_id)
            if not await _end(connection, party.party_id, "over", None):
                return
            if await ledger.is_rated(connection, party.party_id):
                watched = Watched(party.anime_id, at, result.forecast)
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
        columns = dict(row)
        ballot, suggestion_id = _ballot(columns.pop("answers")), columns.pop("gathering_id")
        return Party(ballot=ballot, suggestion_id=suggestion_id, **columns)

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
        "answers": [[one.anime_id, one.mean, one.hours, one.personal] for one in ballot.answers],
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
