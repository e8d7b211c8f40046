"""Interest: against its formulas written down densely, and against least squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from hakken import Catalogue, ItemKNNBaseline, Ratings
from hakken.evaluation import split_users
from hakken.evaluation.ease import ease_weights
from hakken.evaluation.metrics import ndcg
from hakken.model import interest
from hakken.model.baseline import Baseline
from hakken.model.interest import Interest, Links, learn_interest
from hakken.model.parameters import InterestParameters
from hakken.model.workers import Threads
from tests.hakken.made_up import made_up_ratings

RATINGS = made_up_ratings(120, 40)
PLAIN = InterestParameters(
    slope=0, reg=20, dropout=0, list_norm=0, franchise=0, least_raters=1, kept=1000, rarity=0, keenness=0
)
"""EASE as its paper has it, nothing left out."""
FRANCHISES = ((0, 1, 2), (5, 30), (7, 8, 39))

all_kept = st.builds(
    InterestParameters,
    slope=st.floats(0, 3),
    reg=st.floats(1, 500),
    dropout=st.floats(0, 0.9),
    list_norm=st.floats(0, 2),
    franchise=st.floats(0, 10),
    least_raters=st.integers(1, 25),
    kept=st.just(1000),
)


def baseline_of(ratings: Ratings) -> Baseline:
    return Baseline.fit(ratings, reg_user=2, reg_item=5, epochs=5)


def learned(
    ratings: Ratings, parameters: InterestParameters, franchises: Sequence[Sequence[int]] = ()
) -> NDArray[np.float64]:
    found = learn_interest(ratings, baseline_of(ratings), parameters, franchises)
    return np.asarray(found.toarray(), np.float64)


def told(
    ratings: Ratings, parameters: InterestParameters, franchises: Sequence[Sequence[int]]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """X with T below it, the diagonal of Λ, and which anime have raters enough; as the docstring has them."""
    scores = ratings.matrix.toarray().astype(np.float64)
    baseline = baseline_of(ratings)
    levels = scores - baseline.mean - baseline.of_users[:, None]
    x = np.where(scores > 0, np.clip(1 + parameters.slope * levels, 0.05, 3), 0.0)
    x *= np.linalg.norm(x, axis=1, keepdims=True) ** -parameters.list_norm
    x *= np.sqrt(len(ratings) / np.sum(x**2))
    t = np.zeros((len(franchises), x.shape[1]))
    for row, members in enumerate(franchises):
        t[row, list(members)] = parameters.franchise
    enough = np.count_nonzero(scores, axis=0) >= parameters.least_raters
    rows = np.vstack([x, t])[:, enough]
    dropped = parameters.dropout / (1 - parameters.dropout) * np.sum(rows**2, axis=0)
    return rows, parameters.reg + dropped, enough


class TestLearning:
    @settings(deadline=None, max_examples=60)
    @given(all_kept, st.integers(0, 3))
    def test_it_is_the_closed_form_of_the_papers(self, parameters: InterestParameters, seed: int) -> None:
        ratings = made_up_ratings(80, 40, seed=seed)
        rows, penalties, enough = told(ratings, parameters, FRANCHISES)
        inverse = np.linalg.inv(rows.T @ rows + np.diag(penalties))
        expected = np.zeros((len(enough), len(enough)))
        expected[np.ix_(enough, enough)] = np.eye(len(inverse)) - inverse @ np.diag(1 / np.diag(inverse))
        found = learned(ratings, parameters, FRANCHISES)
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() < 1e-5

    @pytest.mark.parametrize("column", [0, 17, 39])
    @pytest.mark.parametrize("parameters", [PLAIN, InterestParameters(least_raters=1, kept=1000)])
    def test_each_column_tells_its_anime_best_from_the_others(
        self, parameters: InterestParameters, column: int
    ) -> None:
        rows, penalties, _ = told(RATINGS, parameters, FRANCHISES)
        # With the diagonal held at 0 it is ridge regression: least squares with a row √Λ_jj·e_j for each j.
        others = np.delete(np.vstack([rows, np.diag(np.sqrt(penalties))]), column, axis=1)
        target = np.concatenate([rows[:, column], np.zeros(len(penalties))])
        best, *_ = np.linalg.lstsq(others, target)
        found = learned(RATINGS, parameters, FRANCHISES)[:, column]
        assert found[column] == 0
        assert np.abs(np.delete(found, column) - best).max() < 1e-5

    @pytest.mark.parametrize("reg", [5.0, 200.0])
    def test_without_its_changes_it_is_ease(self, reg: float) -> None:
        rated = (RATINGS.matrix.toarray() > 0).astype(np.float64)
        inverse = np.linalg.inv(rated.T @ rated + reg * np.eye(rated.shape[1]))
        steck = -inverse / np.diag(inverse)
        np.fill_diagonal(steck, 0.0)
        found = learned(RATINGS, replace(PLAIN, reg=reg))
        assert np.abs(found - steck).max() < 1e-5
        assert np.abs(found - ease_weights(RATINGS, reg)).max() < 1e-5

    def test_what_too_few_rated_tells_and_is_told_nothing(self) -> None:
        few = RATINGS.raters < 30
        found = learned(RATINGS, replace(PLAIN, least_raters=30))
        assert 0 < np.count_nonzero(few) < len(few)
        assert not found[few].any()
        assert not found[:, few].any()
        assert np.count_nonzero(found[~few]) == np.count_nonzero(~few) * (np.count_nonzero(~few) - 1)

    def test_where_nothing_has_raters_enough_nothing_is_learned(self) -> None:
        found = learn_interest(RATINGS, baseline_of(RATINGS), replace(PLAIN, least_raters=121))
        assert found.shape == (40, 40)
        assert found.nnz == 0

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_any_number_of_threads_learns_the_same_to_the_bit(self, count: int) -> None:
        ratings, shares = made_up_ratings(300, 400, density=0.2), list[float]()
        baseline, parameters = baseline_of(ratings), InterestParameters(kept=30)
        alone = learn_interest(ratings, baseline, parameters)
        found = learn_interest(
            ratings, baseline, parameters, (), Threads(count), lambda _, share: shares.append(share)
        )
        assert np.array_equal(found.indptr, alone.indptr)
        assert np.array_equal(found.indices, alone.indices)
        assert np.array_equal(found.data, alone.data)
        products = shares[:-2]
        assert products == sorted(products)
        assert products[-1] == pytest.approx(1)


class TestThinning:
    @pytest.mark.parametrize("kept", [1, 5, 20])
    def test_the_weights_that_count_most_are_kept(self, kept: int) -> None:
        whole = learned(RATINGS, PLAIN)
        found = learned(RATINGS, replace(PLAIN, kept=kept))
        worth = np.abs(whole) * RATINGS.raters[:, None] ** 0.25
        assert np.count_nonzero(found) == pytest.approx(kept * len(whole), abs=1)
        assert np.array_equal(found[found != 0], whole[found != 0])
        assert worth[found != 0].min() >= worth[found == 0].max()

    def test_of_very_many_anime_a_sample_tells_which(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ratings = made_up_ratings(300, 400, density=0.2)
        monkeypatch.setattr(interest, "_SAMPLED_ROWS", 40)
        whole, found = learned(ratings, PLAIN), learned(ratings, replace(PLAIN, kept=30))
        worth = np.abs(whole) * ratings.raters[:, None] ** 0.25
        assert np.count_nonzero(found) == pytest.approx(30 * 400, rel=0.1)
        assert worth[found != 0].min() >= worth[found == 0].max()

    def test_the_rows_of_each_anime_ascend(self) -> None:
        found = learn_interest(RATINGS, baseline_of(RATINGS), replace(PLAIN, kept=7))
        for row in range(40):
            targets = found.indices[found.indptr[row] : found.indptr[row + 1]]
            assert np.all(np.diff(targets) > 0)


@st.composite
def interests(draw: st.DrawFn) -> Interest:
    """Of anime of which some have weights, some are like others, and some both or neither."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(2, 12))
    known, told = random.random(n) < 0.6, random.random(n) < 0.6
    learned = np.where(random.random((n, n)) < 0.5, random.normal(size=(n, n)), 0.0)
    learned[~known], learned[:, ~known] = 0.0, 0.0
    likenesses = np.where(random.random((n, n)) < 0.5, random.random((n, n)), 0.0)
    likenesses[~told], likenesses[:, ~known] = 0.0, 0.0
    np.fill_diagonal(likenesses, 0.0)
    slope, say = draw(st.sampled_from([0.0, 0.3, 2.0])), draw(st.sampled_from([0.0, 0.5, 1.5]))
    return Interest(links(learned), links(likenesses), slope, say)


def links(matrix: NDArray[np.floating]) -> Links:
    return Links.of_matrix(sparse.csr_array(matrix.astype(np.float32)))


def dense(of: Links) -> NDArray[np.float64]:
    matrix = np.zeros((len(of.start) - 1, len(of.start) - 1))
    for row in range(len(matrix)):
        targets, weights = of.of(row)
        matrix[row, targets] = weights
    return matrix


class TestOfMember:
    @settings(deadline=None)
    @given(interests(), st.data())
    def test_it_is_the_formula_and_the_sum_of_its_parts(self, model: Interest, data: st.DataObject) -> None:
        n = len(model.learned.start) - 1
        rated = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1)))), np.intp)
        levels = np.array(data.draw(st.lists(st.floats(-9, 9), min_size=len(rated), max_size=len(rated))))
        learned, likenesses = dense(model.learned), dense(model.likenesses)
        x = np.zeros(n)
        x[rated] = np.clip(1 + model.slope * levels, -0.5, 3)
        # Who has no weights is silent, and those that it is like speak in its place, in proportion.
        totals = likenesses.sum(axis=1, keepdims=True)
        in_proportion = np.divide(likenesses, totals, out=np.zeros_like(likenesses), where=totals > 0)
        mute = ~learned.any(axis=1)
        own = (x + model.say * (x * mute) @ in_proportion) @ learned
        expected = own + likenesses @ own
        found = model.of_member(rated, levels)
        assert found == pytest.approx(expected, abs=1e-6)
        for row in range(n):
            parts = model.parts(row, rated, levels)
            assert parts.shape == rated.shape
            assert parts.sum() == pytest.approx(found[row], abs=1e-9)

    def test_what_a_rating_adds_is_its_weight_times_its_link(self) -> None:
        # 0 and 1 lead to 2; 3 is like 2 by a half and like 1 by a quarter.
        learned = np.zeros((4, 4), np.float32)
        learned[0, 2], learned[1, 2], learned[0, 1] = 0.5, -0.25, 1.0
        like = np.zeros((4, 4), np.float32)
        like[3, 2], like[3, 1] = 0.5, 0.25
        model = Interest(links(learned), links(like), slope=0.5)
        rated, levels = np.array([0, 1], np.intp), np.array([2.0, -1.0])
        # x = (1 + ½·2, 1 − ½·1) = (2, ½).
        assert model.of_member(rated, levels).tolist() == [0, 2, 0.875, 0.9375]
        assert model.parts(2, rated, levels).tolist() == [1, -0.125]
        assert model.parts(3, rated, levels).tolist() == [1, -0.0625]
        assert model.parts(0, rated, levels).tolist() == [0, 0]

    def test_a_rating_without_weights_speaks_through_what_its_anime_is_like(self) -> None:
        # 0 leads to 2 and 3, 1 to 2. 4 has no weights: it is like 0 by 0.6 and 1 by 0.2, so ¾ and ¼ of its say.
        learned, like = np.zeros((6, 6), np.float32), np.zeros((6, 6), np.float32)
        learned[0, 2], learned[0, 3], learned[1, 2] = 1.0, 0.5, -2.0
        like[4, 0], like[4, 1], like[5, 3] = 0.75, 0.25, 0.5
        model = Interest(links(learned), links(like), slope=0.5, say=0.5)
        rated, levels = np.array([1, 4], np.intp), np.array([-1.0, 2.0])
        # x = (½, 2); 4 says ½·2·(¾, ¼) = (¾, ¼) through 0 and 1.
        # To 2: 1's own ½·−2, and 4's ¾·1 + ¼·−2. To 3: 4's ¾·½; half of that to 5, which is like 3.
        assert model.of_member(rated, levels).tolist() == [0, 0, -1 + 0.25, 0.375, 0, 0.1875]
        assert model.parts(2, rated, levels).tolist() == [-1, 0.25]
        assert model.parts(5, rated, levels).tolist() == [0, 0.1875]
        silent = replace(model, say=0.0)
        assert silent.of_member(rated, levels).tolist() == [0, 0, -1, 0, 0, 0]
        assert silent.parts(5, rated, levels).tolist() == [0, 0]

    def test_an_anime_with_weights_speaks_for_itself_alone(self) -> None:
        learned, like = np.zeros((3, 3), np.float32), np.zeros((3, 3), np.float32)
        learned[0, 1], learned[2, 1], like[2, 0] = 1.0, 0.25, 1.0
        model = Interest(links(learned), links(like), slope=0.0, say=1.0)
        # 2 is like 0, but has a weight to 1; it is less interesting to itself only by what leads to 0: nothing.
        assert model.of_member(np.array([2], np.intp), np.zeros(1)).tolist() == [0, 0.25, 0]

    @settings(deadline=None)
    @given(interests(), st.lists(st.integers(1, 99), min_size=12, max_size=12))
    def test_the_usual_is_what_one_rating_gives_on_average(self, model: Interest, counts: list[int]) -> None:
        n = len(model.learned.start) - 1
        raters = np.array(counts[:n], np.int32)
        speaks_for_itself = replace(model, say=0.0)
        of_each = [speaks_for_itself.of_member(np.array([row], np.intp), np.zeros(1)) for row in range(n)]
        assert model.usual(raters) == pytest.approx(np.average(of_each, axis=0, weights=raters), abs=1e-9)
        assert not model.usual(np.zeros(n, np.int32)).any()

    def test_what_is_disliked_speaks_against_and_what_is_loved_counts_threefold_at_most(self) -> None:
        model = Interest(links(np.zeros((2, 2))), links(np.zeros((2, 2))), slope=0.3)
        weights = model.weights(np.array([-9.0, -4.0, -2.0, 0.0, 2.0, 9.0]))
        assert weights == pytest.approx([-0.5, -0.2, 0.4, 1.0, 1.6, 3.0])

    def test_likenesses_lead_one_step_far(self) -> None:
        # 3 is like 2, 2 like 1, and 0 leads to 1: to 1 and 2, whichever of the three comes first.
        for order in ([0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 3, 1]):
            learned, like = np.zeros((4, 4), np.float32), np.zeros((4, 4), np.float32)
            learned[order[0], order[1]] = 1.0
            like[order[2], order[1]], like[order[3], order[2]] = 0.5, 0.5
            model = Interest(links(learned), links(like), slope=0.3)
            model.check(4)
            found = model.of_member(np.array(order[:1], np.intp), np.zeros(1))
            assert found[order].tolist() == [0, 1, 0.5, 0]

    def test_likenesses_below_0_are_refused(self) -> None:
        like = links(np.array([[0, 0.5], [-0.5, 0]]))
        with pytest.raises(ValueError, match="likenesses of the interest are not above 0"):
            Interest(links(np.zeros((2, 2))), like, slope=0.3).check(2)

    def test_half_precision_costs_little(self) -> None:
        whole = learned(RATINGS, PLAIN)
        exact = (RATINGS.matrix.toarray() > 0) @ whole
        model = Interest(links(whole), links(np.zeros((40, 40))), slope=0.0)
        for user in range(10):
            rated = np.flatnonzero(RATINGS.matrix.toarray()[user]).astype(np.intp)
            found = model.of_member(rated, np.zeros(len(rated)))
            assert np.abs(found - exact[user]).max() < 2e-3


class TestLinks:
    def test_weights_too_small_for_half_precision_are_left_out(self) -> None:
        found = links(np.array([[0, 1e-9, 0.5], [1e-9, 0, 0], [0.25, -1e-9, 0]]))
        assert found.start.tolist() == [0, 1, 1, 2]
        assert found.rows.tolist() == [2, 0]
        assert found.exact.tolist() == [0.5, 0.25]

    @pytest.mark.parametrize(("n_anime", "kind"), [(2**16, np.uint16), (2**16 + 1, np.uint32)])
    def test_any_number_of_anime_fits(self, n_anime: int, kind: type) -> None:
        matrix = sparse.csr_array(([1.0], ([0], [n_anime - 1])), (n_anime, n_anime), dtype=np.float32)
        found = Links.of_matrix(matrix)
        assert found.rows.dtype == kind
        assert found.of(0)[0].tolist() == [n_anime - 1]
        found.check(n_anime)

    def test_a_row_beyond_the_last_is_refused(self) -> None:
        found = links(np.array([[0, 0.5], [0.25, 0]]))
        found.check(2)
        for beyond in (2, 3, 2**16 - 1):
            with pytest.raises(ValueError, match="rows of the interest do not fit"):
                replace(found, rows=np.array([1, beyond], np.uint16)).check(2)

    def test_averages_are_by_weight_and_ones_own_without_links(self) -> None:
        weights = np.array([[0, 1, 0, 3], [0, 0, 0, 0], [0, -1, 0, 1], [0, 0, 0, 0]])
        averages = links(weights).averages(np.array([7, 10, 0, 50], np.int32))
        assert averages.tolist() == [(10 + 150) / 4, 10, 30, 50]


def two_tastes(n_users: int = 300, n_anime: int = 60, seed: int = 0) -> Ratings:
    """Half of the users watch mostly the even anime and like them, half the odd ones; some are popular."""
    random = np.random.default_rng(seed)
    ours = np.arange(n_users)[:, None] % 2 == np.arange(n_anime) % 2
    chances = np.where(ours, 0.45, 0.12) * (0.4 + random.beta(1, 3, n_anime))
    users, anime = np.nonzero(random.random((n_users, n_anime)) < chances)
    liked = np.where(ours, 8.0, 5.5) + random.normal(0, 1, ours.shape)
    return Ratings.from_arrays(users + 1, (anime + 1) * 10, np.clip(np.rint(liked[users, anime]), 1, 10))


def test_of_two_tastes_everyone_is_recommended_their_own_and_popularity_cannot() -> None:
    split = split_users(two_tastes(), users=0.3, hidden=0.3)
    model = ItemKNNBaseline().fit(split.train)
    scores: dict[str, list[float]] = {"match": [], "popular": []}
    for user in split.unseen:
        unrated = ~np.isin(model.anime_ids, user.given_ids)
        for name, of in (("match", model.match(user.given)), ("popular", model.raters)):
            shown = model.anime_ids[np.argsort(np.where(unrated, -of.astype(float), np.inf))[:10]]
            hidden = np.array([user.hidden.get(one, np.nan) for one in shown.tolist()])
            scores[name].append(ndcg(hidden, user.hidden_scores))
    match, popular = (np.nanmean(scores[name]) for name in ("match", "popular"))
    assert match > 1.3 * popular


def test_links_lead_to_ascending_rows_whatever_the_matrix() -> None:
    matrix = sparse.csr_array(([0.5, 0.25, 1.0], [2, 0, 1], [0, 2, 3, 3]), shape=(3, 3))
    links = Links.of_matrix(matrix)
    assert [links.rows.tolist(), links.weights.tolist()] == [[0, 2, 1], [0.25, 0.5, 1.0]]


def test_the_parts_of_an_interest_add_up_to_it_with_facts_too(ratings: Ratings, catalogue: Catalogue) -> None:
    model = ItemKNNBaseline().fit(ratings, catalogue=catalogue)
    member, interest = model.profile(ratings.of_user(3)), model._fitted.interest
    parts = [interest.parts(row, member.rows, member.levels) for row in range(len(model.anime_ids))]
    whole = interest.of_member(member.rows, member.levels)
    assert np.count_nonzero(parts) > len(whole)
    assert np.sum(parts, axis=1) == pytest.approx(whole, abs=1e-12)
