"""`evaluate --protocol cold-start`: cold start with anime that training never saw, such as new seasons."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.errors import EvaluationError
from hakken.evaluation.cold_start import (
    CROWD,
    RECENT,
    Guess,
    Guesser,
    a_tenth,
    cold_start_table,
    guessers,
    measure_cold_start,
    recent,
)
from hakken.evaluation.protocols.measuring import Asked, Measured
from hakken.evaluation.protocols.rating import HAKKEN
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.rows import rows_of
from hakken.ratings.ratings import Ratings


def measure(asked: Asked) -> Measured:
    """Measure guesses about hidden anime: a tenth of all anime, and those of the last years.

    Raises:
        EvaluationError: there is no catalogue, which is needed for the facts.
    """
    catalogue, ratings, seed = asked.catalogue, asked.splits.ratings, asked.splits.seed
    hidden = {"a tenth of the anime": a_tenth(ratings, seed)} | _of_recent_years(ratings, catalogue)
    compared = guessers(catalogue) | {HAKKEN: hakken_guesser(catalogue)}
    found = {
        name: measure_cold_start(compared, asked.splits, catalogue, ids, asked.step)
        for name, ids in hidden.items()
    }
    users = next(iter(found.values())).errors[HAKKEN].counts
    return Measured(
        unseen_users=len(users), reference=CROWD, about={}, tables={"hidden": cold_start_table(found)}
    )


def _of_recent_years(ratings: Ratings, catalogue: Catalogue) -> dict[str, NDArray[np.int64]]:
    try:
        return {f"anime of {RECENT} on": recent(ratings, catalogue)}
    except EvaluationError:  # an older rating set has no recent anime; the tenth of all is enough
        return {}


def hakken_guesser(catalogue: Catalogue) -> Guesser:
    """Return a guesser that trains the model with a catalogue, so that facts place the hidden anime."""

    def learn(train: Ratings, hidden_ids: NDArray[np.int64]) -> Guess:
        model = ItemKNNBaseline().fit(train, catalogue=catalogue)
        rows, placed = rows_of(hidden_ids, model.anime_ids)

        def rank(given: Mapping[int, float]) -> ArrayLike:
            return np.where(placed, model.match(given)[rows], -np.inf)

        return Guess(model.predict, rank)

    return learn
