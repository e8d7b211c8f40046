"""Finds the entries of an anime list in the JSON of many sites and tools, and in Hakken's own export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from .columns import (
    ABOUT_THE_ANIME,
    IDENTIFYING,
    STATISTICS,
    TELLING,
    cell_of,
    chosen,
    is_list,
    is_statistics,
)
from .kinds import NO_ANIME
from .mended_json import CUT_OFF, document_of
from .rows import MAX_TITLE, NAMELESS, Parsed, UnreadableError
from .scales import ANILIST_TOPS, top_of_heading
from .sections import below, section_of
from .words import plain

MAX_JSON_BYTES = 16 * 2**20
# Bounds the memory of a parsed document: about 40 bytes for a value, 232 for an object.
_MAX_VALUES, _MAX_CONTAINERS = 1_500_000, 250_000
_MAX_DEPTH = 12
_NO_LIST = "This JSON holds no anime list that I know: send what `/export` gave you, or MyAnimeList's export."
_FEEDBACK = {"planned": "planned", "seen": "completed"}
_GDPR_STATUSES = ("current", "planning", "completed", "dropped", "paused", "repeating")
"""Numbers in what AniList sends when a member asks for their data."""
_GDPR_KEYS = frozenset({"series_type", "series_id", "status", "score"})
_ABOUT = frozenset({"node", "media", "entry", "anime", "show", "movie", "target"})
"""Objects about the anime itself: their scores and statuses are not the member's."""
_FACTS = frozenset({"title", "mal_id", "link", "kind", "year", "of_manga", "of_anime"})
_OF_MEMBER = frozenset({"liststatus", "myliststatus", "attributes", "listentry", "medialistentry"})
_USER = frozenset({"user", "userdata", "viewer"})
"""What may also only name the member."""
_IDS = frozenset({"ids", "externalids"})
_TITLES = frozenset({"title", "titles", "name", "names"})
_LANGUAGES = ("userPreferred", "romaji", "canonical", "en_jp", "english", "en", "native", "ja_jp")
_OUT_OF_TEN = frozenset(
    [
        "list_status",
        "my_list_status",
        "anime_title",
        "target_id",
        "target_title",
        "show",
        "movie",
        "entry",
        "watching_status",
    ]
)
_Entry: TypeAlias = tuple[dict[str, Any], list[tuple[str, Any]], dict[str, str]]
"""An object, its names and values, and what the lists around it say about it."""


def parse_json(content: bytes) -> Parsed:
    """Read a list: Hakken's export, or entries in the form of AniList, MyAnimeList, Kitsu, Simkl and others.

    Raises:
        UnreadableError: no list is in it.
    """
    if content.count(b",") > _MAX_VALUES or content.count(b"{") + content.count(b"[") > _MAX_CONTAINERS:
        raise UnreadableError("This export is too long to be read: send the XML that `/export` gave you.")
    parsed = Parsed("json")
    document = document_of(content, parsed.notes)
    if isinstance(document, dict) and "hakken" in document:
        parsed.kind, parsed.usual_top = "hakken", 10
        for cells in _own_export(document):
            parsed.take(cells)
        return parsed
    _read(parsed, document)
    return parsed


def _read(parsed: Parsed, document: Any) -> None:  # noqa: ANN401 - any JSON
    if isinstance(document, dict):
        export = document.get("export")
        if isinstance(export, dict) and isinstance(document.get("entries"), list):  # Anime-Planet's form
            if export.get("type") == "manga":
                raise UnreadableError("This is a manga list: export your anime list.")
            parsed.usual_top = 5
        parsed.usual_top = ANILIST_TOPS.get(str(_find(document, "scoreFormat")), parsed.usual_top)
    included = _included(document)
    for row, pairs, section in _rows(document, parsed, included, {}):
        parsed.usual_top = parsed.usual_top or _usual_top(row, pairs)
        cells = _gdpr_cells(row) if _is_gdpr(row) else _cells(row, pairs)
        parsed.take({**section, **{cell: text for cell, text in cells.items() if text}})
    if not parsed.rows and not parsed.passed_over:
        _read_titles(parsed, document)


def _rows(
    value: Any,  # noqa: ANN401
    parsed: Parsed,
    included: Mapping[tuple[str, str], Any],
    section: dict[str, str],
    depth: int = 0,
) -> Iterator[_Entry]:
    """Yield the objects that can be entries of a list, wherever they are, with their names and values."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        yield from _rows_of_list(value, parsed, included, section, depth)
        return
    if not isinstance(value, dict):
        return
    inside = dict(value)
    if isinstance(value.get("entries"), list):
        named = [section_of(_text(value.get(key)), plainly=True) for key in ("status", "name")]
        section = below(section, next(filter(None, named), section))
    else:
        pairs = [*_pairs(value), *_related(value, included)]
        cells = chosen(tuple(key for key, _ in pairs))
        if _is_gdpr(value) or is_list({*cells, *section}):
            if CUT_OFF not in value:
                yield value, pairs, section
            return
    if "data" in value:
        inside.pop("included", None)
    for kind in ("shows", "movies") if "anime" in value else ():
        others = inside.pop(kind, None)
        parsed.passed_over[NO_ANIME] += len(others) if isinstance(others, list) else 0
    parsed.passed_over = +parsed.passed_over
    for key, one in inside.items():
        begun = section_of(key, plainly=True) if isinstance(one, list | dict) else None
        yield from _rows(one, parsed, included, below(section, begun or section), depth + 1)


def _rows_of_list(
    value: Sequence[Any],
    parsed: Parsed,
    included: Mapping[tuple[str, str], Any],
    section: dict[str, str],
    depth: int,
) -> Iterator[_Entry]:
    """Yield the entries of a list; what is none among them is counted."""
    entries = others = 0
    for one in value:
        if isinstance(one, str) and "status" in section:
            yield {}, [("title", one)], section
            continue
        found = False
        for row in _rows(one, parsed, included, section, depth + 1):
            found, entries = True, entries + (row[0] is one)
            yield row
        others += not found and isinstance(one, dict) and CUT_OFF not in one
    if entries and others:
        parsed.passed_over[NAMELESS] += others


def _cells(row: Mapping[str, Any], pairs: Sequence[tuple[str, Any]]) -> dict[str, str]:
    keys = tuple(key for key, _ in pairs)
    if is_statistics(keys):
        raise UnreadableError(STATISTICS)
    cells: dict[str, str] = {}
    for cell, places in chosen(keys).items():
        text_of = _answer if cell in TELLING else _text
        texts = [text_of(pairs[at][1]) for at in places]
        cells[cell] = next(filter(None, texts), "") if cell in ABOUT_THE_ANIME else texts[0]
    if "anime_title" in row:  # only MyAnimeList's `load.json` has it beside its ids
        cells["mal_id"] = cells.get("mal_id") or cells.get("anime_id", "")
    return cells


def _pairs(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the names and values of an entry that are the member's, or that name the anime."""
    of_member: list[tuple[str, Any]] = []
    own: list[tuple[str, Any]] = []
    others: list[dict[str, Any]] = []
    for key, value in row.items():
        name = plain(key)
        if not isinstance(value, dict) or (cell_of(key) in TELLING and name not in _OF_MEMBER):
            # AniList's own word for its ids; tables use it for any.
            own.append(("anilist_id" if key == "mediaId" else key, value))
        elif name in _OF_MEMBER or name in _USER:
            of_member += _of_member(name, value)
        elif name in _ABOUT:
            own += _about(name, value)
        elif name in _IDS:
            own += _ids(value)
        elif name in _TITLES:
            own.append(("title", _title(value)))
        elif "year" in value and "month" in value:
            own.append((key, _date(value)))
        else:
            others.append(value)
    cells = {cell_of(key) for key, _ in own}
    if not cells.isdisjoint(TELLING) and cells.isdisjoint(IDENTIFYING):
        own += [pair for other in others for pair in _about("", other)]
    if "my_list_status" in row:  # the rest is about the anime, which MyAnimeList's API describes
        own = [*_about("node", row)]
    return of_member + [pair for pair in own if not of_member or cell_of(pair[0]) not in ("score", "status")]


def _of_member(name: str, said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the member says of the anime."""
    for key, value in said.items():
        if name in _OF_MEMBER or cell_of(key) in TELLING:
            yield key, _date(value) if isinstance(value, dict) and "year" in value else value


def _about(name: str, anime: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what names the anime."""
    own_id = {"node": "mal_id", "media": "anilist_id"}.get(name, "id")
    for key, value in anime.items():
        if plain(key) in _IDS and isinstance(value, dict):
            yield from _ids(value)
        elif plain(key) in _TITLES and isinstance(value, dict):
            yield "title", _title(value)
        elif not isinstance(value, dict | list) and (key == "id" or cell_of(key) in _FACTS):
            yield own_id if key == "id" else key, value


def _ids(ids: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, value) for key, value in ids.items() if cell_of(key) in ("mal_id", "anilist_id"))


def _title(titles: Mapping[str, Any]) -> str:
    return next((title for one in _LANGUAGES if (title := _text(titles.get(one)))), "")


def _date(parts: Mapping[str, Any]) -> str:
    year, month, day = (parts.get(part) for part in ("year", "month", "day"))
    if not (year or month or day):
        return ""
    return "-".join(_text(part).zfill(2) for part in (year, month, day))


def _is_gdpr(row: Mapping[str, Any]) -> bool:
    return row.keys() >= _GDPR_KEYS


def _gdpr_cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of an entry in what AniList sends when a member asks for their data."""
    status = row.get("status")
    known = isinstance(status, int) and 0 <= status < len(_GDPR_STATUSES)
    score = _text(row.get("score"))
    return {
        "anilist_id": _text(row.get("series_id")),
        "kind": "manga" if row.get("series_type") == 1 else "",
        "status": _GDPR_STATUSES[status] if known and isinstance(status, int) else _text(status),
        "score": f"{score}/100" if score else "",
        "started": _text(row.get("started_on")),
        "finished": _text(row.get("finished_on")),
    }


def _included(document: Any) -> dict[tuple[str, str], Any]:  # noqa: ANN401
    """Return the objects that a JSON:API document, as Kitsu's, puts beside its rows, by type and id."""
    included = document.get("included") if isinstance(document, dict) else None
    objects = included if isinstance(included, list) else []
    return {(_text(one.get("type")), _text(one.get("id"))): one for one in objects if isinstance(one, dict)}


def _related(row: Mapping[str, Any], included: Mapping[tuple[str, str], Any]) -> Iterator[tuple[str, Any]]:
    """Yield what names the anime that an entry of a JSON:API document refers to."""
    for related in _references(row, "anime", "manga", "media"):
        yield "media_type", related[0]
        anime = included.get(related, {})
        attributes = anime.get("attributes")
        if isinstance(attributes, dict):
            yield "title", attributes.get("canonicalTitle") or _title(attributes.get("titles") or {})
        for mapping in _references(anime, "mappings"):
            mapped = included.get(mapping, {}).get("attributes")
            if isinstance(mapped, dict) and mapped.get("externalSite") == "myanimelist/anime":
                yield "mal_id", mapped.get("externalId")


def _references(row: Mapping[str, Any], *names: str) -> Iterator[tuple[str, str]]:
    relationships = row.get("relationships")
    if not isinstance(relationships, dict):
        return
    for name in names:
        relation = relationships.get(name)
        data = relation.get("data") if isinstance(relation, dict) else None
        for one in data if isinstance(data, list) else [data]:
            if isinstance(one, dict):
                yield _text(one.get("type")), _text(one.get("id"))


def _usual_top(row: Mapping[str, Any], pairs: Sequence[tuple[str, Any]]) -> int | None:
    """Return the best score of the scale that an entry's form tells, if it does."""
    if not _OUT_OF_TEN.isdisjoint(row):
        return 10
    return next((top for key, _ in pairs if cell_of(key) == "score" and (top := top_of_heading(key))), None)


def _find(value: Any, key: str, depth: int = 0) -> Any:  # noqa: ANN401
    """Return the value of the first object that has this key, outside of lists."""
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return None
    if key in value:
        return value[key]
    return next((found for one in value.values() if (found := _find(one, key, depth + 1)) is not None), None)


def _read_titles(parsed: Parsed, document: Any) -> None:  # noqa: ANN401
    """Read a list of nothing but titles."""
    if not isinstance(document, list) or not document:
        raise UnreadableError(_NO_LIST)
    for one in document:
        title = (
            one
            if isinstance(one, str)
            else _cells(one, _pairs(one)).get("title")
            if isinstance(one, dict)
            else None
        )
        if not title:
            raise UnreadableError(_NO_LIST)
        parsed.take({"title": title[: MAX_TITLE + 1]})
    parsed.titles_alone = True


def _own_export(document: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Collect the cells of each anime from all tables of Hakken's export that mention it."""
    held = document.get("held")
    if document["hakken"] != 1 or not isinstance(held, dict):
        raise UnreadableError(_NO_LIST)
    merged: dict[str, dict[str, str]] = {}
    for row in _own_rows(held, "feedback"):
        status = _FEEDBACK.get(_text(row.get("kind")))
        if status:
            _own_cells(merged, row)["status"] = status
    for row in _own_rows(held, "list_entries"):
        _own_cells(merged, row).update(
            {name: _text(row.get(name)) for name in ("status", "started", "finished")}
        )
    for row in _own_rows(held, "ratings"):
        _own_cells(merged, row)["score"] = _text(row.get("score"))
    return iter(merged.values())


def _own_rows(held: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    rows = held.get(table, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableError(_NO_LIST)
    return iter(rows)


def _own_cells(merged: dict[str, dict[str, str]], row: dict[str, Any]) -> dict[str, str]:
    anime_id = _text(row.get("anime_id"))
    return merged.setdefault(anime_id, {"mal_id": anime_id})


def _answer(value: object) -> str:
    """Return a score or status as text; one in a form that nobody knows is named by it."""
    return _text(value) or (str(value) if value else "")


def _text(value: object) -> str:
    """Return a plain value as text; nothing for anything else."""
    return str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
