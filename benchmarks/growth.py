"""Shows how training's time and memory grow with the number of ratings: as rows and as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.table import Bound, Row

WHOLE, PEAK = "the whole command", "peak resident memory"
STEPS = {
    "read": "reading",
    "clean": "cleaning",
    "baseline": "baseline",
    "similarities": "similarities",
    "interest": "interest",
}
"""The steps that `train` times itself, and their labels."""
REST = "rest: start, error on users held out, saving"
TOLERATED = 1.1
"""Growth counts as linear if a rating costs at most this many times what it cost at the size before."""

Sizes = Mapping[int, Sequence[Row]]
"""The rows of each run of `train`, by the number of ratings, ascending."""

_COLOURS = ("#0b6e99", "#74b3ce", "#5b8e3e", "#c8553d", "#8a6fb0", "#b8b8b8")
_INCHES = (10.0, 4.5)
_DPI = 150
ROOM = 1.06
"""End of the axes, in units of the largest value."""


def rows(sizes: Sizes) -> list[Row]:
    """Return the cost of a rating at each size, relative to the size before."""
    found = []
    for smaller, larger in pairwise(sizes):
        about = f"growth from {smaller:,} to {larger:,} ratings"
        for what, unit, factor in (
            (WHOLE, "µs/rating", 1e6),
            (STEPS["similarities"], "µs/rating", 1e6),
            (PEAK, "B/rating", 1e9),
        ):
            of_larger, of_smaller = (
                factor * _figure(sizes[n_ratings], what) / n_ratings for n_ratings in (larger, smaller)
            )
            peer = f"with {smaller / 1e6:g} million"
            found.append(Row(about, what, unit, of_larger, peer, of_smaller, Bound("ratio", "≤", TOLERATED)))
    return found


def draw(sizes: Sizes, path: Path) -> None:
    """Draw time, split into steps, and memory by size as a PNG; both axes begin at 0."""
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained")
    of_time, of_memory = figure.subplots(1, 2)
    millions = [n_ratings / 1e6 for n_ratings in sizes]
    whole = [_figure(those, WHOLE) for those in sizes.values()]
    steps = [[_figure(those, step) for those in sizes.values()] for step in STEPS.values()]
    rest = [total - sum(parts) for total, parts in zip(whole, zip(*steps, strict=True), strict=True)]
    of_time.stackplot(millions, [*steps, rest], labels=[*STEPS.values(), REST], colors=_COLOURS)
    of_time.plot(millions, whole, color="#333333", marker="o", lw=1, label=WHOLE)
    of_time.set_title("Time")
    of_time.set_ylabel("seconds")
    of_time.legend(frameon=False, loc="upper left", fontsize=8, reverse=True)
    peaks = [_figure(those, PEAK) for those in sizes.values()]
    of_memory.plot(millions, peaks, color=_COLOURS[0], marker="o")
    of_memory.set_title("Peak resident memory")
    of_memory.set_ylabel("GB")
    for axes, highest in ((of_time, max(whole)), (of_memory, max(peaks))):
        axes.set_xlabel("million ratings")
        axes.set_xlim(0, ROOM * millions[-1])
        axes.set_ylim(0, ROOM * highest)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="png")


def _figure(rows: Sequence[Row], what: str) -> float:
    return next(row.hakken for row in rows if row.what == what)
