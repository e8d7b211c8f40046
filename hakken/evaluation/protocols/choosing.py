"""`evaluate --protocol choosing`: costs and benefits of filters in the bot's recommendations."""

from __future__ import annotations

from collections.abc import Mapping

from hakken.evaluation import Choose, ListTrainer, measure_rankings, report
from hakken.evaluation.choosing import (
    FILTERS,
    NOT_DIVERSE,
    diversity_table,
    fame_table,
    taste_table,
    without_traits,
)
from hakken.evaluation.protocols.measuring import Asked, Measured, Ranker
from hakken.evaluation.protocols.orders import by_score
from hakken.model.item_knn import ItemKNNBaseline
from hakken.ratings.ratings import Ratings
from hakken.recommend.filters import Filters
from hakken.recommend.recommender import Member, Recommender

PLAIN = "plain match"
"""Name of the model's own order: the best match first, including 18+ and sequels."""


def measure(asked: Asked) -> Measured:
    """Measure the effect of each filter on the recommendations; the reference is the model's own order.

    Raises:
        EvaluationError: there is no catalogue, which is needed for sequels, genres and 18+.
    """
    found = measure_rankings({"Hakken": _trainer(asked)}, asked.splits, asked.catalogue, progress=asked.step)
    return Measured(
        unseen_users=len(found[PLAIN].given),
        reference=PLAIN,
        about={**report.left_out(found[PLAIN]), "min_raters": asked.min_raters},
        tables={
            "models": report.ranking_table(found, PLAIN),
            "taste": taste_table(found, PLAIN),
            "fame": fame_table(found, PLAIN),
            "diversity": diversity_table(found),
        },
    )


def _trainer(asked: Asked) -> ListTrainer:
    def train(ratings: Ratings) -> dict[str, Choose]:
        model = ItemKNNBaseline().fit(ratings, catalogue=asked.catalogue)
        catalogues = {"": asked.catalogue, NOT_DIVERSE: without_traits(asked.catalogue)}
        recommenders = {
            diversity: Recommender(model, catalogue, min_raters=asked.min_raters)
            for diversity, catalogue in catalogues.items()
        }
        return {PLAIN: by_score(model, Ranker.match, asked.min_raters)} | {
            name + diversity: _picks(recommender, filters)
            for name, filters in FILTERS.items()
            for diversity, recommender in recommenders.items()
        }

    return train


def _picks(recommender: Recommender, filters: Filters) -> Choose:
    def choose(given: Mapping[int, float], n: int) -> list[int]:
        return [pick.anime_id for pick in recommender.recommend(Member(given), n, filters)]

    return choose
