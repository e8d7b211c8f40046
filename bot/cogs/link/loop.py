"""Linked lists are read again day by day, one at a time, in the background."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import discord

from bot.client import HakkenBot
from bot.cogs.importing.plan import changes, plan
from bot.cogs.link.changes import changed_there, rows
from bot.due import DueCog
from bot.errors import MemberError
from bot.lists import ReadList
from bot.sites import Progress
from bot.store import Link, Site

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
"""How long after one reading a link is due again."""
RETRIES = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=9), timedelta(hours=24))
"""How long after each failure in a row it is tried again; after one more it is given up."""
_PER_LOOK = 50
"""Links that are read before the next look; where sites are slow, a look takes longer and the next waits."""
_OWN_FAULT = "Something went wrong on my side."


class LinkLoop(DueCog):
    """Reads links that are due, as long as the bot runs."""

    shortest = retry = timedelta(minutes=5)
    longest = EVERY  # no new link is due sooner

    async def do_due(self) -> datetime | None:
        """Read the links that have waited longest."""
        links = self.bot.store.links
        for link in await links.due(discord.utils.utcnow(), _PER_LOOK):
            await keep_in_step(self.bot, link)
        return await links.next_time()


async def keep_in_step(client: HakkenBot, link: Link) -> None:
    """Read a linked list and take what is new; what goes wrong is counted, and told when it is given up."""
    try:
        await _sync(client, link)
    except MemberError as error:
        await _count_failure(client, link, str(error))
    except Exception:
        log.exception("a linked list could not be brought in step")
        await _count_failure(client, link, _OWN_FAULT)


async def fetch(client: HakkenBot, site: Site, name: str, progress: Progress | None = None) -> ReadList:
    """The list of whoever is called so on a site.

    Raises:
        ListError: none, and why.
    """
    lists = client.anilist if site == "anilist" else client.myanimelist
    return await (lists.fetch(name, progress) if progress else lists.fetch(name))


async def _sync(client: HakkenBot, link: Link) -> None:
    read = await fetch(client, link.site, link.name)
    store, user_id, now = client.store, link.user_id, discord.utils.utcnow()
    rated = {one.anime_id: one for one in await store.ratings.listed(user_id)}
    news = changed_there(read, await store.links.known(link) or (), rated, link.last_synced_at)
    scores = {anime_id: one.score for anime_id, one in rated.items()}
    found = plan(news, scores, await store.list_entries.of_member(user_id), client.recommender.catalogue)
    await store.imports.take(user_id, link.site, changes(found, "take theirs"), at=now, link=link)
    await store.links.synced(link, at=now, next_sync_at=now + EVERY, known=rows(read))


async def _count_failure(client: HakkenBot, link: Link, why: str) -> None:
    log.info("a list on %s could not be read %s times in a row", link.site, link.failures + 1)
    await client.store.links.failed(link, why, retry_at=retry_at(link.failures, discord.utils.utcnow()))


def retry_at(failures: int, now: datetime) -> datetime | None:
    """When a link is tried again; None to give it up.

    Args:
        failures: in a row before this one.
        now: when it failed.
    """
    return now + RETRIES[failures] if failures < len(RETRIES) else None
