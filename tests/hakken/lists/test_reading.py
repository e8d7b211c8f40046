"""Lists as people have them: every form, and what is wrong in a good list."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from hakken.catalogue.search import TitleSearch
from hakken.lists import ListEntry, UnreadableError, read_list_file
from tests.hakken.lists.conftest import parsed

ENTRIES = {
    1: ("completed", 9),
    6: ("watching", None),
    20: ("dropped", 3),
    5: ("planned", None),
    990001: ("on hold", 7),
}
"""What stands in the fixtures, as one reads them with one's eyes."""

REAL_LISTS = os.environ.get("HAKKEN_REAL_LISTS")
"""A folder of real exports, `.xml` and `.xml.gz`; without it only the fixtures are read."""
STATUSES = {
    "Watching": "watching",
    "Completed": "completed",
    "On-Hold": "on hold",
    "Dropped": "dropped",
    "Plan to Watch": "planned",
    "1": "watching",
    "2": "completed",
    "3": "on hold",
    "4": "dropped",
    "6": "planned",
}


def said(content: bytes, titles: TitleSearch) -> dict[int, tuple[str | None, int | None]]:
    return {entry.anime_id: (entry.status, entry.score) for entry in read_list_file(content, titles).entries}


@pytest.mark.parametrize("form", ["export", "malappinfo"])
def test_both_forms_of_myanimelist_tell_status_and_score(
    form: str, titles: TitleSearch, request: pytest.FixtureRequest
) -> None:
    assert said(request.getfixturevalue(form), titles) == ENTRIES


def test_days_are_read_and_unknown_ones_are_none(export: bytes, titles: TitleSearch) -> None:
    by_id = {entry.anime_id: entry for entry in read_list_file(export, titles).entries}

    assert by_id[1] == ListEntry(1, 9, "completed", date(2021, 3, 5), date(2021, 4, 11), "Cowboy Bebop")
    assert (by_id[6].started, by_id[6].finished) == (date(2022, 1, 2), None)
    assert by_id[990001].title == "Tea & <Robots> ﾛﾎﾞ"


def test_a_day_without_its_month_or_day_is_left_out_and_said(malappinfo: bytes, titles: TitleSearch) -> None:
    read = read_list_file(malappinfo, titles)

    assert (read.entries[0].started, read.entries[0].finished) == (date(2011, 3, 5), None)
    assert read.notes == ("Dates that are incomplete or impossible were left out.",)


@pytest.mark.parametrize(
    "changed",
    [
        lambda content: gzip.compress(content),
        lambda content: gzip.compress(content) + b"\0" * 512,  # padded, as some tools do
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda content: b"\n \n" + content.partition(b"?>")[2],
    ],
    ids=["gzipped", "gzipped and padded", "CR LF", "byte order mark", "UTF-16", "no declaration"],
)
def test_a_list_is_the_same_however_it_was_saved(changed: object, export: bytes, titles: TitleSearch) -> None:
    assert callable(changed)
    assert said(changed(export), titles) == ENTRIES


def test_the_last_of_several_entries_of_one_anime_counts(export: bytes, titles: TitleSearch) -> None:
    twice = export.replace(b"<series_animedb_id>20<", b"<series_animedb_id>1<")
    assert said(twice, titles)[1] == ("dropped", 3)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (f"[{'x' * 301}]", "entries with a title longer than any"),
        (f"[{'x' * 2_000_000}]", "entries with a title longer than any"),
    ],
)
def test_a_broken_entry_is_passed_over_and_counted(
    broken: str, why: str, export: bytes, titles: TitleSearch
) -> None:
    read = read_list_file(export.decode().replace("[Cowboy Bebop]", broken, 1).encode(), titles)

    assert {entry.anime_id for entry in read.entries} == ENTRIES.keys() - {1}
    assert read.passed_over == {why: 1}


@pytest.mark.parametrize("score", ["-2", "٩", "A+", "101", "9/7", "1e1", "²", "11/10"])
def test_an_unknown_score_is_named_and_the_status_stays(
    score: str, export: bytes, titles: TitleSearch
) -> None:
    read = read_list_file(export.decode().replace("<my_score>9<", f"<my_score>{score}<", 1).encode(), titles)

    assert {entry.anime_id: (entry.status, entry.score) for entry in read.entries} == {
        **ENTRIES,
        1: ("completed", None),
    }
    assert read.unknown_scores == {score: 1}


@pytest.mark.parametrize("status", ["5", "On the moon", "¿?"])
def test_an_unknown_status_is_named_and_the_score_stays(
    status: str, export: bytes, titles: TitleSearch
) -> None:
    read = read_list_file(export.decode().replace(">Completed<", f">{status}<", 1).encode(), titles)

    assert {entry.anime_id: (entry.status, entry.score) for entry in read.entries} == {
        **ENTRIES,
        1: (None, 9),
    }
    assert read.unknown_statuses == {status: 1}


@pytest.mark.parametrize("anime_id", ["9223372036854775808", "2147483648", "0", "-1", "5.7", "", "tt0213338"])
def test_where_an_id_is_none_the_title_decides(anime_id: str, export: bytes, titles: TitleSearch) -> None:
    broken = export.decode().replace("_id>1<", f"_id>{anime_id}<", 1)
    assert said(broken.encode(), titles) == ENTRIES

    without = broken.replace("[Cowboy Bebop]", "[]", 1)
    read = read_list_file(without.encode(), titles)
    assert {entry.anime_id for entry in read.entries} == ENTRIES.keys() - {1}
    assert sum(read.passed_over.values()) == 1


def test_a_list_of_nothing_but_broken_entries_is_refused(titles: TitleSearch) -> None:
    table = b"mal_id,score\n0,8\n-5,9\n9223372036854775808,7\n"
    with pytest.raises(UnreadableError, match="only entries with an id that no anime has"):
        read_list_file(table, titles)


@pytest.mark.parametrize(
    "table",
    [
        "title,score\nCowboy Bebop,9\nTRIGUN,8\n",
        "title;score\r\nCowboy Bebop;9\r\nTrigun;8\r\n",
        "Title\tMy score\nCowboy Bebop\t9\nTrigun\t8",
        "score,comment,mal_id\n9,x,1\n\n8,,6\n",
        '"score","title"\n"9","Cowboy\nBebop"\n"8","Trigun"\n',
    ],
    ids=["commas", "semicolons", "tabs", "ids and other columns", "line break in a cell"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_is_read_as_spreadsheets_save_it(table: str, encoding: str, titles: TitleSearch) -> None:
    assert said(table.encode(encoding), titles) == {1: (None, 9), 6: (None, 8)}


def test_a_western_european_title_is_read(titles: TitleSearch) -> None:
    read = read_list_file("title,score\nPokémon – “Mewtu”,7\n".encode("cp1252"), titles)
    assert [one.text for one in read.unsure] == ["Pokémon – “Mewtu”"]


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp"])
def test_a_table_in_another_encoding_is_not_guessed(encoding: str, titles: TitleSearch) -> None:
    with pytest.raises(UnreadableError, match="save it as UTF-8"):
        read_list_file("title,score\nカウボーイビバップ,9\nひらがな,8\n".encode(encoding), titles)


@pytest.mark.parametrize(("text", "score"), [("7.5", 8), ("7,4", 7), ("8.0", 8), ("10", 10), ("0.5", 1)])
def test_decimals_are_rounded_half_up_and_it_is_said(text: str, score: int, titles: TitleSearch) -> None:
    read = read_list_file(f"title;score\nTrigun;{text}\nNaruto;10\n".encode(), titles)

    assert [entry.score for entry in read.entries] == [score, 10]
    assert ("Scores with decimals were rounded: 7.5 counts as 8." in read.notes) == (
        float(score) != float(text.replace(",", "."))
    )


def test_what_a_title_names_for_sure_is_taken_and_the_rest_is_asked(titles: TitleSearch) -> None:
    read = read_list_file(b"title,score\ncowboy bebop!,9\nCowboy Bebob,8\nzzqqxx,7\n", titles)

    assert [(entry.anime_id, entry.score) for entry in read.entries] == [(1, 9)]
    assert [(one.text, one.score) for one in read.unsure] == [("Cowboy Bebob", 8), ("zzqqxx", 7)]
    assert read.unsure[0].candidates[0] == 1
    assert len(read.unsure[0].candidates) <= 5


def test_a_table_of_unsure_titles_alone_is_no_error(titles: TitleSearch) -> None:
    read = read_list_file(b"title,score\nCowboy Bebob,8\n", titles)
    assert (read.entries, len(read.unsure)) == ((), 1)


def test_a_row_that_says_nothing_is_passed_over(titles: TitleSearch) -> None:
    read = read_list_file(b"title,score\nTrigun,\nNaruto,0\n,5\nCowboy Bebop,9\n", titles)

    assert [entry.anime_id for entry in read.entries] == [1]
    assert read.passed_over == {
        "entries with neither a score nor a status": 2,
        "entries that name no anime": 1,
    }


def test_our_own_export_gives_ratings_entries_and_watch_list(titles: TitleSearch) -> None:
    held = {
        "ratings": [{"user_id": 7, "anime_id": 1, "score": 9}, {"user_id": 7, "anime_id": 6, "score": 4}],
        "list_entries": [
            {"anime_id": 1, "status": "completed", "started": "2021-03-05", "finished": None},
            {"anime_id": 20, "status": "on hold", "started": None, "finished": None},
        ],
        "feedback": [
            {"anime_id": 5, "kind": "planned"},
            {"anime_id": 20, "kind": "seen"},
            {"anime_id": 30, "kind": "dismissed"},
        ],
        "preferences": [{"titles": "romaji"}],
    }

    read = read_list_file(json.dumps({"hakken": 1, "held": held}).encode(), titles)

    assert read.kind == "hakken"
    assert {entry.anime_id: entry for entry in read.entries} == {
        1: ListEntry(1, 9, "completed", date(2021, 3, 5), None, None),
        6: ListEntry(6, 4, None, None, None, None),
        20: ListEntry(20, None, "on hold", None, None, None),
        5: ListEntry(5, None, "planned", None, None, None),
    }


@pytest.mark.skipif(REAL_LISTS is None, reason="HAKKEN_REAL_LISTS names no folder")
@pytest.mark.parametrize("path", sorted(Path(REAL_LISTS or "").glob("*.xml*")) if REAL_LISTS else [], ids=str)
def test_real_exports_are_read_whole(path: Path, titles: TitleSearch) -> None:
    content = path.read_bytes()
    plain = gzip.decompress(content) if path.suffix == ".gz" else content
    expected = {}
    for anime in parsed(plain).iter("anime"):
        score = int(anime.findtext("my_score", ""))
        expected[int(anime.findtext("series_animedb_id", ""))] = (
            STATUSES[anime.findtext("my_status", "")],
            score or None,
        )

    read = read_list_file(content, titles)

    assert {entry.anime_id: (entry.status, entry.score) for entry in read.entries} == expected
    assert (read.kind, read.passed_over) == ("myanimelist", {})
