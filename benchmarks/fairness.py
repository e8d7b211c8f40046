"""Compare constants of the fairness ledger: simulate watch parties with bounds, half-lives and strengths.

    .venv/bin/python -m benchmarks.fairness RATINGS CATALOGUE [--bound 2 4 --half-life 4 --strength 0.5 1]

Figures are relative to the same groups without a ledger, all group sizes together. Choose constants on seeds
that are not used for reported figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from operator import attrgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hakken import Catalogue, Ratings
from hakken.evaluation import Folds
from hakken.evaluation.intervals import mean
from hakken.evaluation.protocols.watch_parties import REMEMBERED_BYTES, chooser, learn
from hakken.evaluation.report import for_people
from hakken.evaluation.watch_parties import Choose, WatchPartyScores, measure_watch_parties
from hakken.groups.aggregations import DEFAULT
from hakken.groups.fairness import BOUND, HALF_LIFE, STRENGTH, fairness_weights
from hakken.recommend.recommender import Recommender
from hakken.recommend.score_cache import RememberedScores

SIZES = (3, 5, 8)
NO_FAIRNESS = "no fairness"


def main() -> None:
    """Print a row for each combination."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("ratings", type=Path)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--bound", type=float, nargs="+", default=[BOUND])
    parser.add_argument("--half-life", type=float, nargs="+", default=[HALF_LIFE])
    parser.add_argument("--strength", type=float, nargs="+", default=[STRENGTH])
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--groups", type=int, default=20, help="of each size")
    parser.add_argument("--min-raters", type=int, default=200)
    parser.add_argument("--seed", type=int, default=100)
    options = parser.parse_args()
    catalogue = Catalogue.read(options.catalogue)

    def ways(recommender: Recommender) -> Mapping[str, Choose]:
        scores = RememberedScores(recommender, REMEMBERED_BYTES)
        weights = {
            f"bound {bound:g}, half-life {half_life:g}, strength {strength:g}": partial(
                fairness_weights, bound=bound, half_life=half_life, strength=strength
            )
            for bound, half_life, strength in product(options.bound, options.half_life, options.strength)
        }
        return {NO_FAIRNESS: chooser(recommender, DEFAULT, scores)} | {
            name: chooser(recommender, DEFAULT, scores, one) for name, one in weights.items()
        }

    found = measure_watch_parties(
        lambda train: learn(catalogue, options.min_raters, train, ways),
        Folds(Ratings.read(options.ratings), folds=options.folds, seed=options.seed),
        sizes=SIZES,
        groups=options.groups,
    )
    print("| fairness | least served | mean | gap |")
    print("| --- | ---: | ---: | ---: |")
    for name, by_size in found.items():
        print(f"| {name} | {' | '.join(_cells(by_size, found[NO_FAIRNESS]))} |", flush=True)


def _cells(by_size: Mapping[int, WatchPartyScores], reference: Mapping[int, WatchPartyScores]) -> list[str]:
    """Return the paired differences of the least-served member's satisfaction, the mean and the gap."""

    def higher(figures: Callable[[WatchPartyScores], NDArray[np.float64]]) -> str:
        differences = [figures(one) - figures(reference[size]) for size, one in by_size.items()]
        return for_people(mean(np.concatenate(differences)))

    return [higher(attrgetter(name)) for name in ("least", "means", "gaps")]


if __name__ == "__main__":
    main()
