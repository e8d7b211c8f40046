"""Group picks against plain arithmetic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hakken import ItemKNNBaseline, Ratings
from hakken.group import average_without_misery, suggest


def test_a_case_worked_by_hand() -> None:
    # Masthoff's question: 9 and 9 beat 10 and 7; 10 and 4 has the misery of the second member.
    predicted = np.array([[10.0, 9.0, 10.0, 6.0], [7.0, 9.0, 4.0, 6.0]])
    assert average_without_misery(predicted, 5).tolist() == [1, 0, 3]
    assert average_without_misery(predicted, 1).tolist() == [1, 0, 2, 3]
    assert average_without_misery(predicted, 9.5).tolist() == []


def test_of_equal_means_the_fairer_comes_first() -> None:
    assert average_without_misery(np.array([[9.0, 8.0], [7.0, 8.0]]), 1).tolist() == [1, 0]


@settings(deadline=None)
@given(
    hnp.arrays(float, hnp.array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(1, 10)),
    st.floats(1, 10),
)
def test_the_ranking_is_the_reference_computation(predicted: np.ndarray, floor: float) -> None:
    columns = [
        (-float(np.mean(column)), -float(min(column)), at)
        for at, column in enumerate(predicted.T)
        if min(column) >= floor
    ]
    ranked = average_without_misery(predicted, floor).tolist()
    means = predicted.mean(axis=0)
    assert sorted(ranked) == sorted(at for _, _, at in columns)
    assert all(means[one] >= means[other] for one, other in pairwise(ranked))


def test_nothing_that_anyone_rated_is_suggested_and_figures_are_of_the_group(
    model: ItemKNNBaseline, ratings: Ratings
) -> None:
    members = [ratings.of_user(row) for row in range(3)]
    seen = set().union(*members)
    picks = suggest(model, members, 5, floor=4, min_raters=2, exclude=[1535])
    assert picks
    for pick in picks:
        own = [float(model.predict(member, [pick.anime_id])[0]) for member in members]
        assert pick.anime_id not in seen | {1535}
        assert np.allclose([pick.mean, pick.lowest, pick.highest], [np.mean(own), min(own), max(own)])
        assert pick.lowest >= 4
