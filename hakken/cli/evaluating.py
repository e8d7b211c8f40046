"""`evaluate`: how well the model does on a rating set, beside its peers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import ArrayLike

from hakken.catalogue import Catalogue
from hakken.cli.terminal import app, err, out, progress, show
from hakken.errors import EvaluationError
from hakken.evaluation import (
    Folds,
    Interval,
    Periods,
    Rank,
    RankTrainer,
    Trainer,
    baseline_only,
    global_mean,
    measure_rankings,
    measure_ratings,
    plots,
    popularity,
    report,
    user_mean,
)
from hakken.evaluation.plots import Curve, Panel
from hakken.model import SURPRISE as LIKE_SURPRISE
from hakken.model import ItemKNNBaseline, Parameters
from hakken.progress import Progress
from hakken.ratings import Ratings

HAKKEN, SURPRISE = "Hakken", "Surprise's defaults"
BASELINE, PREDICTED, POPULARITY = "baseline only", "predicted", "popularity"

PARAMETERS: dict[str, dict[str, Any]] = {HAKKEN: {}, SURPRISE: asdict(LIKE_SURPRISE)}
"""What `ItemKNNBaseline` is told otherwise than by default."""

KS = (5, 10, 20, 30, 40, 80, 160)
SHRINKAGES = (10, 30, 100, 300, 1000, 3000)
NEIGHBOURS = (25, 50, 100, 200, 400, 800)

RMSE = "RMSE against Surprise's defaults (%)"


class Protocol(StrEnum):
    """What is measured."""

    rating = "rating"
    ranking = "ranking"


@app.command()
def evaluate(
    ratings: Annotated[Path, typer.Argument(help="Rating set, as `train` takes it.")],
    protocol: Annotated[
        Protocol, typer.Option(help="Errors of predicted ratings, or worth of the first ten recommendations.")
    ] = Protocol.rating,
    folds: Annotated[int, typer.Option(min=2, help="In how many parts users are unseen in turn.")] = 5,
    users: Annotated[
        int | None, typer.Option(min=1, help="Measure at most so many unseen users.", show_default="all")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides who is unseen and what is hidden.")] = 0,
    min_raters: Annotated[
        int, typer.Option(min=0, help="Ranking: recommend no anime that fewer users rated.")
    ] = 0,
    catalogue: Annotated[
        Path | None, typer.Option(help="Ranking: break down by the years in this catalogue.")
    ] = None,
    plot_dir: Annotated[
        Path | None,
        typer.Option("--plots", help="Draw curves into this directory; each point trains once per fold."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Measure the model on users that it did not see, beside its peers."""
    with progress() as step:
        step("reading the catalogue")
        periods = Periods(Catalogue.read(catalogue)) if catalogue else None
        everyone = Ratings.read(ratings, lambda share: step("reading the ratings", share))
        splits = _split(ratings, everyone, folds, users, seed)
        if plot_dir:
            plots.prepare(plot_dir)
        found: dict[str, Any] = {
            "protocol": protocol.value,
            "ratings": len(splits.ratings),
            "folds": folds,
            "seed": seed,
        }
        if protocol is Protocol.rating:
            found |= _measure_ratings(splits, step)
        else:
            found |= _measure_rankings(splits, min_raters, periods, step)
        if plot_dir:
            pictures = (
                _rating_pictures(splits, step)
                if protocol is Protocol.rating
                else _ranking_pictures(splits, min_raters, step)
            )
            note = (
                f"{len(splits.ratings):,} ratings; {found['unseen_users']:,} unseen users in {folds} folds, "
                f"seed {seed}; bands: 95 % confidence"
            )
            for name, panels in pictures.items():
                plots.draw(plot_dir / f"{name}.png", panels, note)
            found["curves"] = {name: _curves(panels) for name, panels in pictures.items()}
    _print(found, as_json)


def _split(path: Path, everyone: Ratings, folds: int, users: int | None, seed: int) -> Folds:
    try:
        return Folds(everyone, folds=folds, users=users, seed=seed)
    except EvaluationError as error:
        raise EvaluationError(f"{path}: {error}") from None


def _measure_ratings(splits: Folds, step: Progress) -> dict[str, Any]:
    defaults = Parameters()
    trainers = {name: _predictor(told) for name, told in PARAMETERS.items()} | {
        BASELINE: baseline_only(
            reg_user=defaults.reg_user, reg_item=defaults.reg_item, epochs=defaults.epochs
        ),
        "user mean": lambda _: user_mean,
        "global mean": global_mean,
    }
    found = measure_ratings(trainers, splits, step)
    counts = found[HAKKEN].counts
    return {
        "unseen_users": len(counts),
        "hidden_ratings": int(counts.sum()),
        "reference": SURPRISE,
        "parameters": {name: asdict(Parameters(**told)) for name, told in PARAMETERS.items()},
        "models": report.rating_table(found, SURPRISE),
    }


def _measure_rankings(
    splits: Folds, min_raters: int, periods: Periods | None, step: Progress
) -> dict[str, Any]:
    trainers: dict[str, RankTrainer] = {PREDICTED: predicted({}, min_raters), POPULARITY: popularity}
    found = measure_rankings(trainers, splits, periods or Periods(Catalogue()), told=step)
    shown = found[PREDICTED]
    tables = {
        "models": report.ranking_table(found, POPULARITY),
        "by_length": report.length_table(found),
    }
    if periods:
        tables["by_period"] = report.period_table(found)
    return {
        "unseen_users": len(shown.given),
        **report.left_out(shown),
        "reference": POPULARITY,
        "min_raters": min_raters,
        "parameters": {PREDICTED: asdict(Parameters())},
        **tables,
    }


def _predictor(told: Mapping[str, Any]) -> Trainer:
    return lambda train: ItemKNNBaseline(**told).fit(train).predict


def predicted(told: Mapping[str, Any], min_raters: int) -> RankTrainer:
    """The order of `ItemKNNBaseline.recommend`.

    Args:
        told: parameters other than the defaults.
        min_raters: anime that fewer users rated in training are never recommended.
    """

    def train(ratings: Ratings) -> Rank:
        model = ItemKNNBaseline(**told).fit(ratings)
        known = model.raters >= min_raters

        def rank(given: Mapping[int, float]) -> ArrayLike:
            return np.where(known, model.predict(given), -np.inf)

        return rank

    return train


def _rating_pictures(splits: Folds, step: Progress) -> dict[str, list[Panel]]:
    k, shrinkage = (
        "k: neighbours that speak for a prediction",
        "shrinkage of the similarities (common raters)",
    )
    return {
        "rmse-over-k": [Panel("Error over k", k, RMSE, _rmse_over("k", KS, PARAMETERS, splits, step))],
        "rmse-over-shrinkage": [
            Panel(
                "Error over shrinkage",
                shrinkage,
                RMSE,
                _rmse_over("shrinkage", SHRINKAGES, PARAMETERS, splits, step),
            )
        ],
    }


def _ranking_pictures(splits: Folds, min_raters: int, step: Progress) -> dict[str, list[Panel]]:
    stored = "stored neighbours per anime"
    rankers = {str(value): predicted({"neighbours": value}, min_raters) for value in NEIGHBOURS}
    shown = measure_rankings(rankers, splits, Periods(Catalogue()), told=step)
    ndcgs: dict[float, Interval] = {value: shown[str(value)].ndcg() for value in NEIGHBOURS}
    rmses = _rmse_over("neighbours", NEIGHBOURS, {HAKKEN: {}}, splits, step)
    return {
        "quality-over-neighbours": [
            Panel("Error", stored, RMSE, rmses),
            Panel("Worth of the first ten", stored, "NDCG@10 (0–1)", [Curve(PREDICTED, ndcgs)]),
        ]
    }


def _rmse_over(
    parameter: str,
    values: tuple[int, ...],
    models: Mapping[str, Mapping[str, Any]],
    splits: Folds,
    step: Progress,
) -> list[Curve]:
    """RMSE against Surprise's defaults: paired, since what users differ in would hide what models do."""
    trainers = {SURPRISE: _predictor(PARAMETERS[SURPRISE])} | {
        f"{name}, {parameter} {value}": _predictor({**told, parameter: value})
        for name, told in models.items()
        for value in values
    }
    found = measure_ratings(trainers, splits, step)
    return [
        Curve(
            name,
            {value: found[f"{name}, {parameter} {value}"].rmse_against(found[SURPRISE]) for value in values},
        )
        for name in models
    ]


def _curves(panels: list[Panel]) -> list[dict[str, Any]]:
    return [
        {
            "figure": panel.y,
            "over": panel.x,
            "model": curve.name,
            "points": [{"at": at, "figure": report.for_machines(one)} for at, one in curve.points.items()],
        }
        for panel in panels
        for curve in panel.curves
    ]


def _print(found: dict[str, Any], as_json: bool) -> None:
    tables = {name: found[name] for name in ("models", "by_length", "by_period") if name in found}
    if as_json:
        machine = {
            name: [{column: report.for_machines(cell) for column, cell in row.items()} for row in rows]
            for name, rows in tables.items()
        }
        out.print_json(json.dumps(found | machine))
        return
    err.print(
        f"{found['ratings']:,} ratings; {found['unseen_users']:,} unseen users in {found['folds']} folds; "
        f"reference: {found['reference']}; ± 95 % confidence over users"
    )
    for rows in tables.values():
        show(
            [{column: report.for_people(cell) for column, cell in row.items()} for row in rows], as_json=False
        )
