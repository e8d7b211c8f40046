"""`evaluate --protocol watch-parties`: how fairly aggregations and fairness weights serve groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hakken.catalogue.catalogue import Catalogue
from hakken.evaluation import Interval
from hakken.evaluation.plots import Curve, Panel
from hakken.evaluation.protocols.measuring import Asked, Measured, Pictures
from hakken.evaluation.report import Table
from hakken.evaluation.watch_parties import (
    PARTIES,
    SIZES,
    Choice,
    Choose,
    KnownRatings,
    PreparedGroup,
    Tonight,
    measure_watch_parties,
    watch_parties_table,
)
from hakken.groups import GroupFilters, suggest
from hakken.groups.aggregations import DEFAULT, Aggregation
from hakken.groups.fairness import Served, fairness_weights
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.prediction import Scores
from hakken.ratings.ratings import HIGHEST, LOWEST, Ratings
from hakken.recommend.recommender import Member, Recommender
from hakken.recommend.score_cache import RememberedScores

FLOOR = 5.0
"""Predicted ratings below this are misery, as in the bot's settings."""
PICKS = 5
"""Number of picks, as in `/suggest`; the first is watched."""
PLAIN: Aggregation = "average"
RANDOM = "random"
FAIRNESS = ", with fairness"
AGGREGATIONS: tuple[Aggregation, ...] = (DEFAULT, "least misery")
WITH_FAIRNESS: tuple[Aggregation, ...] = (DEFAULT, "proportional")
REMEMBERED_BYTES = 64 * 2**20

FairnessWeights = Callable[[Sequence[Sequence[Served]], Sequence[int]], NDArray[np.float64]]
"""Takes past watch parties, the newest first, and members; returns weights, mean 1, shape (n_members,)."""


def measure(asked: Asked) -> Measured:
    """Measure how well each way of choosing serves groups; the reference is plain averaging.

    Raises:
        EvaluationError: there is no catalogue, which is needed for sequels and 18+, or too few users.
    """
    catalogue = asked.catalogue

    def prepare(train: Ratings) -> PreparedGroup:
        return learn(catalogue, asked.min_raters, train, _ways)

    found = measure_watch_parties(prepare, asked.splits, progress=asked.step)
    return Measured(
        unseen_users=sum(size * len(one.means) for size, one in found[PLAIN].items()),
        reference=PLAIN,
        about={
            "groups": len(found[PLAIN][SIZES[0]].means),
            "sizes": list(SIZES),
            "evenings": PARTIES,
            "floor": FLOOR,
            "min_raters": asked.min_raters,
        },
        tables={"evenings": watch_parties_table(found, PLAIN)},
    )


def pictures(measured: Measured) -> Pictures:
    """Plot each way except the random one against plain averaging, over the group's size."""
    table = measured.tables["evenings"]
    names = dict.fromkeys(str(row["chosen_by"]) for row in table)

    def panel(title: str, column: str) -> Panel:
        curves = [_curve(table, name, column) for name in names if name not in (PLAIN, RANDOM)]
        return Panel(title, "people in the group", "satisfaction above plain averaging", curves)

    return {
        "evenings": [
            panel("The least-served member", "least_served_above_reference"),
            panel("The mean of the group", "mean_above_reference"),
        ]
    }


def _curve(table: Table, name: str, column: str) -> Curve:
    points: dict[float, Interval] = {}
    for row in table:
        people, figure = row["people"], row[column]
        if row["chosen_by"] == name and isinstance(people, int) and isinstance(figure, Interval):
            points[people] = figure
    return Curve(name, points)


def learn(
    catalogue: Catalogue,
    min_raters: int,
    train: Ratings,
    ways: Callable[[Recommender], Mapping[str, Choose]],
) -> PreparedGroup:
    """Train a model on ratings without the groups' members, and build the ways of choosing from it."""
    model = ItemKNNBaseline().fit(train, catalogue=catalogue)
    recommender = Recommender(model, catalogue, min_raters=min_raters)
    ids = model.anime_ids.tolist()

    def predict(whole: KnownRatings) -> dict[int, float]:
        return dict(zip(ids, model.predict(whole).tolist(), strict=True))

    return PreparedGroup(ways(recommender), predict)


def nobody(_: Sequence[Sequence[Served]], members: Sequence[int]) -> NDArray[np.float64]:
    """Return equal weights: every member counts 1."""
    return np.ones(len(members))


def chooser(
    recommender: Recommender,
    aggregation: Aggregation,
    scores: RememberedScores,
    fairness_weights: FairnessWeights = nobody,
) -> Choose:
    """Return a function that chooses the first of the bot's picks; by default all members count the same."""
    filters = GroupFilters(aggregation=aggregation, floor=FLOOR)

    def choose(tonight: Tonight) -> Choice | None:
        weights = fairness_weights(tonight.before, range(len(tonight.known)))
        suggestion = suggest(
            recommender, _members(tonight), PICKS, filters, weights=weights, scores=scores.scores
        )
        picks = suggestion.picks
        return Choice(picks[0].anime_id, suggestion.best.tolist()) if picks else None

    return choose


def _ways(recommender: Recommender) -> dict[str, Choose]:
    scores = RememberedScores(recommender, REMEMBERED_BYTES)
    plain = chooser(recommender, PLAIN, scores)
    return {
        PLAIN: plain,
        **{name: chooser(recommender, name, scores) for name in AGGREGATIONS},
        **{name + FAIRNESS: chooser(recommender, name, scores, fairness_weights) for name in WITH_FAIRNESS},
        RANDOM: _by_chance(recommender, plain),
    }


def _by_chance(recommender: Recommender, plain: Choose) -> Choose:
    """Return a function that chooses at random; it takes each member's own best from ``plain``."""
    n_anime = len(recommender.model.anime_ids)
    filters = GroupFilters(aggregation=PLAIN, floor=LOWEST)

    def choose(tonight: Tonight) -> Choice | None:
        usual, random = float(HIGHEST), 1 - tonight.random.random(n_anime)
        chance = Scores(np.full(n_anime, usual), random, random, usual)
        picks = suggest(recommender, _members(tonight), 1, filters, scores=lambda _: chance).picks
        if not picks:
            return None
        if tonight.before:
            return Choice(picks[0].anime_id, [one.best for one in tonight.before[-1]])
        first = plain(tonight)
        return first and replace(first, anime_id=picks[0].anime_id)

    return choose


def _members(tonight: Tonight) -> list[Member]:
    return [Member(ratings=ratings, seen=tonight.watched) for ratings in tonight.known]
