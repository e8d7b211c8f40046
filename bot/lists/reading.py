"""Reads list files in this process; see `offloop` for files from untrusted people."""

from __future__ import annotations

from bot.lists.entries import ReadList
from bot.lists.errors import ListError
from bot.lists.parsing.parse import parse
from bot.lists.parsing.rows import UnreadableError
from bot.lists.titles import Titles, resolve


def read_list_file(content: bytes, titles: Titles) -> ReadList:
    """Read a list: MyAnimeList's export, gzipped or not, Hakken's own, or a table of titles and scores.

    The format is detected from the content; the file name does not matter.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        titles: looks up the titles of a table.

    Raises:
        ListError: the file is no list, or has nothing usable; the sentence is for the member.
    """
    try:
        parsed = parse(content)
    except UnreadableError as error:
        raise ListError(str(error)) from error
    return resolve(parsed, titles)
