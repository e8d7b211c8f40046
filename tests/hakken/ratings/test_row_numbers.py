"""Broken rows of long rating files are named by where they stand, however the file is read in parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hakken import Ratings

LONG = 200_000
PARTS = 65_536
"""Rows, after which readers begin anew: with the batch that Arrow reads at once, for instance."""


def table(**broken_at: int) -> pd.DataFrame:
    """Ratings of which one row has no fit score, another no fit anime id."""
    rows = np.arange(LONG)
    ratings = pd.DataFrame({"user_id": 1 + rows % 500, "anime_id": 1 + rows // 500, "rating": 1 + rows % 10})
    ratings["rating"] = ratings["rating"].where(rows != broken_at["score"], 77)
    ratings["anime_id"] = ratings["anime_id"].where(rows != broken_at["anime"], -4)
    return ratings


@pytest.mark.parametrize(
    ("score", "anime"),
    [(PARTS - 1, PARTS), (PARTS, PARTS + 1), (2 * PARTS + 9, LONG - 1), (LONG - 1, 70_000)],
)
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_row_beyond_65_536_is_named_by_its_number(
    tmp_path: Path, form: str, score: int, anime: int
) -> None:
    file = tmp_path / f"ratings.{form}"
    ratings = table(score=score, anime=anime)
    if form == "parquet":
        ratings.to_parquet(file, row_group_size=LONG)
    else:
        ratings.to_csv(file, index=False)
    report = Ratings.read(file).report
    places = {one.reason: one.first.partition(":")[0] for one in report.broken}
    # Rows count from 1; a text file's first line holds the names, so its lines count from 2.
    for reason, at in (("without a score from 1 to 10", score), ("without an anime id", anime)):
        assert places[reason] in (
            {f"row {at + 1}"} if form == "parquet" else {f"row {at + 1}", f"line {at + 2}"}
        )
    assert sum(one.lines for one in report.broken) == 2
