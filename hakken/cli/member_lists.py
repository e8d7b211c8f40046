"""A member's list on the command line: the files that the bot's `/import` reads, by the same code."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from hakken.catalogue.catalogue import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.cli.terminal import err
from hakken.errors import RatingsError
from hakken.files import reason
from hakken.lists import MAX_FILE_BYTES, ReadList, UnreadableError, read_list_file
from hakken.recommend.recommender import Member

_SHOWN, _SHOWN_LETTERS = 5, 40
"""Unsure titles and unknown words that a message names, and characters of each."""


class Top(StrEnum):
    """The best score of a scale."""

    five = "5"
    ten = "10"
    twenty = "20"
    hundred = "100"


def read_bytes(path: Path) -> bytes:
    """Read a list file.

    Raises:
        RatingsError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise RatingsError(f"{path}: cannot be read: {reason(error)}") from error


def member_of(path: Path, content: bytes, catalogue: Catalogue, out_of: Top | None) -> Member:
    """Return a member by their list; what of it was not understood goes to standard error.

    Args:
        path: where the list is from.
        content: the file.
        catalogue: knows the titles, and the ids on AniList.
        out_of: the best score of the list's scale, needed where the list does not tell it.

    Raises:
        RatingsError: the file is no list, or its scale could be any of several.
    """
    try:
        read = read_list_file(content, TitleSearch(catalogue), catalogue.by_anilist_id)
    except UnreadableError as error:
        raise RatingsError(f"{path}: {error}") from error
    if len(read.tops) > 1:
        if out_of is None:
            *tops, last = read.tops
            either = f"{', '.join(map(str, tops))} or {last}"
            raise RatingsError(f"{path}: the scores may be out of {either}; say which: --out-of {last}")
        read = read.out_of(int(out_of))
    if read.titles_alone:
        read = read.all_with("completed")
    _report(read)
    unscored = [entry for entry in read.entries if entry.score is None]
    return Member(
        {entry.anime_id: float(entry.score) for entry in read.entries if entry.score is not None},
        seen=frozenset(entry.anime_id for entry in unscored if entry.status != "planned"),
        planned=frozenset(entry.anime_id for entry in unscored if entry.status == "planned"),
    )


def _report(read: ReadList) -> None:
    for note in read.notes:
        err.print(note)
    for reason_why, count in read.passed_over.items():
        err.print(f"left out: {count} × {reason_why}")
    for what, words in (("statuses", read.unknown_statuses), ("scores", read.unknown_scores)):
        if words:
            err.print(f"{what} that mean nothing here, left out: {_some(list(words))}")
    if read.unsure:
        err.print(f"titles that name no anime for sure, left out: {_some([one.text for one in read.unsure])}")


def _some(texts: list[str]) -> str:
    shown = ", ".join(f"'{text[:_SHOWN_LETTERS]}'" for text in texts[:_SHOWN])
    return f"{shown} and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else shown
