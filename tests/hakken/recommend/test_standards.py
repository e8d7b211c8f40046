"""What a member's own ratings demand of their picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from hakken.recommend.standards import Standards


@pytest.mark.parametrize(
    ("ratings", "usual", "least"),
    [
        # Who rates good anime highly is held to what they give an average one, 7.1, not to their mean, 8.
        ({1: 9, 2: 7}, 7.1, 6.6),
        ({1: 9, 2: 7}, 8.3, 7.5),
        ({1: 4}, 6.0, 3.5),
        ({}, 7.4, 6.9),
    ],
)
def test_the_least_is_half_a_point_below_the_lower_of_mean_and_usual(
    ratings: Mapping[int, float], usual: float, least: float
) -> None:
    assert Standards(ratings).least(usual) == pytest.approx(least)


@pytest.mark.parametrize(
    ("ratings", "parts", "let_down"),
    [
        # The mean is 7 in all of these.
        ({1: 6, 9: 8}, [1], True),
        ({1: 7, 9: 7}, [1], False),
        ({1: 8, 9: 6}, [1], False),
        ({1: 5, 2: 8, 9: 8}, [1, 2], True),
        ({1: 8, 2: 5, 9: 8}, [1, 2], True),
        ({1: 8, 2: 7, 9: 6}, [1, 2], False),
        # The second part is seen only.
        ({1: 5, 9: 9}, [1, 2], True),
        ({1: 9, 9: 5}, [1, 2], False),
        # Nothing before it was scored.
        ({9: 7}, [1, 2], False),
        ({9: 7}, [], False),
        ({}, [1, 2], False),
    ],
)
def test_any_part_that_was_scored_below_the_mean_lets_down(
    ratings: Mapping[int, float], parts: Sequence[int], let_down: bool
) -> None:
    assert Standards(ratings).let_down_by(parts) is let_down


@pytest.mark.parametrize("score", [3.1, 6.4, 8.8])
@pytest.mark.parametrize("times", range(1, 60))
def test_no_score_is_below_the_mean_of_scores_that_are_all_alike(score: float, times: int) -> None:
    assert not Standards(dict.fromkeys(range(times), score)).let_down_by([0])
