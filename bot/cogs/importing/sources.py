"""Chooses a list's source: an attached file, or a member's name on a site."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord

from bot.cogs.importing.download import downloaded
from bot.errors import MemberError
from bot.lists import ReadList, parse_in_process, resolve_parsed
from bot.sites import Progress

if TYPE_CHECKING:
    from bot.client import HakkenBot

Source = Callable[[Progress], Awaitable[ReadList]]
"""Reads the list, and reports progress."""


def source_of(
    client: HakkenBot, *, file: discord.Attachment | None, anilist: str | None, mal: str | None
) -> Source:
    """Get the source that the member gave, without reading from it.

    Args:
        client: knows the sites and the titles.
        file: the attached file.
        anilist: a name on AniList.
        mal: a name on MyAnimeList.

    Raises:
        MemberError: they gave none, or several.
    """

    async def attached(attachment: discord.Attachment) -> ReadList:
        async with client.reading.place():  # before the download, so that waiting ones hold no memory
            parsed = await parse_in_process(await downloaded(attachment))
        service = client.recommender
        known = service.catalogue.by_anilist_id
        return await resolve_parsed(parsed, service.titles, known, client.anilist.mal_ids)

    named: list[Source] = []
    if file is not None:
        named.append(lambda _progress: attached(file))
    if anilist is not None:
        named.append(lambda progress: client.anilist.fetch(anilist, progress))
    if mal is not None:
        named.append(lambda progress: client.myanimelist.fetch(mal, progress))
    if len(named) != 1:
        raise MemberError(
            "Choose one list: `/import file:` with your export, "
            "or `/import anilist:` or `/import mal:` with your name there."
        )
    return named[0]
