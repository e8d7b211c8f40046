"""Reasons: which of a member's ratings a prediction rests on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hakken.model.explanations import Explanation, Reason, confidence
from hakken.model.prediction import Prediction
from hakken.model.profile import Profile
from hakken.ratings.ratings import HIGHEST, LOWEST


def reasons(prediction: Prediction, member: Profile, row: int, most: int) -> tuple[Reason, ...]:
    """List at most `most` ratings that influence the prediction or the interest, the strongest first."""
    at, similar, contributed = prediction.interpolation.parts(row, member.rows, member.deviations)
    similarities, contributions = np.zeros(len(member.rows)), np.zeros(len(member.rows))
    similarities[at], contributions[at] = similar, contributed
    interest = prediction.fitted.interest.parts(row, member.rows, member.levels)
    strength = np.abs(_shares(contributions) + _shares(interest))
    having_a_say = np.flatnonzero((similarities > 0) | (interest != 0))
    return tuple(
        Reason(
            anime_id=int(prediction.fitted.anime_ids[member.rows[one]]),
            score=float(member.scores[one]),
            similarity=float(similarities[one]),
            contribution=float(contributions[one]),
            interest=float(interest[one]),
        )
        for one in having_a_say[np.lexsort((having_a_say, -strength[having_a_say]))][:most]
    )


def explain(prediction: Prediction, member: Profile, row: int) -> Explanation:
    """List what a member's prediction for an anime that they have not rated is made of; it is the sum."""
    fitted = prediction.fitted
    neighbours = reasons(prediction, member, row, len(member.rows))
    of_anime = float(fitted.biases[row])
    summed = fitted.mean + member.bias + of_anime + sum(one.contribution for one in neighbours)
    predicted = min(max(summed, LOWEST), HIGHEST)
    return Explanation(
        anime_id=int(fitted.anime_ids[row]),
        predicted=predicted,
        mean=fitted.mean,
        of_member=member.bias,
        of_anime=of_anime,
        neighbours=neighbours,
        clipped=predicted - summed,
        raters=int(fitted.raters[row]),
        confidence=confidence((one.similarity for one in neighbours), len(member.rows)),
    )


def _shares(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide parts by the sum of their absolute values; all 0 if that sum is 0."""
    total = np.abs(parts).sum()
    return parts / total if total else parts
