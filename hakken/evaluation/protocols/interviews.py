"""`evaluate --protocol interviews`: how much the questions of `/start` reveal about new members."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation.interviews import (
    ASKED,
    Prepare,
    PreparedInterview,
    interviews_table,
    measure_interviews,
)
from hakken.evaluation.protocols.measuring import Asked, Measured
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.rows import rows_of
from hakken.ratings.ratings import Ratings
from hakken.recommend.onboarding import choose_questions
from hakken.recommend.questions import askable, start_questions

POPULAR, FIRST_ENTRIES, TELLING = "most popular", "most popular first entries", "most telling"
START = "as /start asks"


def measure(asked: Asked) -> Measured:
    """Measure predictions from the answers; the reference asks about the most popular anime.

    Raises:
        EvaluationError: there is no catalogue, which is needed for sequels, franchises and 18+.
    """
    found = measure_interviews(preparing(asked.catalogue), asked.splits, progress=asked.step)
    return Measured(
        unseen_users=len(found[POPULAR].asked),
        reference=POPULAR,
        about={},
        tables={"questions": interviews_table(found, POPULAR)},
    )


def preparing(catalogue: Catalogue) -> Prepare:
    """Return the function that trains the model with a catalogue, and makes the lists of questions."""
    franchise = askable(catalogue)

    def prepare(train: Ratings) -> PreparedInterview:
        popular = train.anime_ids[np.argsort(-train.raters, kind="stable")]
        telling = choose_questions(train, ASKED, allowed=franchise, franchise=franchise)
        model = ItemKNNBaseline().fit(train, catalogue=catalogue)
        rated, _ = rows_of(train.anime_ids, model.anime_ids)

        def rank(given: Mapping[int, float]) -> NDArray[np.float64]:
            return model.match(given)[rated]

        lists = {
            POPULAR: popular.tolist(),
            FIRST_ENTRIES: [one for one in popular.tolist() if one in franchise],
            TELLING: telling.tolist(),
            START: start_questions(train, catalogue, ASKED),
        }
        return PreparedInterview(lists, model.predict, rank)

    return prepare
