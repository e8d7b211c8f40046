"""The ledger's arithmetic: on parties worked by hand, and what it promises of any others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken.groups.fairness import BOUND, HALF_LIFE, STRENGTH, Served, behind, fairness_weights

ANN, BOB, CAT = 1, 2, 3
ratings = st.floats(1, 10)
party = st.lists(
    st.builds(Served, st.integers(1, 8), ratings, ratings), max_size=8, unique_by=lambda one: one.user_id
)
groups = st.lists(st.integers(1, 10), min_size=1, max_size=8, unique=True)


def test_who_got_more_than_their_best_fell_not_short_of_it() -> None:
    assert Served(ANN, best=9, received=6.5).shortfall == 2.5
    assert Served(ANN, best=7, received=9).shortfall == 0


def test_without_a_history_all_count_the_same() -> None:
    assert fairness_weights([], [ANN, BOB]).tolist() == [1, 1]
    assert fairness_weights([[], []], [ANN, BOB]).tolist() == [1, 1]
    assert fairness_weights([[Served(CAT, 9, 2), Served(4, 9, 9)]], [ANN, BOB]).tolist() == [1, 1]
    assert fairness_weights([], []).tolist() == []


def test_one_evening_worked_by_hand() -> None:
    # Shortfalls 1.2 and 1: 0.1 behind and 0.1 ahead of the usual 1.1.
    last = [Served(ANN, 8, 6.8), Served(BOB, 8, 7)]
    assert behind([last], [ANN, BOB, CAT]) == pytest.approx([0.1, -0.1, 0])
    raised, lowered = math.exp(STRENGTH * 0.1), math.exp(-STRENGTH * 0.1)
    mean = (raised + lowered) / 2
    assert fairness_weights([last], [ANN, BOB]) == pytest.approx([raised / mean, lowered / mean])


def test_an_evening_counts_half_after_its_half_life() -> None:
    once = [Served(ANN, 8, 6), Served(BOB, 8, 8)]
    since = [[Served(ANN, 8, 8), Served(BOB, 8, 8)]] * 3
    left = 0.5 ** (3 / HALF_LIFE)
    assert behind([*since, once], [ANN, BOB]) == pytest.approx([left, -left])
    assert behind([once, *since], [ANN, BOB]) == pytest.approx([1, -1])


def test_compromises_that_were_made_up_for_leave_no_one_behind() -> None:
    for_bob = [Served(ANN, 9, 6), Served(BOB, 9, 9)]
    for_ann = [Served(ANN, 9, 9), Served(BOB, 9, 6)]
    older, newer = behind([for_ann, for_bob], [ANN, BOB])
    assert abs(older) < 0.5 * behind([for_bob], [ANN, BOB])[0]
    assert older == pytest.approx(-newer)


def test_who_was_not_there_is_neither_behind_nor_ahead() -> None:
    weights = fairness_weights([[Served(ANN, 9, 6), Served(BOB, 9, 9)]], [ANN, CAT, BOB])
    assert weights[0] > weights[1] > weights[2]


@settings(deadline=None)
@given(st.lists(party, max_size=6), groups)
def test_weights_are_1_on_average_and_within_their_bounds(
    parties: list[list[Served]], members: list[int]
) -> None:
    weights = fairness_weights(parties, members)
    assert weights.shape == (len(members),)
    assert weights.mean() == pytest.approx(1)
    assert np.all(weights >= 1 / BOUND - 1e-9)
    assert np.all(weights <= BOUND + 1e-9)


@settings(deadline=None)
@given(st.lists(party, max_size=6), groups)
def test_who_is_further_behind_never_counts_less(parties: list[list[Served]], members: list[int]) -> None:
    weights = fairness_weights(parties, members)
    order = np.argsort(behind(parties, members), kind="stable")
    assert np.all(np.diff(weights[order]) >= -1e-9)


def test_however_badly_one_was_served_the_bounds_hold() -> None:
    for_ever = [[Served(ANN, 10, 1), *(Served(one, 10, 10) for one in range(2, 9))]] * 30
    weights = fairness_weights(for_ever, list(range(1, 9)))
    assert weights[0] == pytest.approx(BOUND)
    assert weights.mean() == pytest.approx(1)
