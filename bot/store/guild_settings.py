"""What who manages a server has chosen for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.participants import Participation
from bot.store.preferences import Titles
from bot.store.tables import guild_settings, schedules
from bot.store.upsert import upsert
from hakken.groups.aggregations import Aggregation


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """One server's settings; as it stands, that of a server where nobody has chosen any.

    None leaves it to the bot.
    """

    aggregation: Aggregation | None = None
    misery_floor: float | None = None
    """Picks that anyone is predicted to rate below it are left out, 1–10."""
    participation: Participation = "opt-out"
    adult: bool = True
    """Whether 18+ may be shown in the server's age-restricted channels; it is shown nowhere else."""
    channel_id: int | None = None
    """Where it is announced what was decided; None: where it was decided."""
    time_zone: str | None = None
    """Its name as the IANA database has it; None is UTC."""
    titles: Titles | None = None
    """Of members who have not chosen, and of what everyone reads."""


class GuildSettingsStore:
    """Settings by server. Each choice leaves the others as they are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_guild(self, guild_id: int) -> GuildSettings:
        """A server's settings; what this version does not know counts as not chosen."""
        query = select(guild_settings).where(guild_settings.c.guild_id == guild_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return GuildSettings() if row is None else guild_settings_from(row)

    async def choose_aggregation(self, guild_id: int, aggregation: Aggregation | None) -> None:
        """Keep how picks are made from members' predictions.

        Raises:
            ValueError: none of `Aggregation`.
        """
        if aggregation is not None and aggregation not in get_args(Aggregation):
            raise ValueError(f"no aggregation: {aggregation}")
        await self._change(guild_id, {"aggregation": aggregation})

    async def choose_floor(self, guild_id: int, floor: float | None) -> None:
        """Keep below which predicted rating of any member a pick is left out, 1–10.

        Raises:
            ValueError: no rating.
        """
        if floor is not None and not 1 <= floor <= 10:
            raise ValueError(f"no rating from 1 to 10: {floor}")
        await self._change(guild_id, {"misery_floor": floor})

    async def choose_participation(self, guild_id: int, participation: Participation) -> None:
        """Keep whether members take part unless they say no.

        Raises:
            IntegrityError: none of `Participation`.
        """
        await self._change(guild_id, {"participation": participation})

    async def allow_adult(self, guild_id: int, *, allowed: bool) -> None:
        """Keep whether 18+ may be shown in age-restricted channels."""
        await self._change(guild_id, {"adult": allowed})

    async def choose_channel(self, guild_id: int, channel_id: int | None) -> None:
        """Keep where it is announced what was decided."""
        await self._change(guild_id, {"channel_id": channel_id})

    async def choose_time_zone(
        self, guild_id: int, time_zone: str | None, next_at: Mapping[int, datetime]
    ) -> None:
        """Keep the zone of the server's times, and with it when its weekly picks are next.

        Args:
            guild_id: the server.
            time_zone: its name as the IANA database has it, at most 64 characters.
            next_at: by channel of a schedule, when that is next in this zone.
        """
        async with self._database.begin() as connection:
            await _keep(connection, guild_id, {"time_zone": time_zone})
            await _move(connection, guild_id, next_at)

    async def choose_titles(self, guild_id: int, titles: Titles | None) -> None:
        """Keep the language of titles for those who have not chosen, and in what everyone reads.

        Raises:
            ValueError: none of `Titles`.
        """
        if titles is not None and titles not in get_args(Titles):
            raise ValueError(f"no language of titles: {titles}")
        await self._change(guild_id, {"titles": titles})

    async def reset(self, guild_id: int, next_at: Mapping[int, datetime]) -> None:
        """Forget all that was chosen.

        Args:
            guild_id: the server.
            next_at: by channel of a schedule, when that is next in UTC.
        """
        async with self._database.begin() as connection:
            await connection.execute(delete(guild_settings).where(guild_settings.c.guild_id == guild_id))
            await _move(connection, guild_id, next_at)

    async def _change(self, guild_id: int, told: Mapping[str, object]) -> None:
        async with self._database.begin() as connection:
            await _keep(connection, guild_id, told)


def guild_settings_from(row: RowMapping) -> GuildSettings:
    """Settings from a row with the columns of `guild_settings`; all of them NULL where nothing was chosen."""
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
    )


def _is_zone(name: str | None) -> bool:
    try:
        return name is not None and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # zones come and go, and a name is looked up as a file
        return False


async def _keep(connection: AsyncConnection, guild_id: int, told: Mapping[str, object]) -> None:
    unchosen = {"participation": GuildSettings().participation}
    row = {"guild_id": guild_id, **unchosen, **told}
    await upsert(connection, guild_settings, row, keep=unchosen.keys() - told.keys())


async def _move(connection: AsyncConnection, guild_id: int, next_at: Mapping[int, datetime]) -> None:
    for channel_id, moment in next_at.items():
        this = (schedules.c.guild_id == guild_id) & (schedules.c.channel_id == channel_id)
        await connection.execute(update(schedules).where(this).values(next_at=moment))
