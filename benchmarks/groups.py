"""Measure suggestions for groups of 2 to 500 members, with every aggregation, cold and warm.

    .venv/bin/python -m benchmarks.groups [MODEL]

Synthetic members have 100 ratings each. Cold means that no member's scores are cached; warm means that all
are, as in the bot until a member rates again. A figure is the median of some rounds, after a warm-up run.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import get_args

import numpy as np

from benchmarks.clock import seconds
from benchmarks.serving import members
from benchmarks.table import Bound, Row, add_forms, show
from hakken import Catalogue, ItemKNNBaseline
from hakken.groups import GroupFilters, suggest
from hakken.groups.aggregations import DEFAULT, Aggregation
from hakken.recommend.filters import MIN_RATERS
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.score_cache import RememberedScores

SIZES = (2, 10, 100, 500)
RATED = 100
"""Number of a member's ratings."""
PICKS = 5
ROUNDS = 5
MOST_MS = 300
FLOOR = 5.0
"""The default of the bot's settings."""
STARTER = Path("data/starter")


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, nargs="?", default=STARTER, help="directory of an artefact")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    add_forms(parser)
    options = parser.parse_args(argv)
    show(rows(options.model, options.rounds), options.form)


def rows(directory: Path, rounds: int = ROUNDS) -> list[Row]:
    """Return the times with a loaded model in this process."""
    recommender = Recommender(
        ItemKNNBaseline.load(directory), Catalogue.of_model(directory), min_raters=MIN_RATERS
    )
    gc.freeze()
    random = np.random.default_rng(0)
    everyone = [Member(ratings=one) for one in members(recommender.model, RATED, max(SIZES), random)]
    about = f"what a group should watch, {len(recommender.model.anime_ids):,} anime, {RATED} ratings a member"
    milliseconds(recommender, everyone[: min(SIZES)], DEFAULT, 1)
    found = []
    for size in SIZES:
        for aggregation in get_args(Aggregation):
            cold, warm = milliseconds(recommender, everyone[:size], aggregation, rounds)
            for state, value in (("cold", cold), ("warm", warm)):
                what = f"{size} members, {aggregation}, {state}"
                found.append(Row(about, what, "ms", value, wanted=Bound("figure", "≤", MOST_MS)))
    return found


def milliseconds(
    recommender: Recommender, group: Sequence[Member], aggregation: Aggregation, rounds: int
) -> tuple[float, float]:
    """Return the median times without cached scores, and with everybody's scores cached."""
    filters = GroupFilters(aggregation=aggregation, floor=FLOOR)
    cold, warm = [], []
    for _ in range(rounds):
        scores = RememberedScores(recommender.model)
        ask = partial(suggest, recommender, group, PICKS, filters, scores=scores.scores)
        cold.append(seconds(ask))
        warm.append(seconds(ask))
    return 1e3 * median(cold), 1e3 * median(warm)


if __name__ == "__main__":
    main()
