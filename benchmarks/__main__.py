"""``make bench``: measure this project and its peers in one run, and print one table.

    .venv/bin/python -m benchmarks [--ratings 5000000] [--plot GROWTH.png] [--markdown]

Each benchmark runs in a separate process and reports its progress on standard error. ``--ratings`` sets one
or several other sizes; the full set is 45000000 (some 15 minutes, 6 GB of memory, 3 GB of disk).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.commands import N_ANIME
from benchmarks.machine import description
from benchmarks.process import rows_of
from benchmarks.serving import in_a_fresh_process as serving
from benchmarks.table import add_forms, show

QUICK_READING = ("--ratings", "1000000", "--rounds", "3")
QUICK_SEARCH = ("--titles", "80", "--keystrokes", "150")
"""Fewer than by default, so that the whole run ends within five minutes."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run every benchmark, then print the machine and the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--ratings", type=int, nargs="+", default=[5_000_000], help="one size or several")
    parser.add_argument("--anime", type=int, default=N_ANIME)
    parser.add_argument("--plot", type=Path, help="draw training's time and memory over size into this PNG")
    add_forms(parser)
    options = parser.parse_args(argv)
    machine = description()
    with tempfile.TemporaryDirectory() as directory:
        model = Path(directory) / "model"
        plot = ("--plot", options.plot.resolve()) if options.plot else ()
        rows = [
            *rows_of("benchmarks.reading", *QUICK_READING),
            *rows_of(
                "benchmarks.training",
                "--ratings",
                *options.ratings,
                "--anime",
                options.anime,
                "--keep",
                model,
                *plot,
            ),
            *rows_of("benchmarks.against_surprise"),
            *rows_of("benchmarks.blocks"),
            *serving(model),
            *rows_of("benchmarks.title_search", *QUICK_SEARCH),
            *rows_of("benchmarks.answers"),
        ]
    if options.form != "json":
        print(machine)
    show(rows, options.form)


if __name__ == "__main__":
    main()
