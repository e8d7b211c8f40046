"""The interview protocol: how much a few first questions reveal about users that training never saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hakken.evaluation.intervals import Interval, mean
from hakken.evaluation.metrics import ndcg, recall
from hakken.evaluation.ranking import Rank, first
from hakken.evaluation.rating import Errors, Predict
from hakken.evaluation.report import Table
from hakken.evaluation.splits import Splits
from hakken.progress import Progress
from hakken.ratings.ratings import Ratings

ANSWERS = 10
"""Number of scores after which an interview ends."""
ASKED = 20
"""Number of questions after which an interview ends."""


@dataclass(frozen=True, slots=True)
class PreparedInterview:
    """Questions and functions learned from a rating set before the interviews."""

    questions: Mapping[str, Sequence[int]]
    """Lists of anime ids to compare, by name, in the order of asking."""
    predict: Predict
    rank: Rank


Prepare = Callable[[Ratings], PreparedInterview]
"""Learns from a rating set to ask, to predict and to rank; its lists always have the same names."""


@dataclass(frozen=True)
class Worth:
    """Quality of the predictions from the answers, a row per user; the same users for all lists."""

    errors: Errors
    """Errors of the ratings predicted for the hidden anime."""
    ndcgs: NDArray[np.float64]
    """NDCG of the recommendations; NaN if no hidden anime gains anything, shape (n_users,)."""
    recalls: NDArray[np.float64]
    """Recall of the hidden liked anime; NaN if there are none, shape (n_users,)."""

    def ndcg(self, seed: int = 0) -> Interval:
        """Mean NDCG over the users with something to gain."""
        return mean(self.ndcgs, seed)

    def ndcg_against(self, other: Worth, seed: int = 0) -> Interval:
        """Difference of the mean NDCG to that after other questions to the same users; paired."""
        return mean(self.ndcgs - other.ndcgs, seed)

    def recall(self, seed: int = 0) -> Interval:
        """Mean recall over the users with something to find."""
        return mean(self.recalls, seed)

    def recall_against(self, other: Worth, seed: int = 0) -> Interval:
        """Difference of the mean recall to that after other questions to the same users; paired."""
        return mean(self.recalls - other.recalls, seed)


@dataclass(frozen=True)
class Interviews:
    """Results of a list of questions, a row per user."""

    asked: NDArray[np.float64]
    """Number of anime that each user was asked about, shape (n_users,)."""
    answered: NDArray[np.float64]
    """Number of these that they scored, shape (n_users,)."""
    rest: Worth
    """Quality on the user's list without their answers: different anime for each list of questions."""
    common: Worth
    """Quality on the anime that none of the compared lists asked about: the same anime for all."""


def interview(
    scores: Mapping[int, float], questions: Sequence[int], *, answers: int = ANSWERS, asked: int = ASKED
) -> tuple[frozenset[int], dict[int, float]]:
    """Interview a user, who answers with the score on their list or with 'not seen'.

    It ends after `answers` scores, or `asked` questions. Return the anime asked about, and the scores.
    """
    put: set[int] = set()
    given: dict[int, float] = {}
    for anime_id in questions[:asked]:
        if len(given) == answers:
            break
        put.add(anime_id)
        if anime_id in scores:
            given[anime_id] = scores[anime_id]
    return frozenset(put), given


def measure_interviews(
    prepare: Prepare,
    splits: Splits,
    *,
    answers: int = ANSWERS,
    asked: int = ASKED,
    n: int = 10,
    progress: Progress | None = None,
) -> dict[str, Interviews]:
    """Interview the unseen users with each list of questions, and measure predictions from the answers.

    See `interview`; only one split is in memory at a time.
    """
    found: dict[str, list[NDArray[np.float64]]] = {}
    for fold, split in enumerate(splits):
        if progress:
            progress(f"fold {fold + 1}: interviews", fold / len(splits))
        ready = prepare(split.train)
        for user in split.unseen:
            scores = user.given | user.hidden
            held = {
                name: interview(scores, questions, answers=answers, asked=asked)
                for name, questions in ready.questions.items()
            }
            asked_by_any = frozenset[int]().union(*(put for put, _ in held.values()))
            for name, (put, given) in held.items():
                figures = _figures(ready, split.train, scores, given, asked_by_any, n)
                found.setdefault(name, []).append(np.array([len(put), len(given), *figures]))
    return {name: _interviews(np.array(rows)) for name, rows in found.items()}


def interviews_table(found: Mapping[str, Interviews], reference: str, seed: int = 0) -> Table:
    """Tabulate the quality of each list of questions, compared with the reference for the same users."""
    other = found[reference].common
    return [
        {
            "questions": name,
            "asked": mean(one.asked, seed),
            "answered": mean(one.answered, seed),
            "rmse": one.common.errors.rmse(seed),
            "rmse_percent_against_reference": None
            if name == reference
            else one.common.errors.rmse_against(other.errors, seed),
            "ndcg": one.common.ndcg(seed),
            "ndcg_above_reference": None if name == reference else one.common.ndcg_against(other, seed),
            "recall": one.common.recall(seed),
            "recall_above_reference": None if name == reference else one.common.recall_against(other, seed),
            "rmse_of_rest": one.rest.errors.rmse(seed),
            "ndcg_of_rest": one.rest.ndcg(seed),
            "recall_of_rest": one.rest.recall(seed),
        }
        for name, one in found.items()
    ]


def _figures(
    ready: PreparedInterview,
    train: Ratings,
    scores: Mapping[int, float],
    given: Mapping[int, float],
    asked_by_any: frozenset[int],
    n: int,
) -> list[float]:
    """Squared and absolute errors, their number, NDCG and recall: first on the rest, then on common anime."""
    ranked = np.asarray(ready.rank(given), dtype=np.float64)
    hidden = [anime_id for anime_id in scores if anime_id not in given]
    predicted = np.asarray(ready.predict(given, hidden), dtype=np.float64)
    ids = np.array(hidden, dtype=np.int64)
    hidden_scores = np.array([scores[anime_id] for anime_id in hidden], dtype=np.float64)
    figures: list[float] = []
    for away in (given.keys(), asked_by_any):
        away_ids = np.fromiter(away, np.int64, len(away))
        kept = ~np.isin(ids, away_ids)
        errors = predicted[kept] - hidden_scores[kept]
        best = first(ranked, train.raters, np.isin(train.anime_ids, away_ids), n)
        shown = _scores_of(train.anime_ids[best], scores)
        figures += [
            float(errors @ errors),
            float(np.abs(errors).sum()),
            len(errors),
            ndcg(shown, hidden_scores[kept], n),
            recall(shown, hidden_scores[kept], n),
        ]
    return figures


def _scores_of(ids: NDArray[np.int64], scores: Mapping[int, float]) -> NDArray[np.float64]:
    """The user's scores of these anime, NaN if there is none."""
    return np.array([scores.get(anime_id, np.nan) for anime_id in ids.tolist()], dtype=np.float64)


def _interviews(rows: NDArray[np.float64]) -> Interviews:
    """Build the results from a row per user: asked, answered, and the two sets of `_figures`."""
    asked, answered, *figures = rows.T
    return Interviews(asked, answered, _worth(figures[:5]), _worth(figures[5:]))


def _worth(figures: list[NDArray[np.float64]]) -> Worth:
    *errors, ndcgs, recalls = figures
    return Worth(Errors(*errors), ndcgs, recalls)
