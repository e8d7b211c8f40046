"""The fairness ledger's arithmetic: who was served how well, and who comes first next time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

BOUND = 4.0
"""Nobody counts more than so many times as much as usual, or less than one in so many."""
HALF_LIFE = 4.0
"""After so many evenings, one counts half."""
STRENGTH = 1.0
"""By so much, as a power of e, a member's weight grows with each rating point that they are behind."""


@dataclass(frozen=True)
class Served:
    """How well one evening served one member; ratings 1–10."""

    user_id: int
    best: float
    """What they were predicted to give their own best candidate."""
    received: float
    """The score that they gave what was watched, or were predicted to give."""

    @property
    def shortfall(self) -> float:
        """By how much the evening fell short of their own best, 0–9 rating points."""
        return max(0.0, self.best - self.received)


def behind(
    evenings: Sequence[Sequence[Served]], members: Sequence[int], *, half_life: float = HALF_LIFE
) -> NDArray[np.float64]:
    """By how much each member came off worse than those they watched with, in rating points.

    Σ_t 2^(−t/h)·(shortfall_ut − the mean shortfall of evening t) over the evenings at which u was present:
    who was not there is neither behind nor ahead.

    Args:
        evenings: the newest first, t = 0, 1, 2 …; who was present at each.
        members: user ids.
        half_life: h; after so many evenings, one counts half.

    Returns:
        Above 0 for who is behind, shape (n_members,).
    """
    debts: dict[int, float] = {}
    for age, evening in enumerate(evenings):
        if not evening:
            continue
        usual = float(np.mean([one.shortfall for one in evening]))
        fading = 2.0 ** (-age / half_life)
        for one in evening:
            debts[one.user_id] = debts.get(one.user_id, 0.0) + fading * (one.shortfall - usual)
    return np.array([debts.get(one, 0.0) for one in members])


def fairness_weights(
    evenings: Sequence[Sequence[Served]],
    members: Sequence[int],
    *,
    bound: float = BOUND,
    half_life: float = HALF_LIFE,
    strength: float = STRENGTH,
) -> NDArray[np.float64]:
    """How much each member counts tonight: more, the more they are behind.

    w_u = c·exp(strength·behind_u), cut off at both bounds, with the one c that makes their mean 1.

    Args:
        evenings: the newest first; who was present at each.
        members: user ids of those who are present tonight.
        bound: above 1.
        half_life: above 0; see `behind`.
        strength: 0 or more, per rating point.

    Returns:
        1 on average, each within 1/bound and bound, shape (n_members,); all 1 without a history.
    """
    powers = strength * behind(evenings, members, half_life=half_life)
    if not len(powers) or np.ptp(powers) == 0:
        return np.ones(len(powers))

    furthest = np.log(bound)

    def weights(shift: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(np.clip(powers + shift, -furthest, furthest)))

    # Far enough to either side, all weights stand at one bound, and 1 lies between the bounds.
    far = float(np.abs(powers).max()) + furthest
    shift = optimize.brentq(lambda shift: float(weights(shift).mean()) - 1.0, -far, far, xtol=1e-13)
    return weights(float(shift))
