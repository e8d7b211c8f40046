"""What the model promises, besides being Surprise's."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hakken import HakkenError, ItemKNNBaseline, Ratings, RatingsError
from hakken.cli import main
from hakken.errors import ParameterError
from hakken.model.baseline import Baseline
from hakken.model.explanations import confidence
from hakken.model.interest import learn_interest
from hakken.model.parameters import InterestParameters, Parameters
from hakken.model.similarity import similar_anime
from hakken.model.workers import Threads
from tests.hakken.made_up import made_up_ratings

MODEL = ItemKNNBaseline(k=5, shrinkage=10).fit(made_up_ratings())
ANIME = MODEL.anime_ids.tolist()
BASELINE = Baseline.fit(made_up_ratings(), reg_user=2, reg_item=5, epochs=20)
"""What ``MODEL`` is told by default."""
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
    return BASELINE.mean + bias_of(ratings) + float(BASELINE.of_anime[ANIME.index(anime_id)])


def bias_of(ratings: dict[int, int], reg: float = MODEL.parameters.reg_user) -> float:
    """b_u by the book."""
    known = {one: score for one, score in ratings.items() if one in ANIME}
    above = [score - BASELINE.mean - BASELINE.of_anime[ANIME.index(one)] for one, score in known.items()]
    return float(sum(above) / (reg + len(above))) if above else 0.0


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
    # What they give an average anime, μ + b_u, is 6 and 8; without ratings, or with others' only, it is μ.
    usual = [model.scores(one).usual for one in ({10: 8}, {10: 10}, {}, {77777: 10})]
    assert usual == pytest.approx([6.0, 8.0, 6.0, 6.0])
    # A 10 for both, 2 and 6 above what they usually get, so b_u = 4.
    assert model.scores({10: 10, 20: 10}).usual == pytest.approx(10.0)


LEARNED = learn_interest(made_up_ratings(), BASELINE, MODEL.interest_parameters).toarray()
LEARNED = LEARNED.astype(np.float16).astype(np.float64)  # half precision, as it is kept


def interest_of(ratings: dict[int, int]) -> NDArray[np.float64]:
    """Σ_j x_uj·B_ji by the book."""
    told = MODEL.interest_parameters
    level = BASELINE.mean + bias_of(ratings, told.level_reg)
    x = np.zeros(len(ANIME))
    for one, score in ratings.items():
        if one in ANIME:
            x[ANIME.index(one)] = min(max(1 + told.slope * (score - level), -0.5), 3)
    return np.asarray(x @ LEARNED)


@settings(deadline=None)
@given(lists.filter(lambda ratings: not {*ANIME}.isdisjoint(ratings)), st.sampled_from([None, -0.1, 0, 0.5]))
def test_match_is_interest_and_predicted_rating_together(
    ratings: dict[int, int], rarity: float | None
) -> None:
    # s·r̂^(β·n_u/(n_u + κ))·(n + 1)^(−γ·n_u/(n_u + 20)); where s is below 0, the predicted rating has no say.
    # s is that of the member's ratings and, as if of one rating more, the mean over all ratings there are.
    told, rated = MODEL.interest_parameters, len({*ANIME} & {*ratings})
    usual = np.average(LEARNED, axis=0, weights=MODEL.raters)
    interest, predicted = told.usual * usual + interest_of(ratings), MODEL.predict(ratings)
    beta = told.keenness * rated / (rated + told.trust)
    gamma = told.rarity * rated / (rated + told.rarity_trust) if rarity is None else rarity
    expected = [
        s * (r**beta if s > 0 else 1) / (n + 1) ** gamma
        for s, r, n in zip(interest.tolist(), predicted.tolist(), MODEL.raters.tolist(), strict=True)
    ]
    assert MODEL.match(ratings, rarity) == pytest.approx(expected, abs=1e-5)
    assert np.array_equal(MODEL.scores(ratings, rarity).predicted, predicted)


def test_the_usual_counts_as_many_ratings_as_it_is_told_to() -> None:
    # Without the rest of the formula every rating weighs 1, so a match is a sum of rows.
    plain = InterestParameters(keenness=0, rarity=0, slope=0)
    none, one, three = (
        ItemKNNBaseline(interest=replace(plain, usual=usual)).fit(made_up_ratings()) for usual in (0, 1, 3)
    )
    of_each = [none.match({anime_id: 7}) for anime_id in ANIME]
    usual = np.average(of_each, axis=0, weights=MODEL.raters)
    for ratings in ({ANIME[0]: 9}, dict.fromkeys(ANIME[3:9], 2)):
        assert one.match(ratings) - none.match(ratings) == pytest.approx(usual, abs=1e-9)
        assert three.match(ratings) - none.match(ratings) == pytest.approx(3 * usual, abs=1e-9)


def test_a_few_low_scores_alone_are_dislikes_and_many_are_a_members_level() -> None:
    # μ = 6, b_j = 0 (see below): of n scores of 3, b_u = −3n/(λ + n), so each is −3λ/(λ + n) above the level.
    ratings = Ratings.from_arrays([1, 1, 2, 2], [10, 20, 10, 20], [7, 7, 5, 5])
    model = ItemKNNBaseline(reg_user=0, interest=InterestParameters(level_reg=4, slope=1)).fit(ratings)
    one, both = (model.profile(dict.fromkeys(ids, 3)) for ids in ([10], [10, 20]))
    assert one.levels == pytest.approx([-2.4])
    assert both.levels == pytest.approx([-2, -2])
    # The predicted ratings follow all of it, as before: b_u = −3.
    assert (one.bias, both.bias) == pytest.approx((-3, -3))
    assert model.predict({10: 3}, [20]) == pytest.approx([3])


@pytest.mark.parametrize("ratings", [{}, {3: 10, 2**31 - 1: 2}])
def test_without_a_known_rating_what_most_people_know_and_like_matches(ratings: dict[int, int]) -> None:
    # √(n + 1)·r̂⁶·r̂^β·(n + 1)^−γ
    told = MODEL.interest_parameters
    expected = (MODEL.raters + 1.0) ** (0.5 - told.rarity) * MODEL.predict(ratings) ** (6 + told.keenness)
    assert MODEL.match(ratings) == pytest.approx(expected)
    assert MODEL.recommend(ratings, 3)[0].anime_id == ANIME[int(np.argmax(expected))]


@settings(deadline=None)
@given(lists)
def test_the_best_matches_are_recommended_unless_told_otherwise(ratings: dict[int, int]) -> None:
    picks = [pick.anime_id for pick in MODEL.recommend(ratings, n=100)]
    assert picks == [pick.anime_id for pick in MODEL.recommend(ratings, n=100, order="match")]
    match = dict(zip(ANIME, MODEL.match(ratings).tolist(), strict=True))
    raters = dict(zip(ANIME, MODEL.raters.tolist(), strict=True))
    assert picks == sorted({*ANIME} - {*ratings}, key=lambda one: (-match[one], -raters[one], one))


def test_one_rating_draws_in_what_its_raters_watch() -> None:
    # The even anime are watched by some, the odd ones by the others; ten of each.
    users, anime = np.nonzero(np.add.outer(np.arange(200), np.arange(20)) % 2 == 0)
    random = np.random.default_rng(0)
    kept = random.random(len(users)) < 0.9
    ratings = Ratings.from_arrays(users[kept], anime[kept] + 1, random.integers(6, 9, kept.sum()))
    model = ItemKNNBaseline().fit(ratings)
    for anime_id in range(1, 21):
        picks = {pick.anime_id for pick in model.recommend({anime_id: 8}, 9)}
        assert picks == {one for one in range(1, 21) if one % 2 == anime_id % 2} - {anime_id}


@settings(deadline=None)
@given(lists, st.sampled_from(ANIME))
def test_an_explanation_adds_up_exactly_to_what_is_predicted(ratings: dict[int, int], anime_id: int) -> None:
    explained = MODEL.explain(ratings, anime_id)
    others = {one: score for one, score in ratings.items() if one != anime_id}
    contributions = sum(reason.contribution for reason in explained.neighbours)
    summed = explained.mean + explained.of_member + explained.of_anime + contributions
    assert summed + explained.clipped == pytest.approx(explained.predicted, abs=1e-9)
    [predicted] = MODEL.predict(others, [anime_id])
    assert explained.predicted == pytest.approx(predicted, abs=1e-9)
    assert explained.mean + explained.of_member + explained.of_anime == pytest.approx(
        baseline_of(others, anime_id), abs=1e-6
    )
    if 1 < explained.predicted < 10:
        assert explained.clipped == 0
    assert explained.raters == MODEL.raters[ANIME.index(anime_id)]
    interests = sum(reason.interest for reason in explained.neighbours)
    if not {*ANIME}.isdisjoint(others):
        assert interests == pytest.approx(interest_of(others)[ANIME.index(anime_id)], abs=1e-5)


def test_what_the_ends_of_the_scale_take_away_is_told() -> None:
    ratings = dict.fromkeys(ANIME[:20], 10)
    clipped = [MODEL.explain(ratings, anime_id) for anime_id in ANIME[20:]]
    assert any(one.clipped < 0 for one in clipped)
    assert all(one.predicted == 10 for one in clipped if one.clipped)


def test_what_it_does_not_know_is_not_explained() -> None:
    with pytest.raises(KeyError):
        MODEL.explain({ANIME[0]: 9}, 3)
    with pytest.raises(KeyError):
        MODEL.because({ANIME[0]: 9}, [ANIME[1], 3])


def test_reasons_are_told_for_each_anime_as_many_as_asked_for() -> None:
    ratings = dict(zip(ANIME[:12], [9, 3, 7, 10, 5, 6, 8, 2, 9, 4, 7, 10], strict=True))
    [one, other] = MODEL.because(ratings, [ANIME[30], ANIME[20]], most=3)
    assert one == MODEL.explain(ratings, ANIME[30]).neighbours[:3]
    assert other == MODEL.explain(ratings, ANIME[20]).neighbours[:3]


@pytest.mark.parametrize(
    ("similarities", "word"),
    [
        # Σ sim^2.5 against 0.1, 0.02 and 0.003.
        ([], "a guess"),
        ([0.097], "a guess"),
        ([0.099], "unsure"),
        ([0.05] * 6, "unsure"),
        ([0.05] * 5, "a guess"),
        ([0.25], "fairly sure"),
        ([0.398], "fairly sure"),
        ([0.399], "sure"),
        ([0.25] * 4, "sure"),
    ],
)
def test_confidence_grows_with_the_evidence(similarities: list[float], word: str) -> None:
    assert confidence(similarities, 5) == word


def test_very_few_ratings_make_no_one_more_than_unsure() -> None:
    assert confidence([0.9] * 4, 4) == "unsure"
    assert confidence([0.05], 4) == "a guess"


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


def test_without_ratings_nothing_better_known_and_better_liked_is_left_out() -> None:
    chosen = np.isin(MODEL.anime_ids, [pick.anime_id for pick in MODEL.recommend({}, 8)])
    liked, known = MODEL.predict({}), MODEL.raters
    for row in np.flatnonzero(chosen):
        assert not np.any(~chosen & (liked > liked[row]) & (known > known[row]))
    assert known[chosen].mean() > known.mean()
    assert liked[chosen].mean() > liked.mean()


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"slope": -0.1},
        {"slope": 101},
        {"reg": 0},
        {"reg": float("inf")},
        {"dropout": 1},
        {"dropout": -0.1},
        {"list_norm": 2.1},
        {"franchise": -1},
        {"least_raters": 0},
        {"kept": 0},
        {"kept": 2.5},
        {"rarity": float("nan")},
        {"rarity": 2.1},
        {"keenness": -1},
        {"trust": -1},
        {"trust": float("inf")},
        *({name: None} for name in asdict(InterestParameters())),
        *({name: True} for name in asdict(InterestParameters())),
    ],
)
def test_parameters_of_the_interest_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    [(name, value)] = wrong.items()
    with pytest.raises(ParameterError, match=rf"^{name} must be a .*, not {re.escape(repr(value))}$"):
        InterestParameters(**wrong)


def test_the_ends_of_the_ranges_are_allowed_and_saved_to_the_bit(tmp_path: Path) -> None:
    most = 2**31 - 1
    for ends in (
        Parameters(1, 0, 1, 0, 0, 1, 1, 0.01, 0),
        Parameters(most, most, most, float(most), most, 1, most, 100, most),
        Parameters(neighbours=None),
    ):
        ItemKNNBaseline(**asdict(ends)).fit(made_up_ratings()).save(tmp_path / "model")
        assert ItemKNNBaseline.load(tmp_path / "model").parameters == ends


def test_parameters_of_the_interest_are_saved(tmp_path: Path) -> None:
    told = InterestParameters(0, 1.5, 0, 2, 0.5, 3, 7, rarity=0.3, keenness=0)
    ItemKNNBaseline(interest=told).fit(made_up_ratings()).save(tmp_path / "model")
    assert ItemKNNBaseline.load(tmp_path / "model").interest_parameters == told


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
    model.questions = (10, 20)
    model.fit(made_up_ratings(seed=2))
    member = made_up_ratings(seed=2).of_user(0)
    fresh = ItemKNNBaseline().fit(made_up_ratings(seed=2))
    assert np.array_equal(model.predict(member), fresh.predict(member))
    assert np.array_equal(model.match(member), fresh.match(member))
    assert model.questions == ()
