"""Finds what changed on a linked list since the last reading; only that is taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, get_args

from bot.lists import ListEntry, ListKind, ReadList
from bot.store import Rated

_LISTS = frozenset[str](kind for part in get_args(ListKind) for kind in get_args(part))
"""Sources of ratings that came from lists, not from commands here."""


def changed_there(
    read: ReadList, known: Iterable[Sequence[Any]], rated: Mapping[int, Rated], since: datetime | None
) -> ReadList:
    """Keep only the list's changes since the last reading.

    So what a member refused in a preview, took back or unrated here stays that way until it changes there.
    A score that they gave here since the last reading stays, because nobody knows whether the site's is
    later. An anime removed from the list removes nothing here.

    Args:
        read: the list as it is now.
        known: what `rows` made at the last reading; empty before the first.
        rated: the member's ratings by anime id.
        since: the time of the last reading; None before the first: then any score given here is later.
    """
    before = {one.anime_id: one for one in map(_entry, known)}
    entries = []
    for now in read.entries:
        then = before.get(now.anime_id, ListEntry(now.anime_id, None, None, None, None, None))
        mine = rated.get(now.anime_id)
        here_later = mine is not None and _given_here(mine, since)
        news = replace(now, score=None) if here_later or now.score == then.score else now
        if (now.status, now.started, now.finished) == (then.status, then.started, then.finished):
            news = replace(news, status=None, started=None, finished=None)
        if news.score is not None or news.status is not None:
            entries.append(news)
    return replace(read, entries=tuple(entries))


def rows(read: ReadList) -> list[list[Any]]:
    """Make the plain data, for JSON, that `changed_there` compares a list with."""
    return [_row(entry) for entry in read.entries]


def _row(entry: ListEntry) -> list[Any]:
    days = (day and day.isoformat() for day in (entry.started, entry.finished))
    return [entry.anime_id, entry.score, entry.status, *days]


def _entry(row: Sequence[Any]) -> ListEntry:
    anime_id, score, status, *days = row
    started, finished = (day and date.fromisoformat(day) for day in days)
    return ListEntry(anime_id, score, status, started, finished, None)


def _given_here(rating: Rated, since: datetime | None) -> bool:
    return rating.source not in _LISTS and (since is None or rating.rated_at > since)
