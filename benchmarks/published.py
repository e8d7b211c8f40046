"""Compare the means that a server publishes with the true means of the same scores.

    .venv/bin/python -m benchmarks.published RATINGS

Draws groups of raters for each anime of a rating set, as if they were a server's members who rated it. Prints
how far the published mean is from the true one on average, beside what rounding to half points alone would
cost. Also prints each band's mean score, which `bot.privacy` counts for the whole band.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.privacy import drawn_in, published_mean
from hakken import Ratings

GROUPS = (5, 10, 20)
"""Numbers of raters."""
SEED = 1


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ratings", type=Path, help="a rating set, as `python -m hakken train` reads it")
    matrix = Ratings.read(parser.parse_args(argv).ratings).matrix.tocsc()
    scores = np.rint(matrix.data).astype(int)
    counted = np.array([drawn_in(score) for score in scores.tolist()])
    for band in np.unique(counted):
        of_band = scores[counted == band]
        print(f"scores {of_band.min()}–{of_band.max()} count as {band}; their mean is {of_band.mean():.2f}")
    print("\n| raters | anime | published, points off | halves alone |\n| ---: | ---: | ---: | ---: |")
    draw = np.random.default_rng(SEED)
    columns = [scores[first:end] for first, end in zip(matrix.indptr, matrix.indptr[1:], strict=False)]
    for n in GROUPS:
        groups = [draw.choice(one, n, replace=False) for one in columns if len(one) >= n]
        true = np.array([group.mean() for group in groups])
        published = np.array([published_mean(group.tolist()) for group in groups])
        halves = np.abs(true - np.rint(2 * true) / 2).mean()
        print(f"| {n} | {len(groups):,} | {np.abs(published - true).mean():.2f} | {halves:.2f} |")


if __name__ == "__main__":
    main()
