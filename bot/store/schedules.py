"""Weekly picks of servers, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.store.database import Database
from bot.store.tables import schedules
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Schedule:
    """One weekly pick."""

    guild_id: int
    channel_id: int
    weekday: int
    """Monday is 0."""
    at: time
    """In the server's time zone."""
    next_at: datetime
    sending_since: datetime | None = None
    """Since when it is being sent; None while it is not."""
    posted_at: datetime | None = None
    skipped_at: datetime | None = None
    why_skipped: str | None = None
    """A sentence for who manages the server."""


_COLUMNS = tuple(schedules.c[name] for name in Schedule.__slots__)


class ScheduleStore:
    """Schedules by server and channel, one each.

    What is sent is claimed first, and the claim ends with what became of it. A claim that stays open is one
    where nobody knows.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set(self, guild_id: int, channel_id: int, weekday: int, at: time, next_at: datetime) -> None:
        """Have a pick posted weekly, in place of the channel's other one.

        Args:
            guild_id: the server.
            channel_id: where.
            weekday: Monday is 0.
            at: to the minute, in the server's time zone.
            next_at: when that is next.

        Raises:
            IntegrityError: no weekday.
        """
        told = {"weekday": weekday, "at": f"{at:%H:%M}", "next_at": next_at}
        async with self._database.begin() as connection:
            await upsert(connection, schedules, {"guild_id": guild_id, "channel_id": channel_id, **told})

    async def stop(self, guild_id: int, channel_id: int) -> bool:
        """Post no more.

        Returns:
            Whether there was a schedule.
        """
        async with self._database.begin() as connection:
            gone = await connection.execute(delete(schedules).where(_of(guild_id, channel_id)))
        return bool(gone.rowcount)

    async def of_guild(self, guild_id: int) -> list[Schedule]:
        """A server's schedules, the next first."""
        return await self._find(schedules.c.guild_id == guild_id)

    async def due(self, at: datetime) -> list[Schedule]:
        """Those whose time has come and that nobody is sending, the longest due first."""
        return await self._find((schedules.c.next_at <= at) & schedules.c.sending_since.is_(None))

    async def interrupted(self, until: datetime) -> list[Schedule]:
        """Those that were claimed until a moment, and of which nobody knows what became."""
        return await self._find(schedules.c.sending_since <= until)

    async def next_time(self) -> datetime | None:
        """When the next one is due, perhaps since long; None where there is none."""
        query = select(func.min(schedules.c.next_at)).where(schedules.c.sending_since.is_(None))
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(query)
        return moment

    async def claim(self, schedule: Schedule, *, at: datetime, next_at: datetime) -> bool:
        """Take on the sending of one that is due or was interrupted.

        Args:
            schedule: as it was found.
            at: now.
            next_at: when it is next after that.

        Returns:
            Whether it is still as it was found, and so the caller's to send.
        """
        return await self._change(schedule, sending_since=at, next_at=next_at)

    async def posted(self, schedule: Schedule, *, at: datetime) -> None:
        """End a claim: it was sent. Nothing changes where it is not claimed so any more."""
        await self._change(schedule, sending_since=None, posted_at=at)

    async def skip(self, schedule: Schedule, why: str, *, at: datetime, next_at: datetime) -> None:
        """End a claim, or do without one: it is not sent this week.

        Args:
            schedule: as it was found or claimed; nothing changes where it is another by now.
            why: a sentence for who manages the server.
            at: now.
            next_at: when it is next.
        """
        await self._change(schedule, sending_since=None, skipped_at=at, why_skipped=why, next_at=next_at)

    async def _find(self, which: ColumnElement[bool]) -> list[Schedule]:
        query = select(*_COLUMNS).where(which).order_by(schedules.c.next_at, schedules.c.channel_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return [Schedule(**{**row, "at": time.fromisoformat(row["at"])}) for row in rows]

    async def _change(self, schedule: Schedule, **told: object) -> bool:
        same_claim = schedules.c.sending_since.is_not_distinct_from(schedule.sending_since)
        this = _of(schedule.guild_id, schedule.channel_id) & same_claim
        if schedule.sending_since is None:
            # Another day or time may have been set since it was found due.
            this &= schedules.c.next_at == schedule.next_at
        async with self._database.begin() as connection:
            changed = await connection.execute(update(schedules).where(this).values(**told))
        return bool(changed.rowcount)


def _of(guild_id: int, channel_id: int) -> ColumnElement[bool]:
    return (schedules.c.guild_id == guild_id) & (schedules.c.channel_id == channel_id)
