"""Compare the shape of a real rating set with a synthetic one of the same size.

    .venv/bin/python -m benchmarks.synthetic RATINGS

Prints Markdown: each figure of the real set, and its mean over synthetic sets of several seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hakken import ItemKNNBaseline, Ratings
from hakken.evaluation import Predict, baseline_only, rmse, split_users, user_mean
from hakken.model.baseline import Baseline
from hakken.ratings.ratings import HIGHEST, LOWEST
from hakken.ratings.synthetic import Shape, generate

SPLIT_SEEDS = 3
QUANTILES = (1, 5, 25, 50, 75, 95, 99)
NEAREST = 10
"""Neighbours of an anime whose common raters are counted."""
LEAST_RATERS = 20
"""Anime with fewer raters, and users with fewer ratings, have no meaningful mean."""
REG_USER, REG_ITEM, EPOCHS = 15.0, 10.0, 10


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ratings", type=Path)
    parser.add_argument(
        "--anime", type=int, default=19_247, help="how many there are, those without a rating among them"
    )
    parser.add_argument("--seeds", type=int, default=3, help="how many made-up sets to average over")
    options = parser.parse_args()
    real = Ratings.read(options.ratings)
    shape = Shape(len(real.user_ids), options.anime, len(real))
    made_up = [figures(generate(shape, seed)) for seed in range(options.seeds)]
    print("| figure | real | made up |\n| --- | ---: | ---: |")
    for name, value in figures(real).items():
        print(f"| {name} | {_shown(value)} | {_shown(fmean(one[name] for one in made_up))} |")


def figures(ratings: Ratings) -> dict[str, float]:
    """Return the compared figures, by name."""
    lists = np.diff(ratings.matrix.indptr)
    raters = ratings.raters
    return {
        "users": len(lists),
        "rated anime": len(raters),
        "ratings": len(ratings),
        **_quantiles("list length", lists),
        **_quantiles("raters of an anime", raters, (25, 50, 75, 90, 95, 99)),
        "most raters of an anime": int(raters.max()),
        "Gini of list lengths": gini(lists),
        "Gini of popularity": gini(raters),
        "Σ n_u² / ratings": _per_rating(lists),
        "Σ n_i² / ratings": _per_rating(raters),
        **_watching(ratings),
        **_scores(ratings),
        **_errors(ratings),
    }


def gini(counts: NDArray[np.int32]) -> float:
    """Return how unequal counts are: 0 if all are the same, close to 1 if one has everything."""
    rising = np.sort(counts).astype(np.float64)
    return float(
        (2 * np.arange(1, len(rising) + 1) - len(rising) - 1) @ rising / (len(rising) * rising.sum())
    )


def _per_rating(counts: NDArray[np.int32]) -> float:
    return float((counts.astype(np.float64) ** 2).sum() / counts.sum())


def _quantiles(
    name: str, values: NDArray[np.integer] | NDArray[np.float64], quantiles: tuple[int, ...] = QUANTILES
) -> Mapping[str, float]:
    found = np.percentile(values, quantiles).tolist()
    return {f"{name}, {at} %": value for at, value in zip(quantiles, found, strict=True)}


def _watching(ratings: Ratings) -> Mapping[str, float]:
    """Return how popular the anime of short and of long lists are, and how lists cluster."""
    lists = np.diff(ratings.matrix.indptr)
    rank = np.empty(len(ratings.raters))
    rank[np.argsort(-ratings.raters, kind="stable")] = np.arange(1, len(rank) + 1)
    ranks = rank[ratings.matrix.indices]
    ends = ratings.matrix.indptr
    median = np.array([np.median(ranks[ends[u] : ends[u + 1]]) for u in range(len(lists))])
    spans = ((5, 20), (50, 100), (200, 500))
    seen = sparse.csr_array(
        (np.ones(len(ratings)), ratings.matrix.indices, ratings.matrix.indptr), ratings.matrix.shape
    )
    scaled = sparse.diags_array(lists**-0.5) @ seen @ sparse.diags_array(ratings.raters**-0.5)
    strengths = np.sort(sparse.linalg.svds(scaled, 21, return_singular_vectors=False, rng=0))[::-1]
    return {
        **{
            f"median popularity rank in lists of {low}–{high}": float(
                np.median(median[(lists >= low) & (lists < high)])
            )
            for low, high in spans
        },
        **{f"singular value {at} of who watches what": float(strengths[at - 1]) for at in (2, 5, 10, 20)},
    }


def _scores(ratings: Ratings) -> Mapping[str, float]:
    scores = ratings.matrix.data.astype(np.float64)
    lists, raters = np.diff(ratings.matrix.indptr), ratings.raters
    users = np.repeat(np.arange(len(lists)), lists)
    user_means = np.bincount(users, scores) / lists
    spreads = np.sqrt(np.maximum(np.bincount(users, scores**2) / lists - user_means**2, 0))
    anime_means = np.bincount(ratings.matrix.indices, scores) / raters
    long, known = lists >= LEAST_RATERS, raters >= LEAST_RATERS
    baseline = Baseline.fit(ratings, reg_user=REG_USER, reg_item=REG_ITEM, epochs=EPOCHS)
    residuals = scores - baseline.mean - baseline.of_users[users] - baseline.of_anime[ratings.matrix.indices]
    return {
        "mean score": scores.mean(),
        "standard deviation of scores": scores.std(),
        **{f"share of score {score}": (scores == score).mean() for score in range(LOWEST, HIGHEST + 1)},
        **_quantiles("mean of a user", user_means[long]),
        **_quantiles("standard deviation of a user", spreads[long]),
        **_quantiles("mean of an anime", anime_means[known]),
        "correlation of a user's mean and log list length": np.corrcoef(user_means, np.log(lists))[0, 1],
        "correlation of an anime's mean and log raters": np.corrcoef(
            anime_means[known], np.log(raters[known])
        )[0, 1],
        "share of variance the baseline explains": 1 - residuals.var() / scores.var(),
    }


def _errors(ratings: Ratings) -> Mapping[str, float]:
    splits = [split_users(ratings, seed=seed) for seed in range(SPLIT_SEEDS)]
    baseline = baseline_only(reg_user=REG_USER, reg_item=REG_ITEM, epochs=EPOCHS)
    models = [ItemKNNBaseline().fit(split.train) for split in splits]
    predictors: dict[str, list[Predict]] = {
        "user's mean": [user_mean for _ in splits],
        "baseline": [baseline(split.train) for split in splits],
        "ItemKNNBaseline": [model.predict for model in models],
    }
    return {
        **{
            f"RMSE on unseen users, {name}": fmean(
                rmse(predict, split.unseen) for predict, split in zip(each, splits, strict=True)
            )
            for name, each in predictors.items()
        },
        f"common raters of an anime and its {NEAREST} nearest": _common_raters(models[0], splits[0].train),
    }


def _common_raters(model: ItemKNNBaseline, ratings: Ratings) -> float:
    known = np.flatnonzero(ratings.raters >= LEAST_RATERS)
    row_of = {anime_id: row for row, anime_id in enumerate(ratings.anime_ids.tolist())}
    pairs = np.array(
        [
            (row, row_of[near.anime_id])
            for row in known.tolist()
            for near in model.similar(int(ratings.anime_ids[row]), NEAREST)
        ]
    )
    seen = ratings.matrix.tocsc().astype(np.bool_)
    return float(seen[:, pairs[:, 0]].multiply(seen[:, pairs[:, 1]]).sum() / len(pairs))


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    main()
