"""Privacy rules: which group figures may be shown without revealing one member's score."""

from __future__ import annotations

LEAST_MEMBERS = 3
"""Groups smaller than this are never shown: of two, each could compute the other's score from the mean."""
_STEPS = (0.1, 0.5, 1.0)
"""Steps that a mean may be rounded to, the finest first."""
_LEAST_SUMS = 3
"""At least this many sums of ratings must give the same rounded mean."""


def enough(members: int) -> bool:
    """Return whether figures about this many members may be shown to others."""
    return members >= LEAST_MEMBERS


def shareable(mean: float, raters: int) -> float:
    """Round a mean of ratings far enough that others may read it.

    The step is a tenth, a half or a whole point: the first step that leaves at least three possible sums of
    the ratings. So comparing the mean before and after a member rated does not reveal their score, except
    for a 1 or a 10 that moves the mean just over an edge.

    Args:
        mean: 1–10.
        raters: how many rated; if it is not `enough`, nothing should be shown at all.
    """
    step = next((each for each in _STEPS if each * raters >= _LEAST_SUMS), _STEPS[-1])
    return round(round(mean / step) * step, 1)


def shared_mean(mean: float | None, raters: int) -> float | None:
    """Return a mean of ratings that others may read, 1–10; None without a mean or with too few raters."""
    return None if mean is None or not enough(raters) else shareable(mean, raters)
