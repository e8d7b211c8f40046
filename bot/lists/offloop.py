"""List files read in a process of their own: a hostile one ends there, and nobody else waits for it."""

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

# Neither site packages nor the bot: it starts in no time.
_COMMAND = (sys.executable, "-E", "-s", "-S", "-m", "parsing")
_FOLDER = Path(__file__).parent
_SECONDS = 10.0
_MAX_ANSWER_BYTES = 64 * 2**20
_TOO_LARGE = (
    f"The file is larger than {MAX_FILE_BYTES >> 20} MiB: no list is so long; send the export itself."
)
_TOO_SLOW = "This file takes longer to read than any list: send the export as your list's site gave it."
_FAILED = "I could not read this file: send the export as your list's site gave it."


async def read_in_process(content: bytes, titles: Titles, *, seconds: float = _SECONDS) -> ReadList:
    """Read a list as `read_list_file` does, in a process with little memory, time and priority.

    Args:
        content: the file, at most `MAX_FILE_BYTES`.
        titles: where the titles of a table are looked up, in a thread.
        seconds: until the process is ended.

    Raises:
        ListError: it is no list, nothing on it can be used, or it took too much memory or time.
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
    """As many files as may be are being read, for longer than one may wait."""
    return ListError("I am busy reading other lists. Please send `/import` with the file again in a minute.")


def _environment() -> dict[str, str]:
    """What Python needs to start; the bot's token stays here."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}


async def _conversation(process: Process, content: bytes) -> bytes:
    """Hand the file over and hear the answer out; a process that failed has none."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    # A process that ended early takes nothing more; its exit tells why.
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
        log.error("reading a list ended with status %d", status)
        raise ListError(_FAILED)
    return answer


def _parsed(answer: bytes) -> Parsed:
    """What the process found.

    Raises:
        ListError: it found nothing, with its sentence.
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
