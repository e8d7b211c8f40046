"""Measure an artefact's size, and how long a fresh process takes to load it and to recommend from it.

    .venv/bin/python -m benchmarks.loading MODEL

The lowest figure of several processes counts: file cache and compiled code are warm.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.process import run
from benchmarks.table import Bound, Row, add_forms, show

ROUNDS = 4


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="directory of the artefact")
    add_forms(parser)
    options = parser.parse_args(argv)
    show(rows(options.model), options.form)


def rows(model: Path) -> list[Row]:
    """Return a model's size on disk, its memory and its times.

    Raises:
        CalledProcessError: the model cannot be loaded.
    """
    starts = [json.loads(run(["-m", "benchmarks.fresh_start", str(model)]).output) for _ in range(ROUNDS)]
    least = {name: min(start[name] for start in starts) for name in starts[0]}
    size = sum(file.stat().st_size for file in model.iterdir())
    ready = min(start["import_seconds"] + start["load_seconds"] for start in starts)
    manifest = json.loads((model / "manifest.json").read_text())
    facts = manifest["data"]
    about = f"loading in a fresh process, a model of {facts['ratings']:,} ratings × {facts['anime']:,} anime"
    return [
        Row(about, "artefact on disk", "MB", size / 1e6, wanted=Bound("figure", "≤", 40)),
        Row(about, "load", "s", least["load_seconds"], wanted=Bound("figure", "≤", 0.3)),
        Row(about, "import hakken and load", "s", ready, wanted=Bound("figure", "≤", 1)),
        Row(about, "first recommend", "ms", 1e3 * least["first_recommend_seconds"]),
        Row(
            about,
            "resident memory: load, first recommend",
            "MB",
            least["resident_bytes"] / 1e6,
            wanted=Bound("figure", "≤", 150),
        ),
    ]


if __name__ == "__main__":
    main()
