"""The one check of ids: anything but a whole number in range is refused, never rounded or wrapped."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hakken.errors import RatingsError
from hakken.ratings.reading import HIGHEST, LOWEST, MAX_ANIME_ID

__all__ = ["WHOLE_ID", "anime_ids_of", "check_ratings", "first_not_whole", "shown"]

WHOLE_ID = f"a whole number from 1 to {MAX_ANIME_ID}"
"""What an anime id is, as messages say it."""
_SHOWN = 80
"""Maximum number of characters of a value that a message repeats."""


def anime_ids_of(ids: Collection[int] | NDArray[Any]) -> NDArray[np.int64]:
    """Return anime ids as an array, shape (len(ids),), in their order.

    Raises:
        RatingsError: one of them is no anime id; the message names it.
    """
    values = ids if isinstance(ids, np.ndarray) else list(ids)
    if (place := first_not_whole(values, 1, MAX_ANIME_ID)) is not None:
        raise RatingsError(f"the anime id {shown(values[place])} is not {WHOLE_ID}")
    return np.asarray(values, dtype=np.int64)


def check_ratings(ratings: Mapping[int, object]) -> NDArray[np.int64]:
    """Return the anime ids of a member's ratings, in their order, shape (len(ratings),).

    Raises:
        RatingsError: an id is no anime id, or a score is off the scale; the message names it.
    """
    ids = anime_ids_of(ratings)
    scores = ratings.values()
    if set(map(type, scores)) <= {int, float} and all(map(_is_score, set(scores))):
        return ids  # nearly always, and five times as fast
    for anime_id, score in ratings.items():
        if not _is_score(score):
            raise RatingsError(f"anime {anime_id}: the score {score} is not {LOWEST}–{HIGHEST}")
    return ids


def first_not_whole(values: NDArray[Any] | Sequence[Any], lowest: int, highest: int) -> int | None:
    """Return the place of the first value that is not a whole number from lowest to highest; None if all are.

    Whole floats count, because pandas writes whole numbers that way in columns with gaps. Truth values and
    texts do not, not even a text of digits.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        # Not '<= highest': as a float, the highest of 64 bits is one more.
        whole = (values >= lowest) & (values < highest + 1) & (values == np.trunc(values))
        return None if whole.all() else int(whole.argmin())
    if len(values) and set(map(type, values)) == {int} and lowest <= min(values) <= max(values) <= highest:
        return None  # nearly always, and ten times as fast
    return next((at for at, value in enumerate(values) if not _is_whole(value, lowest, highest)), None)


def shown(value: object) -> str:
    """Return a value for a message: short, a text in quotes."""
    return (repr(value) if isinstance(value, str) else str(value))[:_SHOWN]


def _is_score(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and bool(LOWEST <= value <= HIGHEST)


def _is_whole(value: object, lowest: int, highest: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    return bool(lowest <= value < highest + 1 and value == int(value))
