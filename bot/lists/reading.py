"""List files read where one stands; see `offloop` for files of people one does not know."""

from __future__ import annotations

from bot.lists.entries import ReadList
from bot.lists.errors import ListError
from bot.lists.parsing.parse import parse
from bot.lists.parsing.rows import UnreadableError
from bot.lists.titles import Titles, resolve


def read_list_file(content: bytes, titles: Titles) -> ReadList:
    """Read a list: MyAnimeList's export, gzipped or not, Hakken's own, or a table of titles and scores.

    What form it has is told by its content, whatever the file is called.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        titles: where the titles of a table are looked up.

    Raises:
        ListError: it is no list, or nothing on it can be used; the sentence is for the member.
    """
    try:
        parsed = parse(content)
    except UnreadableError as error:
        raise ListError(str(error)) from error
    return resolve(parsed, titles)
