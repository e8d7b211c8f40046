"""Readers of rating files: the public forms, and what real files have in them."""

from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hakken import Ratings, RatingsError, read_list
from hakken.ratings import reading
from hakken.ratings.reading import read_columns

AZATHOTH = (
    "username,anime_id,my_watched_episodes,my_start_date,my_finish_date,my_score,my_status,"
    "my_rewatching,my_rewatching_ep,my_last_updated,my_tags\n"
)
COOPER_UNION = "user_id,anime_id,rating\n"


def written(tmp_path: Path, content: str | bytes, name: str = "ratings.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def azathoth(user: str, anime: object, score: object, tags: str = "") -> str:
    return f"{user},{anime},12,0000-00-00,2015-08-01,{score},2,0,0,1362307973,{tags}\n"


def pairs(ratings: Ratings) -> dict[object, dict[int, float]]:
    return {user: ratings.of_user(row) for row, user in enumerate(ratings.user_ids.tolist())}


def broken(ratings: Ratings) -> dict[str, tuple[int, str]]:
    return {one.reason: (one.lines, one.first) for one in ratings.report.broken}


# The public forms


def test_azathoth42s_lists_are_read_with_their_quoted_tags(tmp_path: Path) -> None:
    text = (
        AZATHOTH
        + azathoth("karthiga", 21, 9)
        + azathoth("karthiga", 59, 7, '"funny, school"')
        + azathoth("Damonashu", 21, 10, '"he said ""watch it"", twice"')
        + azathoth("Damonashu", 74, 0, "<br/>")
    )
    ratings = Ratings.read(written(tmp_path, text, "UserAnimeList.csv"))
    assert pairs(ratings) == {"karthiga": {21: 9.0, 59: 7.0}, "Damonashu": {21: 10.0}}
    assert (ratings.report.lines, ratings.report.not_rated, ratings.report.broken) == (4, 1, ())


def test_cooper_unions_minus_one_is_seen_but_not_rated(tmp_path: Path) -> None:
    ratings = Ratings.read(written(tmp_path, COOPER_UNION + "1,20,-1\n1,24,7\n2,20,8\n3,79,-1\n"))
    assert pairs(ratings) == {1: {24: 7.0}, 2: {20: 8.0}}
    assert (ratings.report.not_rated, ratings.report.silent_users) == (2, 1)


def test_hernan4444s_zero_is_not_rated(tmp_path: Path) -> None:
    text = "user_id,anime_id,rating,watching_status,watched_episodes\n0,67,9,1,1\n0,6702,0,1,4\n"
    ratings = Ratings.read(written(tmp_path, text, "animelist.csv"))
    assert pairs(ratings) == {0: {67: 9.0}}
    assert ratings.report.not_rated == 1


@pytest.mark.parametrize("score", [pa.int8(), pa.float64(), pa.string()])
def test_parquet_of_any_types_with_nulls_is_read(tmp_path: Path, score: pa.DataType) -> None:
    table = pa.table(
        {
            "my_score": pa.array([9, None, 5, 0]).cast(score),
            "anime_id": pa.array([20.0, 10.0, 10.0, 30.0]),
            "username": ["ann", "ann", "bob", "&amp;c"],
        }
    )
    pq.write_table(table, tmp_path / "ratings.parquet")
    ratings = Ratings.read(tmp_path / "ratings.parquet")
    assert pairs(ratings) == {"ann": {20: 9.0}, "bob": {10: 5.0}}
    assert (ratings.report.not_rated, ratings.report.silent_users) == (2, 1)


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.decimal128(5, 2)]
)
def test_parquet_of_other_tools_types_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    columns = {"user_id": ["7", "8"], "anime_id": ["20", "10"], "score": ["9", "0"]}
    table = pa.table({name: pa.array(cells).cast(kind) for name, cells in columns.items()})
    pq.write_table(table, tmp_path / "r.parquet")
    ratings = Ratings.read(tmp_path / "r.parquet")
    assert [set(one.values()) for one in pairs(ratings).values()] == [{9.0}]
    assert ratings.report.not_rated == 1


@pytest.mark.parametrize("column", ["user_id", "anime_id", "score"])
def test_a_parquet_column_of_lists_is_named(tmp_path: Path, column: str) -> None:
    table = pa.table({"user_id": [1], "anime_id": [5], "score": [9], column: [[1, 2]]} | {column: [[1, 2]]})
    pq.write_table(table, tmp_path / "r.parquet")
    with pytest.raises(RatingsError, match=rf"r\.parquet: the column {column} holds list<.*; store it so$"):
        Ratings.read(tmp_path / "r.parquet")


@pytest.mark.parametrize("length", [4, 100, -1, -9])
def test_a_truncated_parquet_file_is_to_be_got_anew(tmp_path: Path, length: int) -> None:
    path = tmp_path / "r.parquet"
    pq.write_table(pa.table({"user_id": [1, 2], "anime_id": [5, 6], "score": [9, 8]}), path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(
        RatingsError, match=r"r\.parquet: cannot be read: .*was cut short: download it again$"
    ):
        Ratings.read(path)


def test_a_parquet_file_tells_how_far_it_is(tmp_path: Path) -> None:
    n = 150_000
    table = pa.table({"user_id": [1] * n, "anime_id": list(range(1, n + 1)), "score": [7] * n})
    pq.write_table(table, tmp_path / "r.parquet")
    shares: list[float] = []
    Ratings.read(tmp_path / "r.parquet", shares.append)
    assert shares == sorted(set(shares))
    assert len(shares) > 1
    assert shares[-1] == 1


def test_a_parquet_file_of_nonsense_is_refused_with_its_row(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"user_id": [1, 2], "anime_id": [5, 6], "score": [9, 11]}), tmp_path / "r.parquet"
    )
    with pytest.raises(RatingsError, match=r"r\.parquet: row 2: '11' is not a score"):
        Ratings.read(tmp_path / "r.parquet")


# What real files have in them


def test_names_lose_quotes_space_and_entities_and_are_one_user(tmp_path: Path) -> None:
    lines = ["Tom&amp;Co,1,5", '"Tom&Co",2,6', " Tom&amp;Co ,3,7"]
    ratings = Ratings.read(written(tmp_path, "username,anime_id,score\n" + "\n".join(lines)))
    assert pairs(ratings) == {"Tom&Co": {1: 5.0, 2: 6.0, 3: 7.0}}


def test_floats_stand_for_whole_numbers_in_every_column(tmp_path: Path) -> None:
    text = COOPER_UNION + "7.0,20.0,9.0\n7,10.0,3\n08,1e1,5.5\n"
    assert pairs(Ratings.read(written(tmp_path, text))) == {7: {10: 3.0, 20: 9.0}, 8: {10: 5.5}}


def test_line_ends_of_all_kinds_may_be_mixed(tmp_path: Path) -> None:
    text = "\ufeff" + COOPER_UNION.rstrip("\n") + "\r1,20,7\r\n1,24,8\n2,20,9\r\r\n2,24,10"
    assert pairs(Ratings.read(written(tmp_path, text))) == {1: {20: 7.0, 24: 8.0}, 2: {20: 9.0, 24: 10.0}}


def test_a_broken_quote_spoils_its_own_line_alone(tmp_path: Path) -> None:
    good = [azathoth(f"user{at}", 1 + at % 7, 1 + at % 10, '"a, b"') for at in range(400)]
    spoilt = [*good[:200], azathoth("eve", 5, 9, '"never, closed'), azathoth("eve", 6, 9, '"no'), *good[200:]]
    spoilt[300] = azathoth("mal", 5, 9, 'a, "b')
    ratings = Ratings.read(written(tmp_path, AZATHOTH + "".join(spoilt)))
    expected = {f"user{at}": {1 + at % 7: 1.0 + at % 10} for at in range(400) if at != 298}
    assert pairs(ratings) == expected | {"eve": {5: 9.0, 6: 9.0}}
    assert broken(ratings) == {
        "with too few or too many cells": (
            1,
            f"line 302: '{spoilt[300].strip()[:80]}' has 12 cells where the header has 11",
        )
    }


def test_every_reason_is_counted_with_the_first_of_its_lines(tmp_path: Path) -> None:
    lines = [f"user{at % 50},{1 + at // 50},{1 + at % 10}" for at in range(1000)]
    lines[100] = "user1,3"
    lines[200:202] = [",4,9", "   "]
    lines[300:302] = ["user1,0,9", "user2,anime,9"]
    lines[400:402] = ["user1,9,eleven", "user2,9,11"]
    lines[500] = "\0,9,9"
    ratings = Ratings.read(written(tmp_path, "username,anime_id,score\n" + "\n".join(lines)))
    assert broken(ratings) == {
        "with too few or too many cells": (1, "line 102: 'user1,3' has 2 cells where the header has 3"),
        "without a user": (2, "line 202: '' is no user"),
        "without an anime id": (2, "line 302: '0' is not an anime id, which is a whole number from 1 on"),
        "without a score from 1 to 10": (2, "line 402: 'eleven' is not a score from 1 to 10"),
    }
    assert ratings.report.lines == 999  # white space is no line
    assert len(ratings) == 992


def test_one_broken_line_in_a_hundred_is_dropped_and_one_more_refused(tmp_path: Path) -> None:
    lines = [f"1,{anime},5" for anime in range(1, 200)]
    ratings = Ratings.read(written(tmp_path, COOPER_UNION + "\n".join([*lines, "1,999,eleven"])))
    assert len(ratings) == 199
    lines[150] = "1,151,twelve"
    lines[160] = "1,161,thirteen"
    with pytest.raises(RatingsError, match=r"line 152: 'twelve' .* \(3 of 200 lines are no rating\)"):
        Ratings.read(written(tmp_path, COOPER_UNION + "\n".join([*lines, "1,999,eleven"])))


def test_a_members_own_list_may_have_no_broken_line(tmp_path: Path) -> None:
    lines = [f"{anime},5" for anime in range(1, 500)]
    with pytest.raises(RatingsError, match="line 501: 'eleven' is not a score"):
        read_list(written(tmp_path, "\n".join(["anime_id,score", *lines, "999,eleven"])))


def test_bytes_that_are_no_text_spoil_their_own_line_alone(tmp_path: Path) -> None:
    lines = [azathoth("änn", anime, 5, "x").encode() for anime in range(1, 300)]
    lines[100] = azathoth("bob", 7, 8, "TAG").encode().replace(b"TAG", b'"\xff, \xfe"')
    lines[200] = b"\xff\xfe" + azathoth("bob", 7, 8).encode()
    ratings = Ratings.read(written(tmp_path, AZATHOTH.encode() + b"".join(lines)))
    assert pairs(ratings)["bob"] == {7: 8.0}
    assert len(ratings) == 298
    assert broken(ratings)["without a user"][0] == 1


def test_nuls_are_no_part_of_a_name(tmp_path: Path) -> None:
    path = written(tmp_path, b"username,anime_id,score\nbob\x00,5,9\n")
    with pytest.raises(RatingsError, match="line 2: 'bob�' is no user"):
        Ratings.read(path)


def test_a_name_longer_than_any_is_dropped_before_it_costs_memory(tmp_path: Path) -> None:
    lines = [f"user{at},5,9" for at in range(300)]
    lines[200] = "x" * 100_000 + ",5,9"
    ratings = Ratings.read(written(tmp_path, "username,anime_id,score\n" + "\n".join(lines)))
    assert ratings.user_ids.dtype.itemsize <= 4 * len("user299")
    assert broken(ratings)["without a user"][0] == 1


@pytest.mark.parametrize("odd_every", [1000, 5])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_last_of_a_repeated_pair_counts_however_far_away_and_in_whatever_form(
    tmp_path: Path, end: str, odd_every: int
) -> None:
    random = np.random.default_rng(0)
    users, anime = random.integers(1, 200, 300_000), random.integers(1, 300, 300_000)
    scores = random.integers(-1, 11, 300_000)
    spelled = [
        f"{score}.0" if at % odd_every == 0 and at > 150_000 else str(score)
        for at, score in enumerate(scores)
    ]
    lines = map(",".join, zip(users.astype(str), anime.astype(str), spelled, strict=True))
    path = written(tmp_path, end.join(["user_id,anime_id,rating", *lines, ""]))
    assert path.stat().st_size > 2.5 * 2**20
    table = pd.DataFrame({"user": users, "anime": anime, "score": scores})
    kept = (
        table[table.score >= 1].drop_duplicates(["user", "anime"], keep="last").sort_values(["user", "anime"])
    )

    ratings = Ratings.read(path)

    rows, columns = ratings.matrix.nonzero()
    assert ratings.matrix.has_sorted_indices
    assert np.array_equal(ratings.user_ids[rows], kept.user)
    assert np.array_equal(ratings.anime_ids[columns], kept.anime)
    assert np.array_equal(ratings.matrix.data, kept.score)
    assert ratings.report.repeated == (table.score >= 1).sum() - len(kept)
    assert ratings.report.not_rated == (table.score < 1).sum()


def test_lines_are_numbered_across_blocks(tmp_path: Path) -> None:
    lines = [f"1,{1 + at},5" for at in range(400_000)]
    lines[350_000] = "1,7,x"
    ratings = Ratings.read(written(tmp_path, COOPER_UNION + "\n\n" + "\r\n".join(lines)))
    assert broken(ratings)["without a score from 1 to 10"] == (
        1,
        "line 350004: 'x' is not a score from 1 to 10",
    )


# Any disguise, the same ratings

ROWS = st.lists(
    st.tuples(
        st.text("abcxyz_-09", min_size=1, max_size=8).map("u".__add__),
        st.integers(1, 60_000),
        st.integers(-1, 10),
        st.text('ab ,"é&', max_size=6),
    ),
    min_size=1,
    max_size=40,
)
# Enough for several blocks.
FILLING = [(f"fill{at % 40}", 1 + at // 40, 1 + at % 10, "a tag of some length") for at in range(2500)]
DISGUISES = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", "\t", ";"]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=ROWS,
    disguise=DISGUISES,
    floats=st.booleans(),
    mark=st.booleans(),
    zipped=st.booleans(),
    large=st.booleans(),
)
def test_in_any_disguise_the_ratings_are_those_that_pandas_reads(
    tmp_path: Path,
    rows: list[tuple[str, int, int, str]],
    disguise: dict[str, object],
    floats: bool,
    mark: bool,
    zipped: bool,
    large: bool,
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, **disguise)  # type: ignore[arg-type]
    writer.writerow(["username", "my_tags", "anime_id", "my_score"])
    for user, anime, score, tags in rows + (FILLING if large else []):
        writer.writerow([user, tags, float(anime) if floats else anime, score])
    content = text.getvalue().encode("utf-8-sig" if mark else "utf-8")
    path = written(tmp_path, gzip.compress(content) if zipped else content, "any.name")
    table = pd.read_csv(
        io.BytesIO(content),
        sep=disguise["delimiter"],  # type: ignore[call-overload]
        lineterminator="\r" if disguise["lineterminator"] == "\r" else None,
        encoding="utf-8-sig",
        dtype={"username": str},
        na_filter=False,
    )
    kept = table[table.my_score >= 1].drop_duplicates(["username", "anime_id"], keep="last")
    expected: dict[object, dict[int, float]] = {}
    for user, anime, score in zip(kept.username, kept.anime_id, kept.my_score, strict=True):
        expected.setdefault(user, {})[int(anime)] = float(score)

    ratings = Ratings.read(path)

    assert pairs(ratings) == expected
    assert ratings.report.lines == len(table)
    assert not ratings.report.broken


# However a file is cut up, one verdict

ODD_CELLS = st.text('ab79.0-x",; &\té\u3000', max_size=6) | st.sampled_from(
    [
        "7",
        "08",
        "9.0",
        "-1",
        "0",
        "11",
        "1e1",
        "0x7",
        "99999999999",
        '"7"',
        '"a,b"',
        '""',
        "a&amp;b",
        '"a""b"',
        "\0",
    ]
)
ODD_LINES = st.lists(ODD_CELLS, min_size=1, max_size=6).map(",".join) | st.sampled_from(["", " ", ",,", "\t"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
HEADERS = [
    "user_id,anime_id,score",
    "score,anime_id,username,x",
    "username,anime_id,score,y,z",
    "score,x,anime_id,y,username",
    "t,user_id,anime_id,score,z",
]


def read_in_blocks(path: Path, size: int) -> object:
    """All that a file gives when so many bytes are read at a time, and a row goes to pandas at a time or all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_BLOCK_BYTES", size)
        patch.setattr(reading, "_CHUNK_ROWS", 1 if size < 100 else 100_000)
        try:
            columns = read_columns(path, tolerated=1.0)
        except RatingsError as error:
            return str(error)
    told = [columns.names[user] for user in columns.users]
    ratings = list(zip(told, columns.anime.tolist(), columns.scores.tolist(), strict=True))
    return ratings, set(columns.names), columns.lines, columns.not_rated, columns.broken


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(
    header=st.sampled_from(HEADERS),
    odd=st.lists(st.tuples(ODD_LINES, LINE_ENDS), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", "\t"]),
)
def test_a_line_is_the_same_alone_and_among_others(
    tmp_path: Path, header: str, odd: list[tuple[str, str]], delimiter: str
) -> None:
    plain = ",".join("7" for _ in header.split(","))
    lines = [header + "\n", *(f"{line}{end}{plain}{end}" for line, end in odd), plain]
    path = written(tmp_path, "".join(lines).replace(",", delimiter))

    assert read_in_blocks(path, size=2**20) == read_in_blocks(path, size=90)


def test_a_quote_around_what_fits_is_part_of_no_cell(tmp_path: Path) -> None:
    path = written(tmp_path, COOPER_UNION + '"7,8",9\n')
    for size in (90, 2**20):
        assert read_in_blocks(path, size) == ([("7", 8, 9)], {"7"}, 1, 0, ())


def test_a_short_and_a_long_line_beside_each_other_are_both_broken(tmp_path: Path) -> None:
    lines = [f"user{at % 50},{1 + at // 50},{1 + at % 10}" for at in range(1000)]
    lines[500:502] = ["user1,3", "user,1,3,9"]
    ratings = Ratings.read(written(tmp_path, "username,anime_id,score\n" + "\n".join(lines)))
    assert broken(ratings) == {
        "with too few or too many cells": (2, "line 502: 'user1,3' has 2 cells where the header has 3")
    }
    assert len(ratings) == 998


def test_quoted_names_may_hold_the_delimiter(tmp_path: Path) -> None:
    text = 'username,anime_id,score\n"Tom, Bob",5,9\n"Tom, Bob",6,8\nann,5,7\n'
    assert pairs(Ratings.read(written(tmp_path, text))) == {"Tom, Bob": {5: 9.0, 6: 8.0}, "ann": {5: 7.0}}


# Bad input


@pytest.mark.parametrize("columns", ["user_id,anime_id,score,score", "anime_id,user_id,anime_id,rating"])
def test_a_column_that_stands_twice_is_refused(tmp_path: Path, columns: str) -> None:
    names = columns.split(",")
    text = written(tmp_path, columns + "\n1,2,3,4\n")
    pq.write_table(pa.table([pa.array([1])] * 4, names=names), tmp_path / "r.parquet")
    for path in (text, tmp_path / "r.parquet"):
        with pytest.raises(RatingsError, match=r"the column (score|anime_id) stands twice; take one"):
            Ratings.read(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty; get it again"),
        ("\n1,2,3\n", "line 1: is empty, but must name the columns; write them there or get it again"),
        (COOPER_UNION, "holds no ratings: nothing follows the names of its columns; get it again"),
        (COOPER_UNION + "\n \n", "holds no ratings: nothing follows the names of its columns; get it again"),
    ],
)
def test_a_file_of_nothing_says_so(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RatingsError) as refused:
        Ratings.read(path)
    assert str(refused.value) == f"{path}: {sentence}"


def test_a_directory_names_the_rating_sets_in_it(tmp_path: Path) -> None:
    written(tmp_path, AZATHOTH + azathoth("ann", 1, 5), "UserAnimeList.csv")
    written(tmp_path, "anime_id,title,score\n1,Cowboy Bebop,8.8\n", "AnimeList.csv")
    written(tmp_path, b"\x00\xff" * 100, "picture.png")
    with pytest.raises(RatingsError, match=r"is a directory; give one of its files: UserAnimeList\.csv$"):
        Ratings.read(tmp_path)
    (tmp_path / "UserAnimeList.csv").unlink()
    with pytest.raises(RatingsError, match="is a directory; no file in it is a rating set"):
        Ratings.read(tmp_path)


@pytest.mark.parametrize(
    "header",
    [
        "anime_id,title,title_english,type,score,members\n",
        "anime_id,name,genre,type,episodes,rating,members\n",
    ],
)
def test_a_catalogue_is_told_what_it_is(tmp_path: Path, header: str) -> None:
    path = written(tmp_path, header + "1,a,b,c,5,6,7\n")
    for read in (Ratings.read, read_list):
        with pytest.raises(RatingsError, match=r"ratings\.csv: line 1: is a catalogue.*--catalogue"):
            read(path)


def test_a_zip_archive_and_utf_16_are_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RatingsError, match="is a zip archive; unpack it"):
        Ratings.read(written(tmp_path, b"PK\x03\x04" + b"x" * 100, "archive.zip"))
    with pytest.raises(RatingsError, match="save the file as UTF-8"):
        Ratings.read(written(tmp_path, (COOPER_UNION + "1,2,3\n").encode("utf-16")))


def test_a_truncated_gzip_is_refused_though_its_beginning_is_good(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    lines = "".join(f"{user},{anime},5\n" for user, anime in random.integers(1, 10**6, (400_000, 2)))
    path = written(tmp_path, gzip.compress((COOPER_UNION + lines).encode(), 1)[:-100])
    with pytest.raises(RatingsError, match=r"ratings\.csv: cannot be read: ") as refused:
        Ratings.read(path)
    assert "\n" not in str(refused.value)


READ_IN_LITTLE_ROOM = """
import resource, sys
from hakken import Ratings, RatingsError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    Ratings.read(sys.argv[1])
except RatingsError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def read_in_a_process_of_its_own(path: Path) -> tuple[str, int]:
    """The refusal, if it was refused, and by how many MB the process grew."""
    command = [sys.executable, "-c", READ_IN_LITTLE_ROOM, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    *sentence, kilobytes = told.stdout.splitlines()
    return "\n".join(sentence), int(kilobytes) // 1024


@pytest.mark.parametrize("header", [b"", COOPER_UNION.encode()])
def test_ten_gigabytes_of_one_line_end_at_once_and_in_little_memory(tmp_path: Path, header: bytes) -> None:
    path = written(tmp_path, header)
    os.truncate(path, 10 * 2**30)  # sparse: takes no room
    sentence, megabytes = read_in_a_process_of_its_own(path)
    assert sentence.startswith(f"{path}: cannot be read: a line is longer than")
    assert megabytes < 50


def test_a_line_without_end_in_mid_file_ends_at_once_and_in_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path, COOPER_UNION + "".join(f"1,{anime},5\n" for anime in range(1, 100_000)))
    os.truncate(path, 10 * 2**30)
    sentence, megabytes = read_in_a_process_of_its_own(path)
    assert sentence.startswith(f"{path}: cannot be read: a line is longer than")
    assert megabytes < 200  # with pandas and pyarrow, which are loaded to read


def test_lines_of_nearly_the_greatest_length_take_little_memory(tmp_path: Path) -> None:
    line = "1,20,7," + "x" * 1_000_000 + "\n"
    path = written(tmp_path, COOPER_UNION.replace("\n", ",tags\n") + line)
    with path.open("a") as file:
        for _ in range(400):
            file.write(line)
    sentence, megabytes = read_in_a_process_of_its_own(path)
    assert not sentence
    assert megabytes < 200


def test_an_unclosed_quote_in_a_large_file_loses_no_other_line(tmp_path: Path) -> None:
    lines = [azathoth("ann", anime, 5, "x") for anime in range(1, 60_001)]
    lines[40] = azathoth("ann", 41, 5, '"never closed')
    lines[50] = azathoth("ann", 51, 5, 'a, "b, c')
    ratings = Ratings.read(written(tmp_path, AZATHOTH + "".join(lines)))
    assert len(ratings) == 59_999
    assert broken(ratings)["with too few or too many cells"][0] == 1


def test_an_endless_line_from_a_pipe_is_left_after_a_few_blocks(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    sent = 0

    def pour() -> None:
        nonlocal sent
        with path.open("wb", buffering=0) as pipe:
            try:
                pipe.write(COOPER_UNION.encode())
                while sent < 2**30:
                    sent += pipe.write(b"7" * 2**16)
            except BrokenPipeError:
                pass

    pouring = threading.Thread(target=pour)
    pouring.start()
    with pytest.raises(RatingsError, match="a line is longer than"):
        Ratings.read(path)
    pouring.join(timeout=30)
    assert sent < 2**24


def test_a_pipe_of_ratings_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    pouring = threading.Thread(target=path.write_text, args=(COOPER_UNION + "1,20,7\n",))
    pouring.start()
    assert pairs(Ratings.read(path)) == {1: {20: 7.0}}
    pouring.join(timeout=30)


def test_a_file_of_something_else_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    sent = 0

    def pour() -> None:
        nonlocal sent
        with path.open("wb", buffering=0) as pipe:
            try:
                pipe.write(COOPER_UNION.encode())
                while sent < 2**27:
                    sent += pipe.write(b"Dear diary, today\n" * 4096)
            except BrokenPipeError:
                pass

    pouring = threading.Thread(target=pour)
    pouring.start()
    with pytest.raises(RatingsError, match="line 2: 'Dear diary, today' has 2 cells"):
        Ratings.read(path)
    pouring.join(timeout=30)
    assert sent < 2**25


def test_a_message_shows_no_control_characters_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(RatingsError) as refused:
        Ratings.read(written(tmp_path, COOPER_UNION + "1,20,\x1b[31mred\x07\n"))
    assert str(refused.value).isprintable()


def test_memory_grows_by_a_few_bytes_a_rating(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    grown = {}
    for n in (500_000, 2_500_000):
        users = np.sort(random.integers(1, 4000, n))
        table = pd.DataFrame({"user_id": users, "anime_id": random.integers(1, 14_000, n), "rating": 7})
        table.to_csv(tmp_path / "ratings.csv", index=False)
        grown[n] = read_in_a_process_of_its_own(tmp_path / "ratings.csv")[1]
    # 9 bytes as they come in and 5 in the order of the anime; two columns of Python integers take 64.
    assert (grown[2_500_000] - grown[500_000]) * 2**20 < 24 * 2_000_000
