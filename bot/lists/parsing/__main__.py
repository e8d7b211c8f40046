"""``python -m parsing``: a list file on standard input, what it says as JSON on standard output.

Its own limits come before the file: what a file that is worse than foreseen can take is bounded.
"""

from __future__ import annotations

import json
import os
import sys

from .parse import parse
from .rows import Parsed, UnreadableError
from .unpacking import MAX_FILE_BYTES

_MAX_MEMORY_BYTES = 192 * 2**20
_MAX_CPU_SECONDS = 10
_NICE = 5
"""Whoever talks with the bot goes first."""
_TOO_MUCH = "This file takes more memory than any list: send the export as your list's site gave it."


def main() -> None:
    """Answer with what `parse` finds, or with its sentence for the member."""
    _limit()
    try:
        answer = _answer(parse(sys.stdin.buffer.read(MAX_FILE_BYTES + 1)))
    except UnreadableError as error:
        answer = json.dumps({"error": str(error)})
    except MemoryError:
        answer = json.dumps({"error": _TOO_MUCH})
    sys.stdout.write(answer)


def _limit() -> None:
    # Elsewhere the memory of a process cannot be limited, and the bot's time limit is all there is.
    if sys.platform == "linux":
        import resource

        os.nice(_NICE)
        for kind, limit in (
            (resource.RLIMIT_AS, _MAX_MEMORY_BYTES),
            (resource.RLIMIT_CPU, _MAX_CPU_SECONDS),
        ):
            _, most = resource.getrlimit(kind)
            lower = limit if most == resource.RLIM_INFINITY else min(limit, most)
            resource.setrlimit(kind, (lower, lower))


def _answer(parsed: Parsed) -> str:
    rows = [
        (
            row.anime_id,
            row.title,
            row.score,
            row.status,
            *(day and str(day) for day in (row.started, row.finished)),
        )
        for row in parsed.rows
    ]
    return json.dumps(
        {"kind": parsed.kind, "rows": rows, "passed_over": parsed.passed_over, "notes": list(parsed.notes)}
    )


main()
