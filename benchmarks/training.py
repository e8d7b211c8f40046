"""Measure `train` on synthetic sets of several sizes: time, memory, loading; implicit on the same matrix.

    .venv/bin/python -m benchmarks.training [--ratings 1000000 5000000] [--plot GROWTH.png] [--keep MODEL]

Each size is a rating set in azathoth42's format with the full set's mean list, 388 ratings. The command runs
like a user's, with 2,000 users held out to measure the error; the share of reading and cleaning excludes
that. Bounds of time and memory are for 45 million ratings and only shown at that size.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import growth, loading
from benchmarks.commands import FULL_SET, N_ANIME, make_up, train
from benchmarks.process import Run, rows_of
from benchmarks.table import Bound, Row, add_forms, show

MOST_SECONDS, MOST_GIGABYTES = 300, 6
MOST_READING = 40


@dataclass(frozen=True, slots=True)
class Trained:
    """One run of `train`."""

    run: Run
    model: Path
    """The artefact's directory."""
    n_ratings: int
    """Number of ratings in the file."""

    def rows(self) -> list[Row]:
        """Return the rows of its time and memory."""
        manifest = json.loads((self.model / "manifest.json").read_text())
        steps = {name: manifest["metrics"][f"{name}_seconds"] for name in growth.STEPS}
        reading = 100 * (steps["read"] + steps["clean"]) / sum(steps.values())
        full = self.n_ratings >= FULL_SET
        about = f"train, {self.n_ratings:,} ratings × {manifest['data']['anime']:,} anime"
        return [
            Row(
                about,
                growth.WHOLE,
                "s",
                self.run.seconds,
                wanted=Bound("figure", "≤", MOST_SECONDS) if full else None,
            ),
            *(Row(about, growth.STEPS[name], "s", seconds) for name, seconds in steps.items()),
            Row(
                about,
                "reading and cleaning, of these five",
                "%",
                reading,
                wanted=Bound("figure", "≤", MOST_READING),
            ),
            Row(
                about,
                growth.PEAK,
                "GB",
                self.run.peak_bytes / 1e9,
                wanted=Bound("figure", "≤", MOST_GIGABYTES) if full else None,
            ),
        ]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows of every size, then the growth of time and memory from one size to the next."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ratings", type=int, nargs="+", default=[5_000_000], help="one size or several")
    parser.add_argument("--anime", type=int, default=N_ANIME)
    parser.add_argument("--rounds", type=int, default=2, help="of the similarities; the least counts")
    parser.add_argument("--plot", type=Path, help="draw time and memory over size into this PNG")
    parser.add_argument("--keep", type=Path, help="where the largest size's model stays")
    add_forms(parser)
    options = parser.parse_args(argv)
    if options.plot and not options.plot.parent.is_dir():
        parser.error(f"{options.plot}: there is no directory {options.plot.parent}; make it first")
    rows: list[Row] = []
    sizes: dict[int, list[Row]] = {}
    for n_ratings in sorted(options.ratings):
        with tempfile.TemporaryDirectory() as directory:
            files = make_up(Path(directory), n_ratings, options.anime)
            model = Path(directory) / "model"
            trained = Trained(train(files, model), model, n_ratings)
            sizes[n_ratings] = trained.rows()
            rows += sizes[n_ratings] + loading.rows(model)
            rows += rows_of(
                "benchmarks.reading", "--file", files.ratings, "--rounds", 1, "--readers", "pandas", "hakken"
            )
            rows += rows_of("benchmarks.against_implicit", files.ratings, "--rounds", options.rounds)
            if options.keep and n_ratings == max(options.ratings):
                shutil.copytree(model, options.keep, dirs_exist_ok=True)
    show(rows + growth.rows(sizes), options.form)
    if options.plot:
        growth.draw(sizes, options.plot)


if __name__ == "__main__":
    main()
