"""Writes a member's list as files to export."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from xml.sax.saxutils import escape

from hakken import Catalogue
from hakken.lists import ListEntry, Status

_STATUSES: dict[Status, str] = {
    "watching": "Watching",
    "completed": "Completed",
    "on hold": "On-Hold",
    "dropped": "Dropped",
    "planned": "Plan to Watch",
}
# Exactly as MyAnimeList's export feature writes it, whitespace included.
_HEAD = """\
<?xml version="1.0" encoding="UTF-8" ?>
\t\t<!--
\t\t Created by XML Export feature at MyAnimeList.net
\t\t Version 1.1.0
\t\t-->
\t\t
\t\t<myanimelist>
\t\t
\t\t\t<myinfo>
\t\t\t\t<user_id>0</user_id>
\t\t\t\t<user_name>{name}</user_name>
\t\t\t\t<user_export_type>1</user_export_type>
\t\t\t\t<user_total_anime>{total}</user_total_anime>
\t\t\t\t<user_total_watching>{watching}</user_total_watching>
\t\t\t\t<user_total_completed>{completed}</user_total_completed>
\t\t\t\t<user_total_onhold>{on_hold}</user_total_onhold>
\t\t\t\t<user_total_dropped>{dropped}</user_total_dropped>
\t\t\t\t<user_total_plantowatch>{planned}</user_total_plantowatch>
\t\t\t</myinfo>
\t\t
\t\t
"""
_ENTRY = """\
\t\t\t\t<anime>
\t\t\t\t\t<series_animedb_id>{anime_id}</series_animedb_id>
\t\t\t\t\t<series_title><![CDATA[{title}]]></series_title>
\t\t\t\t\t<series_type>{type}</series_type>
\t\t\t\t\t<series_episodes>{episodes}</series_episodes>
\t\t\t\t\t<my_id>0</my_id>
\t\t\t\t\t<my_watched_episodes>{watched}</my_watched_episodes>
\t\t\t\t\t<my_start_date>{started}</my_start_date>
\t\t\t\t\t<my_finish_date>{finished}</my_finish_date>
\t\t\t\t\t<my_rated></my_rated>
\t\t\t\t\t<my_score>{score}</my_score>
\t\t\t\t\t<my_storage></my_storage>
\t\t\t\t\t<my_storage_value>0.00</my_storage_value>
\t\t\t\t\t<my_status>{status}</my_status>
\t\t\t\t\t<my_comments><![CDATA[]]></my_comments>
\t\t\t\t\t<my_times_watched>0</my_times_watched>
\t\t\t\t\t<my_rewatch_value></my_rewatch_value>
\t\t\t\t\t<my_priority>LOW</my_priority>
\t\t\t\t\t<my_tags><![CDATA[]]></my_tags>
\t\t\t\t\t<my_rewatching>0</my_rewatching>
\t\t\t\t\t<my_rewatching_ep>0</my_rewatching_ep>
\t\t\t\t\t<my_discuss>1</my_discuss>
\t\t\t\t\t<my_sns>default</my_sns>
\t\t\t\t\t<update_on_import>0</update_on_import>
\t\t\t\t</anime>
\t\t\t
"""
_FOOT = "\t\t\t</myanimelist>\n\t\t\t"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, even escaped (§2.2)."""


def write_myanimelist_xml(entries: Iterable[ListEntry], catalogue: Catalogue, name: str) -> bytes:
    """Write the list in MyAnimeList's export format, which MyAnimeList can import.

    An entry with a score but no status is written as completed, because MyAnimeList requires a status; an
    entry with neither is left out. As in MyAnimeList's own exports, ``update_on_import`` is 0: entries that
    are already on the list there are not overwritten.

    Args:
        entries: at most one for each anime.
        catalogue: gives type, number of episodes, and titles that the entries lack.
        name: the list owner's name.
    """
    written = [entry for entry in entries if entry.score or entry.status]
    counts = Counter(map(_status, written))
    head = _HEAD.format(
        name=escape(_NOT_XML.sub("", name)),
        total=len(written),
        **{status.replace(" ", "_"): counts[status] for status in _STATUSES},
    )
    return "".join([head, *(_entry(entry, catalogue) for entry in written), _FOOT]).encode()


def write_json(held: Mapping[str, object]) -> bytes:
    """Write all data stored about a member; `read_list_file` can read their list from it.

    Args:
        held: the rows of each table, by table name: lists of mappings from column to value.
    """
    return json.dumps({"hakken": 1, "held": held}, default=str, separators=(",", ":")).encode()


def _status(entry: ListEntry) -> Status:
    return entry.status or "completed"


def _entry(entry: ListEntry, catalogue: Catalogue) -> str:
    anime = catalogue.anime(entry.anime_id)
    status = _status(entry)
    episodes = anime.episodes or 0
    return _ENTRY.format(
        anime_id=entry.anime_id,
        title=_cdata(entry.title or anime.title),
        type=escape(_NOT_XML.sub("", anime.type or "Unknown")),
        episodes=episodes,
        watched=episodes if status == "completed" else 0,
        started=_date(entry.started),
        finished=_date(entry.finished),
        score=entry.score or 0,
        status=_STATUSES[status],
    )


def _date(day: date | None) -> str:
    return day.isoformat() if day else "0000-00-00"


def _cdata(text: str) -> str:
    """Escape text for a CDATA section; an end marker inside it is split in two."""
    return _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
