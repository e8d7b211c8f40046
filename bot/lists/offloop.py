"""Reads list files in a separate process: a hostile file can only stop that process and delays nobody."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.lists.errors import ListError
from hakken import lists
from hakken.lists import MAX_FILE_BYTES, ReadList, UnreadableError
from hakken.lists.agreement import Titles
from hakken.lists.parsing.rows import Parsed, Row
from hakken.lists.parsing.statuses import Status
from hakken.lists.titles import NOT_ON_MYANIMELIST, resolve

LookUp = Callable[[Sequence[int]], Awaitable[Mapping[int, int]]]

log = logging.getLogger(__name__)

# Without site packages and without the bot, so it starts quickly.
_COMMAND = (sys.executable, "-E", "-s", "-S", "-m", "parsing")
_FOLDER = Path(lists.__file__).parent
_SECONDS = 10.0
_MAX_ANSWER_BYTES = 64 * 2**20
_TOO_LARGE = f"This file is larger than {MAX_FILE_BYTES >> 20} MiB. Send only the export itself."
_TOO_SLOW = "This file takes too long to read. Send your site's export unchanged."
_FAILED = "I couldn't read this file. Send your site's export unchanged."


async def parse_in_process(content: bytes, *, seconds: float = _SECONDS) -> Parsed:
    """Parse a list file in a process with limited memory, time and priority.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        seconds: time after which the process is killed.

    Raises:
        ListError: the file is no list, has nothing usable, or took too much memory or time.
    """
    if len(content) > MAX_FILE_BYTES:
        raise ListError(_TOO_LARGE)
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, cwd=_FOLDER, env=_environment(), stdin=PIPE, stdout=PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            answer = await _conversation(process, content)
    except TimeoutError as error:
        raise ListError(_TOO_SLOW) from error
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return await asyncio.to_thread(_parsed, answer)


async def resolve_parsed(
    parsed: Parsed, titles: Titles, known: Mapping[int, int], look_up: LookUp
) -> ReadList:
    """Find the anime of a parsed list's rows, in a thread.

    Args:
        parsed: the list.
        titles: looks up titles.
        known: ids on MyAnimeList by ids on AniList.
        look_up: finds more of them; asked only for rows that have nothing else.

    Raises:
        ListError: nothing of the list is an anime, or the ids could not be looked up.
    """
    wanted = [row.anilist_id for row in parsed.rows if row.anilist_id and not (row.mal_id or row.title)]
    asked = [one for one in wanted if one not in known]
    by_anilist_id = {**known, **await look_up(asked)} if asked else known
    try:
        return await asyncio.to_thread(resolve, parsed, titles, by_anilist_id, NOT_ON_MYANIMELIST)
    except UnreadableError as error:
        raise ListError(str(error)) from error


def crowded() -> ListError:
    """Return the error for 'all slots for reading files stayed busy'."""
    return ListError("I'm busy reading other lists. Run `/import` again in a minute.")


def _environment() -> dict[str, str]:
    """Return only the environment variables that Python needs; the bot's token is not passed on."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}


async def _conversation(process: Process, content: bytes) -> bytes:
    """Send the file to the process and return its whole answer; raise if the process failed."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    # A process that ended early reads no more; its exit status says why.
    with suppress(ConnectionError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()
    try:
        await process.stdout.readexactly(_MAX_ANSWER_BYTES)
    except asyncio.IncompleteReadError as ended:
        answer = ended.partial
    else:
        raise ListError(_FAILED)
    status = await process.wait()
    if status != 0:
        log.error("the process that reads a list exited with status %d", status)
        raise ListError(_FAILED)
    return answer


def _parsed(answer: bytes) -> Parsed:
    """Decode the process's answer.

    Raises:
        ListError: the process could not read the list; carries its sentence.
    """
    found = json.loads(answer)
    if "error" in found:
        raise ListError(found["error"])
    return Parsed(
        kind=found["kind"],
        rows=[_row(*row) for row in found["rows"]],
        passed_over=Counter(found["passed_over"]),
        unknown_statuses=Counter(found["unknown_statuses"]),
        unknown_scores=Counter(found["unknown_scores"]),
        notes=dict.fromkeys(found["notes"]),
        tops=tuple(found["tops"]),
        titles_alone=found["titles_alone"],
    )


def _row(
    mal_id: int | None,
    title: str | None,
    status: Status | None,
    score: int | None,
    given: str | None,
    started: str | None,
    finished: str | None,
    *ids: int | None,
) -> Row:
    first, last = (date.fromisoformat(day) if day else None for day in (started, finished))
    return Row(mal_id, title, status, score, None if given is None else Decimal(given), first, last, *ids)
