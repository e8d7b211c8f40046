"""Catalogues: ours and three public ones read, refused by line, what is dropped counted, written the same."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import Anime, Catalogue, CatalogueError, artefact
from hakken.catalogue.franchises import franchises
from hakken.catalogue.reading import line_rows, read_anime, table_rows

GOOD = 'anime_id\ttitle\tgenres\tmembers\textra\n1\tCowboy Bebop\tAction|Sci-Fi"|Action\t12\tx\n2\t"A ""B"""\t\t\t\n'

AZATHOTH = (
    "anime_id,title,title_english,title_japanese,title_synonyms,image_url,type,source,episodes,status,airing,"
    "aired_string,aired,duration,rating,score,scored_by,rank,popularity,members,favorites,background,premiered,"
    "broadcast,related,producer,licensor,studio,genre,opening_theme,ending_theme"
)
BUNNY = {
    "anime_id": "9941",
    "title": "Tiger &amp; Bunny",
    "title_english": "Tiger &amp; Bunny",
    "title_japanese": "TIGER & BUNNY",
    "title_synonyms": "Taibani, T&amp;B",
    "image_url": "https://myanimelist.cdn-dena.com/images/anime/12/29697.jpg",
    "type": "TV",
    "source": "Original",
    "episodes": "25",
    "aired_string": "Apr 3, 2011 to Sep 18, 2011",
    "aired": "{'from': '2011-04-03', 'to': '2011-09-18'}",
    "rating": "R - 17+ (violence & profanity)",
    "score": "8.02",
    "rank": "420.0",
    "members": "233044",
    "background": 'A line,\nanother "line".',
    "related": "{'Adaptation': [{'mal_id': 26109, 'type': 'manga', 'url': 'https://myanimelist.net/manga/26109', "
    "'title': \"Tiger & Bunny's\"}], 'Alternative version': [{'mal_id': 11977, 'type': 'anime', 'url': '', "
    "'title': 'Movie 1'}], 'Sequel': [{'mal_id': 16984, 'type': 'anime', 'url': '', 'title': 'Movie 2'}]}",
    "studio": "Sunrise",
    "genre": "Action, Comedy, Super Power",
}


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "catalogue.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def azathoth(*rows: Mapping[str, str], header: str = AZATHOTH) -> str:
    """A file as pandas wrote that set's: quoted where it must be."""
    names = header.split(",")
    file = io.StringIO()
    writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def filler(count: int = 200) -> list[dict[str, str]]:
    return [{"anime_id": str(number), "title": f"Title {number}"} for number in range(50_001, 50_001 + count)]


def test_facts_are_read_and_empty_cells_are_unknown(tmp_path: Path) -> None:
    for text in (GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), gzip.compress(GOOD.encode())):
        catalogue = Catalogue.read(written(tmp_path, text))
        assert catalogue[1] == Anime(1, "Cowboy Bebop", genres=("Action", "Sci-Fi"), members=12)
        assert catalogue[2] == Anime(2, 'A "B"')
        assert list(catalogue) == [1, 2]
        assert catalogue.genres == ("Action", "Sci-Fi")
        assert (catalogue.report.rows, catalogue.report.dropped, catalogue.report.passed_over) == (2, (), ())


def test_the_set_of_2018_is_read_with_cover_age_and_sequels(tmp_path: Path) -> None:
    catalogue = Catalogue.read(written(tmp_path, azathoth(BUNNY)))
    assert catalogue[9941] == Anime(
        9941,
        "Tiger & Bunny",
        english="Tiger & Bunny",
        type="TV",
        episodes=25,
        year=2011,
        members=233_044,
        genres=("Action", "Comedy", "Super Power"),
        score=8.02,
        source="Original",
        studios=("Sunrise",),
        synonyms=("TIGER & BUNNY", "Taibani", "T&B"),
        image_url="https://cdn.myanimelist.net/images/anime/12/29697.jpg",
        age="R - 17+ (violence & profanity)",
        sequels=(16984,),
    )


def test_what_that_set_does_not_know_is_unknown(tmp_path: Path) -> None:
    row = {
        "anime_id": "7.0",
        "title": "Witch",
        "type": "Unknown",
        "source": "Unknown",
        "episodes": "0",
        "aired_string": "Not available",
        "aired": "{'from': None, 'to': None}",
        "rating": "None",
        "score": "0.0",
        "members": "12.0",
        "related": "[]",
    }
    catalogue = Catalogue.read(written(tmp_path, azathoth(row)))
    assert dict(catalogue) == {7: Anime(7, "Witch", members=12)}
    assert not catalogue.report.passed_over


def test_the_cleaned_form_gives_the_year_as_a_float(tmp_path: Path) -> None:
    header = AZATHOTH + ",duration_min,aired_from_year"
    row = {**BUNNY, "aired": "", "aired_string": "", "aired_from_year": "2011.0"}
    assert Catalogue.read(written(tmp_path, azathoth(row, header=header)))[9941].year == 2011


def test_the_set_of_2016_is_read_and_its_rating_is_a_score(tmp_path: Path) -> None:
    text = (
        "anime_id,name,genre,type,episodes,rating,members\n"
        '28977,Gintama&deg;,"Action, Comedy, Sci-Fi",TV,51,9.25,114262\n'
        '8074,&quot;Bungaku Shoujo&quot; Kyou no Oyatsu,"Drama",OVA,Unknown,,1096\n'
    )
    catalogue = Catalogue.read(written(tmp_path, text))
    assert list(catalogue.values()) == [
        Anime(
            28977,
            "Gintama°",
            type="TV",
            episodes=51,
            members=114_262,
            genres=("Action", "Comedy", "Sci-Fi"),
            score=9.25,
        ),
        Anime(8074, '"Bungaku Shoujo" Kyou no Oyatsu', type="OVA", members=1096, genres=("Drama",)),
    ]


def test_the_set_of_2020_is_read(tmp_path: Path) -> None:
    text = (
        "MAL_ID,Name,Score,Genres,English name,Japanese name,Type,Episodes,Aired,Premiered,Producers,Licensors,"
        "Studios,Source,Duration,Rating,Ranked,Popularity,Members,Favorites\n"
        '1,Cowboy Bebop,8.78,"Action, Sci-Fi",Cowboy Bebop,カウボーイビバップ,TV,26,"Apr 3, 1998 to Apr 24, 1999",'
        "Spring 1998,Bandai Visual,Funimation,Sunrise,Original,24 min. per ep.,R - 17+ (violence & profanity),"
        "28.0,39,1251960,61971\n"
        "48492,Scarlet Nexus,Unknown,Unknown,Unknown,Unknown,TV,Unknown,Unknown,Summer 2021,Unknown,Unknown,"
        "Unknown,Light novel,Unknown,Rx - Hentai,Unknown,5555,100,1\n"
    )
    catalogue = Catalogue.read(written(tmp_path, text))
    assert catalogue[1] == Anime(
        1,
        "Cowboy Bebop",
        english="Cowboy Bebop",
        type="TV",
        episodes=26,
        year=1998,
        members=1_251_960,
        genres=("Action", "Sci-Fi"),
        score=8.78,
        source="Original",
        studios=("Sunrise",),
        synonyms=("カウボーイビバップ",),
        age="R - 17+ (violence & profanity)",
    )
    assert catalogue[48492] == Anime(
        48492, "Scarlet Nexus", type="TV", year=2021, members=100, source="Light novel", age="Rx - Hentai"
    )


def test_what_is_rated_18_by_age_or_genre_is_adult() -> None:
    assert Anime(1, "x", age="Rx - Hentai").adult
    assert Anime(1, "x", genres=("Drama", "Hentai")).adult
    assert not Anime(1, "x", age="R+ - Mild Nudity", genres=("Ecchi",)).adult
    assert not Anime(1, "x").adult


def related(**relations: list[tuple[int, str]]) -> str:
    """A cell of relations as Python prints it."""
    return str(
        {
            name.replace("_", " "): [{"mal_id": one, "type": kind, "url": "u", "title": "t\"'"}]
            for name, ends in relations.items()
            for one, kind in ends
        }
    )


def test_relations_make_franchises_numbered_by_their_lowest_anime(tmp_path: Path) -> None:
    rows = [
        {"anime_id": "30", "title": "Season 2", "related": related(Prequel=[(20, "anime")])},
        {"anime_id": "20", "title": "Season 1", "related": related(Sequel=[(30, "anime")])},
        {"anime_id": "40", "title": "Film", "related": related(Parent_story=[(30, "anime")])},
        # Joined through one that the file lacks.
        {"anime_id": "50", "title": "Special", "related": related(Side_story=[(99, "anime")])},
        {"anime_id": "60", "title": "OVA", "related": related(Summary=[(99, "anime")])},
        # These join nothing: a guest, an advertisement, a manga of the same number, nothing at all.
        {"anime_id": "70", "title": "Guest", "related": related(Character=[(20, "anime")])},
        {"anime_id": "80", "title": "Advertisement", "related": related(Other=[(20, "anime")])},
        {"anime_id": "90", "title": "Adapted", "related": related(Adaptation=[(20, "manga")])},
        {"anime_id": "10", "title": "Alone"},
    ]
    catalogue = Catalogue.read(written(tmp_path, azathoth(*rows)))
    assert {one.anime_id: one.franchise for one in catalogue.values() if one.franchise} == {
        20: 20,
        30: 20,
        40: 20,
        50: 50,
        60: 50,
    }
    assert catalogue[30].prequels == (20,)
    assert catalogue[20].sequels == (30,)
    assert catalogue[90].prequels == catalogue[90].sequels == ()


ids = st.integers(1, 30)


@given(st.dictionaries(ids, st.frozensets(ids, max_size=3), max_size=20))
def test_franchises_are_what_one_reaches_over_relations(relations: dict[int, frozenset[int]]) -> None:
    ends: dict[int, set[int]] = {}
    for one, others in relations.items():
        for other in others:
            ends.setdefault(one, set()).add(other)
            ends.setdefault(other, set()).add(one)

    def reached(start: int) -> set[int]:
        seen, waiting = {start}, [start]
        while waiting:
            new = ends.get(waiting.pop(), set()) - seen
            seen |= new
            waiting += new
        return seen & set(relations)

    assert franchises(relations) == {one: min(reached(one)) for one in relations if len(reached(one)) > 1}


def test_our_own_file_without_franchises_gets_them_from_prequels_and_sequels(tmp_path: Path) -> None:
    text = "anime_id\ttitle\tprequels\tsequels\n3\tC\t2\t\n2\tB\t\t3|4\n1\tA\t\t\n"
    catalogue = Catalogue.read(written(tmp_path, text))
    assert [one.franchise for one in catalogue.values()] == [2, 2, None]
    assert catalogue[2].sequels == (3, 4)


@pytest.mark.parametrize(
    "cell",
    [
        "{'Sequel': [{'mal_id': 1, 'type': 'anime'",
        "{'Sequel': [{'mal_id': '1', 'type': 'anime'}]}",
        "{'Sequel': [{'mal_id': True, 'type': 'anime'}]}",
        "{'Sequel': [{'mal_id': 99999999999999999999, 'type': 'anime'}]}",
        "{'Sequel': [{'mal_id': 1}]}",
        "{'Sequel': 7}",
        "{'Sequel': ['anime']}",
        "[1]",
        "__import__('os').system('true')",
        "{'Sequel': [{'mal_id': 1, 'type': 'anime', 'title': '\\d'}]}",
        "(" * 5000,
        "{'Sequel': [{'mal_id': 1, 'type': 'anime', 'title': '" + "x" * 70_000 + "'}]}",
    ],
    ids=lambda cell: cell[:60],
)
def test_relations_that_cannot_be_read_are_counted_and_the_anime_is_kept(tmp_path: Path, cell: str) -> None:
    rows = [{"anime_id": "5", "title": "Kept", "related": cell}]
    catalogue = Catalogue.read(written(tmp_path, azathoth(*rows)))
    assert dict(catalogue) == {5: Anime(5, "Kept")}
    (passed_over,) = catalogue.report.passed_over
    assert (passed_over.reason, passed_over.count) == ("relations that cannot be read", 1)
    assert passed_over.first.startswith("row 2: ")
    assert len(passed_over.first) < 120


@pytest.mark.parametrize(
    ("cell", "url"),
    [
        (
            "https://cdn.myanimelist.net/images/anime/4/19644.jpg",
            "https://cdn.myanimelist.net/images/anime/4/19644.jpg",
        ),
        ("http://myanimelist.cdn-dena.com/images/a.jpg", "https://cdn.myanimelist.net/images/a.jpg"),
        ("https://x.example/?s=" + "a" * 2027, "https://x.example/?s=" + "a" * 2027),
        ("https://x.example/?s=" + "a" * 2028, None),
        ("https://cdn.myanimelist.net/a b.jpg", None),
        ("ftp://cdn.myanimelist.net/a.jpg", None),
        ("javascript:alert(1)", None),
        ("https://localhost/a.jpg", None),
        ("https://", None),
        ("images/a.jpg", None),
    ],
)
def test_a_cover_is_a_web_address_that_discord_takes_or_none(
    tmp_path: Path, cell: str, url: str | None
) -> None:
    catalogue = Catalogue.read(
        written(tmp_path, azathoth({"anime_id": "5", "title": "x", "image_url": cell}))
    )
    assert catalogue[5].image_url == url
    assert [one.reason for one in catalogue.report.passed_over] == ["a cover that is no web address"] * (
        not url
    )


def test_one_broken_row_in_a_hundred_is_dropped_and_counted_by_reason(tmp_path: Path) -> None:
    lines = azathoth(BUNNY, *filler(600)).splitlines(keepends=True)
    comma = "," * AZATHOTH.count(",")
    lines[100:100] = [f"x,No id{comma[1:]}\n", f"50001,Twice{comma[1:]}\n"]
    lines.insert(300, f'7,"Never closed{comma[1:]}\n')
    lines.insert(400, "8,Too short\n")
    lines.append(f"50002,Twice again{comma[1:]}\n")
    text = "".join(lines).encode().replace(b"Title 50500", b"Title \xff")
    catalogue = Catalogue.read(written(tmp_path, text))
    # The quote that never closes is a letter of its title: the line has the cells that it should have.
    assert catalogue[7].title == '"Never closed'
    assert len(catalogue) == 1 + 600 + 1 - 1
    assert catalogue.report.rows == 606
    assert {(one.reason, one.count) for one in catalogue.report.dropped} == {
        ("no number in the column 'anime_id'", 1),
        ("an anime_id that stands twice", 2),
        ("cells that do not fit the header", 1),
        ("bytes that are no text", 1),
    }
    first = {one.reason: one.first for one in catalogue.report.dropped}
    assert (
        first["no number in the column 'anime_id'"] == "row 100: 'x' in the column 'anime_id' is not a number"
    )
    assert first["an anime_id that stands twice"] == "row 101: anime_id 50001 stands twice"


def test_more_broken_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    text = azathoth(*filler(200)) + "8,Too short\n" * 3
    with pytest.raises(
        CatalogueError, match=r"row 202: '8,Too short' has 2 cells .* \(and 2 more of 203 rows\)"
    ):
        Catalogue.read(written(tmp_path, text))


def test_a_quote_that_never_closes_costs_its_own_line(tmp_path: Path) -> None:
    text = azathoth(*filler(300)).replace("50100,Title 50100,", '50100,Title 50100,"')
    catalogue = Catalogue.read(written(tmp_path, text))
    assert len(catalogue) == 300
    text = azathoth(*filler(300)).replace("50100,Title 50100,", '50100,"Title 50100" and more,"')
    assert Catalogue.read(written(tmp_path, text))[50100].title == '"Title 50100" and more'


@pytest.mark.parametrize("line", ['"\n', "\0\n", '1,"' + "x" * 140_000 + "\n", "\udcff\n", ",\n", "\r"])
def test_a_file_full_of_nonsense_is_refused_soon(tmp_path: Path, line: str) -> None:
    nonsense = (line * (4_000_000 // len(line.encode(errors="surrogateescape")))).encode(
        errors="surrogateescape"
    )
    path = written(tmp_path, b"anime_id,title\n1,x\n" + nonsense)
    if line == "\r":  # blank lines hold nothing
        assert len(Catalogue.read(path)) == 1
    else:
        with pytest.raises(CatalogueError):
            Catalogue.read(path)


def test_what_is_written_is_read_again_and_always_the_same_bytes(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    one, other = io.BytesIO(), io.BytesIO()
    catalogue.write(one)
    catalogue.write(other)
    assert one.getvalue() == other.getvalue()
    again = Catalogue.read(written(tmp_path, one.getvalue()))
    assert dict(again) == dict(catalogue)


text = st.text(st.characters(codec="utf-8", exclude_characters="|\0\r"), min_size=1, max_size=20).filter(
    lambda one: (
        one == one.strip().strip(' "') and one.strip() and one.casefold() not in {"unknown", "none", "nan"}
    )
)
name = st.tuples(text) | st.tuples(text, text).filter(lambda two: two[0] != two[1]) | st.just(())
number = st.integers(0, 2**31 - 1)
some_ids = st.lists(st.integers(1, 2**31 - 1), unique=True, max_size=3).map(tuple)
made_up = st.builds(
    Anime,
    anime_id=st.integers(1, 2**31 - 1),
    title=text,
    english=st.none() | text,
    type=st.none() | text,
    episodes=st.none() | number,
    year=st.none() | number,
    members=number,
    genres=name,
    franchise=st.none() | number,
    score=st.none() | st.integers(1, 1000).map(lambda hundredths: hundredths / 100),
    source=st.sampled_from([None, "Manga", "Light novel", "4-koma manga"]),
    studios=name,
    synonyms=name,
    image_url=st.sampled_from([None, "https://cdn.myanimelist.net/images/anime/4/19644.jpg?s=1"]),
    minutes=st.none() | st.integers(1, 2**31 - 1),
    aired=st.sampled_from([None, "1998", "1998-04", "1998-04-03"]),
    anilist_id=st.none() | st.integers(1, 2**31 - 1),
    age=st.none() | text,
    prequels=some_ids,
    sequels=some_ids,
    parents=some_ids,
    side_stories=some_ids,
    alternatives=some_ids,
    summaries=some_ids,
)


@settings(deadline=None)
@given(st.lists(made_up, unique_by=lambda one: one.anime_id, max_size=4))
def test_every_fact_survives_a_file(tmp_path_factory: pytest.TempPathFactory, anime: list[Anime]) -> None:
    path = tmp_path_factory.getbasetemp() / "written.tsv.gz"
    with path.open("wb") as file:
        Catalogue(anime).write(file)
    assert list(Catalogue.read(path).values()) == anime
    assert read_anime(path, line_rows) == read_anime(path, table_rows)


def test_what_stands_between_names_cannot_part_one(tmp_path: Path) -> None:
    file = io.BytesIO()
    Catalogue([Anime(1, "x", synonyms=("A|B", "C"))]).write(file)
    assert Catalogue.read(written(tmp_path, file.getvalue()))[1].synonyms == ("A/B", "C")


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = data.draw(st.sampled_from([GOOD, azathoth(BUNNY, *filler(3))])).encode()
    at = data.draw(st.integers(0, len(whole)))
    upto = data.draw(st.integers(at, min(len(whole), at + 30)))
    junk = data.draw(
        st.sampled_from([b'"', b"\0", b"\xff", b",", b"\t", b"\n", b"\r", b"", b"'", b"-1", b"9" * 400])
    )
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(whole[:at] + junk + whole[upto:])
    sentence = ""
    try:
        catalogue = Catalogue.read(path)
    except CatalogueError as error:
        catalogue, sentence = Catalogue(), str(error)
    assert bool(sentence) == sentence.startswith(f"{path}: ")
    assert "\n" not in sentence
    assert all(anime.members >= 0 for anime in catalogue.values())
    if not sentence:
        assert read_anime(path, line_rows) == (list(catalogue.values()), catalogue.report)


@pytest.mark.parametrize("lines", [99, 100, 2000])
def test_a_row_of_a_hundred_lines_was_never_meant_as_one(tmp_path: Path, lines: int) -> None:
    rows = [*filler(300), {"anime_id": "7", "title": "Never", "background": "x" + "\n" * lines}]
    catalogue = Catalogue.read(written(tmp_path, azathoth(*rows)))
    assert (7 in catalogue) == (lines < 100)
    assert len(catalogue) == 300 + (lines < 100)


def test_a_header_of_thousands_of_columns_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "anime_id\ttitle" + "\tx" * 4000 + "\n" + "1\tx\n" * 20_000)
    with pytest.raises(CatalogueError, match="longer than any header"):
        Catalogue.read(path)


def test_the_catalogue_of_a_model_opens_without_pandas(tmp_path: Path, catalogue: Catalogue) -> None:
    artefact.write(tmp_path, {}, {"catalogue": catalogue.save}, parameters={}, data={}, metrics={})
    assert dict(Catalogue.of_model(tmp_path)) == dict(catalogue)
    script = (
        "import sys; from hakken import Catalogue; "
        "assert len(Catalogue.of_model(sys.argv[1])) == int(sys.argv[2]); assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path), str(len(catalogue))], check=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title\nx\n", "line 1: the column 'anime_id' is missing"),
        ("", "is empty; get it again"),
        ("MAL_ID,Title\n1,x\n", "line 1: the column 'Name' is missing; there is: MAL_ID, Title"),
        ("id,name\n1,x\n", "line 1: the column 'anime_id' is missing; there is: id, name"),
        (GOOD + "x\tTrigun\t\t\t\n", "row 4: 'x' in the column 'anime_id' is not a number"),
        (GOOD + "3\tTrigun\t\tmany\t\n", "row 4: 'many' in the column 'members' is not a number"),
        (GOOD + "3\tTrigun\t\t-1\t\n", "row 4: '-1' in the column 'members' is not a number"),
        (GOOD + "3\tTrigun\t\t1_000\t\n", "row 4: '1_000' in the column 'members' is not a number"),
        (
            GOOD + "9999999999\tTrigun\t\t\t\n",
            "row 4: '9999999999' in the column 'anime_id' is not a number",
        ),
        (GOOD + "3\t\t\t\t\n", "row 4: an anime needs"),
        (GOOD + "0\tTrigun\t\t\t\n", "row 4: an anime needs"),
        (GOOD + "2\tTrigun\t\t\t\n", "row 4: anime_id 2 stands twice"),
        (GOOD + "3\tTri\0gun\t\t\t\n", "row 4: is not UTF-8 text"),
        (b"anime_id\ttitle\n1\t\xff\n", "is not UTF-8 text"),
        ("anime_id\ttitle\n".encode("utf-16"), "line 1: is not UTF-8 text"),
        (gzip.compress(GOOD.encode(), mtime=0)[:-9], "cannot be read"),
        (GOOD + '3\t"' + "x" * 200_000 + '"\n', "field larger"),
        ("anime_id,score,title\n1,11,x\n", "row 2: '11' in the column 'score' is not a number"),
    ],
)
def test_what_is_no_catalogue_is_named_by_file_line_and_value(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        Catalogue.read(written(tmp_path, text))
    assert sentence in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "catalogue.tsv"))


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.tsv: cannot be read"):
        Catalogue.read(tmp_path / "none.tsv")
    with pytest.raises(CatalogueError, match=r"is a directory; no file in it is a catalogue$"):
        Catalogue.read(tmp_path)


def test_a_directory_names_the_catalogues_in_it(tmp_path: Path) -> None:
    (tmp_path / "AnimeList.csv").write_text("anime_id,title,score\n1,Cowboy Bebop,8.8\n")
    (tmp_path / "anime.csv.gz").write_bytes(gzip.compress(b"anime_id,name\n1,Cowboy Bebop\n"))
    (tmp_path / "UserAnimeList.csv").write_text("username,anime_id,my_score\nann,1,5\n")
    (tmp_path / "picture.png").write_bytes(b"\x00\xff" * 100)
    with pytest.raises(
        CatalogueError, match=r"is a directory; give one of its files: AnimeList\.csv, anime\.csv\.gz$"
    ):
        Catalogue.read(tmp_path)


def test_a_catalogue_of_today_has_every_title_its_age_its_day_and_its_relations(tmp_path: Path) -> None:
    facts = {
        "anime_id": "5",
        "title": "Cowboy Bebop: Tengoku no Tobira",
        "english": "Cowboy Bebop: The Movie",
        "minutes": "115",
        "aired_from": "2001-09-01",
        "anilist_id": "5",
        "japanese": "カウボーイビバップ 天国の扉",
        "synonyms": "Knockin&#039; on Heaven&#039;s Door|CB &amp;amp; film",
        "source": "light_novel",
        "parents": "1",
        "summaries": "4037|5",
    }
    path = tmp_path / "today.tsv"
    path.write_text("\t".join(facts) + "\n" + "\t".join(facts.values()) + "\n", encoding="utf-8")
    assert Catalogue.read(path)[5] == Anime(
        5,
        "Cowboy Bebop: Tengoku no Tobira",
        english="Cowboy Bebop: The Movie",
        minutes=115,
        aired="2001-09-01",
        anilist_id=5,
        source="Light novel",
        synonyms=("カウボーイビバップ 天国の扉", "Knockin' on Heaven's Door", "CB &amp; film"),
        parents=(1,),
        summaries=(4037, 5),
    )
    assert Catalogue.read(path).by_anilist_id == {5: 5}
