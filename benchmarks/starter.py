"""Measure what the starter model's small size costs: RMSE on unseen users against the full model.

.venv/bin/python -m benchmarks.starter RATINGS
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import fmean

from hakken import ItemKNNBaseline, Ratings
from hakken.evaluation import rmse, split_users, user_mean
from hakken.model.parameters import InterestParameters

BYTES_PER_NEIGHBOUR = 4
_NO_INTEREST = InterestParameters(least_raters=2**31 - 1)
"""No interest model: predicted ratings do not need it, and it takes longer than they do."""


def main() -> None:
    """Print a table: minimum support and stored neighbours, their size and their error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ratings", type=Path)
    parser.add_argument("--min-support", type=int, nargs="+", default=[2, 4, 6, 8, 12])
    parser.add_argument("--neighbours", type=int, nargs="+", default=[100, 150, 200, 300])
    parser.add_argument("--seeds", type=int, default=3, help="how many splits to average over")
    options = parser.parse_args()
    ratings = Ratings.read(options.ratings)
    splits = [split_users(ratings, seed=seed) for seed in range(options.seeds)]
    whole = [ItemKNNBaseline(neighbours=None, interest=_NO_INTEREST).fit(split.train) for split in splits]
    reference = fmean(rmse(model.predict, split.unseen) for model, split in zip(whole, splits, strict=True))
    print(f"user mean                            RMSE {fmean(rmse(user_mean, s.unseen) for s in splits):.4f}")
    print(f"untruncated                          RMSE {reference:.4f}")
    for at_least in options.min_support:
        for neighbours in options.neighbours:
            errors, pairs = [], 0.0
            for split in splits:
                model = ItemKNNBaseline(
                    neighbours=neighbours, min_support=at_least, interest=_NO_INTEREST
                ).fit(split.train)
                errors.append(rmse(model.predict, split.unseen))
                pairs = sum(len(model.similar(int(one), neighbours)) for one in model.anime_ids)
            size = pairs * BYTES_PER_NEIGHBOUR / 1e6
            error = fmean(errors)
            print(
                f"min support {at_least:3} neighbours {neighbours:4} {size:5.2f} MB RMSE {error:.4f} "
                f"{100 * (error / reference - 1):+.2f} %",
                flush=True,
            )


if __name__ == "__main__":
    main()
