"""Privacy rules: what may be shown to others of a member's scores.

The rules hold against members who know them. Even if such a member knows every score but one, and reads all
that others may read, at least three of the ten scores stay possible for that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hakken.groups.reasons import LEAST_MEMBERS
from hakken.recommend.recommender import Member

LEAST_RATERS = 5
"""Means of scores are published from this many raters on."""
LEAST_CHANGED = 3
"""A published mean changes when this many members have changed who were not part of the change before."""
_BANDS = ((4, 3.1), (7, 6.4), (10, 8.8))
"""The last score of a band, and the score that counts for all of it: its mean in ratings of MyAnimeList."""
_STEPS_PER_POINT = 2


def enough(members: int) -> bool:
    """Return whether predictions for this many members may be shown to others."""
    return members >= LEAST_MEMBERS


def drawn_in(score: float) -> float:
    """Return the score that counts for others in place of a member's own: the same for all of its band.

    A figure that is made of such scores alone cannot tell the scores of a band apart, however often it is
    shown and whatever else is known. The first band has four scores, the others have three.

    Args:
        score: a whole number, 1–10.
    """
    return next(counts for last, counts in _BANDS if score <= last)


def as_others_read(member: Member) -> Member:
    """Return a profile with drawn-in scores: what others may read is computed from it.

    Predictions and picks that are made of the scores themselves would tell them: next to a single rating, a
    prediction nearly is that score, and others can try which ratings lead to the same picks.
    """
    return replace(member, ratings={one: drawn_in(score) for one, score in member.ratings.items()})


def published_mean(scores: Sequence[int]) -> float:
    """Return the mean that others may read of at least `LEAST_RATERS` scores, in steps of half a point.

    Args:
        scores: 1–10, as their members gave them.
    """
    if len(scores) < LEAST_RATERS:
        raise ValueError(f"the mean of {len(scores)} scores stays private")
    mean = sum(map(drawn_in, sorted(scores))) / len(scores)
    return round(_STEPS_PER_POINT * mean) / _STEPS_PER_POINT
