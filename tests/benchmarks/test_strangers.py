"""The spread of strangers' tastes: it is measured as what the pairs were drawn with."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.strangers import summary
from hakken.groups.affinity import Common, affinity


@pytest.mark.parametrize("spread", [0.0, 0.11, 0.3])
def test_the_spread_that_pairs_were_drawn_with_is_found(spread: float) -> None:
    random = np.random.default_rng(4)
    n, pairs = 100, []
    for _ in range(3000):
        truly = math.tanh(random.normal(0, spread))
        one = random.normal(size=n)
        other = truly * one + math.sqrt(1 - truly**2) * random.normal(size=n)
        common = [Common(at, *both) for at, both in enumerate(zip(one.tolist(), other.tolist(), strict=True))]
        pairs.append(affinity(common, np.zeros(n)))
    mean, found, _ = summary(pairs).split()
    assert float(mean) == pytest.approx(0, abs=0.02)
    # What is left of 1/√97 by chance is small: 3,000 pairs tell a variance to 3 in 100.
    assert float(found) ** 2 == pytest.approx(spread**2, rel=0.1, abs=0.001)
