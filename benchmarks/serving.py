"""Measure recommendations and predictions on one core, for members with short and with long lists.

    .venv/bin/python -m benchmarks.serving [MODEL] [--ratings 5000000 --anime 14000]

Without a model, one is trained on a synthetic set of that size. Members' anime are drawn by their number of
raters. Everything runs once before it is timed, and the garbage collector ignores the model, as in the bot.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.commands import N_ANIME, make_up, train
from benchmarks.process import rows_of
from benchmarks.table import Bound, Row, add_forms, show
from hakken import Catalogue, ItemKNNBaseline
from hakken.recommend.recommender import Member as Known
from hakken.recommend.recommender import Recommender

SHORT, LONG = 100, 2000
"""Number of a member's ratings."""
ASKED = 500
"""How many members ask for recommendations, one after the other."""
AT_ONCE = 1000
"""Number of members in a batch of predictions."""
WARMING = 20
MOST_MEDIAN_MS, MOST_SLOW_MS, LEAST_PER_SECOND = 4, 15, 500
ONE_THREAD = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

Member = dict[int, float]
"""Scores by anime id."""
Asking = TypeVar("Asking")


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, nargs="?", help="directory of an artefact")
    parser.add_argument("--ratings", type=int, default=5_000_000)
    parser.add_argument("--anime", type=int, default=N_ANIME)
    add_forms(parser)
    options = parser.parse_args(argv)
    if options.model:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        show(rows(options.model), options.form)
    else:
        with tempfile.TemporaryDirectory() as directory:
            model = Path(directory) / "model"
            train(make_up(Path(directory), options.ratings, options.anime), model)
            show(in_a_fresh_process(model), options.form)


def in_a_fresh_process(model: Path) -> list[Row]:
    """Return the rows, measured in a fresh process with single-threaded libraries."""
    return rows_of("benchmarks.serving", model, environment=ONE_THREAD)


def rows(directory: Path) -> list[Row]:
    """Return the times of a loaded model in this process, which is bound to one core."""
    model = ItemKNNBaseline.load(directory)
    gc.freeze()
    random = np.random.default_rng(0)
    about = (
        f"serving {len(model.anime_ids):,} anime, up to {model.parameters.neighbours} neighbours, one core"
    )
    found = []
    for rated in (SHORT, LONG):
        asking = members(model, rated, ASKED, random)
        median, slow = np.percentile(waits(model.recommend, asking), [50, 99]).tolist()
        wanted = {
            "p50": Bound("figure", "≤", MOST_MEDIAN_MS) if rated == SHORT else None,
            "p99": Bound("figure", "≤", MOST_SLOW_MS) if rated == LONG else None,
        }
        for name, value in (("p50", median), ("p99", slow)):
            found.append(
                Row(about, f"recommend, {rated:,} ratings: {name}", "ms", value, wanted=wanted[name])
            )
    chooser = Recommender(model, Catalogue.of_model(directory))
    for rated in (SHORT, LONG):
        known = [Known(one) for one in members(model, rated, ASKED, random)]
        slow = float(np.percentile(waits(lambda one: chooser.recommend(one, 10), known), 99))
        what = f"watch order and diversity besides, {rated:,} ratings: p99"
        found.append(Row(about, what, "ms", slow))
    batch = members(model, SHORT, AT_ONCE, random)
    model.predict_batch(batch[:WARMING])
    started = time.perf_counter()
    model.predict_batch(batch)
    rate = AT_ONCE / (time.perf_counter() - started)
    what = f"predict_batch, {AT_ONCE:,} × {SHORT} ratings"
    return [*found, Row(about, what, "members/s", rate, wanted=Bound("figure", "≥", LEAST_PER_SECOND))]


def members(model: ItemKNNBaseline, rated: int, count: int, random: np.random.Generator) -> list[Member]:
    """Return synthetic members with a number of ratings each; popular anime are on more lists."""
    chances = model.raters / model.raters.sum(dtype=np.float64)
    lists = (random.choice(model.anime_ids, rated, replace=False, p=chances) for _ in range(count))
    return [
        dict(zip(listed.tolist(), random.integers(1, 11, rated).astype(float).tolist(), strict=True))
        for listed in lists
    ]


def waits(recommend: Callable[[Asking], object], asking: Sequence[Asking]) -> list[float]:
    """Return the milliseconds that each member waits for ten recommendations."""
    for member in asking[:WARMING]:
        recommend(member)
    found = []
    for member in asking:
        started = time.perf_counter()
        recommend(member)
        found.append(1e3 * (time.perf_counter() - started))
    return found


if __name__ == "__main__":
    main()
