"""Compare the whole fit with scikit-surprise's KNNBaseline: same parameters, same ratings.

    .venv/bin/python -m benchmarks.against_surprise [RATINGS] [--users 4000 --anime 7000 --ratings 450000]

Surprise keeps n × n arrays of float64 and loops in Python over its ratings, so the set is small here. The
largest difference of predictions is over random anime that their user has not rated.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
from surprise import Dataset, KNNBaseline, Reader, Trainset

from benchmarks.clock import seconds
from benchmarks.table import Bound, Row, add_forms, show, tell
from hakken import ItemKNNBaseline, Ratings
from hakken.model.parameters import SURPRISE
from hakken.ratings.synthetic import Shape, generate

LEAST_TIMES_AS_FAST = 15
LARGEST_DIFFERENCE = 1e-4
PEER = "Surprise"
NEIGHBOURS = 400
COMPARED_USERS, COMPARED_ANIME = 100, 100
OPTIONS = {
    "sim_options": {
        "name": "pearson_baseline",
        "user_based": False,
        "shrinkage": SURPRISE.shrinkage,
        "min_support": SURPRISE.min_support,
    },
    "bsl_options": {
        "method": "als",
        "n_epochs": SURPRISE.epochs,
        "reg_u": SURPRISE.reg_user,
        "reg_i": SURPRISE.reg_item,
    },
}


def main(argv: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, nargs="?", help="a rating set; made up by default")
    parser.add_argument("--users", type=int, default=4_000)
    parser.add_argument("--anime", type=int, default=7_000)
    parser.add_argument("--ratings", type=int, default=450_000)
    parser.add_argument("--rounds", type=int, default=3, help="of ours; the best counts")
    add_forms(parser)
    options = parser.parse_args(argv)
    ratings = (
        Ratings.read(options.path)
        if options.path
        else generate(Shape(options.users, options.anime, options.ratings))
    )
    show(rows(ratings, options.rounds), options.form)


def rows(ratings: Ratings, rounds: int) -> list[Row]:
    """Return the times of both fits, and the difference of their predictions.

    Args:
        ratings: the rating set for both.
        rounds: number of runs of ours; the shortest counts.
    """
    ours = ItemKNNBaseline(**asdict(SURPRISE))
    ours.fit(generate(Shape(20, 50, 400)))  # compiles, or reads what is compiled
    fewer = ItemKNNBaseline(**{**asdict(SURPRISE), "neighbours": NEIGHBOURS})
    of_ours = min(seconds(lambda: ours.fit(ratings)) for _ in range(rounds))
    of_fewer = min(seconds(lambda: fewer.fit(ratings)) for _ in range(rounds))
    tell("Surprise's fit")
    theirs, trainset = KNNBaseline(k=SURPRISE.k, verbose=False, **OPTIONS), as_trainset(ratings)
    of_theirs = seconds(lambda: theirs.fit(trainset))
    wanted = Bound("ratio", "≤", 1 / LEAST_TIMES_AS_FAST)
    about = f"fit, {len(ratings):,} ratings × {len(ratings.anime_ids):,} anime, Surprise's parameters"
    return [
        Row(about, "baseline, all similarities kept", "s", of_ours, PEER, of_theirs, wanted),
        Row(about, f"baseline, {NEIGHBOURS} best kept", "s", of_fewer, PEER, of_theirs, wanted),
        Row(
            about,
            "largest difference of predictions",
            "points",
            largest_difference(ratings, ours, theirs),
            wanted=Bound("figure", "≤", LARGEST_DIFFERENCE),
        ),
    ]


def as_trainset(ratings: Ratings) -> Trainset:
    """Convert the ratings to Surprise's format."""
    rows = np.repeat(np.arange(len(ratings.user_ids)), np.diff(ratings.matrix.indptr))
    columns = ratings.anime_ids[ratings.matrix.indices]
    frame = pd.DataFrame({"user": rows, "anime": columns, "score": ratings.matrix.data.astype(float)})
    return Dataset.load_from_df(frame, Reader(rating_scale=(1, 10))).build_full_trainset()


def largest_difference(ratings: Ratings, ours: ItemKNNBaseline, theirs: KNNBaseline) -> float:
    """Return the largest difference in rating points, over random anime that their users have not rated."""
    random = np.random.default_rng(0)
    largest = 0.0
    for user in random.permutation(len(ratings.user_ids))[:COMPARED_USERS].tolist():
        rated = ratings.of_user(user)
        unrated = np.setdiff1d(ratings.anime_ids, list(rated))
        asked = random.permutation(unrated)[:COMPARED_ANIME].tolist()
        expected = [theirs.predict(user, anime_id).est for anime_id in asked]
        largest = max(largest, *np.abs(ours.predict(rated, asked) - expected).tolist())
    return largest


if __name__ == "__main__":
    main()
