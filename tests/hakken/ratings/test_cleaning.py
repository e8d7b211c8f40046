"""Cleaning: what goes, what stays, and that the report says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakken import Anime, Catalogue, Ratings, RatingsError, artefact
from hakken.ratings.cleaning import Cleaning, DroppedRatings, clean
from tests.conftest import CATALOGUE

ROOT = Path(__file__).resolve().parents[3]
KEEP_ALL = {"min_ratings": 1, "min_raters": 1, "same_score_from": None, "music": True}


def pairs(ratings: Ratings) -> dict[object, dict[int, float]]:
    return {user: ratings.of_user(row) for row, user in enumerate(ratings.user_ids.tolist())}


def of(rows: dict[int, dict[int, float]]) -> Ratings:
    flat = [(user, anime, score) for user, scores in rows.items() for anime, score in scores.items()]
    return Ratings.from_arrays(*zip(*flat, strict=True))


def test_with_nothing_to_go_the_rating_set_stays_as_it_is() -> None:
    ratings = of({1: {10: 5, 20: 5}, 2: {10: 3}})
    cleaned = clean(ratings, Cleaning(**KEEP_ALL))
    assert cleaned.ratings.fingerprint() == ratings.fingerprint()
    assert set(cleaned.report.by_reason.values()) == {DroppedRatings()}
    assert cleaned.report.rounds == 1


def test_users_and_anime_with_few_ratings_go_in_rounds_until_none_is_left() -> None:
    # Without user 3, anime 30 has one rater; without anime 30, user 2 has one rating; without user 2 …
    ratings = of(
        {
            1: {10: 5, 20: 6},
            2: {20: 4, 30: 7},
            3: {30: 9},
            4: {10: 8, 20: 2},
        }
    )
    cleaned = clean(ratings, Cleaning(**KEEP_ALL | {"min_ratings": 2, "min_raters": 2}))
    assert pairs(cleaned.ratings) == {1: {10: 5.0, 20: 6.0}, 4: {10: 8.0, 20: 2.0}}
    assert cleaned.report.few_ratings == DroppedRatings(users=2, ratings=2)
    assert cleaned.report.few_raters == DroppedRatings(anime=1, ratings=1)
    assert cleaned.report.rounds == 3


def test_users_who_gave_everything_one_score_go_from_so_many_ratings_on() -> None:
    ratings = of({1: {10: 8, 20: 8, 30: 8}, 2: {10: 8, 20: 8}, 3: {10: 8, 20: 8, 30: 7}, 4: {10: 1}})
    cleaned = clean(ratings, Cleaning(**KEEP_ALL | {"same_score_from": 3}))
    assert cleaned.ratings.user_ids.tolist() == [2, 3, 4]
    assert cleaned.report.same_score == DroppedRatings(users=1, ratings=3)


def test_music_videos_go_with_their_ratings_and_unknown_anime_stay() -> None:
    catalogue = Catalogue([Anime(10, "a", type="Music"), Anime(20, "b", type="TV")])
    ratings = of({1: {10: 5, 20: 6, 30: 7}, 2: {10: 9}})
    cleaned = clean(ratings, Cleaning(), catalogue)
    assert pairs(cleaned.ratings) == {1: {20: 6.0, 30: 7.0}}
    assert cleaned.report.music == DroppedRatings(anime=1, ratings=2)
    assert cleaned.report.few_ratings == DroppedRatings(users=1, ratings=0)
    kept = clean(ratings, Cleaning(music=True), catalogue)
    assert kept.ratings.fingerprint() == ratings.fingerprint()


def test_the_default_cleaning_leaves_small_honest_sets_alone(ratings: Ratings) -> None:
    for small in (of({1: {10: 5}}), of({1: {10: 5, 20: 5}, 2: {20: 5}}), ratings):
        assert clean(small, Cleaning()).ratings.fingerprint() == small.fingerprint()


def test_nothing_left_is_refused_with_the_remedy() -> None:
    with pytest.raises(RatingsError, match="leaves none of the 2 ratings: ask for fewer ratings per user"):
        clean(of({1: {10: 5}, 2: {20: 5}}), Cleaning(min_ratings=2))


@pytest.mark.parametrize("wrong", [{"min_ratings": 0}, {"min_raters": 0}, {"same_score_from": 1}])
def test_options_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="or more"):
        Cleaning(**wrong)  # type: ignore[arg-type]


SETS = st.dictionaries(
    st.tuples(st.integers(1, 8), st.integers(1, 8)), st.integers(1, 3), min_size=1, max_size=40
)


@given(SETS, st.integers(1, 4), st.integers(1, 4), st.none() | st.integers(2, 4))
def test_what_is_left_is_what_pandas_leaves_and_the_report_adds_up(
    scores: dict[tuple[int, int], int], min_ratings: int, min_raters: int, same_score_from: int | None
) -> None:
    users, anime = zip(*scores, strict=True)
    ratings = Ratings.from_arrays(users, anime, list(scores.values()))
    table = pd.DataFrame({"user": users, "anime": anime, "score": list(scores.values())})
    expected, before = table, -1
    while len(expected) != before:
        before = len(expected)
        by_user = expected.groupby("user").score
        count = by_user.transform("size")
        one_score = (by_user.transform("nunique") == 1) & (count >= (same_score_from or 99))
        expected = expected[~one_score]
        expected = expected[expected.groupby("user").score.transform("size") >= min_ratings]
        expected = expected[expected.groupby("anime").score.transform("size") >= min_raters]
    options = Cleaning(min_ratings, min_raters, same_score_from, music=True)
    if expected.empty:
        with pytest.raises(RatingsError):
            clean(ratings, options)
        return

    cleaned = clean(ratings, options)

    left = {(u, a): float(s) for u, a, s in zip(expected.user, expected.anime, expected.score, strict=True)}
    assert {(u, a): s for u, scored in pairs(cleaned.ratings).items() for a, s in scored.items()} == left
    gone = cleaned.report.by_reason.values()
    assert sum(one.ratings for one in gone) == len(table) - len(expected)
    assert sum(one.users for one in gone) == table.user.nunique() - expected.user.nunique()
    assert sum(one.anime for one in gone) == table.anime.nunique() - expected.anime.nunique()
    assert clean(cleaned.ratings, options).ratings.fingerprint() == cleaned.ratings.fingerprint()


def test_train_tells_what_it_dropped_and_keeps_the_counts_with_the_model(
    tmp_path: Path, ratings: Ratings
) -> None:
    rows, columns = ratings.matrix.nonzero()
    lines = [
        f"user{row},{anime},{score:g}"
        for row, anime, score in zip(rows, ratings.anime_ids[columns], ratings.matrix.data, strict=True)
    ]
    lines += [
        "user1,5114,eleven",
        "user1,[bold],9",
        "quiet,1,0",
        *(f"fan,{anime},10" for anime in range(1, 13)),
    ]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(["username,anime_id,my_score", *lines]))
    options = ["--catalogue", CATALOGUE, "--out", tmp_path / "model", "--holdout", 0, "--min-raters", 2]
    command = [sys.executable, "-m", "hakken", "train", path, *options]

    trained = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)

    assert trained.returncode == 0, trained.stderr
    assert "dropped 1 not rated, 0 repeated, 1 users without a rating" in trained.stderr
    place = len(ratings) + 2
    assert (
        f"dropped 1 lines without a score from 1 to 10; the first: line {place}: 'eleven' is not a score"
        in trained.stderr
    )
    assert f"dropped 1 lines without an anime id; the first: line {place + 1}: '[bold]'" in trained.stderr
    assert "left out users of one score: 1 users, 12 ratings" in trained.stderr
    kept = artefact.read(tmp_path / "model").manifest.metrics
    assert kept["lines_broken"] == 2
    assert kept["cleaning_same_score_ratings"] == 12
