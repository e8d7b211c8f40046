"""Training: learns a fitted model from ratings, and measures how long each step took."""

from __future__ import annotations

import time
from collections import defaultdict

import numpy as np

from hakken.catalogue.catalogue import Catalogue
from hakken.model.baseline import Baseline
from hakken.model.cold_start.placement import ColdStart, give_places
from hakken.model.fitted import FittedModel
from hakken.model.interest import Interest, Links, learn_interest
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.similarity import similar_anime
from hakken.model.workers import Workers
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings


def learn(
    ratings: Ratings,
    parameters: Parameters,
    interest_parameters: InterestParameters,
    progress: Progress | None,
    workers: Workers | None,
    catalogue: Catalogue | None,
) -> FittedModel:
    """Learn the baseline, the similarities and the interest, and place anime with few or no ratings.

    Args:
        ratings: at least one rating.
        parameters: parameters of the predicted ratings.
        interest_parameters: parameters of the interest.
        progress: called now and then with the current step and its progress.
        workers: run the computations on pairs of anime; this machine's threads by default.
        catalogue: facts that place anime with few or no ratings in the model, and join franchises.
    """
    started = time.perf_counter()
    baseline = Baseline.fit(
        ratings, reg_user=parameters.reg_user, reg_item=parameters.reg_item, epochs=parameters.epochs
    )
    baseline_done = time.perf_counter()
    neighbours = similar_anime(
        ratings,
        baseline,
        shrinkage=parameters.shrinkage,
        min_support=parameters.min_support,
        neighbours=parameters.neighbours,
        workers=workers,
        progress=progress,
    )
    similarities_done = time.perf_counter()
    weights = learn_interest(
        ratings, baseline, interest_parameters, _franchises(ratings, catalogue), workers, progress
    )
    interest_done = time.perf_counter()
    places = ColdStart.of_rated(ratings.anime_ids, ratings.raters, baseline.of_anime, neighbours, weights)
    if catalogue:
        places = give_places(
            places,
            catalogue,
            least_raters=interest_parameters.least_raters,
            likes=interest_parameters.likes,
            thin=interest_parameters.thin,
            reg_item=parameters.reg_item,
        )
    return FittedModel(
        anime_ids=places.anime_ids,
        raters=places.raters,
        mean=baseline.mean,
        biases=places.biases.astype(np.float32),
        neighbours=places.neighbours,
        interest=Interest(
            Links.of_matrix(places.interest),
            Links.of_matrix(places.likenesses),
            interest_parameters.slope,
            interest_parameters.say,
        ),
        data={
            "ratings": len(ratings),
            "users": len(ratings.user_ids),
            "anime": len(ratings.anime_ids),
            "mean": baseline.mean,
            "fingerprint": ratings.fingerprint(),
        },
        metrics={
            "baseline_seconds": round(baseline_done - started, 3),
            "similarities_seconds": round(similarities_done - baseline_done, 3),
            "interest_seconds": round(interest_done - similarities_done, 3),
        },
    )


def _franchises(ratings: Ratings, catalogue: Catalogue | None) -> list[list[int]]:
    """Group the rows of the rated anime by franchise."""
    if catalogue is None:
        return []
    together = defaultdict[int, list[int]](list)
    for row, anime_id in enumerate(ratings.anime_ids.tolist()):
        franchise = catalogue.anime(anime_id).franchise
        if franchise is not None:
            together[franchise].append(row)
    return [rows for rows in together.values() if len(rows) > 1]
