"""Lists elsewhere that members keep in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.store.database import Database
from bot.store.members import ensure_member
from bot.store.tables import links
from bot.store.upsert import upsert

Site = Literal["anilist", "myanimelist"]
LinkState = Literal["active", "paused", "told"]
"""'told' is paused, and the member knows it."""


@dataclass(frozen=True, slots=True)
class Link:
    """One list that is kept in step."""

    user_id: int
    site: Site
    name: str
    """Of the list's owner there, 1–64 characters."""
    state: LinkState
    last_synced_at: datetime | None
    next_sync_at: datetime
    failures: int
    """In a row."""
    last_error: str | None


_COLUMNS = (
    links.c.user_id,
    links.c.site,
    links.c.name,
    links.c.state,
    links.c.last_synced_at,
    links.c.next_sync_at,
    links.c.failures,
    links.c.last_error,
)


class LinkStore:
    """Links by member and site, one each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def link(
        self,
        user_id: int,
        site: Site,
        name: str,
        *,
        at: datetime,
        next_sync_at: datetime | None = None,
        known: Sequence[Sequence[Any]] | None = None,
    ) -> None:
        """Keep a list in step from now on, in place of the one before.

        Args:
            user_id: whose it is here.
            site: where it is.
            name: whose it is there, 1–64 characters.
            at: now.
            next_sync_at: when it is due for the first time; None for at once.
            known: the list as it was just read, plain data as JSON keeps it; None where it was not.

        Raises:
            IntegrityError: none of `Site`.
        """
        async with self._database.begin() as connection:
            await ensure_member(connection, user_id, at)
            await upsert(
                connection,
                links,
                {
                    "user_id": user_id,
                    "site": site,
                    "name": name,
                    "state": "active",
                    "last_synced_at": None if known is None else at,
                    "next_sync_at": next_sync_at or at,
                    "failures": 0,
                    "last_error": None,
                    "known": known,
                },
            )

    async def unlink(self, user_id: int, site: Site) -> bool:
        """Stop keeping a list in step.

        Returns:
            Whether there was one.
        """
        async with self._database.begin() as connection:
            return (await connection.execute(delete(links).where(_of(user_id, site)))).rowcount > 0

    async def of_member(self, user_id: int) -> list[Link]:
        """A member's links, by site."""
        query = select(*_COLUMNS).where(links.c.user_id == user_id).order_by(links.c.site)
        async with self._database.read() as connection:
            return [Link(*row) for row in await connection.execute(query)]

    async def due(self, at: datetime, n: int) -> list[Link]:
        """The n active links that have waited longest for their turn, the longest first."""
        query = (
            select(*_COLUMNS)
            .where((links.c.state == "active") & (links.c.next_sync_at <= at))
            .order_by(links.c.next_sync_at, links.c.user_id, links.c.site)
            .limit(n)
        )
        async with self._database.read() as connection:
            return [Link(*row) for row in await connection.execute(query)]

    async def next_time(self) -> datetime | None:
        """When the next active link is due, perhaps since long; None where there is none."""
        query = select(func.min(links.c.next_sync_at)).where(links.c.state == "active")
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(query)
        return moment

    async def known(self, link: Link) -> list[list[Any]] | None:
        """The list as it was when it was last read; None before that."""
        query = select(links.c.known).where(_of(link.user_id, link.site) & (links.c.name == link.name))
        async with self._database.read() as connection:
            known: list[list[Any]] | None = await connection.scalar(query)
        return known

    async def synced(
        self,
        link: Link,
        *,
        at: datetime,
        next_sync_at: datetime,
        known: Sequence[Sequence[Any]] | None = None,
    ) -> None:
        """Keep that a list was taken; nothing changes where another link stands in its place by now.

        Args:
            link: as it was when it was due.
            at: now.
            next_sync_at: when it is due again.
            known: the list as it was read, plain data as JSON keeps it.
        """
        await self._change(
            link,
            {
                "last_synced_at": at,
                "next_sync_at": next_sync_at,
                "failures": 0,
                "last_error": None,
                "known": known,
            },
        )

    async def failed(self, link: Link, why: str, *, retry_at: datetime | None) -> None:
        """Count a failure; nothing changes where another link stands in its place by now.

        Args:
            link: as it was when it was due.
            why: a sentence for the member.
            retry_at: when it is due again; None pauses it.
        """
        told: dict[str, object] = {"failures": links.c.failures + 1, "last_error": why}
        told |= {"state": "paused"} if retry_at is None else {"next_sync_at": retry_at}
        await self._change(link, told)

    async def paused_news(self, user_id: int) -> list[Link]:
        """A member's links that are paused and of which they have not been told; each is given once."""
        this = (links.c.user_id == user_id) & (links.c.state == "paused")
        query = select(*_COLUMNS).where(this).order_by(links.c.site)
        async with self._database.begin() as connection:
            news = [Link(*row) for row in await connection.execute(query)]
            await connection.execute(update(links).where(this).values(state="told"))
        return news

    async def _change(self, link: Link, told: dict[str, object]) -> None:
        this = _of(link.user_id, link.site) & (links.c.name == link.name) & (links.c.state == "active")
        async with self._database.begin() as connection:
            await connection.execute(update(links).where(this).values(**told))


def _of(user_id: int, site: Site) -> ColumnElement[bool]:
    return (links.c.user_id == user_id) & (links.c.site == site)
