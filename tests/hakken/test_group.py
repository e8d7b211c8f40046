"""Group picks against plain arithmetic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hakken import Anime, Catalogue, ItemKNNBaseline, Ratings
from hakken.group import average_without_misery, suggest
from hakken.recommender import Recommender


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
    picks = suggest(Recommender(model, Catalogue(), min_raters=2), members, 5, floor=4, seen=[1535, 1575])
    assert picks
    for pick in picks:
        own = [float(model.predict(member, [pick.anime_id])[0]) for member in members]
        assert pick.anime_id not in seen | {1535, 1575}
        assert np.allclose([pick.mean, pick.lowest, pick.highest], [np.mean(own), min(own), max(own)])
        assert pick.lowest >= 4
    assert [pick.mean for pick in picks] == sorted((pick.mean for pick in picks), reverse=True)


def test_the_group_is_shown_what_its_members_match_best(model: ItemKNNBaseline, ratings: Ratings) -> None:
    members = [ratings.of_user(row) for row in range(3)]
    seen = set().union(*members)
    shares = [model.match(one) / model.match(one).max() for one in members]
    wanted = dict(zip(model.anime_ids.tolist(), np.mean(shares, axis=0).tolist(), strict=True))
    best = sorted((one for one in wanted if one not in seen), key=wanted.__getitem__, reverse=True)
    picks = suggest(Recommender(model, Catalogue()), members, 5, floor=1)
    assert {pick.anime_id for pick in picks} == set(best[:5])


def test_a_series_that_nobody_has_begun_is_begun_once_and_at_its_beginning(
    model: ItemKNNBaseline, ratings: Ratings
) -> None:
    members = [ratings.of_user(row) for row in range(3)]
    first, *others = (pick.anime_id for pick in suggest(Recommender(model, Catalogue()), members, 5, floor=1))
    parts = Catalogue(
        [
            Anime(first, "Hoshi", type="TV", year=2001, sequels=(others[0],)),
            Anime(others[0], "Hoshi 2", type="TV", year=2003, prequels=(first,)),
            *(
                Anime(one, f"Tale {one}", type="TV")
                for one in model.anime_ids.tolist()
                if one not in (first, others[0])
            ),
        ]
    )
    picks = [pick.anime_id for pick in suggest(Recommender(model, parts), members, 5, floor=1)]
    assert first in picks
    assert others[0] not in picks


def test_what_needs_a_part_that_only_some_have_seen_is_not_suggested(
    model: ItemKNNBaseline, ratings: Ratings
) -> None:
    members = [ratings.of_user(row) for row in range(3)]
    later = suggest(Recommender(model, Catalogue()), members, 5, floor=1)[0].anime_id
    of_all = next(one for one in members[0] if all(one in member for member in members))
    of_one = next(one for one in members[0] if one not in members[1])
    for first, suggested in ((of_all, True), (of_one, False)):
        parts = Catalogue(
            Anime(one, f"Tale {one}", type="TV", prequels=(first,) if one == later else ())
            for one in model.anime_ids.tolist()
        )
        picks = [pick.anime_id for pick in suggest(Recommender(model, parts), members, 5, floor=1)]
        assert (later in picks) == suggested
