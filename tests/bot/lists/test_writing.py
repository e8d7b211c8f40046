"""Lists to take along: MyAnimeList's form to the letter, and nothing lost on the way round."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lists import ListEntry, write_json, write_myanimelist_xml
from hakken import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.lists import read_list_file
from tests.hakken.lists.conftest import parsed
from tests.hakken.lists.test_reading import REAL_LISTS

STATUSES = ("completed", "watching", "on hold", "dropped", "planned")
CATALOGUE = Catalogue()
TITLES = TitleSearch(CATALOGUE)

titles_of_anime = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=80)
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
entries = st.builds(
    ListEntry,
    anime_id=st.integers(1, 2**31 - 1),
    score=st.none() | st.integers(1, 10),
    status=st.sampled_from(STATUSES),
    started=st.none() | st.dates(),
    finished=st.none() | st.dates(),
    title=titles_of_anime,
)


def test_an_export_is_to_the_letter_what_myanimelist_writes(
    export: bytes, titles: TitleSearch, catalogue: Catalogue
) -> None:
    entries = read_list_file(export, titles).entries
    assert write_myanimelist_xml(entries, catalogue, "ann").decode() == export.decode()


@given(st.lists(entries, min_size=1, max_size=20, unique_by=lambda entry: entry.anime_id))
@settings(deadline=None)
def test_what_is_written_is_read_again_without_loss(written: list[ListEntry]) -> None:
    read = read_list_file(write_myanimelist_xml(written, CATALOGUE, "ann"), TITLES)

    assert list(read.entries) == written
    assert (read.unsure, read.passed_over, read.notes) == ((), {}, ())


@given(st.text(max_size=50), st.text(min_size=1, max_size=50))
@settings(deadline=None)
def test_another_parser_reads_any_name_and_title(name: str, title: str) -> None:
    entry = ListEntry(1, 9, "completed", None, None, title)

    root = parsed(write_myanimelist_xml([entry], CATALOGUE, name))

    # XML cannot hold some characters, and brings every line end to one form.
    plain = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for said, meant in (
        (root.findtext("myinfo/user_name"), name),
        (root.findtext("anime/series_title"), title),
    ):
        assert said is not None
        assert plain.sub("", said) == plain.sub("", re.sub("\r\n?", "\n", plain.sub(_but_cr, meant)))


def _but_cr(match: re.Match[str]) -> str:
    return "\r" if match.group() == "\r" else ""


def test_the_end_of_a_cdata_section_in_a_title_stays_text() -> None:
    entry = ListEntry(1, 9, "completed", None, None, "a]]></series_title><x>&amp;")
    root = parsed(write_myanimelist_xml([entry], CATALOGUE, "<ann>&"))

    assert root.findtext("anime/series_title") == entry.title
    assert root.findtext("myinfo/user_name") == "<ann>&"


def test_the_counts_are_those_of_the_entries() -> None:
    kinds = ["completed"] * 4 + ["watching"] * 3 + ["on hold"] * 2 + ["dropped"] * 5 + ["planned"] * 6
    written = [ListEntry(at, 5, kind, None, None, "x") for at, kind in enumerate(kinds, 1)]  # type: ignore[arg-type]

    info = parsed(write_myanimelist_xml(written, CATALOGUE, "ann")).find("myinfo")

    assert info is not None
    assert {one.tag: one.text for one in info if one.tag.startswith("user_total")} == {
        "user_total_anime": "20",
        "user_total_completed": "4",
        "user_total_watching": "3",
        "user_total_onhold": "2",
        "user_total_dropped": "5",
        "user_total_plantowatch": "6",
    }


def test_a_rating_alone_is_written_as_completed_and_nothing_at_all_is_left_out(catalogue: Catalogue) -> None:
    written = [ListEntry(1, 9, None, None, None, None), ListEntry(6, None, None, None, None, None)]

    (anime,) = parsed(write_myanimelist_xml(written, catalogue, "ann")).iter("anime")

    assert anime.findtext("my_status") == "Completed"
    assert anime.findtext("series_title") == "Cowboy Bebop"


def test_json_of_everything_held_is_read_again() -> None:
    held = {
        "members": [{"user_id": 7, "first_seen": datetime(2026, 1, 2, tzinfo=UTC)}],
        "ratings": [{"user_id": 7, "anime_id": 1, "score": 9, "rated_at": datetime(2026, 1, 2, tzinfo=UTC)}],
        "list_entries": [{"anime_id": 1, "status": "dropped", "started": date(2020, 2, 3), "finished": None}],
    }

    content = write_json(held)

    assert read_list_file(content, TITLES).entries == (
        ListEntry(1, 9, "dropped", date(2020, 2, 3), None, None),
    )
    assert json.loads(content)["held"]["members"] == [
        {"user_id": 7, "first_seen": "2026-01-02 00:00:00+00:00"}
    ]


@pytest.mark.skipif(REAL_LISTS is None, reason="HAKKEN_REAL_LISTS names no folder")
def test_real_exports_of_today_have_the_same_form() -> None:
    """Line by line, but for what is between the tags."""
    today = [path for path in Path(REAL_LISTS or "").glob("*.xml") if b"XML Export" in path.read_bytes()]
    assert today
    for path in today:
        real = path.read_bytes()
        ours = write_myanimelist_xml(read_list_file(real, TITLES).entries, CATALOGUE, "ann")
        assert _form(ours) == _form(real)


def _form(xml: bytes) -> list[str]:
    return [re.sub(r">(<!\[CDATA\[)?.*?(\]\]>)?</", r">\1…\2</", line) for line in xml.decode().split("\n")]
