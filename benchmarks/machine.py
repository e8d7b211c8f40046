"""Describes the machine that the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import textwrap
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

WIDTH = 110
LIBRARIES = (
    "numpy",
    "scipy",
    "numba",
    "pyarrow",
    "rapidfuzz",
    "implicit",
    "scikit-surprise",
    "pandas",
    "polars",
    "duckdb",
)


def description() -> str:
    """Return processor, memory, load, Python and library versions; needs Linux."""
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB; "
        f"load before the run {busy} (1, 5, 15 min)\n"
        + textwrap.fill(f"Python {platform.python_version()}; {libraries}", WIDTH)
    )


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "missing"
