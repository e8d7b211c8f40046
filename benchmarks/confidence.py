"""Check the words of confidence, and what is shown of ratings: errors on unseen users by word.

.venv/bin/python -m benchmarks.confidence RATINGS CATALOGUE
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from typing import get_args

import numpy as np

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.evaluation import Folds, Unseen
from hakken.model.explanations import Confidence
from hakken.recommend.shown_ratings import shown_rating

LENGTHS = (3, 8, 20, 60, 10**6)
"""Numbers of a user's ratings that the model is given, if there are enough, and all of them."""
HIDDEN = 20
"""The most hidden ratings of a user that are predicted."""
ALL, CLOSE = "all", 1.0
HIGH = 9.25
"""Predictions from here on are shown as 9.5 or 10, where they are sure enough."""


def samples(user: Unseen, random: np.random.Generator) -> Iterator[dict[int, float]]:
    """Yield the user's ratings, cut to each length."""
    order = random.permutation(len(user.given_ids))
    for count in LENGTHS:
        some = order[:count]
        if count <= len(order) or count == LENGTHS[-1]:
            yield dict(zip(user.given_ids[some].tolist(), user.given_scores[some].tolist(), strict=True))


def main() -> None:
    """Train on four users of five and print the errors on a third of the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ratings")
    parser.add_argument("catalogue")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    split = next(iter(Folds(Ratings.read(asked.ratings), seed=asked.seed)))
    model = ItemKNNBaseline().fit(split.train, catalogue=Catalogue.read(asked.catalogue))
    known = frozenset(model.anime_ids.tolist())
    found = defaultdict[str, list[tuple[float, float, bool]]](list)
    random = np.random.default_rng(asked.seed)
    for user in split.unseen[::3]:
        hidden = [one for one in list(user.hidden.items())[:HIDDEN] if one[0] in known]
        for given in samples(user, random):
            for anime_id, score in hidden:
                explained = model.explain(given, anime_id)
                shown = shown_rating(explained.predicted, explained.confidence)
                for name in (explained.confidence, ALL):
                    found[name].append((explained.predicted, score, shown.low <= score <= shown.high))
    print("| confidence | predictions | RMSE | mean error | within one point | as shown |", end="")
    print(f" {HIGH:g} or more | predicted there | given there |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in (*get_args(Confidence), ALL):
        predicted, scores, as_shown = np.array(found[name]).T
        errors, high = scores - predicted, predicted >= HIGH
        rmse, error, close = np.sqrt(np.mean(errors**2)), np.abs(errors).mean(), np.abs(errors) <= CLOSE
        print(f"| {name} | {len(errors):,} | {rmse:.2f} | {error:.2f} | {close.mean():.0%} |", end="")
        print(f" {as_shown.mean():.0%} | {high.sum():,} |", end="")
        print(f" {predicted[high].mean():.2f} | {scores[high].mean():.2f} |")


if __name__ == "__main__":
    main()
