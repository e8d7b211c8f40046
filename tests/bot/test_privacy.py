"""What others may read tells nobody's score."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bot.privacy import enough, shareable, shared_mean


@pytest.mark.parametrize(("members", "shown"), [(0, False), (1, False), (2, False), (3, True), (30, True)])
def test_three_are_enough(members: int, shown: bool) -> None:
    assert enough(members) is shown


@pytest.mark.parametrize("raters", [3, 4, 5, 6, 9, 29, 30])
def test_means_before_and_after_somebody_rated_do_not_tell_their_score(raters: int) -> None:
    possible = defaultdict[tuple[float, float], set[int]](set)
    for total in range(raters, 10 * raters + 1):
        for score in range(1, 11):
            before, after = total / raters, (total + score) / (raters + 1)
            possible[shareable(before, raters), shareable(after, raters + 1)].add(score)
    told = [scores for scores in possible.values() if len(scores) == 1]
    assert all(scores <= {1, 10} for scores in told)
    assert len(told) < len(possible) / 5


@pytest.mark.parametrize(
    ("mean", "raters", "told"),
    [(29 / 3, 3, 10.0), (8.25, 4, 8.0), (44 / 6, 6, 7.5), (8.26, 29, 8.5), (8.26, 30, 8.3), (2.0, 1, 2.0)],
)
def test_the_more_raters_the_finer_a_mean_is_told(mean: float, raters: int, told: float) -> None:
    assert shareable(mean, raters) == told


def test_a_mean_is_shared_of_enough_and_rounded() -> None:
    assert [shared_mean(22 / 3, raters) for raters in (0, 1, 2, 3, 6, 30)] == [
        None,
        None,
        None,
        7.0,
        7.5,
        7.3,
    ]
    assert shared_mean(None, 30) is None
