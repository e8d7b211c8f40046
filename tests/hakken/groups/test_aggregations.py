"""Aggregations against the literature's example, loops written from its definitions, and what they promise."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from hakken.groups.aggregations import DEFAULT, FAVOURS, Aggregation, rank, worth

Array = NDArray[np.float64]

# Masthoff, Group Recommender Systems: Combining Individual Models, 2011, table 21.1: Peter, Jane and Mary.
NAMES = "ABCDEFGHIJ"
MASTHOFF = np.array(
    [[10, 4, 3, 6, 10, 9, 6, 8, 10, 8], [1, 9, 8, 9, 7, 9, 6, 9, 3, 8], [10, 5, 2, 7, 9, 8, 5, 6, 7, 6]],
    dtype=float,
)
EQUAL = np.ones(3)


def ranked(aggregation: Aggregation, table: Array, n: int, floor: float = 1, weights: Array = EQUAL) -> str:
    return "".join(NAMES[at] for at in rank(aggregation, table, table, n, floor=floor, weights=weights))


def worths(aggregation: Aggregation) -> dict[str, float]:
    return dict(zip(NAMES, worth(aggregation, MASTHOFF, EQUAL).tolist(), strict=True))


def test_masthoffs_example_by_average() -> None:
    sums = {"A": 21, "B": 18, "C": 13, "D": 22, "E": 26, "F": 26, "G": 17, "H": 23, "I": 20, "J": 22}
    assert worths("average") == pytest.approx({name: one / 3 for name, one in sums.items()})
    # Her (E, F) and (D, J) are ties: the higher minimum decides, then the column.
    assert ranked("average", MASTHOFF, 10) == "FEHDJAIBGC"


def test_masthoffs_example_by_least_misery() -> None:
    lowest = {"A": 1, "B": 4, "C": 2, "D": 6, "E": 7, "F": 8, "G": 5, "H": 6, "I": 3, "J": 6}
    assert worths("least misery") == lowest
    # Her ties (D, H, J): the higher mean decides.
    assert ranked("least misery", MASTHOFF, 10) == "FEHDJGBICA"


def test_masthoffs_example_by_average_without_misery_below_4() -> None:
    assert ranked("average without misery", MASTHOFF, 10, floor=4) == "FEHDJBG"


def test_masthoffs_example_by_most_pleasure() -> None:
    highest = {"A": 10, "B": 9, "C": 8, "D": 9, "E": 10, "F": 9, "G": 6, "H": 9, "I": 10, "J": 8}
    assert worths("most pleasure") == highest
    assert ranked("most pleasure", MASTHOFF, 10) == "EAIFHDBJCG"


def test_masthoffs_example_by_borda() -> None:
    # Her points: A 17, B 10, C 4.5, D 15.5, E 19, F 20.5, G 6, H 15.5, I 14.5, J 12.5.
    assert ranked("borda", MASTHOFF, 10) == "FEAHDIJBGC"


def test_a_proportional_list_worked_by_hand() -> None:
    """Two fans of A to C, one of D and E, each anime wanted by its fans alone.

    At first all gains are limited by a third of what is given: A gives 2, and 2/3 to each of its two fans;
    D gives 1, and 1/3 to its one. Then the one is owed 1 of the 3 that would be given with D, and gets it.
    """
    wanted = np.array([[1, 0.9, 0.8, 0, 0], [1, 0.9, 0.8, 0, 0], [0, 0, 0, 1, 0.9]], dtype=float)
    liked = np.full_like(wanted, 7)
    assert rank("average", wanted, liked, 3, floor=1, weights=EQUAL).tolist() == [0, 1, 2]
    assert rank("proportional", wanted, liked, 3, floor=1, weights=EQUAL).tolist() == [0, 3, 1]
    # Who weighs as much as the others together is served twice in four.
    twice = rank("proportional", wanted, liked, 4, floor=1, weights=np.array([0.75, 0.75, 1.5]))
    assert set(twice.tolist()) == {0, 1, 3, 4}


def test_who_got_more_than_their_share_is_owed_nothing_but_no_less() -> None:
    """After D and C, which give (1.7, 1.8, 0.4) of 3.9, the third member is owed, the others are not.

    A would bring the total to 5.1, a share of 1.7: it adds 0, 0 and 0.1. B, to 4.3: it adds 0, 0 and 0.3.
    That the first two are further above their share with B takes nothing from it.
    """
    wanted = np.array([[0.8, 0.0, 1.0, 0.7], [0.3, 0.1, 1.0, 0.8], [0.1, 0.3, 0.0, 0.4]])
    found = rank("proportional", wanted, np.full_like(wanted, 7), 3, floor=1, weights=EQUAL)
    assert [NAMES[at] for at in found] == ["D", "C", "B"]


def test_who_weighs_more_has_more_say() -> None:
    wanted = np.array([[0.9, 0.4], [0.3, 0.6]])
    liked = np.array([[9.0, 4.0], [3.0, 6.0]])
    for aggregation in ("average", "least misery", "most pleasure", "borda", "proportional"):
        first = [
            rank(aggregation, wanted, liked, 1, floor=1, weights=np.array(weights)).tolist()
            for weights in ((1.7, 0.3), (0.3, 1.7))
        ]
        assert first == [[0], [1]], aggregation


def test_of_equal_means_the_fairer_comes_first() -> None:
    table = np.array([[9.0, 8.0], [7.0, 8.0]])
    assert rank(DEFAULT, table, table, 2, floor=1, weights=np.ones(2)).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("third", "order"),
    [
        # A 1 + 1 + 1, B 1 + 1 + 2.5, C 1 + 3 + 0, D 3 + 1 + 2.5. With the lower points of ties C is before B.
        ([2, 3, 1, 3], "DBCA"),
        # A 1 + 1 + 0, B 1 + 1 + 2.5, C 1 + 3 + 1, D 3 + 1 + 2.5. With the higher points of ties B is before C.
        ([1, 3, 2, 3], "DCBA"),
    ],
)
def test_by_borda_anime_that_are_wanted_equally_share_their_points(third: list[int], order: str) -> None:
    assert ranked("borda", np.array([[1, 1, 1, 2], [1, 1, 2, 1], third], dtype=float), 4) == order


def test_what_is_wanted_is_chosen_and_listed_by_how_it_is_liked() -> None:
    wanted, liked = np.array([[0.9, 1.0, 0.1]]), np.array([[8.0, 7.0, 9.0]])
    assert rank("average", wanted, liked, 2, floor=1, weights=np.ones(1)).tolist() == [0, 1]


tables = st.tuples(st.integers(1, 6), st.integers(0, 9)).flatmap(
    lambda shape: st.tuples(
        # Steps of 1/8 are exact: ties are ties in whatever order they are added.
        hnp.arrays(float, shape, elements=st.integers(0, 8).map(lambda one: one / 8)),
        hnp.arrays(float, shape, elements=st.integers(8, 80).map(lambda one: one / 8)),
        hnp.arrays(float, shape[0], elements=st.sampled_from([0.5, 1.0, 1.5, 2.0])),
    )
)


def reference_worth(aggregation: Aggregation, table: Array, weights: Array, at: int) -> float:
    own = [(float(one), float(weight)) for one, weight in zip(table[:, at], weights, strict=True)]
    if aggregation == "least misery":
        return min(one / weight for one, weight in own)
    if aggregation == "most pleasure":
        return max(one * weight for one, weight in own)
    if aggregation == "borda":
        points = 0.0
        for row, (one, weight) in zip(table, own, strict=True):
            below = sum(other < one for other in row)
            same = sum(other == one for other in row) - 1
            points += weight * (below + same / 2)
        return points
    return sum(one * weight for one, weight in own) / sum(weight for _, weight in own)


def reference_gain(table: Array, weights: Array, chosen: list[int], at: int) -> float:
    """Malecek & Peska, 2021, algorithm 1, for one candidate."""
    total = sum(float(one) for column in (*chosen, at) for one in table[:, column])
    gain = 0.0
    for row, weight in zip(table, weights, strict=True):
        received = sum(float(row[column]) for column in chosen)
        gain += max(0.0, min(float(row[at]), weight / sum(weights) * total - received))
    return gain


@settings(deadline=None)
@given(tables, st.integers(0, 10), st.sampled_from(get_args(Aggregation)), st.floats(1, 10))
def test_choice_and_order_are_those_of_the_definitions(
    table: tuple[Array, Array, Array], n: int, aggregation: Aggregation, floor: float
) -> None:
    wanted, liked, weights = table
    found = rank(aggregation, wanted, liked, n, floor=floor, weights=weights).tolist()
    bearable = [
        at
        for at in range(wanted.shape[1])
        if aggregation != "average without misery" or min(liked[:, at]) >= floor
    ]
    assert len(found) == len(set(found)) == min(n, len(bearable))
    assert set(found) <= set(bearable)
    left_out = [at for at in bearable if at not in found]
    if aggregation == "proportional":
        for step, at in enumerate(found):
            gains = [
                reference_gain(wanted, weights, found[:step], one)
                for one in range(wanted.shape[1])
                if one not in found[:step]
            ]
            assert reference_gain(wanted, weights, found[:step], at) == pytest.approx(max(gains), abs=1e-8)
        return
    worths = {at: reference_worth(aggregation, wanted, weights, at) for at in bearable}
    for at in found:
        assert all(worths[at] >= worths[other] - 1e-8 for other in left_out)
    listed, of = (wanted, "borda") if aggregation == "borda" else (liked, aggregation)
    order = [reference_worth(of, listed, weights, at) for at in found]  # type: ignore[arg-type]
    assert order == pytest.approx(sorted(order, reverse=True), abs=1e-8)


@settings(deadline=None)
@given(tables, st.sampled_from(get_args(Aggregation)))
def test_it_does_not_matter_in_which_order_the_members_stand(
    table: tuple[Array, Array, Array], aggregation: Aggregation
) -> None:
    wanted, liked, weights = table
    turned = slice(None, None, -1)
    assert (
        rank(aggregation, wanted, liked, 5, floor=4, weights=weights).tolist()
        == rank(aggregation, wanted[turned], liked[turned], 5, floor=4, weights=weights[turned]).tolist()
    )


@settings(deadline=None)
@given(tables.map(lambda table: (table[0][:1], table[1][:1])), st.integers(0, 9))
def test_who_is_alone_gets_what_they_want_most_by_any_aggregation_without_a_floor(
    table: tuple[Array, Array], n: int
) -> None:
    wanted, liked = table
    found = [
        set(wanted[0, rank(one, wanted, liked, n, floor=1, weights=np.ones(1))].tolist())
        for one in get_args(Aggregation)
    ]
    best = set(sorted(wanted[0].tolist(), reverse=True)[:n])
    assert all(one == best for one in found)


def test_each_says_in_a_short_sentence_what_it_favours() -> None:
    assert set(FAVOURS) == set(get_args(Aggregation))
    assert all(one.endswith(".") and len(one) <= 100 for one in FAVOURS.values())
    assert len(set(FAVOURS.values())) == len(FAVOURS)


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'mean'"):
        rank("mean", MASTHOFF, MASTHOFF, 3, floor=1, weights=EQUAL)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="0 or more, not -1"):
        rank("average", MASTHOFF, MASTHOFF, -1, floor=1, weights=EQUAL)
    for wanted, liked, weights in (
        (MASTHOFF, MASTHOFF[:, 1:], EQUAL),
        (MASTHOFF, MASTHOFF, np.ones(2)),
        (MASTHOFF[:0], MASTHOFF[:0], np.ones(0)),
    ):
        with pytest.raises(ValueError, match="do not belong to one group"):
            rank("average", wanted, liked, 3, floor=1, weights=weights)
