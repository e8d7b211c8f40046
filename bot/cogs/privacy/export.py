"""Writes a member's data as files: a list for other programs, and everything that is kept."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from io import BytesIO

import discord

from bot.errors import MemberError
from bot.lists import ListEntry, Status, write_json, write_myanimelist_xml
from bot.store import Entry, FeedbackSets
from hakken import Catalogue

Held = Mapping[str, list[dict[str, object]]]
"""Rows by table, from `store.personal_data.held`."""


def list_entries(
    ratings: Mapping[int, int], entries: Mapping[int, Entry], kept: FeedbackSets
) -> Iterator[ListEntry]:
    """Make a member's whole list, by ascending id: anime rated, listed elsewhere, planned or seen.

    The status comes from their list elsewhere if it has one. Otherwise rated or seen anime count as
    completed. Anime turned down unseen are left out, since MyAnimeList has no such status.

    Args:
        ratings: scores, 1–10, by anime id.
        entries: by anime id.
        kept: their feedback about anime without a score.
    """
    for anime_id in sorted({*ratings, *entries, *kept.planned, *kept.seen}):
        entry = entries.get(anime_id)
        yield ListEntry(
            anime_id=anime_id,
            score=ratings.get(anime_id),
            status=entry.status if entry else _status(anime_id, ratings, kept),
            started=entry.started if entry else None,
            finished=entry.finished if entry else None,
            title=None,
        )


def export_files(
    entries: Iterator[ListEntry], held: Held, catalogue: Catalogue, name: str, limit: int
) -> list[discord.File]:
    """Make the two files of `/export`.

    Args:
        entries: the member's whole list.
        held: everything that is kept about them.
        catalogue: knows titles, types and episodes.
        name: the member's name, as the list's owner.
        limit: the most that Discord accepts for one file, in bytes.

    Raises:
        MemberError: a file is larger even when compressed.
    """
    return [
        _file("hakken-list.xml", write_myanimelist_xml(entries, catalogue, name), limit),
        _file("hakken-data.json", write_json(held), limit),
    ]


def _status(anime_id: int, ratings: Mapping[int, int], kept: FeedbackSets) -> Status:
    seen = anime_id in ratings or anime_id in kept.seen
    return "completed" if seen else "planned"


def _file(name: str, content: bytes, limit: int) -> discord.File:
    if len(content) > limit:
        name, content = f"{name}.gz", gzip.compress(content)
    if len(content) > limit:
        raise MemberError(
            f"`{name}` is too large for Discord. Ask the people who run me for it. "
            "`/privacy` says who they are."
        )
    return discord.File(BytesIO(content), name)
