"""The orders in which a fitted model recommends: by its scores, or as the bot shows its picks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation import Choose, Rank, by_rank
from hakken.evaluation.protocols.measuring import Ranker
from hakken.model.item_knn import ItemKNNBaseline
from hakken.recommend.filters import MIN_RATERS, Filters, with_ecchi_if_wanted
from hakken.recommend.recommender import Member, Recommender

_SCORES: dict[Ranker, Callable[[ItemKNNBaseline], Rank]] = {
    Ranker.predicted: lambda model: model.predict,
    Ranker.match: lambda model: model.match,
}
"""The scores by which a model ranks."""

ORDERS = (*_SCORES, Ranker.shown)
"""The orders of a fitted model."""


def orders_of(
    model: ItemKNNBaseline, catalogue: Catalogue, orders: Collection[Ranker], min_raters: int
) -> dict[str, Choose]:
    """Return a function for each of some `ORDERS`, by its name; ``min_raters`` is for those by scores."""
    return {
        one.value: as_shown(model, catalogue) if one is Ranker.shown else by_score(model, one, min_raters)
        for one in orders
    }


def by_score(model: ItemKNNBaseline, order: Ranker, min_raters: int) -> Choose:
    """Return a function that ranks like `ItemKNNBaseline.recommend`, by ``predicted`` or ``match``."""
    scores, known = _SCORES[order](model), model.raters >= min_raters
    return by_rank(lambda given: np.where(known, scores(given), -np.inf), model.anime_ids, model.raters)


def as_shown(model: ItemKNNBaseline, catalogue: Catalogue) -> Choose:
    """Return a function that recommends what the bot's `/recommend` shows by default, in that order."""
    recommender = Recommender(model, catalogue, min_raters=MIN_RATERS)

    def choose(given: Mapping[int, float], n: int) -> list[int]:
        filters = with_ecchi_if_wanted(Filters(), given, catalogue)
        return [pick.anime_id for pick in recommender.recommend(Member(given), n, filters)]

    return choose
