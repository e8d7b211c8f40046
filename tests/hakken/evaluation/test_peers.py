"""The peers to beat, against their papers' formulas, SciPy and implicit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial.distance import cdist

from hakken import Ratings
from hakken.evaluation import common_raters as blocks
from hakken.evaluation.common_raters import common_raters
from hakken.evaluation.cosine import cosine, cosine_similarities
from hakken.evaluation.ease import ease, ease_weights
from tests.hakken.made_up import made_up_ratings

RATINGS = made_up_ratings(120, 40)
REGULARISATION = 20.0


def binary(ratings: Ratings) -> NDArray[np.float64]:
    return (ratings.matrix.toarray() > 0).astype(np.float64)


@pytest.mark.parametrize("rows_at_once", [7, 1024])
def test_common_raters_are_those_of_the_dense_product(
    monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(blocks, "_ROWS_AT_ONCE", rows_at_once)
    counts = np.vstack([block for _, block in common_raters(RATINGS)])
    assert np.array_equal(counts, binary(RATINGS).T @ binary(RATINGS))


class TestEase:
    def test_its_weights_are_the_closed_form_of_the_paper(self) -> None:
        rated = binary(RATINGS)
        inverse = np.linalg.inv(rated.T @ rated + REGULARISATION * np.eye(rated.shape[1]))
        expected = np.eye(len(inverse)) - inverse @ np.diag(1 / np.diag(inverse))
        assert np.abs(ease_weights(RATINGS, REGULARISATION) - expected).max() < 1e-6

    @pytest.mark.parametrize("column", [0, 17, 39])
    def test_each_column_is_the_ridge_regression_on_the_other_anime(self, column: int) -> None:
        rated = binary(RATINGS)
        others = np.delete(rated, column, axis=1)
        # Ridge regression is least squares with a row √λ·e_j for each of the weights.
        rows = np.vstack([others, np.sqrt(REGULARISATION) * np.eye(others.shape[1])])
        target = np.concatenate([rated[:, column], np.zeros(others.shape[1])])
        solved, *_ = np.linalg.lstsq(rows, target)
        weights = ease_weights(RATINGS, REGULARISATION)[:, column]
        assert weights[column] == 0
        assert np.abs(np.delete(weights, column) - solved).max() < 1e-6

    def test_single_precision_is_enough_for_thousands_of_raters(self) -> None:
        ratings = made_up_ratings(3000, 150, density=0.8)
        rated = binary(ratings)
        inverse = np.linalg.inv(rated.T @ rated + 200 * np.eye(rated.shape[1]))
        expected = -inverse / np.diag(inverse)
        np.fill_diagonal(expected, 0)
        assert np.abs(ease_weights(ratings) - expected).max() < 1e-4 * np.abs(expected).max()

    def test_a_members_scores_are_the_sums_of_their_animes_weights(self) -> None:
        given = RATINGS.of_user(5)
        row = binary(RATINGS)[5]
        expected = row @ ease_weights(RATINGS)
        assert np.asarray(ease(RATINGS)(given)) == pytest.approx(expected, abs=1e-6)

    def test_scores_and_unknown_anime_do_not_matter(self) -> None:
        rank = ease(RATINGS)
        assert np.array_equal(np.asarray(rank({10: 1, 30: 9})), np.asarray(rank({10: 8, 30: 2, 7: 10})))

    def test_who_has_rated_nothing_gets_no_preference(self) -> None:
        assert np.asarray(ease(RATINGS)({})).tolist() == [0] * 40


class TestCosine:
    def test_similarities_are_those_of_scipy(self) -> None:
        columns = binary(RATINGS).T
        expected = 1 - cdist(columns, columns, "cosine")
        assert cosine_similarities(RATINGS).toarray() == pytest.approx(expected, abs=1e-6)

    @pytest.mark.parametrize("neighbours", [1, 8])
    def test_each_anime_keeps_its_most_similar_ones(self, neighbours: int) -> None:
        columns = binary(RATINGS).T
        expected = np.sort(1 - cdist(columns, columns, "cosine"))[:, -neighbours:]
        found = np.sort(cosine_similarities(RATINGS, neighbours).toarray())[:, -neighbours:]
        assert found == pytest.approx(expected, abs=1e-6)
        assert cosine_similarities(RATINGS, neighbours).nnz <= 40 * neighbours

    @pytest.mark.filterwarnings("ignore:Method expects CSR input")  # implicit's own doing
    def test_neighbours_are_those_of_implicit(self) -> None:
        peers = pytest.importorskip("implicit.nearest_neighbours", reason="the extra 'bench' has it")
        theirs = peers.CosineRecommender(K=8)
        theirs.fit(sparse.csr_matrix(binary(RATINGS)), show_progress=False)
        expected, found = theirs.similarity.toarray(), cosine_similarities(RATINGS, 8).toarray()
        assert np.sort(found) == pytest.approx(np.sort(expected), abs=1e-6)
        both = (found > 0) & (expected > 0)
        assert both.sum() > 0.95 * 40 * 8  # of two as similar at the end either may be kept
        assert found[both] == pytest.approx(expected[both], abs=1e-6)

    def test_only_those_that_an_anime_keeps_speak_for_it(self) -> None:
        kept = cosine_similarities(RATINGS, 8).toarray()
        given = RATINGS.of_user(3)
        rows = np.searchsorted(RATINGS.anime_ids, list(given))
        expected = [sum(kept[i, j] for j in rows) for i in range(40)]
        assert np.asarray(cosine(RATINGS, 8)(given)) == pytest.approx(expected, abs=1e-6)
