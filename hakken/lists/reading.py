"""Reads list files in this process; the bot reads files from members in a process of their own."""

from __future__ import annotations

from hakken.lists.agreement import Titles
from hakken.lists.entries import ReadList
from hakken.lists.parsing.parse import parse
from hakken.lists.titles import resolve


def read_list_file(content: bytes, titles: Titles) -> ReadList:
    """Read a list: MyAnimeList's export, gzipped or not, a site's JSON, Hakken's own, or a table.

    The format is detected from the content; the file name does not matter.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        titles: looks up the titles of a table.

    Raises:
        UnreadableError: the file is no list, or has nothing usable; the sentence is for the member.
    """
    return resolve(parse(content), titles)
