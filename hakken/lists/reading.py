"""Reads list files in this process; the bot reads files from members in a process of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hakken.lists.agreement import Titles
from hakken.lists.entries import ReadList
from hakken.lists.parsing.parse import parse
from hakken.lists.titles import resolve


def read_list_file(
    content: bytes, titles: Titles, by_anilist_id: Mapping[int, int] = MappingProxyType({})
) -> ReadList:
    """Read a list: MyAnimeList's export, gzipped or not, a site's JSON, Hakken's own, or a table.

    The format is detected from the content; the file name does not matter.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        titles: looks up the titles of a table.
        by_anilist_id: ids on MyAnimeList by ids on AniList, for entries with nothing but the latter.

    Raises:
        UnreadableError: the file is no list, or has nothing usable; the sentence is for the member.
    """
    return resolve(parse(content), titles, by_anilist_id)
