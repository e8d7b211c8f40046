"""Catalogues: read, refused by line, written the same."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from hakken import Anime, Catalogue, CatalogueError

GOOD = 'anime_id\ttitle\tgenres\tmembers\textra\n1\tCowboy Bebop\tAction|Sci-Fi"|Action\t12\tx\n2\t"A ""B"""\t\t\t\n'


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "catalogue.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_facts_are_read_and_empty_cells_are_unknown(tmp_path: Path) -> None:
    for text in (GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), gzip.compress(GOOD.encode())):
        catalogue = Catalogue.read(written(tmp_path, text))
        assert catalogue[1] == Anime(1, "Cowboy Bebop", genres=("Action", "Sci-Fi"), members=12)
        assert catalogue[2] == Anime(2, 'A "B"')
        assert list(catalogue) == [1, 2]
        assert catalogue.genres == ("Action", "Sci-Fi")


def test_what_is_written_is_read_again_and_always_the_same_bytes(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    one, other = io.BytesIO(), io.BytesIO()
    catalogue.write(one)
    catalogue.write(other)
    assert one.getvalue() == other.getvalue()
    again = Catalogue.read(written(tmp_path, one.getvalue()))
    assert dict(again) == dict(catalogue)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title\nx\n", "line 1: the column 'anime_id' is missing"),
        ("", "line 1: the column 'anime_id' is missing"),
        (GOOD + "x\tTrigun\t\t\t\n", "line 4: 'x' in the column 'anime_id' is not a number"),
        (GOOD + "3\tTrigun\t\tmany\t\n", "line 4: 'many' in the column 'members' is not a number"),
        (GOOD + "3\t\t\t\t\n", "line 4: an anime needs"),
        (GOOD + "0\tTrigun\t\t\t\n", "line 4: an anime needs"),
        (GOOD + "2\tTrigun\t\t\t\n", "line 4: anime_id 2 stands twice"),
        (b"anime_id\ttitle\n1\t\xff\n", "is not UTF-8 text"),
        (gzip.compress(GOOD.encode())[:-9], "cannot be read"),
        (GOOD + '3\t"' + "x" * 200_000 + '"\n', "field larger"),
    ],
)
def test_what_is_no_catalogue_is_named_by_file_line_and_value(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        Catalogue.read(written(tmp_path, text))
    assert sentence in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "catalogue.tsv"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.tsv: cannot be read"):
        Catalogue.read(tmp_path / "none.tsv")
