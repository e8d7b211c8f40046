"""Rounds the parts of a sum so that the sum stays true as shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

_HUNDREDTHS = 100


def hundredths(parts: Sequence[float]) -> list[int]:
    """Round the parts of a sum to two decimals so that they add up to the rounded sum.

    Each part is rounded down; the missing hundredths go, one each, to the parts that lost most (the
    largest remainders: Hamilton's method of apportionment; Balinski & Young, *Fair Representation*, 1982).

    Args:
        parts: finite numbers.

    Returns:
        Whole hundredths in the order of the parts, each less than one away from its part.
    """
    exact = [part * _HUNDREDTHS for part in parts]
    rounded = [math.floor(part) for part in exact]
    missing = round(math.fsum(parts) * _HUNDREDTHS) - sum(rounded)
    lost_most = sorted(range(len(parts)), key=lambda at: rounded[at] - exact[at])
    for at in lost_most[:missing]:
        rounded[at] += 1
    return rounded


def signed(amount: int) -> str:
    """Write hundredths as '+0.31' or '−0.12', with a minus sign as wide as the plus."""
    return f"{'−' if amount < 0 else '+'}{unsigned(abs(amount))}"


def unsigned(amount: int) -> str:
    """Write hundredths, at least 0, as '7.31'."""
    return f"{amount // _HUNDREDTHS}.{amount % _HUNDREDTHS:02}"
