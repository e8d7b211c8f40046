"""Measure how similar two random people's tastes are, beyond what the number of common ratings explains.

    .venv/bin/python -m benchmarks.strangers RATINGS [MODEL]

Pairs of users are drawn at random; those with 5 common ratings or more are kept. The spread is the standard
deviation of Fisher's z beyond 1/√(n − 3); `hakken.groups.affinity.STRANGERS` is its value for large n.
'Within' is the share of pairs in the range where `/compare` expects 9 in 10.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.groups.affinity import Affinity, compare
from hakken.recommend.recommender import Recommender

PAIRS = 60_000
SIZES = ((5, 9), (10, 19), (20, 39), (40, 79), (80, 10_000))
STARTER = Path("data/starter")
_SEED = 1
_ALMOST_ONE = 0.9999


def main() -> None:
    """Draw the pairs and print a line for each range of common ratings."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ratings", type=Path)
    parser.add_argument("model", type=Path, nargs="?", default=STARTER)
    asked = parser.parse_args()
    recommender = Recommender(ItemKNNBaseline.load(asked.model), Catalogue.of_model(asked.model))
    found = pairs(recommender, Ratings.read(asked.ratings))
    print(f"{'in common':>12} {'pairs':>7} {'mean r':>7} {'spread':>7} {'within':>7}")
    for low, high in SIZES:
        some = [each for each in found if low <= len(each.common) <= high]
        if some:
            print(f"{f'{low}–{high:,}':>12} {len(some):>7,} {summary(some)}")


def pairs(recommender: Recommender, ratings: Ratings) -> list[Affinity]:
    """Return random pairs of users with enough common ratings."""
    random, n_users = np.random.default_rng(_SEED), ratings.matrix.shape[0]
    users = [ratings.of_user(row) for row in range(n_users)]
    found = []
    for one, other in random.integers(n_users, size=(PAIRS, 2)).tolist():
        alike = compare(recommender, users[one], users[other], adult=True) if one != other else None
        if alike is not None:
            found.append(alike)
    return found


def summary(found: list[Affinity]) -> str:
    """Return mean correlation, spread of z beyond chance, and share within chance."""
    correlations = np.array([each.correlation for each in found])
    z = np.arctanh(np.clip(correlations, -_ALMOST_ONE, _ALMOST_ONE))
    by_number = np.mean([1 / (len(each.common) - 3) for each in found])
    spread = np.sqrt(max(z.var() - by_number, 0.0))
    within = np.mean([each.chance[0] <= each.match <= each.chance[1] for each in found])
    return f"{correlations.mean():>7.3f} {spread:>7.3f} {within:>7.1%}"


if __name__ == "__main__":
    main()
