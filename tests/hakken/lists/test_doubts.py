"""Lists that would come in wrongly if nobody looked twice: what is doubtful is asked, or named in the preview."""

from __future__ import annotations

import json
from datetime import date

import pytest

from hakken.catalogue.search import TitleSearch
from hakken.lists import ReadList, UnreadableError, read_list_file
from tests.hakken.lists.test_cases import BEBOP, DEATH_NOTE, FMA, NARUTO, TITAN, TRIGUN, anime, said, xml


def read_rows(rows: object, titles: TitleSearch) -> ReadList:
    return read_list_file(json.dumps(rows).encode(), titles)


# What is no anime

MANGA_LISTS: dict[str, object] = {
    "MyAnimeList's API": {
        "data": [
            {
                "node": {"id": 6, "title": "x"},
                "list_status": {"status": "reading", "score": 10, "num_volumes_read": 0},
            }
        ]
    },
    "Jikan 3": {"manga": [{"mal_id": 6, "title": "x", "reading_status": 1, "score": 9, "read_chapters": 3}]},
    "AniList": {
        "lists": [
            {
                "entries": [
                    {
                        "status": "CURRENT",
                        "score": 9,
                        "media": {"idMal": 6, "title": {"romaji": "x"}, "chapters": 30},
                    }
                ]
            }
        ]
    },
    "Kitsu": {
        "data": [
            {
                "type": "libraryEntries",
                "attributes": {"status": "completed", "ratingTwenty": 18},
                "relationships": {"manga": {"data": {"type": "manga", "id": "7"}}},
            }
        ],
        "included": [{"id": "7", "type": "manga", "attributes": {"canonicalTitle": "Trigun"}}],
    },
    "a link": [{"title": "Trigun", "score": 9, "url": "https://myanimelist.net/manga/703/Trigun"}],
}


@pytest.mark.parametrize("form", MANGA_LISTS)
def test_no_id_of_a_manga_is_taken_for_an_animes(form: str, titles: TitleSearch) -> None:
    with pytest.raises(UnreadableError, match="no anime"):
        read_rows(MANGA_LISTS[form], titles)


@pytest.mark.parametrize(
    "table",
    [
        "title,score,status,chapters,volumes\nTrigun,3,completed,700,72\nNaruto,10,planned,,\n",
        "Title,Author,ISBN,My Rating,Exclusive Shelf\nTrigun,Naitou,1234,2,read\n",
        "title,link,score\nTrigun,https://anilist.co/manga/30703/Trigun,3\n",
    ],
)
def test_a_table_of_manga_is_no_anime_list(table: str, titles: TitleSearch) -> None:
    with pytest.raises(UnreadableError, match="no anime"):
        read_list_file(table.encode(), titles)


def test_rows_with_chapters_are_manga_beside_rows_with_episodes(titles: TitleSearch) -> None:
    table = b"title,episodes,chapters,score\nTrigun,26,0,8\nNaruto,0,700,3\nCowboy Bebop,26,,9\n"
    read = read_list_file(table, titles)
    assert said(read) == {TRIGUN: (None, 8), BEBOP: (None, 9)}
    assert read.passed_over == {"entries that are no anime": 1}


@pytest.mark.parametrize(
    "kind",
    [
        "Light Novel (LN)",
        "Mangá",
        "Novela ligera",
        "漫画",
        "マンガ",
        "Манга",
        "Webtoon",
        "만화",
        "小説",
        "Ранобэ",
    ],
)
def test_a_manga_is_one_in_any_language(kind: str, titles: TitleSearch) -> None:
    read = read_list_file(f"title,type,score\nNaruto,{kind},3\nTrigun,TV,8\n".encode(), titles)
    assert said(read) == {TRIGUN: (None, 8)}
    assert read.passed_over == {"entries that are no anime": 1}


def test_a_kind_that_nobody_knows_is_named(titles: TitleSearch) -> None:
    read = read_list_file(b"title,type,score\nNaruto,Stage play,3\nTrigun,TV,8\nDeath Note,OVA,8\n", titles)
    assert set(said(read)) == {NARUTO, TRIGUN, DEATH_NOTE}
    assert read.notes == ("I took these for anime, too: “Stage play”.",)


def test_the_score_of_an_episode_is_not_that_of_its_anime(titles: TitleSearch) -> None:
    show = {"title": "Cowboy Bebop", "year": 1998, "ids": {"trakt": 30857}}
    read = read_rows(
        [
            {"rating": 9, "type": "show", "show": show},
            {"rating": 5, "type": "episode", "episode": {"season": 1, "number": 5}, "show": show},
            {"rating": 3, "type": "season", "season": {"number": 1}, "show": show},
            {"rating": 8, "type": "movie", "movie": {"title": "Trigun", "year": 1998, "ids": {}}},
        ],
        titles,
    )
    assert said(read) == {BEBOP: (None, 9), TRIGUN: (None, 8)}
    assert read.passed_over == {"entries about an episode or a season alone": 2}


# Several entries, ids and years


def test_two_entries_for_one_anime_are_named_if_they_differ(titles: TitleSearch) -> None:
    table = "title,score\nTrigun,8\nTrigun,8\nNaruto,6\nAttack on Titan,9\nShingeki no Kyojin,2\n"
    read = read_list_file(table.encode(), titles)
    assert said(read) == {TRIGUN: (None, 8), NARUTO: (None, 6), TITAN: (None, 2)}
    assert read.notes == ("1 anime is on the list several times: its last entry counts.",)
    read = read_list_file(f"{table}Trigun,3\n".encode(), titles)
    assert read.notes == ("2 anime are on the list several times: the last entry of each counts.",)


@pytest.mark.parametrize("form", ["csv", "xml", "json"])
def test_ids_that_are_not_those_of_the_titles_do_not_count(form: str, titles: TitleSearch) -> None:
    # The column of titles was sorted without the others; or a heading "MAL" stands over its scores.
    pairs = [(1, "Trigun"), (6, "Naruto"), (20, "Cowboy Bebop"), (5, "zzqqxx")]
    contents = {
        "csv": "mal_id,title,score\n" + "".join(f"{one},{title},9\n" for one, title in pairs),
        "xml": xml(*(anime(one, title, 9, "") for one, title in pairs)),
        "json": json.dumps([{"mal_id": one, "title": title, "score": 9} for one, title in pairs]),
    }
    read = read_list_file(contents[form].encode(), titles)
    assert said(read) == dict.fromkeys((TRIGUN, NARUTO, BEBOP), (None, 9))
    assert [one.text for one in read.unsure] == ["zzqqxx"]
    assert read.notes == ("The ids are not those of the titles beside them, so the titles count.",)


def test_a_single_title_that_disagrees_with_its_id_is_named(titles: TitleSearch) -> None:
    rows = ["1,Cowboy Bebop", "6,Trigun", "20,Naruto", "1535,Death Note", "5114,Attack on Titan"]
    read = read_list_file("\n".join(["mal_id,title,score", *(f"{row},8" for row in rows)]).encode(), titles)
    assert FMA in said(read)
    assert read.notes == ("1 title is that of another anime than its id on MyAnimeList: the id counts.",)


def test_ids_alone_of_an_unnamed_site_are_named(titles: TitleSearch) -> None:
    read = read_list_file(b"anime_id,score\n1,9\n6,8\n", titles)
    assert said(read) == {BEBOP: (None, 9), TRIGUN: (None, 8)}
    assert read.notes == ("I took the ids under “anime_id” for those of MyAnimeList.",)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_anime_of_another_year_is_asked(form: str, titles: TitleSearch) -> None:
    shows = [("Cowboy Bebop", 1998, 9), ("Cowboy Bebop", 2021, 2), ("Trigun", 1999, 8), ("Naruto", "", 7)]
    contents = {
        "csv": "Title,Year,Score\n" + "".join(f"{title},{year},{score}\n" for title, year, score in shows),
        "json": json.dumps(
            [{"rating": score, "show": {"title": title, "year": year}} for title, year, score in shows]
        ),
    }
    read = read_list_file(contents[form].encode(), titles)
    assert said(read) == {BEBOP: (None, 9), TRIGUN: (None, 8), NARUTO: (None, 7)}
    assert [(one.text, one.score, one.candidates[0]) for one in read.unsure] == [
        ("Cowboy Bebop (2021)", 2, 1)
    ]


def test_a_year_chooses_between_anime_of_one_name(titles: TitleSearch) -> None:
    read = read_list_file(b"Title,Year,Score\nMomiji,1979,7\nTrigun,1998,8\n", titles)
    assert said(read) == {59_338: (None, 7), TRIGUN: (None, 8)}


def test_years_that_are_not_those_of_the_anime_ask_nothing(titles: TitleSearch) -> None:
    names = ["Cowboy Bebop", "Trigun", "Naruto", "Death Note", "Clannad", "Soul Eater", "Toradora!"]
    names += ["Durarara!!", "Another", "Charlotte"]
    table = "\n".join(["Title,Year,Score", *(f"{name},{2024 + at % 2},8" for at, name in enumerate(names))])
    read = read_list_file(table.encode(), titles)
    assert (len(read.entries), read.unsure) == (10, ())
    assert read.notes == ("The years are not those of the anime, so I did not go by them.",)


def test_ids_of_a_site_that_is_named_prove_nothing(titles: TitleSearch) -> None:
    rows = ["1,Cowboy Bebop", "6,Trigun", "20,Naruto", "987654,zzqqxx"]
    table = "\n".join(["id,title,source,score", *(f"{row},anilist,8" for row in rows)])
    read = read_list_file(table.encode(), titles)
    assert said(read) == dict.fromkeys((BEBOP, TRIGUN, NARUTO), (None, 8))
    assert [one.text for one in read.unsure] == ["zzqqxx"]


def test_a_later_season_is_not_the_first(titles: TitleSearch) -> None:
    table = "Title,Season,Score\nShingeki no Kyojin,1,9\nShingeki no Kyojin,2,8\nNaruto,Season 3,4\nTrigun,1998,7\n"
    read = read_list_file(table.encode(), titles)
    assert said(read) == {TITAN: (None, 9), 25_777: (None, 8), TRIGUN: (None, 7)}
    assert [one.text for one in read.unsure] == ["Naruto Season 3"]


# Tables


@pytest.mark.parametrize(
    "table",
    [
        'title,score,notes\nNaruto,7,\n"Trigun,8,\nCowboy Bebop,9,ok\n',
        'title,score,notes\n"Trigun,8,\nCowboy Bebop,9,\n"Naruto",7,\n',
        'title,score,notes\nTrigun,8,"great\nNaruto,7,"good"\nCowboy Bebop,9,\n',
        'title,score,notes\nTrigun,8,"great\nNaruto,7,\nCowboy Bebop,9,\n',
    ],
)
def test_a_quotation_mark_that_is_not_closed_swallows_no_rows(table: str, titles: TitleSearch) -> None:
    read = read_list_file(table.encode(), titles)
    assert said(read) == {TRIGUN: (None, 8), NARUTO: (None, 7), BEBOP: (None, 9)}
    assert read.notes[-1] == "A quotation mark is not closed: I read the table line by line there."


def test_a_cell_may_have_several_lines(titles: TitleSearch) -> None:
    table = b'title,review,score\r\nTrigun,"Naruto,7\r\nsaid ""no"", ""\r\n""",8\r\n"Naruto","say "hi"",7\r\n'
    read = read_list_file(table, titles)
    assert said(read) == {TRIGUN: (None, 8), NARUTO: (None, 7)}
    assert read.notes == ("I did not read these columns: “review”.",)


def test_blanks_before_quotation_marks_are_none_of_a_cell(titles: TitleSearch) -> None:
    read = read_list_file(b'score, title\n"9", "Cowboy Bebop"\n8, "Trigun"\n', titles)
    assert said(read) == {BEBOP: (None, 9), TRIGUN: (None, 8)}


def test_a_second_column_of_scores_is_named(titles: TitleSearch) -> None:
    read = read_list_file(b"Title,Score,Rating\nTrigun,8,10\nNaruto,7,3\n", titles)
    assert said(read) == {TRIGUN: (None, 8), NARUTO: (None, 7)}
    assert read.notes == ("I did not read these columns: “Rating”.",)


def test_tables_side_by_side_are_named(titles: TitleSearch) -> None:
    read = read_list_file(b"Title,Score,,Title,Score\nTrigun,8,,Naruto,6\n", titles)
    assert said(read) == {TRIGUN: (None, 8)}
    assert read.notes == ("I did not read these columns: “Title”, “Score”.",)


def test_cells_that_were_merged_are_missed(titles: TitleSearch) -> None:
    table = b"Status,Title,Score\nCompleted,Trigun,8\n,Cowboy Bebop,9\nPlanned,Naruto,\n,Death Note,\n"
    read = read_list_file(table, titles)
    assert said(read) == {
        TRIGUN: ("completed", 8),
        BEBOP: (None, 9),
        NARUTO: ("planned", None),
    }
    assert read.notes == ("1 entry has a score, and no status.",)
    assert read.passed_over == {"entries with neither a score nor a status": 1}


@pytest.mark.parametrize(
    "table",
    [
        "Title,Score\nCompleted,\nTrigun,8\nPlan to watch (1),\nNaruto,\n",
        "# Completed\nTitle,Score\nTrigun,8\n# Plan to Watch\nTitle,Score\nNaruto,\n",
        "Completed:\n- Trigun - 8\nPlanned:\n- Naruto\n- Cowboy Bebop - 7\nManga:\nDeath Note - 3",
        "== Completed ==\nTrigun: 8\n== Planned ==\nNaruto: ?",
    ],
)
def test_the_status_above_a_part_of_the_list_is_that_of_its_rows(table: str, titles: TitleSearch) -> None:
    read = read_list_file(table.encode(), titles)
    assert {one: said(read)[one] for one in (TRIGUN, NARUTO)} == {
        TRIGUN: ("completed", 8),
        NARUTO: ("planned", None),
    }
    assert (read.unsure, DEATH_NOTE in said(read), read.titles_alone) == ((), False, False)


def test_titles_under_a_status_are_not_asked_about(titles: TitleSearch) -> None:
    read = read_list_file(b"Completed:\nTrigun\nCowboy Bebop\n\nPlan to watch:\nNaruto\n", titles)
    assert said(read) == {
        TRIGUN: ("completed", None),
        BEBOP: ("completed", None),
        NARUTO: ("planned", None),
    }
    assert not read.titles_alone


def test_a_day_of_finishing_without_a_status_is_that_of_a_completed_anime(titles: TitleSearch) -> None:
    table = b"title,score,start date,finish date\nTrigun,,,2020-01-01\nNaruto,8,2020-01-01,\n"
    read = read_list_file(table, titles)
    assert said(read) == {TRIGUN: ("completed", None), NARUTO: (None, 8)}
    assert read.notes == (
        "Entries with a day of finishing, and no status, count as completed.",
        "Days of starting without a status are left out.",
        "1 entry has a score, and no status.",
    )


def test_a_range_of_days_is_no_day(titles: TitleSearch) -> None:
    table = (
        "title,status,finish date\nTrigun,seen,2023/11/01 → 2023/11/12\nNaruto,seen,2023-11-12 10:00\n"
        "Cowboy Bebop,seen,03/04/2021\nDeath Note,seen,44229\n"
    )
    read = read_list_file(table.encode(), titles)
    assert [entry.finished for entry in read.entries] == [None, date(2023, 11, 12), None, None]
    assert read.notes == ("Dates that are incomplete or impossible were left out.",)


def test_half_points_in_the_form_of_myanimelist_are_of_another_site(titles: TitleSearch) -> None:
    entries = (anime(1, "Cowboy Bebop", "4.5", "Completed"), anime(6, "Trigun", "3", "Completed"))
    assert read_list_file(xml(*entries).encode(), titles).tops == (5, 10)
    assert read_list_file(xml(*entries, anime(20, "Naruto", "8", "")).encode(), titles).tops == (10,)
    assert read_list_file(xml(entries[1]).encode(), titles).tops == (10,)


def test_numbers_for_statuses_are_named(titles: TitleSearch) -> None:
    read = read_list_file(b"title,status\nTrigun,1\nNaruto,2\n", titles)
    assert said(read) == {TRIGUN: ("watching", None), NARUTO: ("completed", None)}
    assert read.notes == (
        "Numbers for statuses count as on MyAnimeList: 1 watching, 2 completed, 3 on hold, 4 dropped, 6 planned.",
    )


def test_stars_beside_points_are_not_points(titles: TitleSearch) -> None:
    read = read_list_file("title,score\nTrigun,★★★★★\nNaruto,8\n".encode(), titles)
    assert read.tops == (5, 10)


def test_a_watchlist_is_a_status_as_simkl_writes_it(titles: TitleSearch) -> None:
    read = read_list_file(b"Title,Type,Watchlist,Rating\nTrigun,anime,plantowatch,\n", titles)
    assert said(read) == {TRIGUN: ("planned", None)}


# JSON


def test_lists_by_status_give_it_to_their_entries(titles: TitleSearch) -> None:
    read = read_rows(
        {
            "completed": [{"title": "Trigun", "score": 8}],
            "planned": [{"title": "Naruto"}, "Death Note"],
            "dropped": {"entries": [{"title": "Cowboy Bebop", "score": 3, "status": "on hold"}]},
            "manga": [{"title": "Clannad", "score": 9}],
        },
        titles,
    )
    assert said(read) == {
        TRIGUN: ("completed", 8),
        NARUTO: ("planned", None),
        DEATH_NOTE: ("planned", None),
        BEBOP: ("on hold", 3),
    }
    assert read.passed_over == {"entries that are no anime": 1}


def test_lists_with_the_name_of_a_status_give_it_to_their_entries(titles: TitleSearch) -> None:
    media = {"media": {"title": {"romaji": "Naruto"}}}
    read = read_rows({"lists": [{"name": "Planning", "entries": [{"score": 0, **media}]}]}, titles)
    assert said(read) == {NARUTO: ("planned", None)}


def test_an_entry_that_is_not_understood_is_counted(titles: TitleSearch) -> None:
    read = read_rows([{"title": "Trigun", "score": 8}, {"naam_van": "Naruto", "score": 7}, {}], titles)
    assert said(read) == {TRIGUN: (None, 8)}
    assert read.passed_over == {"entries that name no anime": 2}


def test_what_a_site_tells_about_an_anime_is_not_the_members(titles: TitleSearch) -> None:
    bangumi = {
        "rate": 9,
        "subject_type": 2,
        "subject": {"id": 253, "name": "Trigun", "score": 8.1, "eps": 26},
    }
    assert said(read_rows({"data": [bangumi]}, titles)) == {TRIGUN: (None, 9)}

    facts = {"canonicalTitle": "Trigun", "status": "finished", "averageRating": "82.1"}
    kitsu = {
        "data": [
            {
                "type": "libraryEntries",
                "attributes": {"status": "planned", "ratingTwenty": None},
                "relationships": {"anime": {"data": {"type": "anime", "id": "7"}}},
            }
        ],
        "included": [{"id": "7", "type": "anime", "attributes": facts}],
    }
    assert said(read_rows(kitsu, titles)) == {TRIGUN: ("planned", None)}


@pytest.mark.parametrize("form", [True, {"value": 9, "max": 10}, [9]])
def test_a_score_or_status_in_an_unknown_form_is_named(form: object, titles: TitleSearch) -> None:
    read = read_rows([{"title": "Trigun", "score": form, "status": "seen"}], titles)
    assert (said(read), read.unknown_scores) == ({TRIGUN: ("completed", None)}, {str(form): 1})
    read = read_rows([{"title": "Trigun", "score": 9, "status": form}], titles)
    assert (said(read), read.unknown_statuses) == ({TRIGUN: (None, 9)}, {str(form): 1})


def test_what_stands_under_the_user_is_the_members_not_what_stands_beside_it(titles: TitleSearch) -> None:
    row = {
        "title": "Trigun",
        "score": 8,
        "status": "airing",
        "user": {"name": "ann", "rating": 9, "status": "seen"},
    }
    read = read_rows([row], titles)
    assert (said(read), read.unknown_statuses) == ({TRIGUN: ("completed", 9)}, {})
    read = read_rows([{"title": "Trigun", "score": 8, "user": {"name": "ann", "id": 7}}], titles)
    assert said(read) == {TRIGUN: (None, 8)}
