"""``python -m parsing``: reads a list file from standard input, writes its entries as JSON.

The process limits itself before it reads the file, so even an unexpectedly bad file uses bounded resources.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import astuple

from .parse import parse
from .rows import Parsed, UnreadableError
from .unpacking import MAX_FILE_BYTES

_MAX_MEMORY_BYTES = 192 * 2**20
_MAX_CPU_SECONDS = 10
_NICE = 5
"""Lower priority than the bot itself, so that members who chat with it do not wait."""
_TOO_MUCH = "This file takes more memory than any list: send the export as your list's site gave it."


def main() -> None:
    """Write the result of `parse`, or its error sentence for the member."""
    _limit()
    try:
        answer = _answer(parse(sys.stdin.buffer.read(MAX_FILE_BYTES + 1)))
    except UnreadableError as error:
        answer = json.dumps({"error": str(error)})
    except MemoryError:
        answer = json.dumps({"error": _TOO_MUCH})
    sys.stdout.write(answer)


def _limit() -> None:
    # On other systems a process's memory cannot be limited this way; only the bot's time limit applies.
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
    return json.dumps(
        {
            "kind": parsed.kind,
            "rows": [astuple(row) for row in parsed.rows],
            "passed_over": parsed.passed_over,
            "unknown_statuses": parsed.unknown_statuses,
            "unknown_scores": parsed.unknown_scores,
            "notes": list(parsed.notes),
            "tops": parsed.tops,
            "titles_alone": parsed.titles_alone,
        },
        default=str,
    )


main()
