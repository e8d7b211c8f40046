"""Reads list files in a separate process: a hostile file can only stop that process and delays nobody."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

from bot.lists.entries import ReadList
from bot.lists.errors import ListError
from bot.lists.parsing.rows import Parsed, Row, Status
from bot.lists.parsing.unpacking import MAX_FILE_BYTES
from bot.lists.titles import Titles, resolve

log = logging.getLogger(__name__)

# Without site packages and without the bot, so it starts quickly.
_COMMAND = (sys.executable, "-E", "-s", "-S", "-m", "parsing")
_FOLDER = Path(__file__).parent
_SECONDS = 10.0
_MAX_ANSWER_BYTES = 64 * 2**20
_TOO_LARGE = f"The file is larger than {MAX_FILE_BYTES >> 20} MiB; no list is that long. Send the export."
_TOO_SLOW = "This file takes longer to read than any list: send the export as your list's site gave it."
_FAILED = "I could not read this file: send the export as your list's site gave it."


async def read_in_process(content: bytes, titles: Titles, *, seconds: float = _SECONDS) -> ReadList:
    """Read a list like `read_list_file`, in a process with limited memory, time and priority.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        titles: looks up the titles of a table, in a thread.
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
    return await asyncio.to_thread(lambda: resolve(_parsed(answer), titles))


def crowded() -> ListError:
    """Return the error for 'all slots for reading files stayed busy'."""
    return ListError("I am busy reading other lists. Please send `/import` with the file again in a minute.")


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
    rows = [_row(*row) for row in found["rows"]]
    return Parsed(found["kind"], rows, Counter(found["passed_over"]), dict.fromkeys(found["notes"]))


def _row(
    anime_id: int | None,
    title: str | None,
    score: int | None,
    status: Status | None,
    started: str | None,
    finished: str | None,
) -> Row:
    days = (date.fromisoformat(day) if day else None for day in (started, finished))
    return Row(anime_id, title, score, status, *days)
