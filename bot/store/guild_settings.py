"""Stores the settings that moderators chose for a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import TableStore
from bot.store.participants import Participation
from bot.store.preferences import Titles
from bot.store.tables import guild_settings, schedules
from bot.store.upsert import upsert
from hakken.groups.aggregations import Aggregation


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """One server's settings; the defaults are those of a server without any choices.

    None means the bot's default.
    """

    aggregation: Aggregation | None = None
    misery_floor: float | None = None
    """Picks that any member is predicted to rate below this are left out, 1–10."""
    participation: Participation = "opt-out"
    adult: bool = True
    """Whether 18+ may be shown in the server's age-restricted channels; it is shown nowhere else."""
    channel_id: int | None = None
    """Channel for announcing decisions; None: the channel of the vote."""
    time_zone: str | None = None
    """An IANA time zone name; None is UTC."""
    titles: Titles | None = None
    """Title language for members who have not chosen one, and for messages that everyone reads."""
    ecchi: bool = True
    """Whether ecchi may be recommended to members who like it or ask for it."""


class GuildSettingsStore(TableStore):
    """Settings by server. Each change leaves the other settings as they are."""

    async def of_guild(self, guild_id: int) -> GuildSettings:
        """Return a server's settings; values unknown to this version count as not chosen."""
        query = select(guild_settings).where(guild_settings.c.guild_id == guild_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return GuildSettings() if row is None else guild_settings_from(row)

    async def choose_aggregation(self, guild_id: int, aggregation: Aggregation | None) -> None:
        """Set how members' predictions are combined into picks.

        Raises:
            ValueError: not one of `Aggregation`.
        """
        if aggregation is not None and aggregation not in get_args(Aggregation):
            raise ValueError(f"no aggregation: {aggregation}")
        await self._change(guild_id, {"aggregation": aggregation})

    async def choose_floor(self, guild_id: int, floor: float | None) -> None:
        """Set the lowest predicted rating of any member that a pick may have, 1–10.

        Raises:
            ValueError: not a rating.
        """
        if floor is not None and not 1 <= floor <= 10:
            raise ValueError(f"no rating from 1 to 10: {floor}")
        await self._change(guild_id, {"misery_floor": floor})

    async def choose_participation(self, guild_id: int, participation: Participation) -> None:
        """Set whether members take part unless they opt out.

        Raises:
            IntegrityError: not one of `Participation`.
        """
        await self._change(guild_id, {"participation": participation})

    async def allow_adult(self, guild_id: int, *, allowed: bool) -> None:
        """Set whether 18+ may be shown in age-restricted channels."""
        await self._change(guild_id, {"adult": allowed})

    async def allow_ecchi(self, guild_id: int, *, allowed: bool) -> None:
        """Set whether ecchi may be recommended to members who like it or ask for it."""
        await self._change(guild_id, {"ecchi": allowed})

    async def choose_channel(self, guild_id: int, channel_id: int | None) -> None:
        """Set the channel for announcing decisions."""
        await self._change(guild_id, {"channel_id": channel_id})

    async def choose_time_zone(
        self, guild_id: int, time_zone: str | None, next_at: Mapping[int, datetime]
    ) -> None:
        """Set the server's time zone, with the next time in it of each of its weekly picks, by channel."""
        async with self._database.begin() as connection:
            await _keep(connection, guild_id, {"time_zone": time_zone})
            await _move(connection, guild_id, next_at)

    async def choose_titles(self, guild_id: int, titles: Titles | None) -> None:
        """Set the title language for members who have not chosen, and for messages that everyone reads.

        Raises:
            ValueError: not one of `Titles`.
        """
        if titles is not None and titles not in get_args(Titles):
            raise ValueError(f"no language of titles: {titles}")
        await self._change(guild_id, {"titles": titles})

    async def reset(self, guild_id: int, next_at: Mapping[int, datetime]) -> None:
        """Delete all of a server's choices; its weekly picks, by channel, are next due at these times."""
        async with self._database.begin() as connection:
            await connection.execute(delete(guild_settings).where(guild_settings.c.guild_id == guild_id))
            await _move(connection, guild_id, next_at)

    async def _change(self, guild_id: int, values: Mapping[str, object]) -> None:
        async with self._database.begin() as connection:
            await _keep(connection, guild_id, values)


def guild_settings_from(row: RowMapping) -> GuildSettings:
    """Build settings from a row with the columns of `guild_settings`; all are NULL if none were chosen."""
    columns = guild_settings.c
    aggregation, time_zone, titles = row[columns.aggregation], row[columns.time_zone], row[columns.titles]
    return GuildSettings(
        aggregation=aggregation if aggregation in get_args(Aggregation) else None,
        misery_floor=row[columns.misery_floor],
        participation="opt-in" if row[columns.participation] == "opt-in" else "opt-out",
        adult=row[columns.adult] is not False,
        channel_id=row[columns.channel_id],
        time_zone=time_zone if _is_zone(time_zone) else None,
        titles=titles if titles in get_args(Titles) else None,
        ecchi=row[columns.ecchi] is not False,
    )


def _is_zone(name: str | None) -> bool:
    try:
        return name is not None and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # zones may disappear, and a name is looked up as a file
        return False


async def _keep(connection: AsyncConnection, guild_id: int, values: Mapping[str, object]) -> None:
    unchosen = {"participation": GuildSettings().participation}
    row = {"guild_id": guild_id, **unchosen, **values}
    await upsert(connection, guild_settings, row, keep=unchosen.keys() - values.keys())


async def _move(connection: AsyncConnection, guild_id: int, next_at: Mapping[int, datetime]) -> None:
    for channel_id, moment in next_at.items():
        this = (schedules.c.guild_id == guild_id) & (schedules.c.channel_id == channel_id)
        await connection.execute(update(schedules).where(this).values(next_at=moment))
