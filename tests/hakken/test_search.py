"""Titles as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import Anime, Catalogue
from hakken.search import TitleSearch
from tests.conftest import CATALOGUE

FACTS = Catalogue.read(CATALOGUE)
SEARCH = TitleSearch(FACTS)
POPULAR = sorted(FACTS.values(), key=lambda anime: -anime.members)[:60]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kimetu no yaiba", 38000),
        ("demon slayer", 38000),
        ("fullmetal", 5114),
        ("full metal alchemist", 121),
        ("FULLMETAL ALCHEMIST", 121),
        ("shingeki", 16498),
        ("attack on titan", 16498),
        ("code geas", 1575),
        ("steins gate", 9253),
        ("kon", 5680),
        ("jojo", 14719),
        ("rezero", 31240),
        ("86", 41457),
        ("sao", 11757),
        ("your lie in april", 23273),
        ("naruto shipuden", 1735),
        ("ｄｅａｔｈ　ｎｏｔｅ", 1535),
        ("Yakusoku no Névérland", 37779),
        ("alchemist brotherhood", 5114),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, first: int) -> None:
    assert SEARCH.find(typed)[0].anime_id == first


def test_an_empty_query_offers_the_most_popular() -> None:
    members = [FACTS[match.anime_id].members for match in SEARCH.find("", 10)]
    assert members == sorted((anime.members for anime in FACTS.values()), reverse=True)[:10]


@pytest.mark.parametrize("anime", POPULAR, ids=lambda anime: anime.title)
def test_one_slip_of_the_finger_still_finds_it(anime: Anime) -> None:
    title = anime.title
    for at in range(1, len(title) - 1, 3):
        for slip in (title[:at] + title[at + 1 :], title[:at] + "q" + title[at + 1 :], swapped(title, at)):
            if len(title) > 3:
                assert anime.anime_id in [match.anime_id for match in SEARCH.find(slip, 5)], slip


def swapped(title: str, at: int) -> str:
    return title[:at] + title[at + 1] + title[at] + title[at + 2 :]


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(0, 25))
def test_any_text_is_answered_in_bounds(typed: str, n: int) -> None:
    found = SEARCH.find(typed, n)
    assert len(found) <= n
    assert len({match.anime_id for match in found}) == len(found)
    assert all(0 <= match.similarity <= 1 for match in found)
    assert found == SEARCH.find(typed, n)


@settings(deadline=None)
@given(st.text(max_size=20), st.sets(st.sampled_from(sorted(FACTS))))
def test_among_keeps_to_what_it_is_given(typed: str, among: set[int]) -> None:
    assert {match.anime_id for match in SEARCH.find(typed, 25, among)} <= among


def test_an_unpopular_anime_is_found_among_the_own() -> None:
    assert [match.anime_id for match in SEARCH.find("", 25, [59338])] == [59338]
    assert [match.anime_id for match in SEARCH.find("momji", 25, [59338, 5114])] == [59338]


def test_an_exact_title_is_one_anime_or_none() -> None:
    assert SEARCH.exact("k-on") == 5680 or SEARCH.exact("k-on") is None
    assert SEARCH.exact("death note") == 1535
    assert SEARCH.exact("Demon Slayer: Kimetsu no Yaiba") == 38000
    assert SEARCH.exact("Momiji") is None
    assert SEARCH.exact("deth note") is None
    assert SEARCH.exact("") is None
    assert SEARCH.exact("🍣") is None


def test_an_empty_catalogue_finds_nothing() -> None:
    empty = TitleSearch(Catalogue())
    assert empty.find("anything") == []
    assert empty.find("") == []
    assert empty.exact("x") is None
