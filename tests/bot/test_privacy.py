"""What others may read tells nobody's score."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations_with_replacement

import pytest

from bot.privacy import LEAST_RATERS, as_others_read, drawn_in, enough, published_mean
from hakken.recommend.recommender import Member

SCORES = range(1, 11)


@pytest.mark.parametrize(("members", "shown"), [(0, False), (1, False), (2, False), (3, True), (30, True)])
def test_predictions_for_three_or_more_members_may_be_shown(members: int, shown: bool) -> None:
    assert enough(members) is shown


@pytest.mark.parametrize("raters", [5, 6, 7])
def test_at_least_three_scores_stay_possible_for_each_member_whatever_the_others_do(raters: int) -> None:
    """The strongest adversary: all the others together.

    They know each other's scores, try all of them, and see the mean each time, four times or four thousand times. A
    reader with one accomplice knows less and can do less.
    """
    seen = {
        score: tuple(
            published_mean([*others, score]) for others in combinations_with_replacement(SCORES, raters - 1)
        )
        for score in SCORES
    }
    alike = defaultdict[tuple[float, ...], list[int]](list)
    for score, means in seen.items():
        alike[means].append(score)
    assert min(map(len, alike.values())) >= 3
    assert len(alike) == 3  # or the mean would say nothing


def test_a_mean_of_fewer_than_five_is_never_made() -> None:
    assert LEAST_RATERS == 5
    for raters in range(5):
        with pytest.raises(ValueError, match="private"):
            published_mean([8] * raters)


def test_a_mean_is_close_to_the_true_one_and_goes_by_halves() -> None:
    assert published_mean([9, 9, 9, 9, 9]) == 9.0
    assert published_mean([6, 6, 7, 6, 7]) == 6.5
    assert published_mean([10, 10, 1, 2, 10]) == 6.5  # 6.6
    assert published_mean([5, 8, 5, 8, 7, 8]) == 7.5  # 6.83


def test_the_order_of_the_scores_does_not_matter() -> None:
    assert published_mean([1, 5, 8, 10, 6, 3, 9]) == published_mean([9, 3, 6, 10, 8, 5, 1])


def test_each_score_counts_as_one_of_its_band() -> None:
    assert [drawn_in(score) for score in SCORES] == [3.1] * 4 + [6.4] * 3 + [8.8] * 3


def test_others_read_what_follows_from_drawn_in_scores_and_from_all_else_as_it_is() -> None:
    member = Member(
        {1: 4, 2: 5, 3: 10}, seen=frozenset({4}), dismissed=frozenset({5}), planned=frozenset({6})
    )
    read = as_others_read(member)
    assert read.ratings == {1: 3.1, 2: 6.4, 3: 8.8}
    assert (read.seen, read.dismissed, read.planned) == (member.seen, member.dismissed, member.planned)
    assert as_others_read(read) == read
