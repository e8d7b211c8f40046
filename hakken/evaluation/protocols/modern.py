"""`evaluate --protocol modern`: the first ten for today's people, and the new anime among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation import Choose, report
from hakken.evaluation.modern import (
    ModernTrainer,
    ignoring_lists,
    measure_modern,
    modern_table,
    share_table,
)
from hakken.evaluation.protocols.measuring import Asked, Measured
from hakken.evaluation.protocols.orders import ORDERS, orders_of
from hakken.evaluation.protocols.ranking import reference_of, trainers_of
from hakken.evaluation.protocols.rating import HAKKEN
from hakken.model.item_knn import ItemKNNBaseline
from hakken.ratings.ratings import Ratings

if TYPE_CHECKING:
    from hakken.recommend.second_stage.learning import SecondStageLearner


def _of_hakken(asked: Asked) -> ModernTrainer:
    """Return a trainer whose second stage learns from the lists of the people who are not measured, too."""
    from hakken.evaluation.two_stages import learner_of  # loads LightGBM

    trained: list[tuple[ItemKNNBaseline, SecondStageLearner, ItemKNNBaseline | None]] = []

    def train(ratings: Ratings, seen: Ratings, catalogue: Catalogue) -> Mapping[str, Choose]:
        if not trained:
            model = ItemKNNBaseline().fit(ratings, catalogue=catalogue)
            trained.append((model, *learner_of(ItemKNNBaseline, ratings, catalogue)))
        model, learner, asking = trained[0]
        model.second_stage = learner.learn(seen.lists(), asking)
        return orders_of(model, catalogue, [one for one in ORDERS if one in asked.rankers], asked.min_raters)

    return train


def measure(asked: Asked) -> Measured:
    """Measure models that are trained on the rating set alone on lists of today's people.

    Raises:
        EvaluationError: there is no catalogue, which is needed for the years, or there are no lists.
    """
    catalogue, people, reference = asked.catalogue, asked.people, reference_of(asked)
    trainers = {name: ignoring_lists(train) for name, train in trainers_of(asked).items()}
    if HAKKEN in trainers:
        trainers[HAKKEN] = _of_hakken(asked)
    found = measure_modern(
        trainers, asked.splits.ratings, people, catalogue, asked.since, progress=asked.step
    )
    whole = {name: one.whole for name, one in found.items()}
    return Measured(
        unseen_users=len(whole[reference].given),
        reference=reference.value,
        about={
            **report.left_out(whole[reference]),
            "lists": len(people.ratings),
            "since": asked.since,
            "min_raters": asked.min_raters,
        },
        tables={
            "modern": modern_table(found, reference),
            "shares": share_table(found),
            "models": report.ranking_table(whole, reference),
            "content": report.list_table(whole),
        },
    )
