"""Reads linked lists again every day, one at a time, in the background."""

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
"""Time from a reading until the link is due again."""
RETRIES = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=9), timedelta(hours=24))
"""Time to the next try after each failure in a row; after one more failure the link is paused."""
_PER_CHECK = 50
"""Links read in one round; if sites are slow, the round takes longer and the next one waits."""
_OWN_FAULT = "Something went wrong on my side."


class LinkLoop(DueCog):
    """Reads links that are due, while the bot runs."""

    shortest = retry = timedelta(minutes=5)
    longest = EVERY  # a new link is never due sooner

    async def do_due(self) -> datetime | None:
        """Read the links that have waited longest."""
        links = self.bot.store.links
        for link in await links.due(discord.utils.utcnow(), _PER_CHECK):
            await keep_in_step(self.bot, link)
        return await links.next_time()


async def keep_in_step(client: HakkenBot, link: Link) -> None:
    """Read a linked list and take its changes; count failures, and pause the link after too many."""
    try:
        await _sync(client, link)
    except MemberError as error:
        await _count_failure(client, link, str(error))
    except Exception:
        log.exception("a linked list could not be synced")
        await _count_failure(client, link, _OWN_FAULT)


async def fetch(client: HakkenBot, site: Site, name: str, progress: Progress | None = None) -> ReadList:
    """Read the list of the user with this name on a site.

    Raises:
        ListError: it cannot be read; the text says why.
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
    """Get the time of a link's next try after its earlier failures in a row; None to pause it."""
    return now + RETRIES[failures] if failures < len(RETRIES) else None
