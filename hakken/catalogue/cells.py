"""Cells of catalogues as facts: which column holds which fact, in our layout and in three public ones."""

from __future__ import annotations

import ast
import html
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from sys import intern
from typing import Any

_MAX_ID, _MAX_RELATED, _MAX_URL = 2**31 - 1, 2**16, 2**11
_WHOLE = re.compile(r"\s*[0-9]{1,10}(\.0*)?\s*")
_DECIMAL = re.compile(r"\s*[0-9]{1,2}(\.[0-9]+)?\s*")
_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:-[01][0-9](?:-[0-3][0-9])?)?")
_YEAR = re.compile(r"(?:(?!\bto\b).)*?\b((?:19|20)[0-9]{2})\b")
"""Up to the first year of a span such as ``Apr 3, 1998 to Apr 24, 1999``."""
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[0-9A-Za-z]{1,32});")
_URL = re.compile(r"https?://(?:[0-9A-Za-z-]+\.)+[0-9A-Za-z-]+(?::[0-9]{1,5})?(?:[/?][!-~]*)?")
# The host of 2018 is gone; its paths live on at another.
_GONE_HOST, _HOST = re.compile(r"https?://myanimelist\.cdn-dena\.com/"), "https://cdn.myanimelist.net/"

Read = Callable[[str], Any]
"""Reads a cell as a fact, ``None`` where it says nothing; raises one of `UNREADABLE`."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, SyntaxError, MemoryError, RecursionError)
UNKNOWN = frozenset({"", "unknown", "none", "nan"})


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell) or (number := int(cell.partition(".")[0])) > _MAX_ID:
        raise ValueError(cell)
    return number


def _count(cell: str) -> int | None:
    return _whole(cell) or None


def _score(cell: str) -> float | None:
    if not _DECIMAL.fullmatch(cell) or (number := float(cell)) > 10:
        raise ValueError(cell)
    return number or None  # 0 stands for 'nobody has rated it'


def _day(cell: str) -> str:
    if not _DAY.fullmatch(cell):
        raise ValueError(cell)
    return cell


def _year(cell: str) -> int | None:
    return int(year[1]) if (year := _YEAR.match(cell)) else None


def _ids(cell: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(_whole, cell.split("|"))))


def _undone(cell: str) -> str:
    """A text with its HTML entities as letters."""
    # With its semicolon alone: 'html.unescape' would also make a '®' of 'Black&regular'.
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), cell) if "&" in cell else cell


def kept(name: str) -> str:
    """A name as our layout writes it, so that reading undoes no more than this."""
    return _ENTITY.sub(lambda entity: f"&amp;{entity[0][1:]}", name) if "&" in name else name


def _plain(cell: str) -> str:
    """A text of a public set: its HTML entities as letters, its white space as single spaces."""
    return intern(" ".join(_undone(cell).split()))


@lru_cache
def _source(cell: str) -> str:
    """One spelling of 'visual_novel' and 'Visual novel'."""
    return intern(_plain(cell.replace("_", " ")).capitalize())


def _list(separator: str, clean: Callable[[str], str] = str, around: str | None = None) -> Read:
    def read(cell: str) -> tuple[str, ...]:
        names = (clean(name).strip(around) for name in cell.split(separator))
        return tuple(dict.fromkeys(intern(name) for name in names if name.casefold() not in UNKNOWN))

    return read


def _cover(cell: str) -> str:
    url = _GONE_HOST.sub(_HOST, cell.strip())
    if len(url) > _MAX_URL or not _URL.fullmatch(url):
        raise ValueError(url)
    return url


def _relations(cell: str) -> dict[str, tuple[int, ...]]:
    """Related anime, from a Python literal of lists by relation; manga and novels are passed over."""
    if len(cell) > _MAX_RELATED:
        raise ValueError("too long for a list of relations")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Python warns of literals that it did not write
        literal = ast.literal_eval(cell.strip()) or {}
    anime = {
        relation: tuple(dict.fromkeys(entry["mal_id"] for entry in entries if entry["type"] == "anime"))
        for relation, entries in literal.items()
    }
    if any(type(one) is not int or not 0 < one <= _MAX_ID for ids in anime.values() for one in ids):
        raise ValueError("not ids")
    # Two relations join what does not belong together: a guest, an advertisement.
    kin = tuple(one for relation in anime.keys() - {"Character", "Other"} for one in anime[relation])
    return {"prequels": anime.get("Prequel", ()), "sequels": anime.get("Sequel", ()), "kin": kin}


# Many anime have the same genres. Merged lists left stray quotes around some names.
_our_names = lru_cache(2**13)(_list("|", around=' "'))
_their_names = lru_cache(2**13)(_list(",", _plain, ' "'))

PASSED_OVER: dict[Read, str] = {
    _cover: "a cover that is no web address",
    _relations: "relations that cannot be read",
}
"""Facts that a row can do without, where they cannot be read."""

TABLE: tuple[tuple[str, Read, Read, str, str, str, str], ...] = (
    # fact, as we write it, as they do; its column in ours, in those of azathoth42, CooperUnion, hernan4444
    ("anime_id", _whole, _whole, "anime_id", "anime_id", "anime_id", "MAL_ID"),
    ("title", str, _plain, "title", "title", "name", "Name"),
    ("english", intern, _plain, "english", "title_english", "", "English name"),
    ("type", intern, intern, "type", "type", "type", "Type"),
    ("episodes", _whole, _count, "episodes", "episodes", "episodes", "Episodes"),
    ("year", _whole, _year, "year", "aired_from_year", "", "Aired"),
    ("year", _whole, _year, "", "aired", "", "Premiered"),
    ("year", _whole, _year, "", "aired_string", "", ""),
    ("members", _whole, _whole, "members", "members", "members", "Members"),
    ("genres", _our_names, _their_names, "genres", "genre", "genre", "Genres"),
    ("franchise", _whole, _whole, "franchise", "", "", ""),
    ("score", _score, _score, "score", "score", "rating", "Score"),
    ("source", _source, _source, "source", "source", "", "Source"),
    ("studios", _our_names, _their_names, "studios", "studio", "", "Studios"),
    ("synonyms", _list("|", _undone), _list("|", _undone), "japanese", "", "", ""),
    (
        "synonyms",
        _list("|", _undone),
        lambda cell: (_plain(cell),),
        "synonyms",
        "title_japanese",
        "",
        "Japanese name",
    ),
    ("synonyms", _list("|"), _list(", ", _plain), "", "title_synonyms", "", ""),
    ("image_url", _cover, _cover, "image_url", "image_url", "", ""),
    ("minutes", _count, _count, "minutes", "", "", ""),
    ("aired", _day, _day, "aired", "", "", ""),
    ("aired", _day, _day, "aired_from", "", "", ""),
    ("anilist_id", _count, _count, "anilist_id", "", "", ""),
    ("age", intern, _plain, "age", "rating", "", "Rating"),
    ("prequels", _ids, _ids, "prequels", "", "", ""),
    ("sequels", _ids, _ids, "sequels", "", "", ""),
    ("parents", _ids, _ids, "parents", "", "", ""),
    ("side_stories", _ids, _ids, "side_stories", "", "", ""),
    ("alternatives", _ids, _ids, "alternatives", "", "", ""),
    ("summaries", _ids, _ids, "summaries", "", "", ""),
    ("relations", _relations, _relations, "", "related", "", ""),
)
"""More columns of a fact: the first known counts, but names add up."""
