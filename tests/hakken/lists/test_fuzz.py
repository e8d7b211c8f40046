"""Whatever the bytes are: a list or a `UnreadableError`, soon."""

from __future__ import annotations

import gzip
from datetime import timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hakken import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.lists import ReadList, UnreadableError, read_list_file
from tests.hakken.lists.conftest import FIXTURES

TITLES = TitleSearch(Catalogue())
SAMPLES = [
    *(path.read_bytes() for path in sorted(FIXTURES.iterdir())),
    b'title,score,mal_id\nTrigun,8.5,\n"Cowboy, Bebop";9\n,7,20\n',
    (
        b'{"hakken":1,"held":{"ratings":[{"anime_id":1,"score":9}],"list_entries":[{"anime_id":5,'
        b'"status":"planned","started":null,"finished":"2020-02-03"}],"feedback":[]}}'
    ),
]
TOKENS = (
    *(
        b"<",
        b">",
        b"</",
        b"/>",
        b"&",
        b"&#0;",
        b"&#x10ffff;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"<!DOCTYPE a [",
    ),
    *(b'<?xml version="1.0" encoding="utf-7"?>', b"<anime>", b"</anime>", b"<manga>", b"<myanimelist>"),
    *(b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b", b"\r", b"\n\n", b'"', b";", b"\t", b","),
    *(b"11", b"-1", b"1e9", b"9" * 30, b"NaN", b"null", b"[[", b"{}", b"\xd9\xa3", b"0000-00-00"),
)
if_any = settings(
    max_examples=300,
    deadline=timedelta(seconds=2),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def read_or_refused(content: bytes) -> None:
    """What every file has to end in."""
    try:
        read = read_list_file(content, TITLES)
    except UnreadableError:
        return
    assert isinstance(read, ReadList)
    assert read.entries or read.unsure
    assert len({entry.anime_id for entry in read.entries}) == len(read.entries)
    for entry in read.entries:
        assert 1 <= entry.anime_id < 2**31
        assert entry.score is None or 1 <= entry.score <= 10
        assert entry.score or entry.status


@given(st.binary(max_size=2000))
@example(b"\xff\xfe")
@example(b"\xff\xfe<")
@example(b'<?xml version="1.0" encoding="punycode"?><\x80')
@if_any
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)
    read_or_refused(gzip.compress(content, 1))


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """A good list with a few pieces cut out, doubled, turned or put in."""
    content = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        stop = draw(st.integers(start, min(len(content), start + 400)))
        piece = draw(
            st.sampled_from([b"", content[start:stop] * 2, content[start:stop][::-1], *TOKENS])
            | st.binary(max_size=8)
        )
        content = content[:start] + piece + content[stop:]
    return content


@given(mutants())
@if_any
def test_mutants_of_good_lists_are_read_or_refused(content: bytes) -> None:
    read_or_refused(content)


@given(mutants(), st.integers(0, 200), st.integers(0, 255))
@if_any
def test_mutants_of_packed_lists_are_read_or_refused(content: bytes, at: int, byte: int) -> None:
    packed = bytearray(gzip.compress(content, 1))
    packed[at % len(packed)] = byte
    read_or_refused(bytes(packed))


@given(st.lists(st.sampled_from(TOKENS) | st.binary(max_size=5), max_size=60).map(b"".join))
@if_any
def test_tokens_in_any_order_are_read_or_refused(content: bytes) -> None:
    read_or_refused(b"<myanimelist>" + content)
    read_or_refused(b"title,score\n" + content)
    read_or_refused(b'{"hakken":1,"held":' + content)
