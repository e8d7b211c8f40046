"""Tables of results: rows of named cells, with figures and their confidence intervals.

A table compares with the model that `reference` names; `seed` is that of the resampling.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from hakken.evaluation.groups import Periods
from hakken.evaluation.intervals import Interval
from hakken.evaluation.rating import Errors
from hakken.evaluation.shown import ShownLists

Cell = str | int | float | Interval | None
Table = list[dict[str, Cell]]


def rating_table(found: Mapping[str, Errors], reference: str, seed: int = 0) -> Table:
    """Tabulate RMSE and MAE of each model, and its RMSE against the reference's on the same users."""
    return [
        {
            "model": name,
            "rmse": errors.rmse(seed),
            "mae": errors.mae(seed),
            "rmse_percent_against_reference": None
            if name == reference
            else errors.rmse_against(found[reference], seed),
        }
        for name, errors in found.items()
    ]


def ranking_table(found: Mapping[str, ShownLists], reference: str, seed: int = 0) -> Table:
    """Tabulate the quality of each model's recommendations, compared with the reference; paired."""
    other = found[reference]
    return [
        {
            "model": name,
            "ndcg": shown.ndcg(seed),
            "ndcg_above_reference": None if shown is other else shown.ndcg_against(other, seed),
            "ndcg_ratio": None if shown is other else shown.ndcg_ratio(other, seed),
            "recall": shown.recall(seed),
            "recall_above_reference": None if shown is other else shown.recall_against(other, seed),
            "recall_ratio": None if shown is other else shown.recall_ratio(other, seed),
        }
        for name, shown in found.items()
    ]


def list_table(found: Mapping[str, ShownLists], seed: int = 0) -> Table:
    """Tabulate the content of each model's lists: lift, coverage, popularity and similarity."""
    return [
        {
            "model": name,
            "lift": shown.lift(seed),
            "coverage": shown.coverage(),
            "median_raters": shown.median_raters(seed),
            "intra_list_similarity": shown.similarity(seed),
        }
        for name, shown in found.items()
    ]


def length_table(found: Mapping[str, ShownLists], reference: str, seed: int = 0) -> Table:
    """Tabulate the quality of the recommendations by the number of ratings that the model was given."""
    others = found[reference].by_length()
    return [
        {
            "model": name,
            "given_ratings": length,
            **_worth(part, None if name == reference else others[length], seed),
        }
        for name, shown in found.items()
        for length, part in shown.by_length().items()
    ]


def known_table(found: Mapping[int | None, Mapping[str, ShownLists]], reference: str, seed: int = 0) -> Table:
    """Tabulate the quality of the recommendations by the number of ratings that are known of each user."""
    return [
        {
            "model": name,
            "known_ratings": known,
            **_worth(shown, None if name == reference else of_models[reference], seed),
        }
        for known, of_models in found.items()
        for name, shown in of_models.items()
    ]


def period_table(found: Mapping[str, ShownLists], reference: str, seed: int = 0) -> Table:
    """Tabulate the share of the hidden liked anime that was recommended, by the period they first aired."""
    other = found[reference]
    return [
        {
            "model": name,
            "first_aired": period,
            "hidden_liked": int(shown.liked[:, place].sum()),
            "recommended_share": shown.period_recall(place, seed),
            "above_reference": None if shown is other else shown.period_recall_against(other, place, seed),
        }
        for name, shown in found.items()
        for place, period in enumerate(Periods.names)
    ]


def left_out(shown: ShownLists) -> dict[str, int]:
    """Count the users without NDCG and without recall, because none of their hidden anime can count."""
    return {
        "users_without_gain": int(np.isnan(shown.ndcgs).sum()),
        "users_without_liked": int(np.isnan(shown.recalls).sum()),
    }


def _worth(shown: ShownLists, other: ShownLists | None, seed: int) -> dict[str, Cell]:
    """Return the quality of some lists, compared with others for the same users; paired."""
    return {
        "users": len(shown.given),
        "ndcg": shown.ndcg(seed),
        "ndcg_ratio": None if other is None else shown.ndcg_ratio(other, seed),
        "recall": shown.recall(seed),
        "recall_ratio": None if other is None else shown.recall_ratio(other, seed),
        "lift": shown.lift(seed),
    }


def for_machines(cell: Cell) -> str | int | float | dict[str, float | None] | None:
    """Convert a cell for JSON; figures that could not be measured are null."""
    if isinstance(cell, Interval):
        return {name: None if math.isnan(value) else value for name, value in asdict(cell).items()}
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def for_people(cell: Cell) -> str:
    """Format a cell as text: a figure ± half the width of its interval, both rounded to its two digits."""
    if isinstance(cell, Interval):
        half = (cell.high - cell.low) / 2
        if not half > 0:  # no interval, or no variation
            return for_people(cell.value)
        decimals = max(0, 1 - math.floor(math.log10(half)))
        return f"{cell.value:,.{decimals}f} ±{half:.{decimals}f}"
    if isinstance(cell, float):
        return "–" if math.isnan(cell) else f"{cell:.4g}"
    return "–" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell
