"""`evaluate --protocol interviews`: how much the questions of `/start` reveal about new members."""

from __future__ import annotations

import numpy as np

from hakken.catalogue.watch_order import WatchOrder
from hakken.evaluation.interviews import ASKED, PreparedInterview, interviews_table, measure_interviews
from hakken.evaluation.protocols.measuring import Asked, Measured
from hakken.model.item_knn import ItemKNNBaseline
from hakken.ratings.ratings import Ratings
from hakken.recommend.onboarding import choose_questions

POPULAR, FIRST_ENTRIES, TELLING = "most popular", "most popular first entries", "most telling"


def measure(asked: Asked) -> Measured:
    """Measure predictions from the answers; the reference asks about the most popular anime.

    Raises:
        EvaluationError: there is no catalogue, which is needed for sequels, franchises and 18+.
    """
    catalogue = asked.catalogue
    order = WatchOrder(catalogue)
    allowed = frozenset(one for one in catalogue if order.entry(one, ()) == one and not catalogue[one].adult)
    franchise = {one: order.franchise(one) for one in catalogue}

    def prepare(train: Ratings) -> PreparedInterview:
        popular = train.anime_ids[np.argsort(-train.raters, kind="stable")]
        telling = choose_questions(train, ASKED, allowed=allowed, franchise=franchise)
        model = ItemKNNBaseline().fit(train)
        lists = {
            POPULAR: popular.tolist(),
            FIRST_ENTRIES: [one for one in popular.tolist() if one in allowed],
            TELLING: telling.tolist(),
        }
        return PreparedInterview(lists, model.predict, model.match)

    found = measure_interviews(prepare, asked.splits, progress=asked.step)
    return Measured(
        unseen_users=len(found[POPULAR].asked),
        reference=POPULAR,
        about={},
        tables={"questions": interviews_table(found, POPULAR)},
    )
