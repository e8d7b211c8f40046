"""`evaluate --protocol ranking`: quality of the first ten recommendations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import Any

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation import (
    Choose,
    Interval,
    ListTrainer,
    Rank,
    by_rank,
    measure_by_known,
    measure_rankings,
    popularity,
    report,
)
from hakken.evaluation.cosine import cosine
from hakken.evaluation.ease import ease
from hakken.evaluation.plots import Curve, Panel
from hakken.evaluation.protocols.measuring import Asked, Measured, Pictures, Ranker
from hakken.evaluation.protocols.orders import ORDERS, STAGED, orders_of
from hakken.evaluation.protocols.rating import HAKKEN, RMSE, rmse_over
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.parameters import Parameters
from hakken.ratings.ratings import Ratings

NEIGHBOURS = (25, 50, 100, 200, 400, 800)
KNOWN = (5, 10, 20)
"""Numbers of ratings that the model is given of new members."""

_PEERS: dict[Ranker, Callable[[Ratings], Rank]] = {
    Ranker.popularity: popularity,
    Ranker.cosine: cosine,
    Ranker.ease: ease,
}


def measure(asked: Asked) -> Measured:
    """Measure the quality of Hakken's recommendations and of its peers'."""
    reference = reference_of(asked)
    by_known = measure_by_known(
        trainers_of(asked), asked.splits, asked.facts, (None, *KNOWN), progress=asked.step
    )
    found = by_known[None]
    tables = {
        "models": report.ranking_table(found, reference),
        "lists": report.list_table(found),
        "by_length": report.length_table(found, reference),
        "by_known": report.known_table({known: by_known[known] for known in KNOWN}, reference),
    }
    if asked.facts:
        tables["by_period"] = report.period_table(found, reference)
    shown = found[reference]
    return Measured(
        unseen_users=len(shown.given),
        reference=reference.value,
        about={
            **report.left_out(shown),
            "min_raters": asked.min_raters,
            "parameters": {HAKKEN: asdict(Parameters())},
        },
        tables=tables,
    )


def trainers_of(asked: Asked) -> dict[str, ListTrainer]:
    """Return trainers of all rankings that are to be compared."""
    chosen = [one for one in Ranker if one in asked.rankers]
    trainers: dict[str, ListTrainer] = {one.value: _alone(one) for one in chosen if one in _PEERS}
    orders = [one for one in chosen if one in ORDERS]
    if orders:
        trainers[HAKKEN] = of_hakken({}, orders, asked.min_raters, asked.facts)
    return trainers


def reference_of(asked: Asked) -> Ranker:
    """Return the ranking that the others are compared with: EASE, or the first of those chosen."""
    chosen = [one for one in Ranker if one in asked.rankers]
    return Ranker.ease if Ranker.ease in chosen else chosen[0]


def of_hakken(
    parameters: Mapping[str, Any], orders: Collection[Ranker], min_raters: int, facts: Catalogue
) -> ListTrainer:
    """Return a trainer whose rankings all come from one `ItemKNNBaseline`, see `orders_of`.

    The parameters are those that differ from the defaults.
    """

    def train(ratings: Ratings) -> dict[str, Choose]:
        model = ItemKNNBaseline(**parameters).fit(ratings, catalogue=facts or None)
        if facts and set(orders).intersection(STAGED):
            from hakken.evaluation.two_stages import learn_from_folds  # loads LightGBM

            model.second_stage = learn_from_folds(lambda: ItemKNNBaseline(**parameters), ratings, facts)
        return orders_of(model, facts, orders, min_raters)

    return train


def pictures(asked: Asked) -> Pictures:
    """Plot the quality over the number of stored neighbours."""
    stored = "stored neighbours per anime"
    rmses = rmse_over("neighbours", NEIGHBOURS, {HAKKEN: {}}, asked)
    ndcgs: dict[float, Interval] = {value: _ndcg({"neighbours": value}, asked) for value in NEIGHBOURS}
    return {
        "quality-over-neighbours": [
            Panel("Error", stored, RMSE, rmses),
            Panel("Worth of the first ten", stored, "NDCG@10 (0–1)", [Curve(Ranker.predicted.value, ndcgs)]),
        ]
    }


def _ndcg(parameters: Mapping[str, Any], asked: Asked) -> Interval:
    trainer = of_hakken(parameters, [Ranker.predicted], asked.min_raters, asked.facts)
    name = ", ".join(f"{HAKKEN}, {parameter} {value}" for parameter, value in parameters.items())
    found = measure_rankings({name: trainer}, asked.splits, Catalogue(), progress=asked.step)
    return found[Ranker.predicted.value].ndcg()


def _alone(peer: Ranker) -> ListTrainer:
    return lambda train: {peer.value: by_rank(_PEERS[peer](train), train.anime_ids, train.raters)}
