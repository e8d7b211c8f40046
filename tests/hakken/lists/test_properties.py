"""One list gives the same entries in any form, encoding, vocabulary and scale that says what it is."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from decimal import Decimal
from fractions import Fraction
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import Catalogue
from hakken.catalogue.search import TitleSearch
from hakken.lists import read_list_file
from hakken.lists.parsing.scales import Given, points, possible_tops, read_score
from tests.conftest import CATALOGUE

TITLES = TitleSearch(Catalogue.read(CATALOGUE))
ANIME = {
    1: "Cowboy Bebop",
    6: "Trigun",
    20: "Naruto",
    1535: "Death Note",
    5114: "Fullmetal Alchemist: Brotherhood",
}
STATUSES = ("completed", "watching", "on hold", "dropped", "planned")
HEADINGS = ("id", "title", "score", "status")
# Written down here by hand: in each language the headings and the five statuses.
LANGUAGES = {
    "MyAnimeList": (
        ("series_animedb_id", "series_title", "my_score", "my_status"),
        ("Completed", "Watching", "On-Hold", "Dropped", "Plan to Watch"),
    ),
    "AniList": (
        ("mal_id", "title", "score", "status"),
        ("COMPLETED", "CURRENT", "PAUSED", "DROPPED", "PLANNING"),
    ),
    "Anime-Planet": (
        ("mal_id", "name", "rating", "status"),
        ("watched", "watching", "stalled", "dropped", "want to watch"),
    ),
    "Simkl": (
        ("mal", "title", "user_rating", "status"),
        ("completed", "watching", "hold", "notinteresting", "plantowatch"),
    ),
    "Yamtrack": (
        ("mal_id", "title", "score", "status"),
        ("Completed", "In progress", "Paused", "Dropped", "Planning"),
    ),
    "German": (
        ("mal_id", "Titel", "Bewertung", "Status"),
        ("Abgeschlossen", "Am Schauen", "Pausiert", "Abgebrochen", "Geplant"),
    ),
    "French": (
        ("mal_id", "Titre", "Note", "Statut"),
        ("Terminé", "En cours", "En pause", "Abandonné", "À voir"),
    ),
    "Spanish": (
        ("mal_id", "Título", "Puntuación", "Estado"),
        ("Completado", "Viendo", "En espera", "Abandonado", "Pendiente"),
    ),
    "Portuguese": (
        ("mal_id", "Título", "Nota", "Situação"),
        ("Assistido", "Assistindo", "Em pausa", "Dropado", "Quero assistir"),
    ),
    "Russian": (
        ("mal_id", "Название", "Моя оценка", "Статус просмотра"),
        ("Просмотрено", "Смотрю", "Отложено", "Брошено", "Запланировано"),
    ),
    "Polish": (
        ("mal_id", "Tytuł", "Ocena", "Status"),
        ("Ukończone", "Oglądam", "Wstrzymane", "Porzucone", "Planowane"),
    ),
    "Japanese": (
        ("mal_id", "タイトル", "評価", "ステータス"),
        ("見た", "見てる", "一時中断", "視聴中止", "見たい"),
    ),
    "Chinese": (("mal_id", "标题", "评分", "状态"), ("看过", "在看", "搁置", "抛弃", "想看")),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1251")
Entries = dict[int, tuple[str, int | None]]

entries = st.dictionaries(
    st.sampled_from(sorted(ANIME)),
    st.tuples(st.sampled_from(STATUSES), st.none() | st.integers(1, 10)),
    min_size=1,
    max_size=5,
)


@st.composite
def written_score(draw: st.DrawFn, score: int | None) -> str:
    """A score in a form that says its scale, or one of the ways to say that there is none."""
    if score is None:
        return draw(st.sampled_from(["", "0", "-", "None", "N/A", "null", "?"]))
    forms = [
        f"{score}/10",
        f"{score}.0/10",
        f"{score} out of 10",
        f"{score * 10}%",
        f"{score * 10}/100",
        f"{score * 2}/20",
    ]
    return draw(st.sampled_from([*forms, f"{score / 2:g}/5", f"{score / 2:g} / 5"]))


def as_xml(rows: list[tuple[int, str, str, str]], _headings: tuple[str, ...]) -> str:
    body = "".join(
        f"<anime><series_animedb_id>{anime_id}</series_animedb_id><series_title>{escape(title)}</series_title>"
        f"<my_score>{score}</my_score><my_status>{escape(status)}</my_status></anime>"
        for anime_id, title, score, status in rows
    )
    return f'<?xml version="1.0"?>\n<myanimelist>{body}</myanimelist>'


def as_table(delimiter: str) -> object:
    def write(rows: list[tuple[int, str, str, str]], headings: tuple[str, ...]) -> str:
        file = io.StringIO()
        csv.writer(file, delimiter=delimiter).writerows([headings, *rows])
        return file.getvalue()

    return write


def as_titles(rows: list[tuple[int, str, str, str]], headings: tuple[str, ...]) -> str:
    """A table without ids."""
    return as_table(";")([row[1:] for row in rows], headings[1:])  # type: ignore[operator]


def as_json(rows: list[tuple[int, str, str, str]], _headings: tuple[str, ...]) -> str:
    return json.dumps([dict(zip(("mal_id", "title", "score", "status"), row, strict=True)) for row in rows])


def as_nested_json(rows: list[tuple[int, str, str, str]], _headings: tuple[str, ...]) -> str:
    return json.dumps(
        {
            "data": [
                {"node": {"id": anime_id, "title": title}, "list_status": {"score": score, "status": status}}
                for anime_id, title, score, status in rows
            ]
        },
        ensure_ascii=False,
    )


FORMS = {
    "XML": as_xml,
    "commas": as_table(","),
    "semicolons": as_table(";"),
    "tabs": as_table("\t"),
    "bars": as_table("|"),
    "titles": as_titles,
    "JSON": as_json,
    "nested JSON": as_nested_json,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@given(wanted=entries, language=st.sampled_from(sorted(LANGUAGES)), packed=st.booleans(), data=st.data())
@settings(max_examples=25)
def test_the_same_entries_come_out_whatever_they_are_written_in(
    form: str,
    encoding: str,
    wanted: Entries,
    language: str,
    packed: bool,
    data: st.DataObject,
) -> None:
    headings, words = LANGUAGES[language]
    rows = [
        (anime_id, ANIME[anime_id], data.draw(written_score(score)), words[STATUSES.index(status)])
        for anime_id, (status, score) in wanted.items()
    ]
    text = FORMS[form](rows, headings)  # type: ignore[operator]
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        content = text.encode()  # no old encoding has all letters
    read = read_list_file(gzip.compress(content) if packed else content, TITLES)

    assert {entry.anime_id: (entry.status, entry.score) for entry in read.entries} == wanted
    assert (read.unsure, read.passed_over, read.unknown_scores, read.unknown_statuses) == ((), {}, {}, {})


@given(
    wanted=entries,
    junk=st.sampled_from(["&", "\x00", "\x0b", "</x>", "<b", "&nobody;", "\x1b[0m"]),
    data=st.data(),
)
def test_a_damage_between_the_entries_of_a_list_costs_none_of_them(
    wanted: Entries, junk: str, data: st.DataObject
) -> None:
    whole = as_xml(
        [
            (anime_id, ANIME[anime_id], str(score or 0), status)
            for anime_id, (status, score) in wanted.items()
        ],
        (),
    )
    at = data.draw(st.sampled_from([found.start() for found in re.finditer("<anime>|</myanimelist>", whole)]))
    read = read_list_file((whole[:at] + junk + whole[at:]).encode(), TITLES)

    assert {entry.anime_id: (entry.status, entry.score) for entry in read.entries} == wanted
    assert read.notes


@given(wanted=entries, cut=st.floats(0, 1))
def test_of_a_list_that_was_cut_short_the_whole_entries_are_kept(wanted: Entries, cut: float) -> None:
    rows = [
        (anime_id, ANIME[anime_id], str(score or 0), status) for anime_id, (status, score) in wanted.items()
    ]
    for form, end in ((as_xml, "</anime>"), (as_nested_json, "}}")):
        text = form(rows, ())
        first = text.index(end) + len(end)
        at = first + int(cut * (len(text) - first - 1))
        kept = dict(list(wanted.items())[: text[:at].count(end)])

        read = read_list_file(text[:at].encode(), TITLES)

        assert {entry.anime_id: (entry.status, entry.score) for entry in read.entries} == kept
        assert any("missing" in note for note in read.notes)


@given(st.sampled_from([5, 10, 20, 100]), st.decimals("0.01", 100, places=2))
def test_points_are_the_tenths_of_the_scale_with_halves_up(top: int, value: Decimal) -> None:
    exact = Fraction(value) * 10 / top
    expected = max(1, int(exact + Fraction(1, 2))) if value <= top else None
    assert points(value, top) == expected


@given(
    st.lists(st.decimals(0, 120, places=1), min_size=1, max_size=30),
    st.sampled_from([None, 5, 10, 20, 100]),
)
def test_the_scale_of_a_column_is_among_those_offered(values: list[Decimal], usual: int | None) -> None:
    given_scores = [one for value in values if (one := _score(f"{value}")) is not None]
    tops = possible_tops(given_scores, usual)

    assert tops
    assert set(tops) <= {5, 10, 20, 100}
    assert list(tops) == sorted(set(tops))
    # Whoever chooses the widest scale loses no score, but for a few beyond the usual one.
    lost = [one for one in given_scores if one.value > tops[-1] and one.value <= 100]
    assert 10 * len(lost) <= len(given_scores)


@given(st.lists(st.integers(1, 5), min_size=1))
def test_a_column_up_to_5_alone_may_be_of_5_or_of_10(values: list[int]) -> None:
    scores = [score for value in values if (score := _score(str(value))) is not None]
    assert possible_tops(scores, None) == (5, 10)


def _score(text: str) -> Given | None:
    try:
        return read_score(text)
    except ValueError:
        return None
