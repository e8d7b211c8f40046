"""Lists that would come in wrongly if nobody looked twice: what is doubtful is asked, or named in the preview."""

from __future__ import annotations

import json

import pytest

from hakken.catalogue.search import TitleSearch
from hakken.lists import ReadList, UnreadableError, read_list_file
from tests.hakken.lists.test_cases import BEBOP, DEATH_NOTE, NARUTO, TRIGUN, said


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
