from __future__ import annotations

import pytest

from benchmarks.table import Bound, Row, read_rows, show


def row(hakken: float, of_peer: float | None = None, wanted: Bound | None = None) -> Row:
    return Row("sums", "adding", "s", hakken, "abacus" if of_peer else "", of_peer, wanted)


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [
        (row(7, 10, Bound("ratio", "≤", 0.7)), "met"),
        (row(8, 10, Bound("ratio", "≤", 0.5)), "NOT: +60%"),
        (row(15, wanted=Bound("figure", "≤", 15)), "met"),
        (row(18, wanted=Bound("figure", "≤", 15)), "NOT: +20%"),
        (row(500, wanted=Bound("figure", "≥", 500)), "met"),
        (row(400, wanted=Bound("figure", "≥", 500)), "NOT: -20%"),
        (row(400), ""),
    ],
)
def test_a_row_says_whether_its_bound_is_met_and_by_how_much_not(measured: Row, verdict: str) -> None:
    assert measured.verdict == verdict


def test_a_ratio_cannot_be_wanted_without_a_peer() -> None:
    with pytest.raises(ValueError, match="adding"):
        row(7, wanted=Bound("ratio", "≤", 0.7))


def test_rows_come_whole_from_another_process(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(7, 10, Bound("ratio", "≤", 0.7)), row(0.1)]

    show(rows, "json")

    assert read_rows(capsys.readouterr().out) == rows


def test_the_table_has_a_line_for_each_row_under_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    show([row(7, 10, Bound("ratio", "≤", 0.7)), row(1234.5)])

    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "sums"
    assert lines[3].split() == ["adding", "7", "s", "10", "s", "abacus", "0.7", "ratio", "≤", "0.7", "met"]
    assert lines[4].split() == ["adding", "1,234", "s"]


def test_markdown_has_as_many_cells_in_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    show([row(7, 10, Bound("ratio", "≤", 0.7)), row(1234.5)], "markdown")

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {8}
    assert len(lines) == 4
