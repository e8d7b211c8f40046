"""What may be shown about members together without telling what one of them gave."""

from __future__ import annotations

LEAST_MEMBERS = 3
"""Nothing about fewer is shown: of two, each could work out the other's score from the mean and their own."""
_STEPS = (0.1, 0.5, 1.0)
"""Steps to which a mean may be rounded, the finest first."""
_LEAST_SUMS = 3
"""At least this many sums of ratings must give the same rounded mean."""


def enough(members: int) -> bool:
    """Whether something about this many members together may be shown to others."""
    return members >= LEAST_MEMBERS


def shareable(mean: float, raters: int) -> float:
    """A mean of ratings, rounded as far as it must be before others may read it.

    To a tenth, a half or a whole point: the first with which the sum of the ratings may still be any of
    three. So the mean before somebody rated and the one after do not tell their score, but for a 1 or a 10
    that takes the mean just over an edge.

    Args:
        mean: 1–10.
        raters: of how many; `enough`, else nothing should be shown at all.
    """
    step = next((each for each in _STEPS if each * raters >= _LEAST_SUMS), _STEPS[-1])
    return round(round(mean / step) * step, 1)


def shared_mean(mean: float | None, raters: int) -> float | None:
    """A mean of ratings as others may read it, 1–10; None if there is none or too few have rated."""
    return None if mean is None or not enough(raters) else shareable(mean, raters)
