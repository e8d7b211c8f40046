"""Lists as people have them, wrong in the ways that users of list tools report: each with what must come out."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest

from hakken.catalogue.search import TitleSearch
from hakken.lists import ListEntry, ReadList, UnreadableError, read_list_file

BEBOP, TRIGUN, NARUTO, DEATH_NOTE, FMA, TITAN = 1, 6, 20, 1535, 5114, 16498
Said = dict[int, tuple[str | None, int | None]]


def said(read: ReadList) -> Said:
    return {entry.anime_id: (entry.status, entry.score) for entry in read.entries}


def given(read: ReadList) -> dict[int, float]:
    """The scores of a list whose scale is open."""
    return {entry.anime_id: float(entry.given) for entry in read.entries if entry.given is not None}


def anime(anime_id: object, title: str, score: object, status: str, more: str = "") -> str:
    return (
        f"<anime><series_animedb_id>{anime_id}</series_animedb_id><series_title><![CDATA[{title}]]></series_title>"
        f"<my_start_date>0000-00-00</my_start_date><my_score>{score}</my_score><my_status>{status}</my_status>"
        f"{more}</anime>\n"
    )


def xml(*entries: str, root: str = "<myanimelist>") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{root}\n<myinfo><user_export_type>1</user_export_type></myinfo>\n'
        f"{''.join(entries)}</myanimelist>\n"
    )


TWO = (anime(1, "Cowboy Bebop", 9, "Completed"), anime(6, "Trigun", 8, "Watching"))
TWO_SAID: Said = {BEBOP: ("completed", 9), TRIGUN: ("watching", 8)}


# Words


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Plan to Read", "planned"),
        ("Reading", "watching"),
        ("Rewatching", "completed"),
        ("Re-Watching", "completed"),
        ("REPEATING", "completed"),
        ("CURRENT", "watching"),
        ("PLANNING", "planned"),
        ("PAUSED", "on hold"),
        ("In progress", "watching"),
        ("Watched", "completed"),
        ("Finished", "completed"),
        ("Currently Watching", "watching"),
        ("Paused", "on hold"),
        ("PTW", "planned"),
        ("Want to Watch", "planned"),
        ("stalled", "on hold"),
        ("hold", "on hold"),
        ("plantowatch", "planned"),
        ("notinteresting", "dropped"),
        ("on_hold", "on hold"),
        ("Abgebrochen", "dropped"),
        ("Terminé", "completed"),
        ("Просмотрено", "completed"),
        ("看过", "completed"),
        ("视聴中止".replace("视", "視"), "dropped"),
        ("6", "planned"),
    ],
)
@pytest.mark.parametrize("form", ["xml", "csv", "json"])
def test_a_word_means_the_same_at_every_door(word: str, status: str, form: str, titles: TitleSearch) -> None:
    contents = {
        "xml": xml(anime(1, "Cowboy Bebop", 9, word)),
        "csv": f"title;score;status\nCowboy Bebop;9;{word}\n",
        "json": json.dumps([{"title": "Cowboy Bebop", "score": 9, "status": word}]),
    }
    assert said(read_list_file(contents[form].encode(), titles)) == {BEBOP: (status, 9)}


@pytest.mark.parametrize(
    "word", ["None", "null", "N/A", "n/a", "?", "-", "", "0", "0.0", "-1", "not rated", "☆☆☆☆☆"]
)
@pytest.mark.parametrize("form", ["xml", "csv"])
def test_not_scored_keeps_the_status(word: str, form: str, titles: TitleSearch) -> None:
    contents = {
        "xml": xml(anime(1, "Cowboy Bebop", word, "Completed"), TWO[1]),
        "csv": f"title,score,status\nCowboy Bebop,{word},Completed\nTrigun,8,Watching\n",
    }
    read = read_list_file(contents[form].encode(), titles)
    assert said(read) == {BEBOP: ("completed", None), TRIGUN: ("watching", 8)}
    assert (read.unknown_scores, read.passed_over) == ({}, {})


# Scales


def test_a_column_with_scores_of_100_is_out_of_100(titles: TitleSearch) -> None:
    read = read_list_file(
        xml(
            anime(FMA, "FMA", 95, "Completed"),
            anime(1, "CB", 84, "Completed"),
            anime(6, "Trigun", 0, "Plan to Watch"),
            anime(199, "Sen", 7, "Dropped"),
        ).encode(),
        titles,
    )
    assert said(read) == {
        FMA: ("completed", 10),
        BEBOP: ("completed", 8),
        TRIGUN: ("planned", None),
        199: ("dropped", 1),
    }
    assert read.notes == ("Scores of 1–100 became 1–10, halves rounded up: 85 → 9, 84 → 8.",)


@pytest.mark.parametrize(
    ("table", "tops"),
    [
        ("title,rating\nCowboy Bebop,5\nTrigun,4.5\nNaruto,2\n", (5, 10)),
        ("title,rating\nCowboy Bebop,17\nTrigun,12\n", (20, 100)),
        ("title,rating\nCowboy Bebop,17\nTrigun,9\n", (10, 20, 100)),
        ("title,rating\nCowboy Bebop,85\nTrigun,9\n", (10, 100)),
    ],
)
def test_a_scale_that_could_be_either_is_left_open(
    table: str, tops: tuple[int, ...], titles: TitleSearch
) -> None:
    read = read_list_file(table.encode(), titles)
    assert read.tops == tops
    assert all(entry.score is None and entry.given is not None for entry in read.entries)


@pytest.mark.parametrize(
    ("top", "scores", "note"),
    [
        (5, {BEBOP: 10, TRIGUN: 9, NARUTO: 4}, "Scores out of 5 count double: 4.5 → 9."),
        (10, {BEBOP: 5, TRIGUN: 5, NARUTO: 2}, "Scores with decimals were rounded: 7.5 counts as 8."),
    ],
)
def test_an_open_scale_is_closed_by_its_answer(
    top: int, scores: dict[int, int], note: str, titles: TitleSearch
) -> None:
    read = read_list_file(b"title,rating\nCowboy Bebop,5\nTrigun,4.5\nNaruto,2\n", titles).out_of(top)
    assert said(read) == {anime_id: (None, score) for anime_id, score in scores.items()}
    assert (read.notes, read.tops) == ((note,), (top,))


def test_a_score_beyond_the_chosen_scale_is_named(titles: TitleSearch) -> None:
    read = read_list_file(b"title,rating\nCowboy Bebop,17\nTrigun,9\n", titles).out_of(10)
    assert said(read) == {BEBOP: (None, None), TRIGUN: (None, 9)}
    assert read.unknown_scores == {"17": 1}


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("9/10", 9),
        ("4.5/5", 9),
        ("9 / 10", 9),
        ("9 out of 10", 9),
        ("9 von 10", 9),
        ("85%", 9),
        ("85/100", 9),
        ("17/20", 9),
        ("★★★★½", 9),
        ("★★★★☆", 8),
        ("⭐⭐⭐⭐", 8),
        ("⭐️⭐️⭐️⭐️", 8),
        ("★★★★★★★★★", 9),
        ("4 stars", 8),
        ("９", 9),
        ("9,5", 10),
    ],
)
def test_a_score_that_says_its_scale_needs_no_question(written: str, score: int, titles: TitleSearch) -> None:
    read = read_list_file(f"title;score\nCowboy Bebop;{written}\n".encode(), titles)
    assert said(read) == {BEBOP: (None, score)}


@pytest.mark.parametrize(
    ("heading", "score"),
    [("Rating (1-5)", 8), ("Score /10", 4), ("score_100", 1), ("Score (out of 20)", 2), ("ratingTwenty", 2)],
)
def test_a_heading_that_names_its_scale_needs_no_question(
    heading: str, score: int, titles: TitleSearch
) -> None:
    read = read_list_file(f"title,{heading}\nCowboy Bebop,4\n".encode(), titles)
    assert (said(read), read.tops) == ({BEBOP: (None, score)}, (read.tops[0],))


# Ids


@pytest.mark.parametrize("columns", ["mal_id,id,title,score", "id,mal_id,title,score"])
def test_an_explicit_id_beats_a_bare_one(columns: str, titles: TitleSearch) -> None:
    rows = ["1,1", "5114,2", "1535,3"]
    if columns.startswith("id"):
        rows = [",".join(reversed(row.split(","))) for row in rows]
    lines = [f"{ids},{rest}" for ids, rest in zip(rows, ("Bebop,9", "FMA,10", "DN,8"), strict=True)]
    read = read_list_file("\n".join([columns, *lines]).encode(), titles)
    assert said(read) == {BEBOP: (None, 9), FMA: (None, 10), DEATH_NOTE: (None, 8)}


@pytest.mark.parametrize("column", ["id", "anime_id", "media_id", "series_id"])
def test_where_another_sites_ids_disagree_with_the_titles_these_decide(
    column: str, titles: TitleSearch
) -> None:
    table = (
        f"{column},title,score\n7442,Attack on Titan,9\n1376,Death Note,8\n"
        "3936,Fullmetal Alchemist: Brotherhood,10\n6,zzqqxx,7\n"
    )
    read = read_list_file(table.encode(), titles)
    assert said(read) == {TITAN: (None, 9), DEATH_NOTE: (None, 8), FMA: (None, 10)}
    assert [one.text for one in read.unsure] == ["zzqqxx"]


def test_bare_ids_count_where_the_titles_agree_also_for_anime_that_nobody_knows_yet(
    titles: TitleSearch,
) -> None:
    table = b"id,title,score\n1,Cowboy Bebop,9\n6,Trigun Series,8\n20,NARUTO,6\n987654,A new one,7\n"
    known: Said = {BEBOP: (None, 9), TRIGUN: (None, 8), NARUTO: (None, 6)}
    assert said(read_list_file(table, titles)) == {**known, 987_654: (None, 7)}

    # AniList's newer ids are others: one that disagrees, and no unknown id counts.
    read = read_list_file(table + b"101922,Death Note,5\n", titles)
    assert 987_654 not in said(read)
    assert said(read).items() >= known.items()
    assert "A new one" in {one.text for one in read.unsure}


def test_one_agreeing_id_proves_nothing_about_the_others(titles: TitleSearch) -> None:
    # On Kitsu, Cowboy Bebop is 1, too.
    read = read_list_file(b"id,title,score\n1,Cowboy Bebop,9\n7442,Shingeki,8\n", titles)
    assert said(read) == {BEBOP: (None, 9)}
    assert [one.text for one in read.unsure] == ["Shingeki"]


def test_a_single_row_that_disagrees_with_good_ids_is_asked(titles: TitleSearch) -> None:
    rows = ["1,Cowboy Bebop", "6,Trigun", "20,Naruto", "1535,Death Note", "5114,Attack on Titan"]
    table = "\n".join(["id,title,score", *(f"{row},8" for row in rows)])
    read = read_list_file(table.encode(), titles)
    assert said(read) == dict.fromkeys((BEBOP, TRIGUN, NARUTO, DEATH_NOTE), (None, 8))
    assert [(one.text, one.candidates) for one in read.unsure] == [("Attack on Titan", (FMA, TITAN))]


def test_a_bare_id_without_a_title_is_no_id(titles: TitleSearch) -> None:
    with pytest.raises(UnreadableError, match="“id”, “score”"):
        read_list_file(b"id,score\n1,9\n6,8\n", titles)


def test_whole_ids_may_be_written_as_decimals(titles: TitleSearch) -> None:
    table = b"series_animedb_id,series_title,my_score,my_status\n1.0,x,9.0,Completed\n5114.0,y,10.0,Completed\n5.7,z,9,\n"
    read = read_list_file(table, titles)
    assert said(read) == {BEBOP: ("completed", 9), FMA: ("completed", 10)}
    assert [one.text for one in read.unsure] == ["z"]


def test_ids_of_a_site_that_the_file_names_count_only_if_it_is_myanimelist(titles: TitleSearch) -> None:
    table = (
        "media_id,source,media_type,title,image,score,status,start_date,end_date\n"
        "1,mal,anime,Cowboy Bebop,,9.0,Completed,2025-09-10 17:18:03+00:00,\n"
        "6,mal,anime,Trigun,,8.5,In progress,,\n"
        "20,tmdb,anime,Death Note,,,Planning,,\n"
        "5,mal,manga,Berserk,,10,Completed,,\n"
    )
    read = read_list_file(table.encode(), titles)
    assert said(read) == {
        BEBOP: ("completed", 9),
        TRIGUN: ("watching", 9),
        DEATH_NOTE: ("planned", None),
    }
    assert read.entries[0].started == date(2025, 9, 10)
    assert read.passed_over == {"entries that are no anime": 1}


# Damage


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (xml(*TWO, anime(4214, "]]>Rozen & Maiden<![CDATA[", 7, "Completed")).encode(), "An “&” that stands"),
        (
            xml(*TWO, anime(4214, "x", 7, "Completed", "<my_comments><![CDATA[café]]></my_comments>"))
            .encode()
            .replace("é".encode(), b"\xe9"),
            "entry by entry",
        ),
        (
            xml(*TWO, anime(4214, "カ", 7, "Completed", "\xff"))
            .encode("utf-8")
            .replace(b"\xc3\xbf", b"\xff"),
            "are � now",
        ),
        (xml(*TWO, anime(4214, "x", 7, "Completed", "one\x0btwo\x08")).encode(), "control characters"),
        (xml(*TWO, anime(4214, "x", 7, "Completed")).encode() + xml(*TWO).encode(), "entry by entry"),
        (
            xml(*TWO, anime(4214, "x", 7, "Completed"), anime(5, "y", 7, "Completed")[:-30]).encode()[:-16],
            "missing",
        ),
        (gzip.compress(xml(*TWO, anime(4214, "x", 7, "Completed")).encode())[:-6], "missing"),
        (
            "".join([*TWO, anime(4214, "x", 7, "Completed")]).encode(),
            "entry by entry",
        ),
        (xml(*TWO, anime(4214, "x", 7, "Completed"), root="<list>").encode(), "entry by entry"),
    ],
    ids=[
        "&",
        "a byte",
        "a byte in UTF-8",
        "control",
        "two lists",
        "cut",
        "cut gzip",
        "no root",
        "another root",
    ],
)
def test_what_is_damaged_is_mended_and_said(content: bytes, note: str, titles: TitleSearch) -> None:
    read = read_list_file(content, titles)
    assert said(read) == {**TWO_SAID, 4214: ("completed", 7)}
    assert any(note in one for one in read.notes)


def test_text_of_a_damaged_entry_is_as_the_form_says(titles: TitleSearch) -> None:
    titled = anime(
        4214, "</anime> <my_score>3</my_score> &amp; ]]>&amp;&eacute;&#233;&#xe9; & <![CDATA[", 7, "Dropped"
    )
    commented = anime(199, "Sen", 9, "Completed", "<!-- <my_score>1</my_score> --><my_score/>")
    read = read_list_file(xml(titled, commented).encode() + b"\0", titles)
    assert read.entries[0].title == "</anime> <my_score>3</my_score> &amp; &éé" + "é &"
    assert read.entries[0].score == 7


def test_attributes_are_ignored(titles: TitleSearch) -> None:
    content = xml(
        TWO[0].replace("<anime>", '<anime id="5">'),
        TWO[1].replace("</anime>", '<my_rated xsi:nil="true" /></anime>'),
        root='<myanimelist xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    )
    read = read_list_file(content.encode(), titles)
    assert (said(read), read.notes) == (TWO_SAID, ())


def test_manga_beside_anime_is_counted_and_manga_alone_is_refused(titles: TitleSearch) -> None:
    manga = "<manga><manga_mangadb_id>2</manga_mangadb_id><my_score>9</my_score></manga>"
    for damage in ("", "&"):
        read = read_list_file(xml(*TWO, damage, manga).encode(), titles)
        assert said(read) == TWO_SAID
        assert read.passed_over == {"manga; I read anime only": 1}
        with pytest.raises(UnreadableError, match="manga list"):
            read_list_file(xml(damage, manga).encode(), titles)


@pytest.mark.parametrize(
    "encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "shift_jis", "gb18030", "koi8-r"]
)
@pytest.mark.parametrize("declared", [True, False])
def test_an_encoding_is_found_by_the_bytes(encoding: str, declared: bool, titles: TitleSearch) -> None:
    content = xml(*TWO, anime(4214, "" if encoding == "koi8-r" else "カタ", 7, "Completed"))
    content = content.replace("UTF-8", encoding if declared else "UTF-8")
    assert said(read_list_file(content.encode(encoding), titles)) == {**TWO_SAID, 4214: ("completed", 7)}


@pytest.mark.parametrize(
    "cut", ['[{"title":"Cowboy Bebop","score":9},{"title":"Trigun","score":8},{"title":"Nar', '{"data":[%s}]']
)
def test_json_is_read_up_to_its_damage(cut: str, titles: TitleSearch) -> None:
    rows = '{"title":"Cowboy Bebop","score":9},{"title":"Trigun","score":8},{"title":nul'
    read = read_list_file((cut % rows if "%s" in cut else cut).encode(), titles)
    assert said(read) == {BEBOP: (None, 9), TRIGUN: (None, 8)}
    assert read.notes == ("The file is damaged or ends early: entries after that place are missing.",)


# JSON of many sites

BEBOP_DATES = {
    "startedAt": {"year": 2018, "month": 9, "day": 4},
    "completedAt": {"year": 2018, "month": 10, "day": 15},
}
JSON: dict[str, object] = {
    "Shikimori": [
        {
            "target_title": "Cowboy Bebop",
            "target_id": 1,
            "target_type": "Anime",
            "score": 9,
            "status": "completed",
        },
        {
            "target_title": "Berserk",
            "target_id": 2,
            "target_type": "Manga",
            "score": 10,
            "status": "completed",
        },
    ],
    "Shikimori's API": [
        {
            "id": 55,
            "score": 9,
            "status": "completed",
            "anime": {"id": 1, "name": "Cowboy Bebop", "score": "8.75", "status": "released"},
        }
    ],
    "MyAnimeList's API": {
        "data": [
            {
                "node": {"id": 1, "title": "Cowboy Bebop", "status": "finished_airing", "mean": 8.7},
                "list_status": {"status": "completed", "score": 9},
            }
        ],
        "paging": {},
    },
    "MyAnimeList's API, my list": {
        "data": [
            {
                "node": {
                    "id": 1,
                    "title": "x",
                    "my_list_status": {"status": "completed", "score": 9},
                    "status": "airing",
                }
            }
        ]
    },
    "load.json": [
        {
            "status": 2,
            "score": 9,
            "anime_title": "x",
            "anime_id": 1,
            "anime_airing_status": 2,
            "anime_url": "/anime/1/x",
        }
    ],
    "Jikan 3": {"anime": [{"mal_id": 1, "title": "x", "watching_status": 2, "score": 9, "airing_status": 2}]},
    "Jikan 4": {"data": [{"entry": {"mal_id": 1, "title": "x"}, "score": 9, "status": "Completed"}]},
    "AniList": {
        "data": {
            "MediaListCollection": {
                "user": {"mediaListOptions": {"scoreFormat": "POINT_100"}},
                "lists": [
                    {
                        "name": "Completed",
                        "status": "COMPLETED",
                        "entries": [
                            {
                                "status": "COMPLETED",
                                "score": 85,
                                **BEBOP_DATES,
                                "media": {"id": 1, "idMal": 1, "title": {"romaji": "x"}},
                            }
                        ],
                    }
                ],
            }
        }
    },
    "AniList without ids of MyAnimeList": {
        "lists": [
            {
                "name": "x",
                "entries": [
                    {
                        "status": "REPEATING",
                        "score": 9,
                        "media": {"id": 9, "title": {"english": "Cowboy Bebop"}},
                    }
                ],
            }
        ]
    },
    "AniList's smileys": {
        "user": {"mediaListOptions": {"scoreFormat": "POINT_3"}},
        "entries": [{"status": "COMPLETED", "score": 3, "media": {"idMal": 1}}],
    },
    "Simkl": {
        "anime": [
            {
                "status": "completed",
                "user_rating": 9,
                "show": {"title": "x", "ids": {"simkl": 37089, "mal": "1"}},
                "anime_type": "tv",
            }
        ],
        "movies": [],
        "shows": [
            {"status": "completed", "user_rating": 10, "show": {"title": "Naruto", "ids": {"simkl": 1}}}
        ],
    },
    "Anime-Planet": {
        "export": {"type": "anime", "version": "1"},
        "user": {"name": "ann"},
        "entries": [
            {"name": "Cowboy Bebop", "status": "watched", "rating": 4.5, "started": None, "completed": None}
        ],
    },
    "Kitsu": {
        "data": [
            {
                "id": "1",
                "type": "libraryEntries",
                "attributes": {
                    "status": "completed",
                    "ratingTwenty": 18,
                    "startedAt": "2018-09-04T00:00:00.000Z",
                },
                "relationships": {"anime": {"data": {"type": "anime", "id": "7442"}}},
            }
        ],
        "included": [{"id": "7442", "type": "anime", "attributes": {"canonicalTitle": "Cowboy Bebop"}}],
    },
    "Kitsu with mappings": {
        "data": [
            {
                "id": "1",
                "type": "libraryEntries",
                "attributes": {"status": "completed", "ratingTwenty": 17},
                "relationships": {"media": {"data": {"type": "anime", "id": "7442"}}},
            }
        ],
        "included": [
            {
                "id": "7442",
                "type": "anime",
                "attributes": {"canonicalTitle": "x"},
                "relationships": {"mappings": {"data": [{"type": "mappings", "id": "3"}]}},
            },
            {
                "id": "3",
                "type": "mappings",
                "attributes": {"externalSite": "myanimelist/anime", "externalId": "1"},
            },
        ],
    },
    "rows": [{"id": "1", "title": "Cowboy Bebop", "status": "Completed", "score": 9}],
    "rows in an object": {"list": [{"mal_id": 1, "my_score": "9/10", "my_status": "seen"}]},
    "a link": [
        {"url": "https://myanimelist.net/anime/1/Cowboy_Bebop", "title": "x", "score": 9, "status": "done"}
    ],
}


@pytest.mark.parametrize("form", JSON)
def test_the_json_of_many_sites_gives_the_same_entry(form: str, titles: TitleSearch) -> None:
    read = read_list_file(json.dumps(JSON[form]).encode(), titles)
    assert said(read) == {BEBOP: ("completed", 9)}
    assert (read.kind, read.unsure, len(read.tops)) == ("json", (), 1)
    others = {"Shikimori", "Simkl"}
    assert dict(read.passed_over) == ({"entries that are no anime": 1} if form in others else {})


def test_days_come_with_the_json_of_sites(titles: TitleSearch) -> None:
    days = {
        form: read_list_file(json.dumps(JSON[form]).encode(), titles).entries[0]
        for form in ("AniList", "Kitsu")
    }
    assert (days["AniList"].started, days["AniList"].finished) == (date(2018, 9, 4), date(2018, 10, 15))
    assert (days["Kitsu"].started, days["Kitsu"].finished) == (date(2018, 9, 4), None)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            {
                "data": [
                    {
                        "mal_id": 1,
                        "title": "x",
                        "score": 8.75,
                        "scored_by": 900_000,
                        "status": "Finished Airing",
                    }
                ]
            },
            "everybody",
        ),
        ({"export": {"type": "manga"}, "entries": [{"name": "Berserk", "rating": 5}]}, "manga list"),
        ({"users": [{"name": "ann"}]}, "no anime list that I know"),
        ([1, 2, 3], "no anime list that I know"),
        ([], "no anime list that I know"),
        ({"lists": [{"series_type": 0, "series_id": 1, "status": 2, "score": 95}]}, "ids of AniList alone"),
    ],
)
def test_what_is_no_list_is_refused(document: object, sentence: str, titles: TitleSearch) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        read_list_file(json.dumps(document).encode(), titles)


# Tables


@pytest.mark.parametrize(
    "table",
    [
        "title|score\nCowboy Bebop|9\n",
        "| title | score |\n|---|---|\n| Cowboy Bebop | 9 |\n",
        "My anime list,,\nexported 2026-01-01,,\n\ntitle,score,notes\nCowboy Bebop,9,\n",
        "sep=;\r\ntitle;score\r\nCowboy Bebop;9\r\n",
        "sep=\t\ntitle\tscore\nCowboy Bebop\t9\n",
        "Titel;Bewertung\nCowboy Bebop;9\n",
        "Titre;Note\nCowboy Bebop;9\n",
        "Título;Puntuación\nCowboy Bebop;9\n",
        "Оригинальное название;Моя оценка\nCowboy Bebop;9\n",
        "作品名\t評価\nCowboy Bebop\t9\n",
        "动画名,评分\nCowboy Bebop,9\n",
        "제목,점수\nCowboy Bebop,9\n",
        "Title,Score,My Score\nCowboy Bebop,8.7,9\n",
        "My rating,Anime\n9,Cowboy Bebop\n",
        "English title,Title,Score\n,Cowboy Bebop,9\n",
        "1. Cowboy Bebop - 9\n",
        "Cowboy Bebop: 9/10\nTrigun: ★★★★\n",
    ],
)
def test_a_table_is_read_whatever_its_headings_and_signs(table: str, titles: TitleSearch) -> None:
    lines = table if not table.startswith("1.") else table + "2. Trigun – 8\n"
    assert said(read_list_file(lines.encode(), titles))[BEBOP] == (None, 9)


def test_a_row_with_too_many_cells_is_counted_not_guessed(titles: TitleSearch) -> None:
    # A comma within a score or a title: 4,5 would be 4.
    read = read_list_file(b"title,score\nCowboy Bebop,4,5\nShigurui, Death Frenzy,8\nTrigun,8,\n", titles)
    assert said(read) == {TRIGUN: (None, 8)}
    assert read.passed_over == {"rows with more cells than the headings": 2}


def test_columns_that_are_not_read_are_named(titles: TitleSearch) -> None:
    read = read_list_file(b"Title,Score,Wie weit,Episodes\nTrigun,8,Ende,26\n", titles)
    assert read.notes == ("I did not read these columns: “Wie weit”, “Episodes”.",)


def test_a_manga_of_the_same_name_does_not_score_the_anime(titles: TitleSearch) -> None:
    table = b"Title,Type,Score\nDeath Note,Manga,3\nTrigun,TV,8\n"
    documents = [
        [{"title": "Death Note", "type": "Manga", "score": 3}, {"title": "Trigun", "type": "TV", "score": 8}],
        [
            {"score": 3, "status": "x", "media": {"title": {"romaji": "Death Note"}, "format": "MANGA"}},
            {"score": 8, "media": {"title": {"romaji": "Trigun"}, "format": "TV"}},
        ],
    ]
    for content in (table, *(json.dumps(document).encode() for document in documents)):
        read = read_list_file(content, titles)
        assert said(read) == {TRIGUN: (None, 8)}
        assert read.passed_over == {"entries that are no anime": 1}


def test_everybodys_score_does_not_stand_in_for_a_missing_one_of_ones_own(titles: TitleSearch) -> None:
    read = read_list_file(
        b"Title,Score,My Score,Status\nCowboy Bebop,8.7,,Completed\nTrigun,8,6,Watching\n", titles
    )
    assert said(read) == {BEBOP: ("completed", None), TRIGUN: ("watching", 6)}


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("Foo,Bar\nCowboy Bebop,9\nTrigun,8\n", "I found the columns “Foo”, “Bar”. I need a title or mal_id"),
        ("Titel;Wertlichkeit\nCowboy Bebop;9\n", "I found the columns “Titel”, “Wertlichkeit”"),
        ("anime_id,name,rating,members\n1,Cowboy Bebop,8.7,900000\n", "catalogue"),
        ("user_id,anime_id,rating\n1,1,9\n2,6,8\n", "several users"),
        ("my favourite anime is Trigun", "I can't read this"),
        ("Dear diary.\nToday I watched things.\nIt was nice.\n", "no line is a title that I know"),
    ],
)
def test_what_is_not_plain_is_refused_and_what_was_found_is_named(
    table: str, sentence: str, titles: TitleSearch
) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        read_list_file(table.encode(), titles)


@pytest.mark.parametrize(
    "content",
    [
        "Cowboy Bebop\nTrigun\nzzqqxx\n",
        "- Cowboy Bebop\n- Trigun\n- zzqqxx",
        "Titel\nCowboy Bebop\nTrigun\nzzqqxx",
        '["Cowboy Bebop", "Trigun", "zzqqxx"]',
    ],
)
def test_titles_alone_wait_for_the_members_word(content: str, titles: TitleSearch) -> None:
    read = read_list_file(content.encode(), titles)
    assert read.titles_alone
    assert said(read) == {BEBOP: (None, None), TRIGUN: (None, None)}
    seen = read.all_with("completed")
    assert said(seen) == {BEBOP: ("completed", None), TRIGUN: ("completed", None)}
    assert seen.unsure[0].named(NARUTO) == ListEntry(NARUTO, None, "completed", None, None, "zzqqxx")


def test_a_table_with_damaged_letters_is_read(titles: TitleSearch) -> None:
    table = (
        "title,score\nPokémon,7\nTrigun,8\nカ\0,9\n".encode().replace("é".encode(), b"\xe9") + b"Naruto,6\n"
    )
    read = read_list_file(table, titles)
    assert said(read) == {TRIGUN: (None, 8), NARUTO: (None, 6)}
    assert [one.text for one in read.unsure] == ["Pok�mon", "カ"]
    assert len(read.notes) == 2
