from __future__ import annotations

from itertools import combinations

import numpy as np

from benchmarks.blocks import measure, n_pairs
from hakken.ratings.synthetic import Shape, generate


def test_a_list_has_as_many_pairs_as_can_be_taken_from_it() -> None:
    lengths = np.array([1, 2, 5, 30], np.int32)

    assert n_pairs(lengths) == sum(len(list(combinations(range(n), 2))) for n in lengths.tolist())


def test_pairs_of_lists_too_long_for_32_bits_are_counted() -> None:
    assert n_pairs(np.full(3, 100_000, np.int32)) == 3 * 4_999_950_000


def test_every_block_is_timed() -> None:
    cost = measure(generate(Shape(users=40, anime=60, ratings=900)))

    assert cost.n_ratings == 900
    assert len(cost.blocks) > 1
    assert (cost.blocks > 0).all()
