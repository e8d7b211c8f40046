"""Stores members' privacy switches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.participants import participation_of
from bot.store.tables import answers, participants, preferences, switches
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Switches:
    """One member's switches; the defaults are those of a member who never chose."""

    compare: bool = False
    """Whether others may compare their taste with this member's."""
    remember_filters: bool = True
    """Whether `/recommend` may remember filters."""
    show_scores: bool = False
    """Whether answers that others read, too, may name this member's scores."""


class PrivacyStore(TableStore):
    """Switches by member, and whether members take part in a server."""

    async def of_member(self, user_id: int) -> Switches:
        """Return a member's switches."""
        query = select(switches.c["compare"], switches.c.remember_filters, switches.c.show_scores).where(
            switches.c.user_id == user_id
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Switches() if row is None else switches_from(row)

    async def allow_comparing(self, user_id: int, *, allowed: bool, at: datetime) -> None:
        """Set whether others may compare their taste with a member's; the other switches stay."""
        async with self._database.begin() as connection:
            await _turn(connection, user_id, {"compare": allowed}, at)

    async def allow_remembering(self, user_id: int, *, allowed: bool, at: datetime) -> None:
        """Set whether filters may be remembered; if not, delete remembered ones at once."""
        async with self._database.begin() as connection:
            await _turn(connection, user_id, {"remember_filters": allowed}, at)
            if not allowed:
                await connection.execute(
                    update(preferences).where(preferences.c.user_id == user_id).values(wishes=None)
                )

    async def allow_showing(self, user_id: int, *, allowed: bool, at: datetime) -> None:
        """Set whether answers that others read, too, may name scores; if not, delete those with pages."""
        async with self._database.begin() as connection:
            await _turn(connection, user_id, {"show_scores": allowed}, at)
            if not allowed:  # their further pages would name them still
                await connection.execute(delete(answers).where(answers.c.user_id == user_id))

    async def takes_part(self, guild_id: int, user_id: int) -> bool:
        """Return whether a member takes part in a server's suggestions: their choice, or else the server's.

        A member who has not used the bot there yet is treated as if they just had.
        """
        this = (participants.c.guild_id == guild_id) & (participants.c.user_id == user_id)
        query = select(participants.c.takes_part).where(this)
        async with self._database.read() as connection:
            chosen = await connection.scalar(query)
            return await participation_of(connection, guild_id) == "opt-out" if chosen is None else chosen

    async def choose(self, guild_id: int, user_id: int, *, takes_part: bool, at: datetime) -> None:
        """Set whether a member takes part in a server's suggestions; they become a participant if needed."""
        row = {"guild_id": guild_id, "user_id": user_id, "joined_at": at, "takes_part": takes_part}
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await upsert(connection, participants, row, keep=["joined_at"])


def switches_from(row: RowMapping) -> Switches:
    """Build switches from a row with the columns of `switches`, which are NULL if never chosen."""
    names = ("compare", "remember_filters", "show_scores")
    chosen = {name: row[switches.c[name]] for name in names}
    return Switches(**{name: value for name, value in chosen.items() if value is not None})


async def _turn(connection: AsyncConnection, user_id: int, values: Mapping[str, bool], at: datetime) -> None:
    """Set the given switches, and leave the others as they are."""
    await ensure_member(connection, user_id, at)
    unchosen = asdict(Switches())
    row = {"user_id": user_id, **unchosen, **values}
    await upsert(connection, switches, row, keep=unchosen.keys() - values.keys())
