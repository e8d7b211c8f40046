"""What the model promises, besides being Surprise's."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import HakkenError, ItemKNNBaseline, Ratings, RatingsError
from hakken.baseline import Baseline
from hakken.cli import main
from hakken.errors import ParameterError
from hakken.parameters import Parameters
from hakken.similarity import similar_anime
from hakken.workers import Threads
from tests.hakken.made_up import made_up_ratings

MODEL = ItemKNNBaseline(k=5, shrinkage=10).fit(made_up_ratings())
ANIME = MODEL.anime_ids.tolist()
lists = st.dictionaries(st.sampled_from([*ANIME, 3, 2**31 - 1]), st.integers(1, 10), max_size=30)


@settings(deadline=None)
@given(lists)
def test_predictions_are_ratings(ratings: dict[int, int]) -> None:
    predicted = MODEL.predict(ratings)
    assert predicted.shape == (len(ANIME),)
    assert np.all((predicted >= 1) & (predicted <= 10))


@settings(deadline=None)
@given(lists, st.sampled_from(ANIME), st.integers(1, 10))
def test_adding_a_rating_never_returns_that_anime(ratings: dict[int, int], anime_id: int, score: int) -> None:
    picks = [pick.anime_id for pick in MODEL.recommend({**ratings, anime_id: score}, n=100)]
    assert not {*picks} & {anime_id, *ratings}
    assert len({*picks}) == len(picks)


@settings(deadline=None)
@given(lists, st.randoms())
def test_the_order_of_a_members_ratings_does_not_matter(ratings: dict[int, int], random: object) -> None:
    shuffled = dict(random.sample(list(ratings.items()), len(ratings)))  # type: ignore[attr-defined]
    assert MODEL.recommend(ratings, 7) == MODEL.recommend(shuffled, 7)
    assert np.array_equal(MODEL.predict(ratings), MODEL.predict(shuffled))


@settings(deadline=None)
@given(lists)
def test_recommendations_are_the_highest_predictions_in_order(ratings: dict[int, int]) -> None:
    picks = MODEL.recommend(ratings, n=100, order="predicted")
    predicted = dict(zip(ANIME, MODEL.predict(ratings).tolist(), strict=True))
    raters = dict(zip(ANIME, MODEL.raters.tolist(), strict=True))
    assert [pick.predicted for pick in picks] == [predicted[pick.anime_id] for pick in picks]
    keys = [(-pick.predicted, -raters[pick.anime_id], pick.anime_id) for pick in picks]
    assert keys == sorted(keys)
    assert {pick.anime_id for pick in picks} == set(ANIME) - set(ratings)
    assert MODEL.recommend(ratings, n=3, order="predicted") == picks[:3]


@settings(deadline=None)
@given(lists)
def test_reasons_are_own_ratings_the_strongest_first_and_add_up(ratings: dict[int, int]) -> None:
    for pick in MODEL.recommend(ratings, n=5):
        reasons = MODEL.explain(ratings, pick.anime_id).neighbours
        assert pick.because == reasons[:5]
        moved, drawn = (
            sum(abs(getattr(one, part)) for one in reasons) or 1.0 for part in ("contribution", "interest")
        )
        strengths = [abs(one.contribution / moved + one.interest / drawn) for one in reasons]
        assert strengths == pytest.approx(sorted(strengths, reverse=True))
        for reason in reasons:
            assert ratings[reason.anime_id] == reason.score
            assert 0 <= reason.similarity <= 1
            assert reason.similarity or (reason.interest and not reason.contribution)
        if 1 < pick.predicted < 10:
            away = pick.predicted - float(baseline_of(ratings, pick.anime_id))
            assert sum(reason.contribution for reason in reasons) == pytest.approx(away, abs=1e-6)


def test_weights_too_small_to_be_told_from_0_are_no_reasons() -> None:
    model = ItemKNNBaseline(shrinkage=10, amplification=60, damping=0).fit(made_up_ratings())
    ratings = dict.fromkeys(ANIME[:4], 10) | dict.fromkeys(ANIME[4:8], 2)
    picks = model.recommend(ratings, n=100)
    moved = 0
    for pick in picks:
        reasons = [
            (one.similarity, one.contribution) for one in model.explain(ratings, pick.anime_id).neighbours
        ]
        assert np.isfinite(reasons).all()
        # A power of 60 comes to less than the smallest float32, 1.4e-45, below a similarity of 0.18.
        similar = [similarity for similarity, contribution in reasons if similarity or contribution]
        assert all(similarity > 0.17 for similarity in similar)
        moved += bool(similar)
    assert 0 < moved < len(picks)


def baseline_of(ratings: dict[int, int], anime_id: int) -> float:
    """b_ui by the book: a model without neighbours predicts it."""
    told = MODEL.parameters
    fitted = Baseline.fit(
        made_up_ratings(), reg_user=told.reg_user, reg_item=told.reg_item, epochs=told.epochs
    )
    of_anime = dict(zip(ANIME, of_anime_biases(fitted), strict=True))
    above = [score - fitted.mean - of_anime[other] for other, score in ratings.items() if other in of_anime]
    b_u = sum(above) / (told.reg_user + len(above)) if above else 0.0
    return fitted.mean + b_u + of_anime[anime_id]


def of_anime_biases(fitted: Baseline) -> list[float]:
    return fitted.of_anime.tolist()


def test_a_case_worked_by_hand() -> None:
    # Two anime, two users; no regularisation of note, no shrinkage.
    # Residuals e are made exact by epochs of a 2×2 table: μ = 6, users +1 and −1, anime +2 and −2 …
    ratings = Ratings.from_arrays([1, 1, 2, 2], [10, 20, 10, 20], [9, 5, 7, 3])
    model = ItemKNNBaseline(shrinkage=0, reg_user=0, reg_item=0, neighbours=None).fit(ratings)
    # The table is additive, so all residuals are 0: no anime is similar, the baseline says it all.
    assert model.similar(10) == []
    # A member who gave 8 to the first: b_u = 8 − 6 − 2 = 0, so the second is 6 + 0 − 2 = 4.
    assert model.predict({10: 8}, [20, 10]) == pytest.approx([4.0, 8.0])
    # One who gave 10: b_u = 2; the second is 6.
    assert model.predict({10: 10}, [20]) == pytest.approx([6.0])


def test_two_anime_with_the_same_ratings_are_similar_by_the_shrunk_formula() -> None:
    # Four users like both anime the same way; ρ = 1, n = 4, s = 6: sim = 3/9.
    scores = [9, 2, 9, 2]
    ratings = Ratings.from_arrays([1, 2, 3, 4] * 2, [10] * 4 + [20] * 4, scores * 2)
    model = ItemKNNBaseline(shrinkage=6, neighbours=None).fit(ratings)
    [similar] = model.similar(10)
    assert (similar.anime_id, similar.similarity) == (20, pytest.approx(1 / 3))


def test_empty_single_and_all_equal_lists() -> None:
    assert MODEL.predict({}).shape == (len(ANIME),)
    assert all(pick.because == () for pick in MODEL.recommend({}, 5))
    assert MODEL.recommend({}, 5)[0].predicted >= MODEL.recommend({}, 5)[-1].predicted
    assert len(MODEL.recommend({ANIME[0]: 10}, 5)) == 5
    assert len(MODEL.recommend(dict.fromkeys(ANIME[:20], 7), 5)) == 5
    assert MODEL.recommend(dict.fromkeys(ANIME, 7), 5) == []
    assert MODEL.recommend({}, 0) == []


@pytest.mark.parametrize(
    "ratings",
    [
        Ratings.from_arrays([1], [10], [7]),
        Ratings.from_arrays([1, 2, 3], [10, 10, 10], [1, 10, 5]),
        Ratings.from_arrays([1] * 5, range(10, 15), [7] * 5),
        Ratings.from_arrays(np.repeat(range(9), 9), list(range(1, 10)) * 9, [8] * 81),
    ],
)
def test_the_smallest_and_dullest_rating_sets_are_learned(ratings: Ratings) -> None:
    model = ItemKNNBaseline().fit(ratings)
    assert np.all(np.isfinite(model.predict({int(ratings.anime_ids[0]): 9})))


def test_filters_leave_out_what_they_say() -> None:
    everything = [pick.anime_id for pick in MODEL.recommend({}, 100)]
    assert [pick.anime_id for pick in MODEL.recommend({}, 100, exclude=everything[:5])] == everything[5:]
    assert {pick.anime_id for pick in MODEL.recommend({}, 100, among=[10, 20, 77777])} == {10, 20}
    assert MODEL.recommend({}, among=[]) == []
    at_least = int(np.median(MODEL.raters))
    raters = dict(zip(ANIME, MODEL.raters.tolist(), strict=True))
    kept = {pick.anime_id for pick in MODEL.recommend({}, 100, min_raters=at_least)}
    assert kept == {anime_id for anime_id in ANIME if raters[anime_id] >= at_least}


def test_an_unknown_anime_is_predicted_by_the_members_own_level() -> None:
    [unknown] = MODEL.predict({ANIME[0]: 10, ANIME[1]: 10}, [3])
    assert unknown > MODEL.predict({}, [3])[0]


def test_the_popular_are_well_known_and_well_liked() -> None:
    picks = MODEL.popular(4, exclude=[ANIME[0]])
    known = set(MODEL.anime_ids[np.argsort(-MODEL.raters, kind="stable")][:21].tolist())
    assert len(picks) == 4
    assert {pick.anime_id for pick in picks} <= known - {ANIME[0]}
    assert [pick.predicted for pick in picks] == sorted((pick.predicted for pick in picks), reverse=True)


@pytest.mark.parametrize("score", [0, 11, -1, float("nan"), 0.99])
def test_a_score_off_the_scale_is_refused(score: float) -> None:
    with pytest.raises(RatingsError, match=r"anime 10: the score .* is not 1–10"):
        MODEL.recommend({10: score})


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="order must be one of"):
        MODEL.recommend({}, order="random")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n must be 0 or more"):
        MODEL.recommend({}, n=-1)
    with pytest.raises(RuntimeError, match="call fit or load first"):
        ItemKNNBaseline().predict({})
    with pytest.raises(ValueError, match="no ratings to learn from"):
        ItemKNNBaseline().fit(Ratings.from_arrays([], [], []))


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": 0},
        {"shrinkage": -1},
        {"neighbours": 0},
        {"epochs": 0},
        {"reg_user": -1},
        {"reg_item": -1},
        {"amplification": 0},
        {"damping": -0.1},
        {"damping": float("nan")},
        {"shrinkage": float("inf")},
        {"reg_item": float("inf")},
        {"damping": float("inf")},
        {"amplification": 100.5},
        {"k": 2**31},
        {"min_support": 10**20},
        {"neighbours": 10**30},
        {"k": 2.5},
        {"k": 3.0},
        {"k": np.int64(3)},
        {"epochs": True},
        {"damping": True},
        {"neighbours": 2.5},
        {"reg_user": "2"},
        *({name: None} for name in asdict(Parameters()) if name != "neighbours"),
    ],
)
def test_parameters_out_of_range_are_refused_by_name_and_value(wrong: dict[str, Any]) -> None:
    [(name, value)] = wrong.items()
    with pytest.raises(ParameterError) as refused:
        ItemKNNBaseline(**wrong)
    assert re.fullmatch(
        rf"{name} must be a (whole )?number from [\d.]+ to \d+, not {re.escape(repr(value))}",
        str(refused.value),
    )
    assert isinstance(refused.value, HakkenError)
    assert isinstance(refused.value, ValueError)


def test_the_ends_of_the_ranges_are_allowed_and_saved_to_the_bit(tmp_path: Path) -> None:
    most = 2**31 - 1
    for ends in (
        Parameters(1, 0, 1, 0, 0, 1, 1, 0.01, 0),
        Parameters(most, most, most, float(most), most, 1, most, 100, most),
        Parameters(neighbours=None),
    ):
        ItemKNNBaseline(**asdict(ends)).fit(made_up_ratings()).save(tmp_path / "model")
        assert ItemKNNBaseline.load(tmp_path / "model").parameters == ends


@pytest.mark.parametrize(
    "option",
    [
        ["-k", "99999999999999999999"],
        ["--min-support", "99999999999999999999"],
        ["--neighbours", "99999999999999999999"],
        ["--damping", "inf"],
        ["--shrinkage", "inf"],
        ["--amplification", "101"],
    ],
)
def test_a_parameter_out_of_range_is_one_line_before_anything_is_read(
    option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = str(tmp_path / "none")
    with pytest.raises(SystemExit) as end:
        main(["train", none, "--catalogue", none, "--out", str(tmp_path / "model"), *option])
    assert end.value.code == 2
    told = " ".join(capsys.readouterr().err.split())  # the terminal breaks long lines
    assert re.fullmatch(rf"hakken: {option[0].strip('-').replace('-', '_')} must be a .* from .*", told)
    assert not (tmp_path / "model").exists()


def test_a_smaller_store_keeps_the_best_neighbours() -> None:
    ratings = made_up_ratings()
    small = ItemKNNBaseline(neighbours=3).fit(ratings)
    large = ItemKNNBaseline(neighbours=30).fit(ratings)
    for anime_id in ANIME:
        assert small.similar(anime_id, 50) == large.similar(anime_id, 3)


def test_all_neighbours_are_those_of_a_store_with_room_for_all() -> None:
    ratings = made_up_ratings(n_users=300, n_anime=700, density=0.1)
    every = ItemKNNBaseline(neighbours=None, shrinkage=5).fit(ratings)._fitted.neighbours
    roomy = ItemKNNBaseline(neighbours=700, shrinkage=5).fit(ratings)._fitted.neighbours
    assert len(every.rows) > 100_000
    assert np.array_equal(every.start, roomy.start)
    assert np.array_equal(every.rows, roomy.rows)
    assert np.array_equal(every.similarities.astype(np.float16), roomy.similarities)


def test_keeping_all_neighbours_takes_little_more_memory_than_they_do() -> None:
    ratings = made_up_ratings(n_users=500, n_anime=2500, density=0.05)
    baseline = Baseline.fit(ratings, reg_user=2, reg_item=5, epochs=3)
    tracemalloc.start()
    try:
        found = similar_anime(
            ratings, baseline, shrinkage=100, min_support=1, neighbours=None, workers=Threads(1)
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    result = found.start.nbytes + found.rows.nbytes + found.similarities.nbytes
    assert result > 10e6
    assert peak < 2 * result


def test_a_member_is_predicted_the_same_alone_and_among_others() -> None:
    ratings = made_up_ratings()
    members = [ratings.of_user(row) for row in range(30)] + [{}, {ANIME[3]: 10}]
    together = MODEL.predict_batch(members)
    assert together.shape == (32, len(ANIME))
    for member, predicted in zip(members, together, strict=True):
        assert np.array_equal(MODEL.predict(member), predicted)


def test_a_model_that_learns_anew_forgets_what_it_knew() -> None:
    model = ItemKNNBaseline().fit(made_up_ratings(seed=1))
    model.fit(made_up_ratings(seed=2))
    member = made_up_ratings(seed=2).of_user(0)
    fresh = ItemKNNBaseline().fit(made_up_ratings(seed=2))
    assert np.array_equal(model.predict(member), fresh.predict(member))
