"""Stores the weekly picks of servers, by channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.store.database import TableStore
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
    """Time of day in the server's time zone."""
    next_at: datetime
    sending_since: datetime | None = None
    """Since when the pick is being sent; None if it is not."""
    posted_at: datetime | None = None
    skipped_at: datetime | None = None
    why_skipped: str | None = None
    """A sentence for the server's moderators."""


_COLUMNS = tuple(schedules.c[name] for name in Schedule.__slots__)


class ScheduleStore(TableStore):
    """Schedules by server and channel, at most one each.

    A pick is claimed before it is sent, and the claim ends with the result. If a claim stays open, the result
    is unknown.
    """

    async def set(self, guild_id: int, channel_id: int, weekday: int, at: time, next_at: datetime) -> None:
        """Set a channel's weekly pick, replacing an earlier one; the time is local, to the minute.

        Raises:
            IntegrityError: not a weekday.
        """
        values = {"weekday": weekday, "at": f"{at:%H:%M}", "next_at": next_at}
        async with self._database.begin() as connection:
            await upsert(connection, schedules, {"guild_id": guild_id, "channel_id": channel_id, **values})

    async def stop(self, guild_id: int, channel_id: int) -> None:
        """Delete a channel's schedule, if there is one."""
        async with self._database.begin() as connection:
            await connection.execute(delete(schedules).where(_of(guild_id, channel_id)))

    async def of_guild(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules, the next first."""
        return await self._find(schedules.c.guild_id == guild_id)

    async def due(self, at: datetime) -> list[Schedule]:
        """Return the schedules that are due and not being sent, the longest due first."""
        return await self._find((schedules.c.next_at <= at) & schedules.c.sending_since.is_(None))

    async def interrupted(self, until: datetime) -> list[Schedule]:
        """Return the schedules that were claimed up to a time and whose result is unknown."""
        return await self._find(schedules.c.sending_since <= until)

    async def next_time(self) -> datetime | None:
        """Return when the next schedule is due, which may be past; None if there is none."""
        query = select(func.min(schedules.c.next_at)).where(schedules.c.sending_since.is_(None))
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(query)
        return moment

    async def claim(self, schedule: Schedule, *, at: datetime, next_at: datetime) -> bool:
        """Claim a schedule that is due or was interrupted, in order to send it.

        Return whether it is unchanged since it was read, so that the caller may send it.
        """
        return await self._change(schedule, sending_since=at, next_at=next_at)

    async def posted(self, schedule: Schedule, *, at: datetime) -> None:
        """Record that a claimed pick was sent. Nothing changes if the claim is no longer the same."""
        await self._change(schedule, sending_since=None, posted_at=at)

    async def skip(self, schedule: Schedule, why: str, *, at: datetime, next_at: datetime) -> None:
        """Record why a pick is not sent this week; ends a claim, but works without one.

        Nothing changes if the schedule is different from the one that was read.
        """
        await self._change(schedule, sending_since=None, skipped_at=at, why_skipped=why, next_at=next_at)

    async def _find(self, which: ColumnElement[bool]) -> list[Schedule]:
        query = select(*_COLUMNS).where(which).order_by(schedules.c.next_at, schedules.c.channel_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return [Schedule(**{**row, "at": time.fromisoformat(row["at"])}) for row in rows]

    async def _change(self, schedule: Schedule, **values: object) -> bool:
        same_claim = schedules.c.sending_since.is_not_distinct_from(schedule.sending_since)
        this = _of(schedule.guild_id, schedule.channel_id) & same_claim
        if schedule.sending_since is None:
            # Another day or time may have been set since the schedule was read.
            this &= schedules.c.next_at == schedule.next_at
        async with self._database.begin() as connection:
            changed = await connection.execute(update(schedules).where(this).values(**values))
        return bool(changed.rowcount)


def _of(guild_id: int, channel_id: int) -> ColumnElement[bool]:
    return (schedules.c.guild_id == guild_id) & (schedules.c.channel_id == channel_id)
