"""Compare reading a rating set with pandas, Polars and DuckDB, in time and memory.

    .venv/bin/python -m benchmarks.reading [--ratings N]

Writes a synthetic set in azathoth42's format (eleven columns, user names, dates, some tags with commas and
quotes) and in CooperUnion's (three numbers), with a fifth of the lines 'not rated'. Each reader reads each
file in separate processes, in turns with the others, after a small file that makes it load modules and
compiled code. Prints the shortest wall time, the least processor time and the smallest growth of peak
resident memory, then pandas' figures as multiples of them. The peers end with a table of columns;
``Ratings.read`` goes on to checked ratings in a sparse matrix. Needs Linux.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.table import Bound, Row, add_forms, show

COLUMNS = {
    "azathoth42": ["username", "anime_id", "my_score"],
    "CooperUnion": ["user_id", "anime_id", "rating"],
}
"""The formats, and the columns of each that form a rating."""
READERS = ("pandas", "pandas, 3 columns", "pandas, pyarrow", "Polars", "DuckDB", "hakken")
N_ANIME = 14_000
MEAN_LIST = 390
"""Ratings per user in the full set: 45 million of 116 thousand."""
TAGS = (None, "funny", "mecha, space", 'he said "watch it"', 'a, "b", c')
TAG_SHARES = (0.97, 0.02, 0.004, 0.003, 0.003)
NOT_RATED = 0.2
SMALL = 20_000
"""Lines of the file that each reader reads first."""

Figures = tuple[float, float, float]
"""Wall seconds, processor seconds, megabytes."""


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table for each format: seconds and megabytes of every reader, and pandas' multiples."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ratings", type=int, default=3_000_000, help="lines in each file")
    parser.add_argument("--file", type=Path, help="read this file, and make up none")
    parser.add_argument("--file-form", choices=COLUMNS, default="azathoth42", help="the form of that file")
    parser.add_argument("--rounds", type=int, default=5, help="how often each reader reads each file")
    parser.add_argument("--readers", nargs="+", choices=READERS, default=list(READERS))
    add_forms(parser)
    options = parser.parse_args(argv)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as directory:
        for form in [options.file_form] if options.file else COLUMNS:
            path, small = (
                options.file or Path(directory) / f"{form}.csv",
                Path(directory) / f"small-{form}.csv",
            )
            if not options.file:
                _in_a_fresh_process("write", form, path, options.ratings)
            with path.open("rb") as file:
                small.write_bytes(b"".join(islice(file, SMALL)))
            measured = _measured(options.readers, form, path, small, options.rounds)
            about = f"reading a file of {path.stat().st_size / 1e6:,.0f} MB in {form}'s form"
            if options.form is None:
                print(f"\n{about}", flush=True)
                _print_table(measured)
            rows += _rows(about, measured)
    if options.form is not None:
        show(rows, options.form)


def _rows(about: str, measured: dict[str, Figures]) -> list[Row]:
    """Return Hakken's figures beside each peer's; the goal is three times as fast as plain pandas."""
    rows = []
    ours = measured.pop("hakken")
    for peer, theirs in measured.items():
        wanted = Bound("ratio", "≤", 1 / 3) if peer == "pandas" else None
        rows += [
            Row(about, "wall time", "s", ours[0], peer, theirs[0], wanted),
            Row(about, "memory at the peak", "MB", ours[2], peer, theirs[2], wanted),
        ]
    return rows


def _measured(readers: Sequence[str], form: str, path: Path, small: Path, rounds: int) -> dict[str, Figures]:
    """Return the lowest of each figure by reader; readers take turns, so that a busy moment affects all."""
    runs: dict[str, list[Figures]] = {reader: [] for reader in readers}
    for _ in range(rounds):
        for reader, those in runs.items():
            wall, processor, megabytes = json.loads(_in_a_fresh_process("read", form, path, reader, small))
            those.append((wall, processor, megabytes))
    return {
        reader: (min(one[0] for one in those), min(one[1] for one in those), min(one[2] for one in those))
        for reader, those in runs.items()
    }


def _print_table(measured: dict[str, Figures]) -> None:
    print(f"{'reader':<20}{'seconds':>9}{'CPU s':>9}{'MB':>8}{'pandas: time':>15}{'CPU':>7}{'memory':>9}")
    reference = measured.get("pandas", (float("nan"),) * 3)
    for reader, figures in measured.items():
        wall, processor, megabytes = (one / other for one, other in zip(reference, figures, strict=True))
        print(
            f"{reader:<20}{figures[0]:>9.2f}{figures[1]:>9.2f}{figures[2]:>8.0f}"
            f"{wall:>14.1f}×{processor:>6.1f}×{megabytes:>8.1f}×"
        )


def _in_a_fresh_process(*args: object) -> str:
    # This process imports nothing large, because a child's reported peak starts with its parent's size.
    command = [sys.executable, "-m", "benchmarks.reading", "--child", *map(str, args)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def _child(what: str, form: str, path: str, detail: str, small: str = "") -> None:
    if what == "write":
        _write(form, Path(path), int(detail))
    else:
        print(json.dumps(_read(form, path, detail, small)))


def _read(form: str, path: str, reader: str, small: str) -> Figures:
    """Measure one reader on one file; the megabytes are the peak's growth over the memory before."""
    read = _reader(form, reader)
    read(small)
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    started, busy = time.perf_counter(), time.process_time()
    read(path)
    wall, processor = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return wall, processor, max(peak - before, 1) / 1e6


def _reader(form: str, name: str) -> Callable[[str], object]:
    """How a reader reads a file; only what it needs is imported, and need be installed."""
    if name == "hakken":
        from hakken import Ratings

        return Ratings.read
    if name == "Polars":
        import polars as pl

        return partial(pl.read_csv)
    if name == "DuckDB":
        import duckdb

        return lambda path: duckdb.read_csv(path).to_arrow_table()
    import pandas as pd

    options: dict[str, dict[str, object]] = {
        "pandas": {},
        "pandas, 3 columns": {"usecols": COLUMNS[form]},
        "pandas, pyarrow": {"engine": "pyarrow"},
    }
    return partial(pd.read_csv, **options[name])


def _write(form: str, path: Path, lines: int) -> None:
    """Write a synthetic set in a format, block by block."""
    import numpy as np
    import polars as pl

    from hakken.ratings.synthetic import MadeUpSet, Shape

    random = np.random.default_rng(0)
    made_up = MadeUpSet(Shape(max(lines // MEAN_LIST, 1), N_ANIME, lines))
    days = np.arange("2008-01-01", "2018-05-01", dtype="datetime64[D]").astype(str)
    days[: len(days) // 2] = "0000-00-00"
    with path.open("wb") as file:
        for block in made_up.blocks():
            n = len(block.anime)
            users = np.repeat(block.first_user + np.arange(len(block.lengths)), block.lengths) + 1
            anime = 3 * block.anime + 1  # ids have gaps
            unrated = random.random(n) < NOT_RATED
            if form == "CooperUnion":
                scores = np.where(unrated, -1, block.scores).astype(np.int8)
                columns = [users, anime, scores]
                table = pl.DataFrame(dict(zip(COLUMNS[form], columns, strict=True)))
            else:
                table = pl.DataFrame(
                    {
                        "username": pl.Series([f"Member_{user:x}" for user in users.tolist()]),
                        "anime_id": anime,
                        "my_watched_episodes": random.integers(0, 60, n),
                        "my_start_date": random.choice(days, n),
                        "my_finish_date": random.choice(days, n),
                        "my_score": np.where(unrated, 0, block.scores).astype(np.int8),
                        "my_status": random.choice([1, 2, 3, 4, 6], n),
                        "my_rewatching": random.integers(0, 2, n),
                        "my_rewatching_ep": np.zeros(n, np.int8),
                        "my_last_updated": random.integers(1_200_000_000, 1_500_000_000, n),
                        "my_tags": pl.Series(TAGS).gather(random.choice(len(TAGS), n, p=TAG_SHARES)),
                    }
                )
            table.write_csv(file, include_header=block.first_user == 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(*sys.argv[2:])
    else:
        main()
