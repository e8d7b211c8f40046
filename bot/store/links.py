"""Stores links to members' lists on other sites, which the bot syncs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, select, update

from bot.store.database import TableStore
from bot.store.members import ensure_member
from bot.store.tables import links
from bot.store.upsert import upsert

Site = Literal["anilist", "myanimelist"]
LinkState = Literal["active", "paused", "told"]
"""'told' means paused, and the member has been notified."""


@dataclass(frozen=True, slots=True)
class Link:
    """One synced list."""

    user_id: int
    site: Site
    name: str
    """The list owner's name on the site, 1–64 characters."""
    state: LinkState
    last_synced_at: datetime | None
    next_sync_at: datetime
    failures: int
    """Number of failures in a row."""
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


class LinkStore(TableStore):
    """Links by member and site, at most one each."""

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
        """Start to sync a list, replacing an earlier link to the site.

        Args:
            user_id: the member.
            site: the list's site.
            name: the list owner's name there, 1–64 characters.
            at: now.
            next_sync_at: when the first sync is due; None for at once.
            known: the list if it was just read, plain data that can be stored as JSON; otherwise None.

        Raises:
            IntegrityError: not one of `Site`.
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

    async def unlink(self, user_id: int, site: Site) -> None:
        """Stop syncing a list, if there is a link."""
        async with self._database.begin() as connection:
            await connection.execute(delete(links).where(_of(user_id, site)))

    async def of_member(self, user_id: int) -> list[Link]:
        """Return a member's links, sorted by site."""
        query = select(*_COLUMNS).where(links.c.user_id == user_id).order_by(links.c.site)
        async with self._database.read() as connection:
            return [Link(*row) for row in await connection.execute(query)]

    async def due(self, at: datetime, n: int) -> list[Link]:
        """Return the n active links that have been due longest, the longest first."""
        query = (
            select(*_COLUMNS)
            .where((links.c.state == "active") & (links.c.next_sync_at <= at))
            .order_by(links.c.next_sync_at, links.c.user_id, links.c.site)
            .limit(n)
        )
        async with self._database.read() as connection:
            return [Link(*row) for row in await connection.execute(query)]

    async def next_time(self) -> datetime | None:
        """Return when the next active link is due, which may be past; None if there is none."""
        query = select(func.min(links.c.next_sync_at)).where(links.c.state == "active")
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(query)
        return moment

    async def known(self, link: Link) -> list[list[Any]] | None:
        """Return the list as it was when it was last read; None if it never was."""
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
        """Record the list as it was read now; nothing changes if the link has been replaced meanwhile."""
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
        """Count a failure, with a sentence for the member; without a next try, the link is paused.

        Nothing changes if the link has been replaced meanwhile.
        """
        values: dict[str, object] = {"failures": links.c.failures + 1, "last_error": why}
        values |= {"state": "paused"} if retry_at is None else {"next_sync_at": retry_at}
        await self._change(link, values)

    async def paused_news(self, user_id: int) -> list[Link]:
        """Return the member's paused links that they have not been notified of; each is returned once."""
        this = (links.c.user_id == user_id) & (links.c.state == "paused")
        query = select(*_COLUMNS).where(this).order_by(links.c.site)
        async with self._database.begin() as connection:
            news = [Link(*row) for row in await connection.execute(query)]
            await connection.execute(update(links).where(this).values(state="told"))
        return news

    async def _change(self, link: Link, values: dict[str, object]) -> None:
        this = _of(link.user_id, link.site) & (links.c.name == link.name) & (links.c.state == "active")
        async with self._database.begin() as connection:
            await connection.execute(update(links).where(this).values(**values))


def _of(user_id: int, site: Site) -> ColumnElement[bool]:
    return (links.c.user_id == user_id) & (links.c.site == site)
