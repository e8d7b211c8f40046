"""How sure a figure is: confidence intervals by resampling users."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import DegenerateDataWarning, bootstrap

CONFIDENCE = 0.95
RESAMPLES = 1000
_INDICES_AT_ONCE = 2**22
"""Of 8 bytes each: what a batch of resamples may hold."""

Statistic = Callable[[NDArray[np.intp]], NDArray[np.float64]]
"""Rows of users, shape (…, n) → the figure over those users, shape (…)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % confidence interval; NaN where there is nothing to work it out from."""

    value: float
    low: float
    high: float


def interval(statistic: Statistic, n: int, seed: int = 0) -> Interval:
    """A figure over n users with its percentile bootstrap interval (Efron 1979).

    Users are resampled, not ratings: one user's ratings stand or fall together. For the difference of two
    models a statistic takes both from the same rows, which pairs them.

    Args:
        statistic: the figure over some of the users, a row possibly several times.
        n: how many users there are; with a single one nothing is known of the spread.
        seed: decides the resamples.

    Returns:
        Its ends are NaN where some of the resamples have no such figure.
    """
    rows = np.arange(n)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan)
    value = float(statistic(rows))
    if n == 1:
        return Interval(value, np.nan, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)
        found = bootstrap(
            (rows,),
            lambda resampled, axis: statistic(np.moveaxis(resampled, axis, -1)),
            n_resamples=RESAMPLES,
            batch=max(1, _INDICES_AT_ONCE // n),
            vectorized=True,
            confidence_level=CONFIDENCE,
            method="percentile",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return Interval(value, float(found.low), float(found.high))


def mean(values: NDArray[np.float64], seed: int = 0) -> Interval:
    """Mean over the users who have a value.

    Args:
        values: one per user, NaN for those who are left out, shape (n,).
        seed: decides the resamples.
    """
    known = values[~np.isnan(values)]
    return interval(lambda rows: np.asarray(known[rows].mean(axis=-1)), len(known), seed)


def ratio(above: NDArray[np.float64], below: NDArray[np.float64], seed: int = 0) -> Interval:
    """Σ above / Σ below over the users with something below the line.

    Args:
        above: one per user, shape (n,).
        below: one per user, 0 or more, shape (n,).
        seed: decides the resamples.
    """
    counted = below > 0
    above, below = above[counted], below[counted]
    return interval(
        lambda rows: np.asarray(above[rows].sum(axis=-1) / below[rows].sum(axis=-1)), len(above), seed
    )


def relative(values: NDArray[np.float64], others: NDArray[np.float64], seed: int = 0) -> Interval:
    """Mean of the one over mean of the other, over the users who have both; paired.

    Args:
        values: one per user, NaN for those who are left out, shape (n,).
        others: likewise; where their mean is 0 there is no ratio, shape (n,).
        seed: decides the resamples.
    """
    known = ~np.isnan(values) & ~np.isnan(others)
    values, others = values[known], others[known]

    def statistic(rows: NDArray[np.intp]) -> NDArray[np.float64]:
        below = others[rows].mean(axis=-1)
        return np.asarray(values[rows].mean(axis=-1) / np.where(below, below, np.nan))

    return interval(statistic, len(values), seed)
