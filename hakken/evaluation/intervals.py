"""Confidence intervals of figures, by resampling users."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy  # loads scipy.stats at its first use: that takes a second
from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 1000
_INDICES_AT_ONCE = 2**22
"""Maximum number of indices in a batch of resamples, 8 bytes each."""

Statistic = Callable[[NDArray[np.intp]], NDArray[np.float64]]
"""Takes rows of users, shape (…, n); returns the figure over those users, shape (…)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % confidence interval; NaN if there is no data for it."""

    value: float
    low: float
    high: float


def interval(statistic: Statistic, n: int, seed: int = 0) -> Interval:
    """Compute a figure over n users with its percentile bootstrap interval (Efron 1979).

    Users are resampled, not ratings, because a user's ratings are not independent. For the difference of two
    models, a statistic takes both from the same rows, which pairs them.

    Args:
        statistic: computes the figure over some users; rows may occur several times.
        n: number of users; with a single one the spread is unknown.
        seed: seed of the resampling.

    Returns:
        The figure and its interval; the ends are NaN if some resamples have no such figure.
    """
    rows = np.arange(n)
    if n == 0:
        return Interval(np.nan, np.nan, np.nan)
    value = float(statistic(rows))
    if n == 1:
        return Interval(value, np.nan, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", scipy.stats.DegenerateDataWarning)
        found = scipy.stats.bootstrap(
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
        seed: seed of the resampling.
    """
    known = values[~np.isnan(values)]
    return interval(lambda rows: np.asarray(known[rows].mean(axis=-1)), len(known), seed)


def ratio(above: NDArray[np.float64], below: NDArray[np.float64], seed: int = 0) -> Interval:
    """Ratio Σ above / Σ below over the users whose ``below`` is above 0.

    Args:
        above: one per user, shape (n,).
        below: one per user, 0 or more, shape (n,).
        seed: seed of the resampling.
    """
    counted = below > 0
    above, below = above[counted], below[counted]
    return interval(
        lambda rows: np.asarray(above[rows].sum(axis=-1) / below[rows].sum(axis=-1)), len(above), seed
    )


def relative(values: NDArray[np.float64], others: NDArray[np.float64], seed: int = 0) -> Interval:
    """Ratio of two means over the users who have both values; paired.

    Args:
        values: one per user, NaN for those who are left out, shape (n,).
        others: likewise, shape (n,); if their mean is 0, there is no ratio.
        seed: seed of the resampling.
    """
    known = ~np.isnan(values) & ~np.isnan(others)
    values, others = values[known], others[known]

    def statistic(rows: NDArray[np.intp]) -> NDArray[np.float64]:
        below = others[rows].mean(axis=-1)
        return np.asarray(values[rows].mean(axis=-1) / np.where(below, below, np.nan))

    return interval(statistic, len(values), seed)
