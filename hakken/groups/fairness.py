"""Fairness weights: measure how well past watch parties served each member, and compensate next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # loads scipy.optimize, which is slow, at its first use
from numpy.typing import NDArray

BOUND = 4.0
"""Maximum weight of a member; the minimum is its reciprocal."""
HALF_LIFE = 4.0
"""Number of watch parties after which a watch party counts half."""
STRENGTH = 1.0
"""Exponent of e by which a member's weight grows for each rating point that they are behind."""


@dataclass(frozen=True)
class Served:
    """How well a watch party served a member; ratings 1–10."""

    user_id: int
    best: float
    """The predicted rating of their own best candidate."""
    received: float
    """Their actual or predicted rating of the anime that was watched."""

    @property
    def shortfall(self) -> float:
        """How far the watch party fell short of their own best, 0–9 rating points."""
        return max(0.0, self.best - self.received)


def behind(
    parties: Sequence[Sequence[Served]], members: Sequence[int], *, half_life: float = HALF_LIFE
) -> NDArray[np.float64]:
    """Compute how much worse each member was served than those they watched with, in rating points.

    Σ_t 2^(−t/h)·(shortfall_ut − the mean shortfall of watch party t) over the watch parties that u attended:
    absent members are neither behind nor ahead.

    Args:
        parties: the members present at each watch party, the newest first, t = 0, 1, 2 …
        members: user ids.
        half_life: h, the number of watch parties after which a watch party counts half.

    Returns:
        Rating points, above 0 for members who are behind, shape (n_members,).
    """
    debts: dict[int, float] = {}
    for age, party in enumerate(parties):
        if not party:
            continue
        usual = float(np.mean([one.shortfall for one in party]))
        fading = 2.0 ** (-age / half_life)
        for one in party:
            debts[one.user_id] = debts.get(one.user_id, 0.0) + fading * (one.shortfall - usual)
    return np.array([debts.get(one, 0.0) for one in members])


def fairness_weights(
    parties: Sequence[Sequence[Served]],
    members: Sequence[int],
    *,
    bound: float = BOUND,
    half_life: float = HALF_LIFE,
    strength: float = STRENGTH,
) -> NDArray[np.float64]:
    """Compute how much each member counts this time: members who are further behind count more.

    w_u = c·exp(strength·behind_u), clipped at both bounds, with the c that makes their mean 1.

    Args:
        parties: the members present at each watch party, the newest first.
        members: user ids of the members who are present this time.
        bound: maximum weight, above 1; the minimum is 1/bound.
        half_life: above 0; see `behind`.
        strength: 0 or more, per rating point.

    Returns:
        Weights, 1 on average, each between 1/bound and bound, shape (n_members,); all 1 without a history.
    """
    powers = strength * behind(parties, members, half_life=half_life)
    if not len(powers) or np.ptp(powers) == 0:
        return np.ones(len(powers))

    furthest = np.log(bound)

    def weights(shift: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(np.clip(powers + shift, -furthest, furthest)))

    # Far enough to either side all weights are at the same bound, and 1 lies between the bounds.
    far = float(np.abs(powers).max()) + furthest
    shift = scipy.optimize.brentq(lambda shift: float(weights(shift).mean()) - 1.0, -far, far, xtol=1e-13)
    return weights(float(shift))
