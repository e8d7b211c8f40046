"""Fresh processes: what a command takes, from its start to its end, and what a benchmark in one finds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Row, read_rows, tell

ROOT = Path(__file__).resolve().parent.parent
_EVERY_SECONDS = 0.02
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took."""

    seconds: float
    """Wall time, the interpreter's start and end included."""
    peak_bytes: int
    """The most memory that was resident at once."""
    output: str
    """What it wrote to standard output."""


def run(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run Python with these arguments in a process of its own; needs Linux.

    The peak is the kernel's own count, looked at every 20 ms. The one that a parent is told at the end would
    not do: a child's begins with its parent's size.

    Args:
        arguments: of the interpreter, such as ``-m hakken train …``.
        environment: variables to set besides those of this process.

    Raises:
        CalledProcessError: it ended with another status than 0; it has said why on standard error.
    """
    command = [sys.executable, *arguments]
    variables = {**os.environ, **(environment or {})}
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, env=variables)  # noqa: S603
        peak = 0
        try:
            while process.poll() is None:
                peak = max(peak, _peak(process.pid))
                time.sleep(_EVERY_SECONDS)
        finally:
            process.kill()  # where this process is interrupted
            process.wait()
        seconds = time.perf_counter() - started
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        output.seek(0)
        return Run(seconds, peak, output.read())


def rows_of(module: str, *arguments: object, environment: Mapping[str, str] | None = None) -> list[Row]:
    """The rows that a benchmark finds in a process of its own.

    Args:
        module: its name, such as ``benchmarks.serving``; it understands ``--json``.
        arguments: what else it is told.
        environment: variables to set besides those of this process.

    Raises:
        CalledProcessError: as `run`.
    """
    tell(" ".join(("python -m", module, *map(str, arguments))))
    return read_rows(run(["-m", module, *map(str, arguments), "--json"], environment).output)


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = _PEAK.search(status)
    return 1024 * int(found[1]) if found else 0  # one that has just ended has no memory
