"""The model against scikit-surprise's KNNBaseline, which we did not write."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from surprise import Dataset, KNNBaseline, Reader

from hakken import ItemKNNBaseline, Ratings
from hakken.model.parameters import SURPRISE
from tests.hakken.made_up import made_up_ratings

TOLERANCE = 1e-4


def train_surprise(ratings: Ratings, **parameters: float) -> KNNBaseline:
    """Surprise's model; its ratings stand in the order of our ids, so that ties fall alike."""
    rows = [
        (user, anime_id, score)
        for user in range(len(ratings.user_ids))
        for anime_id, score in ratings.of_user(user).items()
    ]
    frame = pd.DataFrame(rows, columns=["user", "anime", "score"])
    trainset = Dataset.load_from_df(frame, Reader(rating_scale=(1, 10))).build_full_trainset()
    options = {
        "name": "pearson_baseline",
        "user_based": False,
        "shrinkage": parameters.get("shrinkage", 100),
        "min_support": parameters.get("min_support", 1),
    }
    baseline = {
        "method": "als",
        "n_epochs": parameters.get("epochs", 10),
        "reg_u": parameters.get("reg_user", 15),
        "reg_i": parameters.get("reg_item", 10),
    }
    model = KNNBaseline(k=parameters.get("k", 40), sim_options=options, bsl_options=baseline, verbose=False)
    return model.fit(trainset)


def like_surprise(**parameters: float) -> ItemKNNBaseline:
    """Ours with Surprise's defaults, but for what is told."""
    return ItemKNNBaseline(**{**asdict(SURPRISE), **parameters})


def largest_difference(ratings: Ratings, ours: ItemKNNBaseline, theirs: KNNBaseline) -> float:
    """Over every anime that a training user has not rated."""
    largest = 0.0
    for user in range(len(ratings.user_ids)):
        rated = ratings.of_user(user)
        unrated = [anime_id for anime_id in ratings.anime_ids.tolist() if anime_id not in rated]
        if unrated:
            expected = [theirs.predict(user, anime_id).est for anime_id in unrated]
            largest = max(largest, float(np.abs(ours.predict(rated, unrated) - expected).max()))
    return largest


def ties_at_k(theirs: KNNBaseline, k: int) -> bool:
    """Whether which k are the most similar hangs on the last bits of some similarity."""
    for rated in theirs.trainset.ur.values():
        columns = [anime for anime, _ in rated]
        if len(columns) > k:
            ordered = -np.sort(-theirs.sim[:, columns], axis=1)
            last, first_out = ordered[:, k - 1], ordered[:, k]
            if np.any((last > 0) & (last - first_out < 1e-6 * last)):
                return True
    return False


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"k": 1},
        {"min_support": 8},
        {"k": 5, "shrinkage": 0},
        {"k": 20, "shrinkage": 300},
        {"k": 10, "reg_user": 0.5, "reg_item": 3, "epochs": 1},
        {"k": 200, "shrinkage": 10, "reg_user": 40, "reg_item": 60, "epochs": 25},
    ],
)
@pytest.mark.parametrize("shape", [(60, 40, 0, 0.3), (200, 120, 1, 0.1), (15, 90, 2, 0.5)])
def test_predictions_are_those_of_surprise(
    parameters: dict[str, float], shape: tuple[int, int, int, float]
) -> None:
    ratings = made_up_ratings(*shape)
    ours = like_surprise(**parameters).fit(ratings)
    theirs = train_surprise(ratings, **parameters)
    assert largest_difference(ratings, ours, theirs) < TOLERANCE


@pytest.mark.parametrize("amplification", [1, 2, 2.5])
@pytest.mark.parametrize("damping", [0, 0.01, 3])
def test_amplified_and_damped_predictions_follow_the_formula(amplification: float, damping: float) -> None:
    # On similarities and biases of Surprise, which knows neither.
    ratings = made_up_ratings(60, 40, 4, 0.3)
    ours = like_surprise(k=4, amplification=amplification, damping=damping).fit(ratings)
    theirs = train_surprise(ratings, k=4)
    known = theirs.trainset
    for user in range(len(ratings.user_ids)):
        rated = ratings.of_user(user)
        for anime_id in ratings.anime_ids.tolist():
            if anime_id not in rated:
                u, i = known.to_inner_uid(user), known.to_inner_iid(anime_id)
                best = sorted(((theirs.sim[i, j], j, score) for j, score in known.ur[u]), reverse=True)[:4]
                moved = weighed = 0.0
                for similarity, j, score in best:
                    if similarity > 0:
                        b_uj = known.global_mean + theirs.bu[u] + theirs.bi[j]
                        moved += similarity**amplification * (score - b_uj)
                        weighed += similarity**amplification
                expected = known.global_mean + theirs.bu[u] + theirs.bi[i]
                expected += moved / (damping + weighed) if weighed else 0
                [predicted] = ours.predict(rated, [anime_id])
                assert predicted == pytest.approx(min(max(expected, 1), 10), abs=TOLERANCE)


@st.composite
def rating_sets(draw: st.DrawFn) -> Ratings:
    n_users, n_anime = draw(st.integers(1, 12)), draw(st.integers(1, 10))
    pairs = draw(
        st.sets(st.tuples(st.integers(1, n_users), st.integers(1, n_anime)), min_size=1, max_size=80)
    )
    scores = draw(st.lists(st.integers(1, 10), min_size=len(pairs), max_size=len(pairs)))
    users, anime = zip(*sorted(pairs), strict=True)
    return Ratings.from_arrays(users, anime, scores)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    ratings=rating_sets(),
    k=st.integers(1, 12),
    shrinkage=st.sampled_from([0, 1, 100]),
    reg_user=st.sampled_from([0.1, 15]),
    reg_item=st.sampled_from([0.1, 10]),
)
def test_predictions_are_those_of_surprise_on_any_ratings(
    ratings: Ratings, k: int, shrinkage: float, reg_user: float, reg_item: float
) -> None:
    parameters = {"k": k, "shrinkage": shrinkage, "reg_user": reg_user, "reg_item": reg_item}
    try:
        theirs = train_surprise(ratings, **parameters)
    except ZeroDivisionError:  # Surprise has no answer where all residuals of a pair are 0
        assume(False)
    assume(not ties_at_k(theirs, k))
    ours = like_surprise(**parameters).fit(ratings)
    assert largest_difference(ratings, ours, theirs) < TOLERANCE


def test_stored_neighbours_and_half_precision_cost_next_to_nothing() -> None:
    ratings = made_up_ratings(300, 150, seed=3, density=0.2)
    exact = ItemKNNBaseline(neighbours=None).fit(ratings)
    stored = ItemKNNBaseline(neighbours=150).fit(ratings)
    member = ratings.of_user(0)
    assert np.abs(exact.predict(member) - stored.predict(member)).max() < 5e-3
