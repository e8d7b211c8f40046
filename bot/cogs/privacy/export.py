"""A member's data as files: a list that other programs read, and all that is held."""

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
"""Rows by table, as `store.personal_data.held` gives them."""


def list_entries(
    ratings: Mapping[int, int], entries: Mapping[int, Entry], kept: FeedbackSets
) -> Iterator[ListEntry]:
    """A member's whole list, by ascending id: what they rated, listed elsewhere, plan or have seen.

    Where their list elsewhere says how far they are, that holds. Otherwise what is rated or seen counts as
    completed. What they turned down unseen stands on no list of MyAnimeList.

    Args:
        ratings: scores, 1–10, by anime id.
        entries: by anime id.
        kept: what they said of anime without a score.
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
    """The two files of `/export`.

    Args:
        entries: the member's whole list.
        held: all that is held about them.
        catalogue: tells titles, types and episodes.
        name: of the member, as the list names its owner.
        limit: what Discord takes of one file, in bytes.

    Raises:
        MemberError: even packed, a file is larger.
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
            f"`{name}` is larger than Discord lets me send here. Whoever runs me can give it to you; "
            "`/privacy` says who that is."
        )
    return discord.File(BytesIO(content), name)
