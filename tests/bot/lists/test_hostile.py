"""Hostile files: each ends soon, small and with a clear sentence, and others notice nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.lists import ListEntry, ListError, offloop, parse_in_process, resolve_parsed, write_myanimelist_xml
from hakken import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.lists import ReadList, UnreadableError, read_list_file
from tests.bot.lists import hostile
from tests.bot.lists.hostile import FILES, MENDED

SECONDS, MEGABYTES = 2.0, 200


async def read_in_process(content: bytes, titles: TitleSearch, **limits: float) -> ReadList:
    """As the bot reads files, without a site to ask."""

    async def nobody(_anilist_ids: Sequence[int]) -> dict[int, int]:
        return {}

    return await resolve_parsed(await parse_in_process(content, **limits), titles, {}, nobody)


TRIES = 4


_METER = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump([done.returncode, done.stdout.decode(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024], sys.stdout)
"""
"""A small process between: what a process held before it became another counts as its own."""


def bill(content: bytes, seconds: float = SECONDS) -> tuple[dict[str, object], float, float]:
    """What the reading process answers, its CPU seconds and its greatest memory in MB.

    Other work on the machine makes every CPU second do less: of a few tries, the least counts.
    """
    answer, used, megabytes = _bill(content)
    for _ in range(TRIES):
        if used >= seconds:
            used = min(used, _bill(content)[1])
    return answer, used, megabytes


def _bill(content: bytes) -> tuple[dict[str, object], float, float]:
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-S", "-c", _METER, *offloop._COMMAND],
        cwd=offloop._FOLDER,
        env={},
        input=content,
        capture_output=True,
        check=True,
    )
    status, answer, seconds, megabytes = json.loads(done.stdout)
    assert status == 0
    return json.loads(answer), seconds, megabytes


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_ends_soon_and_small_with_a_clear_sentence(name: str, titles: TitleSearch) -> None:
    make, said = FILES[name]
    content = make()

    answer, seconds, megabytes = bill(content)

    assert list(answer) == ["error"]
    assert re.search(said, str(answer["error"]), re.IGNORECASE)
    assert len(str(answer["error"])) < 250
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    with pytest.raises(UnreadableError) as here:
        read_list_file(content, titles)
    assert str(here.value) == answer["error"]


@pytest.mark.parametrize(
    "name",
    ["entities that multiply", "a gzip bomb of 10 GB", "25 MB", "a manga list", "nothing", "NUL bytes"],
)
async def test_the_bot_survives_a_hostile_file_and_tells_the_member(name: str, titles: TitleSearch) -> None:
    make, said = FILES[name]
    with pytest.raises(ListError, match=f"(?i){said}"):
        await read_in_process(make(), titles)


@pytest.mark.parametrize("name", MENDED)
def test_a_damaged_file_is_read_soon_and_small_and_the_damage_is_said(name: str) -> None:
    make, said = MENDED[name]
    content = make()

    answer, seconds, megabytes = bill(content)

    assert answer["rows"]
    assert re.search(said, str(answer["notes"]))
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


def test_the_longest_list_that_is_taken_is_cheap_too(catalogue: Catalogue) -> None:
    entries = [ListEntry(at, 9, "completed", None, None, f"Title {at}") for at in range(1, 50_001)]
    content = write_myanimelist_xml(entries, catalogue, "ann")
    with pytest.raises(UnreadableError, match="larger than 16 MiB"):
        read_list_file(content, TitleSearch(catalogue))

    answer, seconds, megabytes = bill(gzip.compress(content, 1), 5.0)

    assert len(answer["rows"]) == 50_000  # type: ignore[arg-type]
    assert seconds < 5.0
    assert megabytes < MEGABYTES


async def test_a_process_reads_what_the_bot_itself_would(
    export: bytes, malappinfo: bytes, titles: TitleSearch
) -> None:
    for content in (
        export,
        malappinfo,
        b"title,score\nTrigun,8.5\nTrygun,7\nNaruto,11\n",
        *(make() for make, _ in (MENDED["truncated"], MENDED["wrong encoding"])),
    ):
        assert await read_in_process(content, titles) == read_list_file(content, titles)


async def test_a_process_that_takes_too_long_is_ended(titles: TitleSearch, export: bytes) -> None:
    before = children()
    with pytest.raises(ListError, match="takes too long to read"):
        await read_in_process(export, titles, seconds=0.001)
    assert children() == before


async def test_a_process_is_ended_with_the_one_who_waits_for_it(titles: TitleSearch) -> None:
    before = children()
    reading = asyncio.create_task(read_in_process(FILES["100,000 entries"][0](), titles))
    while children() == before:  # noqa: ASYNC110 - a process is no event
        await asyncio.sleep(0.001)

    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert children() == before


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


async def test_others_are_served_while_a_list_is_read(titles: TitleSearch) -> None:
    reading = asyncio.create_task(_refused(FILES["100,000 entries"][0](), titles))
    served = 0
    while not reading.done():
        await asyncio.sleep(0.001)
        served += 1
    await reading
    # A read in the bot itself would let others in before and after it only.
    assert served >= 10


async def _refused(content: bytes, titles: TitleSearch) -> None:
    with pytest.raises(ListError):
        await read_in_process(content, titles)


def test_the_process_has_its_limits_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    process = subprocess.Popen(
        offloop._COMMAND,
        cwd=offloop._FOLDER,
        env=offloop._environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        limits = limits_of(process.pid)
        environment = Path(f"/proc/{process.pid}/environ").read_text()
    finally:
        process.communicate(b"")

    assert limits["Max address space"] == str(192 * 2**20)
    assert limits["Max cpu time"] == "10"
    assert "secret" not in environment


@pytest.mark.parametrize("name", ["XML", "JSON", "table"])
def test_a_file_that_takes_more_memory_than_there_is_ends_with_a_sentence(name: str) -> None:
    contents = {
        "XML": gzip.compress(hostile.listed(*map(hostile.entry, range(1, 50_001)))),
        "JSON": b'{"hakken":1,"held":[' + b"1.5," * 1_400_000 + b"1]}",
        "table": b"title,score\n" + "ガ,9\n".encode() * 40_000,
    }
    scarce = 24 * 2**20

    done = subprocess.run(
        offloop._COMMAND,
        cwd=offloop._FOLDER,
        env={},
        input=contents[name],
        capture_output=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (scarce, scarce)),
    )

    assert "more memory than any list" in json.loads(done.stdout)["error"]


def limits_of(process_id: int) -> dict[str, str]:
    """The soft limits, once the process has set them."""
    until = time.monotonic() + 10
    while True:
        lines = Path(f"/proc/{process_id}/limits").read_text().splitlines()[1:]
        limits = {line[:26].strip(): line[26:47].strip() for line in lines}
        if limits["Max cpu time"] != "unlimited" or time.monotonic() > until:
            return limits
        time.sleep(0.01)
