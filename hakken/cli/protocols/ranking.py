"""`evaluate --protocol ranking`: worth of the first ten recommendations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue import Catalogue
from hakken.cli.protocols.measured import Measured, Pictures
from hakken.cli.protocols.rating import HAKKEN, RMSE, rmse_over
from hakken.evaluation import (
    Choose,
    Folds,
    Interval,
    ListTrainer,
    Rank,
    by_rank,
    measure_rankings,
    popularity,
    report,
)
from hakken.evaluation.cosine import cosine
from hakken.evaluation.ease import ease
from hakken.evaluation.plots import Curve, Panel
from hakken.model import ItemKNNBaseline
from hakken.parameters import Parameters
from hakken.progress import Progress
from hakken.ratings import Ratings

NEIGHBOURS = (25, 50, 100, 200, 400, 800)


class Ranker(StrEnum):
    """What can be compared."""

    popularity = "popularity"
    cosine = "cosine"
    ease = "EASE"
    predicted = "predicted"


_PEERS: dict[Ranker, Callable[[Ratings], Rank]] = {
    Ranker.popularity: popularity,
    Ranker.cosine: cosine,
    Ranker.ease: ease,
}
_SCORES: dict[Ranker, Callable[[ItemKNNBaseline], Rank]] = {
    Ranker.predicted: lambda model: model.predict,
}
"""The scores that Hakken orders by."""


def measure(
    rankers: Collection[Ranker], splits: Folds, catalogue: Catalogue, min_raters: int, step: Progress
) -> Measured:
    """Worth of the recommendations of Hakken and of its peers.

    Args:
        rankers: which of them, one or more.
        splits: whom to recommend to.
        catalogue: without one there are no years, genres and studios to go by.
        min_raters: Hakken recommends no anime that fewer users rated in training.
        step: told of the progress.
    """
    chosen = [one for one in Ranker if one in rankers]
    trainers: dict[str, ListTrainer] = {one.value: _alone(one) for one in chosen if one in _PEERS}
    orders = [one for one in chosen if one in _SCORES]
    if orders:
        trainers[HAKKEN] = of_hakken({}, min_raters, orders)
    found = measure_rankings(trainers, splits, catalogue, told=step)
    reference = Ranker.ease if Ranker.ease in chosen else chosen[0]
    tables = {
        "models": report.ranking_table(found, reference),
        "lists": report.list_table(found),
        "by_length": report.length_table(found, reference),
    }
    if catalogue:
        tables["by_period"] = report.period_table(found, reference)
    shown = found[reference]
    return Measured(
        unseen_users=len(shown.given),
        reference=reference.value,
        about={
            **report.left_out(shown),
            "min_raters": min_raters,
            "parameters": {HAKKEN: asdict(Parameters())},
        },
        tables=tables,
    )


def of_hakken(told: Mapping[str, Any], min_raters: int, orders: Collection[Ranker]) -> ListTrainer:
    """The orders of `ItemKNNBaseline.recommend`, of one model.

    Args:
        told: parameters other than the defaults.
        min_raters: anime that fewer users rated in training are never recommended.
        orders: which.
    """

    def train(ratings: Ratings) -> dict[str, Choose]:
        model = ItemKNNBaseline(**told).fit(ratings)
        known = model.raters >= min_raters
        return {
            one.value: by_rank(_only(known, _SCORES[one](model)), model.anime_ids, model.raters)
            for one in orders
        }

    return train


def pictures(splits: Folds, min_raters: int, step: Progress) -> Pictures:
    """Quality over how many neighbours are stored.

    Args:
        splits: whom to predict for and recommend to.
        min_raters: no anime is recommended that fewer users rated in training.
        step: told of the progress.
    """
    stored = "stored neighbours per anime"
    rmses = rmse_over("neighbours", NEIGHBOURS, {HAKKEN: {}}, splits, step)
    ndcgs: dict[float, Interval] = {
        value: _ndcg({"neighbours": value}, splits, min_raters, step) for value in NEIGHBOURS
    }
    return {
        "quality-over-neighbours": [
            Panel("Error", stored, RMSE, rmses),
            Panel("Worth of the first ten", stored, "NDCG@10 (0–1)", [Curve(Ranker.predicted.value, ndcgs)]),
        ]
    }


def _ndcg(told: Mapping[str, Any], splits: Folds, min_raters: int, step: Progress) -> Interval:
    trainer = of_hakken(told, min_raters, [Ranker.predicted])
    name = ", ".join(f"{HAKKEN}, {parameter} {value}" for parameter, value in told.items())
    return measure_rankings({name: trainer}, splits, Catalogue(), told=step)[Ranker.predicted.value].ndcg()


def _alone(peer: Ranker) -> ListTrainer:
    return lambda train: {peer.value: by_rank(_PEERS[peer](train), train.anime_ids, train.raters)}


def _only(allowed: NDArray[np.bool_], rank: Rank) -> Rank:
    return lambda given: np.where(allowed, rank(given), -np.inf)
