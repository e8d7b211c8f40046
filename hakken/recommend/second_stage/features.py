"""What the second stage looks at: a row of numbers for each candidate of a member."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hakken.model.prediction import Scores
from hakken.model.profile import Profile
from hakken.ratings.ratings import HIGHEST, LOWEST
from hakken.recommend.second_stage.facts import NOTHING_BEFORE, RECENT, UNKNOWN, RowFacts

NAMES = (
    "interest",
    "log interest",
    "interest's rank",
    "predicted",
    "predicted's rank",
    "log match",
    "match's rank",
    "log raters",
    "log members",
    "age",
    "months after their newest",
    "age of their newest",
    "share of recent ratings",
    "score elsewhere",
    "type",
    "log episodes",
    "rated of the franchise",
    "share rated of the franchise",
    "mean deviation in the franchise",
    "best of the franchise above their mean",
    "deviation of the part before",
    "log ratings",
    "spread of their ratings",
    "their level",
    "level of the anime",
    "deviation in its genres",
    "share of its genres",
    "moved by their ratings",
    "log best interest",
)
"""Names of the columns."""

_LEAST = 1e-5
_NEWEST = 0.95
"""The member's newest anime are newer than this share of what they rated: one old list entry is no date."""
_GENRE_TRUST = 5.0
"""Number of ratings of a genre at which their mean deviation counts half."""


def features(
    candidates: NDArray[np.intp],
    member: Profile,
    scores: Scores,
    facts: RowFacts,
    raters: NDArray[np.int32],
    levels: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute the features of a member's candidates.

    Args:
        candidates: rows, at least one, shape (n,).
        member: the member's profile, with one rating or more.
        scores: their scores of every anime.
        facts: facts about the anime.
        raters: numbers of raters, shape (n_anime,).
        levels: μ + b_i, 1–10, shape (n_anime,).

    Returns:
        Columns as in `NAMES`, no NaN, shape (n, n_features).
    """
    interest, predicted, match = (of[candidates] for of in (scores.interest, scores.predicted, scores.match))
    best = max(float(interest.max()), _LEAST)
    columns = (
        interest / best,
        np.log(np.maximum(interest / best, _LEAST)),
        _ranks(interest),
        predicted,
        _ranks(predicted),
        np.log(np.maximum(match / max(float(match.max()), _LEAST), _LEAST)),
        _ranks(match),
        np.log1p(raters[candidates]),
        facts.members[candidates],
        facts.age[candidates],
        *_times(candidates, member, facts),
        facts.score[candidates],
        facts.type[candidates],
        facts.episodes[candidates],
        *_franchises(candidates, member, facts),
        np.log1p(len(member.rows)),
        member.scores.std(),
        member.bias,
        levels[candidates],
        *_genres(candidates, member, facts),
        predicted - np.clip(levels[candidates] + member.bias, LOWEST, HIGHEST),
        np.log(best),
    )
    table = np.empty((len(candidates), len(NAMES)))
    for at, column in enumerate(columns):
        table[:, at] = column
    table[np.isnan(table)] = UNKNOWN
    return table


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Number values from the highest, 0, to the lowest."""
    ranks = np.empty(len(values))
    ranks[np.argsort(-values, kind="stable")] = np.arange(len(values))
    return ranks


def _times(
    candidates: NDArray[np.intp], member: Profile, facts: RowFacts
) -> tuple[NDArray[np.float64] | float, float, float]:
    ages = facts.age[member.rows]
    ages = ages[~np.isnan(ages)]
    if not len(ages):
        return np.nan, np.nan, 0.0
    newest = float(np.quantile(ages, 1.0 - _NEWEST))
    return newest - facts.age[candidates], newest, float(np.mean(ages <= RECENT))


def _franchises(
    candidates: NDArray[np.intp], member: Profile, facts: RowFacts
) -> tuple[NDArray[np.float64], ...]:
    """Describe what the member rated of each candidate's franchise."""
    rated, n = facts.franchise[member.rows], int(facts.franchise.max()) + 1
    counts = np.bincount(rated, minlength=n)
    sums = np.bincount(rated, member.deviations, minlength=n)
    highest = np.full(n, UNKNOWN)
    np.maximum.at(highest, rated, member.scores - member.scores.mean())
    of = facts.franchise[candidates]
    deviations = np.full(len(facts.before), UNKNOWN)
    deviations[member.rows] = member.deviations
    before = facts.before[candidates]
    return (
        counts[of].astype(np.float64),
        counts[of] / facts.parts[candidates],
        sums[of] / (counts[of] + 1.0),
        highest[of],
        np.where(before >= 0, deviations[before], NOTHING_BEFORE),
    )


def _genres(
    candidates: NDArray[np.intp], member: Profile, facts: RowFacts
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Average over each candidate's genres the member's deviation in them, and their share of the ratings."""
    by, genres = facts.genres_of(member.rows)
    counts = np.bincount(genres, minlength=facts.n_genres)
    sums = np.bincount(genres, member.deviations[by], minlength=facts.n_genres)
    by, genres = facts.genres_of(candidates)
    each = np.maximum(np.bincount(by, minlength=len(candidates)), 1)
    deviations, shares = sums / (counts + _GENRE_TRUST), counts / len(member.rows)
    return (
        np.bincount(by, deviations[genres], minlength=len(candidates)) / each,
        np.bincount(by, shares[genres], minlength=len(candidates)) / each,
    )
