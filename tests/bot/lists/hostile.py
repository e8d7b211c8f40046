"""Files that want to hurt, by name."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable

_ENTRY = (
    "<anime><series_animedb_id>{id}</series_animedb_id><series_title><![CDATA[{title}]]></series_title>"
    "<my_score>{score}</my_score><my_status>Completed</my_status></anime>"
)


def listed(*entries: str) -> bytes:
    return f"<myanimelist>{''.join(entries)}</myanimelist>".encode()


def entry(anime_id: object = 1, title: str = "x", score: object = 9) -> str:
    return _ENTRY.format(id=anime_id, title=title, score=score)


def bomb(size: int, head: bytes = b"", part: bytes = b" ") -> bytes:
    """A gzip file that unpacks to so many bytes of one part after its head, made without holding them.

    A block that was flushed whole stands for itself, so one is made and repeated. The checksum at the end
    is missing: nobody should come so far.
    """
    zipped = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    start = zipped.compress(head) + zipped.flush(zlib.Z_FULL_FLUSH)
    unpacked = part * (2**20 // len(part))
    block = zipped.compress(unpacked) + zipped.flush(zlib.Z_FULL_FLUSH)
    return start + block * (size // len(unpacked))


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("animelist.xml", listed(entry()))
    return file.getvalue()


def _laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f"<!DOCTYPE myanimelist [{entities}]><myanimelist>{entry(title=']]>&a11;<![CDATA[')}</myanimelist>".encode()


def _blow_up() -> bytes:
    entity = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>'
    return (
        entity + f"<myanimelist><anime><series_title>{'&a;' * 100_000}</series_title></anime></myanimelist>"
    ).encode()


def _external(address: str) -> bytes:
    return (
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "{address}">]><myanimelist><anime><series_animedb_id>1'
        "</series_animedb_id><series_title>&a;</series_title><my_score>9</my_score></anime></myanimelist>"
    ).encode()


def _unique_names() -> bytes:
    return b"<myanimelist>" + b"".join(b"<a%d/>" % at for at in range(1_200_000)) + b"</myanimelist>"


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities that multiply": (_laughs, "not an anime list"),
    "one long entity many times": (_blow_up, "not an anime list"),
    "an external entity": (lambda: _external("file:///etc/passwd"), "not an anime list"),
    "an external document type": (
        lambda: b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + listed(entry()),
        "not an anime list",
    ),
    "a parameter entity": (
        lambda: b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>' + listed(entry()),
        "not an anime list",
    ),
    "a gzip bomb of 10 GB": (lambda: bomb(10 * 2**30, b"<myanimelist>"), "unpacks to more than 64 MiB"),
    "a gzip bomb of blanks": (lambda: bomb(2**30), "file is empty"),
    "a gzip bomb of one comment": (lambda: bomb(2**30, b"<myanimelist><!--"), "not an anime list"),
    "a gzip bomb in a gzip": (lambda: gzip.compress(bomb(2**30)), "packed twice"),
    "25 MB": (lambda: b"<myanimelist>" + b" " * 25_000_000, "larger than 16 MiB"),
    "25 MB of a table": (lambda: b"title,score\n" + b"Trigun,9\n" * 2_700_000, "larger than 16 MiB"),
    "a long table": (lambda: b"title,score\n" + b"Trigun,9\n" * 900_000, "more than 50,000 entries"),
    "truncated within a tag": (lambda: b"<myanimelist><anime><series_ani", "cut short"),
    "a gzip with a wrong checksum": (
        lambda: gzip.compress(listed(entry()))[:-8] + b"\0" * 8,
        "damaged or was cut short",
    ),
    "many gzips in one": (lambda: gzip.compress(b"") * 400_000, "more in the file than one packed list"),
    "a manga list": (
        lambda: b"<myanimelist><myinfo/><manga><manga_mangadb_id>2</manga_mangadb_id></manga></myanimelist>",
        "manga list",
    ),
    "HTML": (lambda: b"\n<!doctype HTML><html><body>Log in</body></html>", "web page"),
    "XHTML": (lambda: b'<?xml version="1.0"?><html xmlns="x"></html>', "not an anime list"),
    "a feed": (lambda: b"<rss version='2'><channel/></rss>", "not an anime list"),
    "an id of 2^63": (lambda: listed(entry(2**63, "")), "an id that no anime has"),
    "an id of a million digits": (lambda: listed(entry("9" * 1_000_000, "")), "an id that no anime has"),
    "100,000 entries": (
        lambda: gzip.compress(listed(*(entry(at, f"Title {at}") for at in range(1, 100_001))), 1),
        "more than 50,000 entries",
    ),
    "100,000 broken entries": (
        lambda: gzip.compress(listed(*(entry(at, score=11) for at in range(1, 100_001))), 1),
        "more than 50,000 entries",
    ),
    "a zip": (_zip, "zip archive"),
    "deep nesting": (lambda: b"<myanimelist>" * 1_000_000, "not an anime list"),
    "deep nesting in a list": (lambda: b"<myanimelist>" + b"<anime>" * 1_000_000, "not an anime list"),
    "deep nesting in JSON": (lambda: b'{"hakken":1,"held":' + b"[" * 200_000, "damaged or was cut short"),
    "an enormous attribute": (
        lambda: b'<myanimelist a="' + b"x" * 15_000_000 + b'"></myanimelist>',
        "not an anime list",
    ),
    "many attributes": (
        lambda: listed("<a " + " ".join(f'a{at}=""' for at in range(20_000)) + "/>"),
        "not an anime list",
    ),
    "an enormous text": (lambda: listed("x" * 15_000_000), "the list is empty"),
    "an enormous comment": (lambda: listed(f"<!--{'x' * 15_000_000}-->"), "not an anime list"),
    "an enormous instruction": (lambda: listed(f"<?x {'x' * 15_000_000}?>"), "not an anime list"),
    "an enormous title": (lambda: listed(entry(title="x" * 15_000_000)), "a title longer than any"),
    "an enormous tag": (lambda: b"<myanimelist><" + b"x" * 15_000_000, "not an anime list"),
    "many elements": (lambda: bomb(60 * 2**20, b"<myanimelist>", b"<b/>"), "not an anime list"),
    "many names of elements": (_unique_names, "not an anime list"),
    "NUL bytes": (lambda: b"\0" * 1_000_000, "I can't read this"),
    "nothing": (lambda: b"", "file is empty"),
    "blanks": (lambda: b" \n\t" * 1000, "file is empty"),
    "an empty gzip": (lambda: gzip.compress(b""), "file is empty"),
    "an empty list": (lambda: listed(), "list is empty"),
    "a picture": (
        lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
        "save it as UTF-8|I can't read this",
    ),
    "prose": (lambda: b"my favourite anime is Trigun", "I can't read this"),
    "a table without rows": (lambda: b"title,score\n", "the list is empty"),
    "a cell without end": (lambda: b'title,score\n"' + b"x\n" * 190_000, "more than 50,000 entries"),
    "empty lines": (lambda: b"title,score\n" + b"\n" * 8_000_000, "I can't read this"),
    "a long line": (lambda: b"title,score\n" + b"," * 8_000_000, "I can't read this"),
    "many cells in one row": (
        lambda: b"title,score\n" + b'"a\n",' * 1_600_000,
        "I can't read this",
    ),
    "another JSON": (lambda: b'{"data": [1, 2]}', "no anime list that I know"),
    "JSON of another version": (lambda: b'{"hakken": 2, "held": {}}', "no anime list that I know"),
    "JSON with rows that are none": (
        lambda: b'{"hakken":1,"held":{"ratings":[1]}}',
        "no anime list that I know",
    ),
    "JSON with broken scores": (
        lambda: json.dumps({"hakken": 1, "held": {"ratings": [{"anime_id": 1, "score": [9]}]}}).encode(),
        "neither a score nor a status",
    ),
    "JSON of nothing but lists": (lambda: b"[" + b"[]," * 5_000_000, "too long to be read"),
    "JSON of nothing but numbers": (lambda: b"[" + b"1.5," * 4_000_000, "too long to be read"),
    "JSON of one long number": (lambda: b'{"hakken":' + b"9" * 1_000_000 + b"}", "damaged or was cut short"),
    "JSON in another encoding": (lambda: b'{"hakken": "\xff"}', "no anime list that I know"),
    "a JSON bomb": (lambda: bomb(2**30, b"{"), "more than 16 MiB of text|unpacks to more"),
}
"""How each is made, and what its sentence says."""

MENDED: dict[str, tuple[Callable[[], bytes], str]] = {
    "an undefined entity": (lambda: listed(entry(title="]]>&nobody;<![CDATA[")), "entry by entry"),
    "many undefined entities": (
        lambda: listed(*(entry(at, f"]]>{'&nobody;' * 30}<![CDATA[") for at in range(1, 10_001))),
        "entry by entry",
    ),
    "bare ampersands": (lambda: listed(*[entry(title="]]>a & b<![CDATA[")] * 20_000), "stands for itself"),
    "wrong encoding": (lambda: listed(entry(title="\xe9")).decode().encode("latin-1"), "entry by entry"),
    "an encoding of several bytes": (
        lambda: b'<?xml version="1.0" encoding="shift_jis"?>' + listed(entry()),
        "entry by entry",
    ),
    "an encoding that is none": (
        lambda: b'<?xml version="1.0" encoding="hex"?>' + listed(entry()),
        "entry by entry",
    ),
    "truncated": (lambda: listed(entry(), entry(2))[:-60], "missing"),
    "a truncated gzip": (lambda: gzip.compress(listed(entry(), entry(2)))[:-12], "missing"),
    "a damaged beginning": (lambda: b"<myanimelist>\0" + listed(*map(entry, range(1, 20_001))), "control"),
    "a section without end": (
        lambda: listed(entry(), "<anime><series_title><![CDATA[" + "x" * 15_000_000),
        "missing",
    ),
    "entries without end": (lambda: listed(entry(), "&" + "<anime>" * 40_000), "missing|entry by entry"),
    "sections without end": (lambda: listed(entry(), "&", "<anime>" + "<![CDATA[" * 1_000_000), "missing"),
    "comments without end": (
        lambda: listed(entry(), "&", ("<anime>" + "<!--" * 50_000 + "</anime>") * 40),
        "entry",
    ),
    "NUL bytes in XML": (lambda: listed(entry(title="\0")), "control"),
    "NUL bytes in a table": (lambda: b"title,score\nTri\0gun,9\n", "control"),
    "JSON without its end": (
        lambda: b"[" + b'{"title":"Trigun","score":9},' * 15_000 + b'{"title":"Tri',
        "missing",
    ),
}
"""Damaged files that are read all the same: how each is made, and what the member is told."""
