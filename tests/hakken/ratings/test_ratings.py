"""Rating sets as files have them: read right, or refused with file, line and value."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakken import Ratings, RatingsError, read_list
from tests.hakken.made_up import made_up_ratings

GOOD = "user_id,anime_id,score\n7,20,9\n7,10,3\n8,10,5\n"


def written(tmp_path: Path, text: str | bytes, name: str = "ratings.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def pairs(ratings: Ratings) -> dict[object, dict[int, float]]:
    return {user: ratings.of_user(row) for row, user in enumerate(ratings.user_ids.tolist())}


EXPECTED = {7: {10: 3.0, 20: 9.0}, 8: {10: 5.0}}


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.rstrip("\n"),
        GOOD.replace("\n", "\n\n"),
        "score,seen,item_id,user_id\n9,x,20,7\n3,,10,7\n5,y,10,8\n",
        'rating,anime_id,"user_id"\n"9",20,7\n 3 , 10 ,7\n5,10,8\n',
        "user_id,anime_id,my_score,my_status\n7,20,9,2\n7,10,3,1\n8,10,5,2\n",
    ],
)
def test_the_same_ratings_are_read_from_any_form(tmp_path: Path, text: str) -> None:
    assert pairs(Ratings.read(written(tmp_path, text))) == EXPECTED
    assert pairs(Ratings.read(written(tmp_path, gzip.compress(text.encode()), "any.name"))) == EXPECTED


def test_parquet_is_read(tmp_path: Path) -> None:
    table = pa.table({"score": [9, 3, 5], "anime_id": [20, 10, 10], "user_id": [7, 7, 8]})
    pq.write_table(table, tmp_path / "ratings.parquet")
    assert pairs(Ratings.read(tmp_path / "ratings.parquet")) == EXPECTED


def test_names_are_users_too(tmp_path: Path) -> None:
    ratings = Ratings.read(written(tmp_path, "username,anime_id,my_score\nbob,10,5\nänn,20,9\nbob,20,1\n"))
    assert pairs(ratings) == {"bob": {10: 5.0, 20: 1.0}, "änn": {20: 9.0}}


def test_not_rated_is_dropped_and_of_a_repeated_pair_the_last_counts(tmp_path: Path) -> None:
    text = GOOD + "8,10,7\n8,20,0\n9,20,-1\n8,40,\n"
    ratings = Ratings.read(written(tmp_path, text))
    assert pairs(ratings) == {7: {10: 3.0, 20: 9.0}, 8: {10: 7.0}}
    assert (ratings.report.lines, ratings.report.not_rated, ratings.report.repeated) == (7, 3, 1)
    assert ratings.report.silent_users == 1
    assert len(ratings) == 3
    assert ratings.raters.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        (GOOD + "8,30,11\n", "line 5", "'11'"),
        (GOOD + "8,30,10.5\n", "line 5", "'10.5'"),
        (GOOD + "\n\n8,30,-2\n", "line 7", "'-2'"),
        (GOOD + "8,30,0.5\n", "line 5", "'0.5'"),
        (GOOD + "8,30,nan\n", "line 5", "'nan'"),
        (GOOD + "8,30,inf\n", "line 5", "'inf'"),
        (GOOD + "8,30,good\n", "line 5", "'good'"),
        (GOOD + "8,x,5\n", "line 5", "'x'"),
        (GOOD + "8,0,5\n", "line 5", "'0'"),
        (GOOD + "8,-4,5\n", "line 5", "'-4'"),
        (GOOD + "8,9223372036854775808,5\n", "line 5", "'9223372036854775808'"),
        (GOOD + ",30,5\n", "line 5", "''"),
        (GOOD + "8,30\n", "line 5", "'8,30'"),
        ("\n" + GOOD.replace("\n", "\n\n") + "8,30,5,5\n", "line 1", ""),
        (GOOD.replace("\n", "\n\n") + "8,30,5,5\n", "line 9", "'8,30,5,5'"),
        ("user_id,anime_id\n1,2\n", "line 1", "score or rating or my_score"),
        ("anime_id,score\n1,2\n", "line 1", "user_id or username"),
        (b"user_id,anime_id,score\xff\n", "line 1", "UTF-8"),
    ],
)
def test_what_is_no_rating_is_named_with_file_line_and_value(
    tmp_path: Path, text: str | bytes, line: str, value: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ValueError, match=r"ratings\.csv") as refused:
        Ratings.read(path)
    assert str(refused.value).startswith(f"{path}: {line}")
    assert value in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"user_id,anime_id,score\n",
        gzip.compress(GOOD.encode() * 1000, mtime=0)[:-20],
        b"\x1f\x8bnot gzip",
        gzip.compress(GOOD.encode() * 99, mtime=0)[:30] + b"\xff" * 40,
        b"PAR1 not parquet",
        b"\x00" * 5000,
        b"user_id,anime_id,score\n7,\xff\xfe,9\n",
        b"user_id,anime_id,score\n" + b"7" * 9_000_000,
    ],
)
def test_what_is_no_rating_set_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    with pytest.raises(RatingsError, match=r"ratings\.csv") as refused:
        Ratings.read(path)
    assert "\n" not in str(refused.value)


def test_a_directory_and_a_missing_file_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(RatingsError, match="cannot be read"):
            Ratings.read(path)


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 10)), min_size=1), st.randoms()
)
def test_the_order_of_ratings_does_not_matter(rows: list[tuple[int, int, int]], random: object) -> None:
    unique = list({(user, anime): (user, anime, score) for user, anime, score in rows}.values())
    shuffled = random.sample(unique, len(unique))  # type: ignore[attr-defined]
    one, other = (Ratings.from_arrays(*zip(*part, strict=True)) for part in (unique, shuffled))
    assert one.fingerprint() == other.fingerprint()
    assert pairs(one) == pairs(other)


def test_a_file_and_arrays_of_the_same_ratings_have_one_fingerprint(tmp_path: Path) -> None:
    read = Ratings.read(written(tmp_path, GOOD.replace("7,20,9", "7,20,1") + "7,20,9\n9,10,0\n"))
    assert read.fingerprint() == Ratings.from_arrays([8, 7, 7], [10, 10, 20], [5, 3, 9]).fingerprint()
    assert read.matrix.indices.dtype == read.matrix.indptr.dtype == np.int32


def test_a_fingerprint_does_not_depend_on_how_ids_are_held() -> None:
    of_names = Ratings.from_arrays(["bo", "ann"], [10, 20], [5, 6])
    silent = Ratings.from_arrays(["bo", "ann", "a much longer name"], [10, 20, 20], [5, 6, 0])
    assert silent.user_ids.dtype != of_names.user_ids.dtype
    assert silent.fingerprint() == of_names.fingerprint()
    users, anime, scores = np.array([3, 1, 2, 3]), [10, 20, 10, 20], [5, 6, 7, 8]
    prints = {
        Ratings.from_arrays(users.astype(kind), np.array(anime, kind), scores).fingerprint()
        for kind in (np.uint8, np.int16, np.int32, np.int64, np.uint64)
    }
    whole = Ratings.from_arrays(users, anime, scores)
    matrix = whole.matrix.copy()
    matrix.indptr, matrix.indices = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64)
    wide = Ratings(whole.user_ids, whole.anime_ids.astype(np.int32), matrix, whole.report)
    assert prints == {whole.fingerprint()} == {wide.fingerprint()}


def test_the_fingerprint_of_a_part_is_that_of_its_ratings_alone() -> None:
    ratings = made_up_ratings()
    part = ratings.of_users(np.arange(0, 60, 2))
    users, anime = part.matrix.nonzero()
    alone = Ratings.from_arrays(part.user_ids[users], part.anime_ids[anime], part.matrix.data)
    assert part.fingerprint() == alone.fingerprint() != ratings.fingerprint()


def test_a_fingerprint_tells_any_other_rating_set_apart() -> None:
    sets = [
        ([1], [10], [5]),
        ([1], [10], [6]),
        ([2], [10], [5]),
        ([1], [11], [5]),
        ([1, 1], [10, 11], [5, 5]),
        ([1, 2], [10, 11], [5, 5]),
        (["1"], [10], [5]),
        (["a", "b"], [10, 10], [5, 5]),
        (["ab", ""], [10, 10], [5, 5]),
        (["a", "ä"], [10, 10], [5, 5]),
    ]
    assert len({Ratings.from_arrays(*one).fingerprint() for one in sets}) == len(sets)


def test_arrays_off_the_scale_or_of_different_lengths_are_refused() -> None:
    with pytest.raises(RatingsError, match="11"):
        Ratings.from_arrays([1, 1], [10, 20], [5, 11])
    with pytest.raises(RatingsError, match="one length"):
        Ratings.from_arrays([1], [10, 20], [5, 6])


@pytest.mark.parametrize(
    "anime",
    [
        [10, 0],
        [10, -1],
        [10, 2**31],
        [10, 2**40],
        [10, 2**70],
        np.array([10, 2**64 - 5], np.uint64),
        [10, float("nan")],
        [10, float("inf")],
        [10, 5.7],
        np.array([10, 2.5]),
        [10, 2**63],
        [10, None],
        np.array([10, None]),
        [10, True],
        [10, "20"],
        [10, "２０"],
        ["10", "２０"],
    ],
)
def test_an_id_that_no_anime_has_is_refused(anime: Any) -> None:
    with pytest.raises(RatingsError, match=r"the anime id \S+ is not a whole number from 1 to 2147483647"):
        Ratings.from_arrays([1, 2], anime, [5, 6])


@pytest.mark.parametrize("user", [5.7, 2**63, -(2**63) - 1, None, True, float("nan"), b"ann"])
def test_what_names_no_user_is_refused(user: Any) -> None:
    with pytest.raises(RatingsError, match=r"rating 1: the user .+ is neither a whole number nor a name"):
        Ratings.from_arrays([1, user], [10, 20], [5, 6])


def test_users_are_whole_numbers_or_names_however_they_are_held() -> None:
    floats = np.array([3.0, 1.0])  # as pandas reads whole numbers from a column with gaps
    for ids in ([3, 1], (3, 1), floats, np.array([3, 1], object), np.array([3, 1], np.uint8)):
        assert pairs(Ratings.from_arrays(ids, [10, 20], [5, 6])) == {1: {20: 6.0}, 3: {10: 5.0}}
    for names in (["bo", "3"], np.array(["bo", "3"]), np.array(["bo", "3"], object)):
        assert pairs(Ratings.from_arrays(names, [10, 20], [5, 6])) == {"3": {20: 6.0}, "bo": {10: 5.0}}


def test_the_highest_id_is_an_anime() -> None:
    assert Ratings.from_arrays([1, 2], [1, 2**31 - 1], [5, 6]).anime_ids.tolist() == [1, 2**31 - 1]


def test_users_can_be_taken_apart() -> None:
    ratings = Ratings.from_arrays([1, 1, 2, 3], [10, 20, 20, 30], [5, 6, 7, 8])
    part = ratings.of_users(np.array([0, 2]))
    assert pairs(part) == {1: {10: 5.0, 20: 6.0}, 3: {30: 8.0}}
    assert part.anime_ids.tolist() == [10, 20, 30]


def test_a_members_list_needs_no_user(tmp_path: Path) -> None:
    assert read_list(written(tmp_path, "anime_id,score\n10,5\n20,0\n10,7\n")) == {10: 7.0}
    assert read_list(written(tmp_path, "user_id,anime_id,score\n1,10,5\n")) == {10: 5.0}
    with pytest.raises(RatingsError, match="several users"):
        read_list(written(tmp_path, GOOD))
