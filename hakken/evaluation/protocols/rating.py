"""`evaluate --protocol rating`: errors of predicted ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hakken.evaluation import (
    Trainer,
    baseline_only,
    global_mean,
    measure_ratings,
    report,
    user_mean,
)
from hakken.evaluation.plots import Curve, Panel
from hakken.evaluation.protocols.measuring import Asked, Measured, Pictures
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.parameters import SURPRISE as LIKE_SURPRISE
from hakken.model.parameters import InterestParameters, Parameters

HAKKEN, SURPRISE, BASELINE = "Hakken", "Surprise's defaults", "baseline only"

PARAMETERS: dict[str, dict[str, Any]] = {HAKKEN: {}, SURPRISE: asdict(LIKE_SURPRISE)}
"""Parameters of `ItemKNNBaseline` that differ from the defaults, by the model's name."""

_NO_INTEREST = InterestParameters(least_raters=10**9)
"""Predicted ratings do not depend on the interest, which takes most of the training."""

KS = (5, 10, 20, 30, 40, 80, 160)
SHRINKAGES = (10, 30, 100, 300, 1000, 3000)

RMSE = "RMSE against Surprise's defaults (%)"


def measure(asked: Asked) -> Measured:
    """Measure the errors of Hakken and of simpler models."""
    defaults = Parameters()
    trainers = {name: _predictor(parameters) for name, parameters in PARAMETERS.items()} | {
        BASELINE: baseline_only(
            reg_user=defaults.reg_user, reg_item=defaults.reg_item, epochs=defaults.epochs
        ),
        "user mean": lambda _: user_mean,
        "global mean": global_mean,
    }
    found = measure_ratings(trainers, asked.splits, asked.step)
    counts = found[HAKKEN].counts
    return Measured(
        unseen_users=len(counts),
        reference=SURPRISE,
        about={
            "hidden_ratings": int(counts.sum()),
            "parameters": {name: asdict(Parameters(**values)) for name, values in PARAMETERS.items()},
        },
        tables={"models": report.rating_table(found, SURPRISE)},
    )


def pictures(asked: Asked) -> Pictures:
    """Plot the errors over the number of neighbours and over the shrinkage of the similarities."""
    k, shrinkage = (
        "k: neighbours that speak for a prediction",
        "shrinkage of the similarities (common raters)",
    )
    over_k = rmse_over("k", KS, PARAMETERS, asked)
    over_shrinkage = rmse_over("shrinkage", SHRINKAGES, PARAMETERS, asked)
    return {
        "rmse-over-k": [Panel("Error over k", k, RMSE, over_k)],
        "rmse-over-shrinkage": [Panel("Error over shrinkage", shrinkage, RMSE, over_shrinkage)],
    }


def rmse_over(
    parameter: str,
    values: tuple[int, ...],
    models: Mapping[str, Mapping[str, Any]],
    asked: Asked,
) -> list[Curve]:
    """Measure the RMSE against Surprise's defaults for each value of a parameter; paired.

    It is paired because users differ more than models do. The models' other parameters are given by name.
    """
    trainers = {SURPRISE: _predictor(PARAMETERS[SURPRISE])} | {
        f"{name}, {parameter} {value}": _predictor({**parameters, parameter: value})
        for name, parameters in models.items()
        for value in values
    }
    found = measure_ratings(trainers, asked.splits, asked.step)
    return [
        Curve(
            name,
            {value: found[f"{name}, {parameter} {value}"].rmse_against(found[SURPRISE]) for value in values},
        )
        for name in models
    ]


def _predictor(parameters: Mapping[str, Any]) -> Trainer:
    return lambda train: ItemKNNBaseline(**parameters, interest=_NO_INTEREST).fit(train).predict
