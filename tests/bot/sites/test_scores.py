"""AniList's five score formats as 1–10."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sites.scores import ScoreFormat, ScoreOutOfScaleError, ten_points


@pytest.mark.parametrize(
    ("score", "points"),
    [
        (1, 1),
        (4, 1),
        (5, 1),
        (14, 1),
        (15, 2),
        (24, 2),
        (25, 3),
        (84, 8),
        (85, 9),
        (94, 9),
        (95, 10),
        (100, 10),
    ],
)
def test_hundred_points_are_tenths_with_halves_up_and_no_zero(score: float, points: int) -> None:
    assert ten_points(score, "POINT_100") == points


@pytest.mark.parametrize(
    ("score", "points"),
    [(0.1, 1), (0.5, 1), (1.4, 1), (1.5, 2), (2.5, 3), (8.4, 8), (8.5, 9), (9.5, 10), (10.0, 10)],
)
def test_decimals_are_rounded_with_halves_up_and_no_zero(score: float, points: int) -> None:
    assert ten_points(score, "POINT_10_DECIMAL") == points


@given(st.integers(1, 100))
def test_a_hundred_points_and_ten_with_decimals_agree(score: int) -> None:
    # AniList shows one and the same score so, as its owner chooses.
    assert ten_points(score, "POINT_100") == ten_points(float(Decimal(score) / 10), "POINT_10_DECIMAL")


@given(st.integers(1, 10))
def test_ten_points_stay_what_they_are(score: int) -> None:
    assert ten_points(score, "POINT_10") == score


def test_stars_count_double() -> None:
    assert [ten_points(stars, "POINT_5") for stars in range(1, 6)] == [2, 4, 6, 8, 10]


def test_smileys_count_what_anilist_stores_for_them() -> None:
    # 35, 60 and 85 of 100: https://github.com/tachiyomiorg/tachiyomi/pull/1631
    assert [ten_points(smiley, "POINT_3") for smiley in (1, 2, 3)] == [4, 6, 9]
    assert [ten_points(raw, "POINT_100") for raw in (35, 60, 85)] == [4, 6, 9]


@pytest.mark.parametrize("form", get_args(ScoreFormat))
def test_zero_means_not_scored(form: ScoreFormat) -> None:
    assert ten_points(0, form) is None


@pytest.mark.parametrize(
    ("form", "beyond"),
    [
        ("POINT_100", 100.5),
        ("POINT_10_DECIMAL", 10.1),
        ("POINT_10", 11),
        ("POINT_5", 6),
        ("POINT_3", 4),
        ("POINT_3", 1.5),
    ],
)
def test_a_score_beyond_its_format_is_refused(form: ScoreFormat, beyond: float) -> None:
    for score in (beyond, -1, math.nan, math.inf, -math.inf):
        with pytest.raises(ScoreOutOfScaleError):
            ten_points(score, form)
