"""Measure the effect of each parameter: RMSE on unseen users against Surprise's defaults, one at a time.

    .venv/bin/python -m benchmarks.tuning RATINGS [--set k=20 shrinkage=300] [--vary k=10,20,40 reg_user=2,15]

`--set` gives the starting point, `--vary` the steps to try from there. To search, take the best step and run
it again; then confirm with other `--seeds`, which the search has not used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from hakken import ItemKNNBaseline, Ratings
from hakken.evaluation import Errors, Folds, Predict, measure_ratings
from hakken.evaluation.protocols.rating import PARAMETERS, SURPRISE
from hakken.evaluation.report import for_people
from hakken.model.parameters import Parameters

VARIED = (
    "k=10,20,30,40,80",
    "shrinkage=30,100,300,1000",
    "amplification=1,1.5,2,2.5,3",
    "damping=0,0.003,0.01,0.03,0.1",
    "reg_user=1,2,5,15",
    "reg_item=2,5,10,20",
    "epochs=5,10,20",
    "min_support=1,3,6",
    "neighbours=100,200,400,800",
)


def main() -> None:
    """Print a row for the starting point and for each step from it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("ratings", type=Path)
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="other than the defaults")
    parser.add_argument("--vary", nargs="*", default=VARIED, metavar="NAME=VALUE,VALUE", help="steps to try")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    start = {name: value for one in options.set for name, value in _values(parser, one)}
    trials: dict[str, dict[str, Any]] = {SURPRISE: PARAMETERS[SURPRISE], "start": start}
    trials |= {
        f"{name}={value}": {**start, name: value}
        for one in options.vary
        for name, value in _values(parser, one)
    }
    ratings = Ratings.read(options.ratings)
    print("95 % intervals over users, of the difference on the same users\n")
    print(f"{'seed':>4}  {'trial':24} {'RMSE':16} against Surprise's defaults, %")
    for seed in options.seeds:
        splits = Folds(ratings, folds=options.folds, seed=seed)
        reference = _errors(trials[SURPRISE], splits)
        for name, parameters in trials.items():
            errors = _errors(parameters, splits)
            against = for_people(errors.rmse_against(reference))
            print(f"{seed:4}  {name:24} {for_people(errors.rmse()):16} {against}", flush=True)


def _errors(parameters: dict[str, Any], splits: Folds) -> Errors:
    def train(ratings: Ratings) -> Predict:
        return ItemKNNBaseline(**parameters).fit(ratings).predict

    return measure_ratings({"model": train}, splits)["model"]


def _values(parser: argparse.ArgumentParser, text: str) -> Iterator[tuple[str, int | float]]:
    """Yield each value that `name=value,value` gives for a parameter of the model."""
    name, _, values = text.partition("=")
    kinds = {field.name: float if field.type == "float" else int for field in fields(Parameters)}
    if name not in kinds or not values:
        parser.error(f"'{text}' is not NAME=VALUE of one of {', '.join(kinds)}")
    try:
        for value in values.split(","):
            yield name, kinds[name](value)
    except ValueError:
        parser.error(f"'{text}': not a number")


if __name__ == "__main__":
    main()
