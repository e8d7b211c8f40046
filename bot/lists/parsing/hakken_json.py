"""Parses Hakken's own export: every row about a member, by table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .rows import Parsed, UnreadableError

MAX_JSON_BYTES = 16 * 2**20
# Bounds the memory of a parsed document: about 40 bytes for a value, 232 for an object.
_MAX_VALUES, _MAX_CONTAINERS = 1_500_000, 250_000
_NOT_OURS = "This JSON is not an export of mine: send what `/export` gave you, or MyAnimeList's export."
_FEEDBACK = {"planned": "planned", "seen": "completed"}


def parse_json(content: bytes) -> Parsed:
    """Read the ratings, list entries and watch list of an export; its other tables are ignored.

    Raises:
        UnreadableError: the file is no such export.
    """
    if content.count(b",") > _MAX_VALUES or content.count(b"{") + content.count(b"[") > _MAX_CONTAINERS:
        raise UnreadableError("This export is too long to be read: send the XML that `/export` gave you.")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            "The JSON is damaged or was cut short: send it as `/export` gave it."
        ) from error
    held = document.get("held") if isinstance(document, dict) and document.get("hakken") == 1 else None
    if not isinstance(held, dict):
        raise UnreadableError(_NOT_OURS)
    parsed = Parsed("hakken")
    for cells in _merged(held).values():
        parsed.take(cells)
    return parsed


def _merged(held: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Collect the cells of each anime from all tables that mention it."""
    merged: dict[str, dict[str, str]] = {}
    for row in _rows(held, "feedback"):
        status = _FEEDBACK.get(_text(row.get("kind")))
        if status:
            _cells(merged, row)["status"] = status
    for row in _rows(held, "list_entries"):
        _cells(merged, row).update({name: _text(row.get(name)) for name in ("status", "started", "finished")})
    for row in _rows(held, "ratings"):
        _cells(merged, row)["score"] = _text(row.get("score"))
    return merged


def _rows(held: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    rows = held.get(table, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableError(_NOT_OURS)
    return iter(rows)


def _cells(merged: dict[str, dict[str, str]], row: dict[str, Any]) -> dict[str, str]:
    anime_id = _text(row.get("anime_id"))
    return merged.setdefault(anime_id, {"anime_id": anime_id})


def _text(value: object) -> str:
    """Return the value as text; anything but a plain value becomes '?', which no cell accepts."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | str) else "?"
