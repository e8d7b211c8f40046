"""Runs fresh processes: measures a command from start to end, or reads a benchmark's rows."""

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
    """Time, memory and output of a process."""

    seconds: float
    """Wall time in seconds, including the interpreter's start and end."""
    peak_bytes: int
    """Peak of resident memory."""
    output: str
    """The process's standard output."""


def run(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run Python with these arguments in a separate process; needs Linux.

    The peak is the kernel's count, read every 20 ms. The peak that a parent gets at the end cannot be used: a
    child's peak starts with its parent's size.

    Args:
        arguments: the interpreter's arguments, such as ``-m hakken train …``.
        environment: additional environment variables.

    Raises:
        CalledProcessError: the exit status is not 0; the reason is on standard error.
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
    """Run a benchmark in a separate process and return its rows.

    Args:
        module: the benchmark, such as ``benchmarks.serving``; it must accept ``--json``.
        arguments: further arguments.
        environment: additional environment variables.

    Raises:
        CalledProcessError: as `run`.
    """
    tell(" ".join(("python -m", module, *map(str, arguments))))
    return read_rows(run(["-m", module, *map(str, arguments), "--json"], environment).output)


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = _PEAK.search(status)
    return 1024 * int(found[1]) if found else 0  # a process that has just ended has no memory
