"""Evaluation of models on users that they never saw: splits, metrics, protocols and peer models."""

from __future__ import annotations

from hakken.evaluation.groups import LENGTHS, PERIODS, UNKNOWN_PERIOD, Periods
from hakken.evaluation.intervals import Interval
from hakken.evaluation.metrics import FLOOR, LIKED, ndcg, recall
from hakken.evaluation.peers import baseline_only, global_mean, popularity, user_mean
from hakken.evaluation.ranking import ListTrainer, Rank, by_rank, measure_by_known, measure_rankings
from hakken.evaluation.rating import Errors, Predict, Trainer, measure_ratings, rmse
from hakken.evaluation.shown import Choose, ShownLists
from hakken.evaluation.splits import Folds, Split, Splits, Unseen, split_users, with_known

__all__ = [
    "FLOOR",
    "LENGTHS",
    "LIKED",
    "PERIODS",
    "UNKNOWN_PERIOD",
    "Choose",
    "Errors",
    "Folds",
    "Interval",
    "ListTrainer",
    "Periods",
    "Predict",
    "Rank",
    "ShownLists",
    "Split",
    "Splits",
    "Trainer",
    "Unseen",
    "baseline_only",
    "by_rank",
    "global_mean",
    "measure_by_known",
    "measure_rankings",
    "measure_ratings",
    "ndcg",
    "popularity",
    "recall",
    "rmse",
    "split_users",
    "user_mean",
    "with_known",
]
