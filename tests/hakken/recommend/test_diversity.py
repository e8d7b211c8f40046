"""Lists that are not of one kind: against cases worked by hand and SciPy's cosines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.distance import cdist

from hakken import Anime
from hakken.recommend.diversity import diverse, trait_vectors

DRAMA, SPACE = (1.0, 0.0), (0.0, 1.0)


def directions(*rows: tuple[float, ...]) -> sparse.csr_array:
    return sparse.csr_array(np.array(rows, np.float32))


class TestLooks:
    def test_they_are_the_genres_and_studios_as_directions_of_length_1(self) -> None:
        anime = [
            Anime(1, "A", genres=("Drama", "Space"), studios=("Sunrise",)),
            Anime(2, "B", genres=("Drama",), source="Manga", type="TV"),
            Anime(3, "C", source="Manga", type="TV"),
            Anime(4, "D", studios=("Drama",)),
        ]
        found = trait_vectors(anime).toarray()
        columns = np.argsort(found[0] == 0)[:3]  # what the first has; a studio may be called as a genre is
        assert np.count_nonzero(found, axis=1).tolist() == [3, 1, 0, 1]
        assert found[0, columns] == pytest.approx([3**-0.5] * 3)
        cosines = found @ found.T
        assert cosines[0, 1] == pytest.approx(3**-0.5)
        assert cosines[1, 3] == 0

    @given(
        st.lists(
            st.sets(st.sampled_from(["Drama", "Space", "Comedy", "Music"]), min_size=1),
            min_size=2,
            max_size=6,
        )
    )
    def test_their_products_are_scipys_cosines(self, genres: list[set[str]]) -> None:
        names = sorted(set.union(*genres))
        has = np.array([[name in some for name in names] for some in genres], np.float64)
        found = trait_vectors(Anime(1, "A", genres=tuple(sorted(some))) for some in genres).toarray()
        assert found @ found.T == pytest.approx(1 - cdist(has, has, "cosine"), abs=1e-6)


class TestDiverse:
    def test_what_is_like_the_chosen_loses_in_proportion(self) -> None:
        # Second: drama 9·(1 − ½·1) = 4.5 against space 5. Third: drama 9·(1 − ½·½) = 6.75 against
        # space 1·(1 − ½·½); fourth the rest.
        worths = np.array([10.0, 9.0, 5.0, 1.0])
        found = diverse(worths, directions(DRAMA, DRAMA, SPACE, SPACE), 4, 0.5)
        assert found.tolist() == [0, 2, 1, 3]

    def test_a_deduction_that_is_too_small_changes_nothing(self) -> None:
        # Second: drama 9·(1 − 0.4) = 5.4 against space 5.
        found = diverse(np.array([10.0, 9.0, 5.0]), directions(DRAMA, DRAMA, SPACE), 3, 0.4)
        assert found.tolist() == [0, 1, 2]

    def test_the_mean_of_the_chosen_counts_not_their_number(self) -> None:
        # After drama and space: half a drama 8·(1 − 0.9·(0.8 + 0.6)/2) = 2.96 against 2.9 like neither.
        both, none = (0.8, 0.6), (0.0, 0.0)
        found = diverse(np.array([10.0, 9.5, 8.0, 2.9]), directions(DRAMA, SPACE, both, none), 4, 0.9)
        assert found.tolist() == [0, 1, 2, 3]
        found = diverse(np.array([10.0, 9.5, 8.0, 3.0]), directions(DRAMA, SPACE, both, none), 4, 0.9)
        assert found.tolist() == [0, 1, 3, 2]

    @given(st.lists(st.floats(0, 1e12), max_size=12), st.integers(0, 15))
    def test_without_aversion_it_is_the_order_of_worth(self, worths: list[float], n: int) -> None:
        alike = directions(*[DRAMA] * len(worths)) if worths else sparse.csr_array((0, 2), dtype=np.float32)
        found = diverse(np.array(worths), alike, n, 0.0)
        assert found.tolist() == np.argsort(-np.array(worths), kind="stable")[:n].tolist()

    @settings(deadline=None)
    @given(
        st.lists(st.tuples(st.floats(-1e12, 1e12), st.sets(st.integers(0, 3))), max_size=12),
        st.integers(-1, 15),
        st.floats(0, 1),
    )
    def test_none_is_chosen_twice(
        self, candidates: list[tuple[float, set[int]]], n: int, aversion: float
    ) -> None:
        anime = [Anime(1, "A", genres=tuple(map(str, genres))) for _, genres in candidates]
        found = diverse(np.array([worth for worth, _ in candidates]), trait_vectors(anime), n, aversion)
        assert len(found) == max(0, min(n, len(candidates)))
        assert len({*found.tolist()}) == len(found)

    def test_not_even_rounding_makes_one_be_chosen_twice(self) -> None:
        clones = trait_vectors([Anime(1, "A", genres=tuple("ABCDEFG"))] * 3)
        assert float((clones @ clones.T).max()) > 1  # by a float32's last bit
        assert diverse(np.full(3, 1e12), clones, 3, 1.0).tolist() == [0, 1, 2]

    def test_of_candidates_worth_nothing_the_first_come_first(self) -> None:
        found = diverse(np.array([1.0, -5.0, -9.0, 0.0]), directions(*[DRAMA] * 4), 3, 0.7)
        assert found.tolist() == [0, 1, 2]
