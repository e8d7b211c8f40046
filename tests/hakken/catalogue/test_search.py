"""Titles as people type them."""

from __future__ import annotations

import string
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakken import Anime, Catalogue
from hakken.catalogue.search import Match, TitleSearch
from tests.conftest import CATALOGUE

# Beside the anime that all tests share: what people type here, and titles that are hard to tell apart.
MORE = (
    Anime(21, "One Piece", None, "TV", None, 1999, 1445125),
    Anime(156, "X", None, "TV", 24, 2001, 71022),
    Anime(199, "Sen to Chihiro no Kamikakushi", "Spirited Away", "Movie", 1, 2001, 1331793),
    Anime(918, "Gintama", "Gintama", "TV", 201, 2006, 1137000),
    Anime(9969, "Gintama'", "Gintama Season 2", "TV", 51, 2011, 603547),
    Anime(31687, "◯", None, "Movie", 1, 2015, 500),
)
FACTS = Catalogue([*Catalogue.read(CATALOGUE).values(), *MORE])
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
        ("fma brotherhood", 5114),
        ("one peice", 21),
        ("spirted away", 199),
        ("pokemon", 527),
        ("Pokémon", 527),
        ("x", 156),
        ("de", 1535),
        ("na", 1735),
        ("ki", 38000),
        ("a", 16498),
        ("◯", 31687),
    ],
)
def test_what_people_type_finds_what_they_mean(typed: str, first: int) -> None:
    assert SEARCH.find(typed)[0].anime_id == first


def test_of_two_that_begin_alike_the_more_popular_comes_first() -> None:
    assert [match.anime_id for match in SEARCH.find("fullmetal", 2)] == [5114, 121]


def test_of_two_that_fit_equally_the_one_with_the_lower_id_comes_first() -> None:
    # However the catalogue lists them.
    for twins in ((70, 9, 800), (800, 70, 9)):
        search = TitleSearch(Catalogue(Anime(one, "Namesake", members=100) for one in twins))
        for typed in ("namesake", "namesak", "nmaesake"):
            assert [match.anime_id for match in search.find(typed)] == [9, 70, 800]
            assert [match.anime_id for match in search.find(typed, 2)] == [9, 70]


def test_of_two_titles_of_an_anime_that_fit_equally_the_first_by_the_alphabet_is_named() -> None:
    for titles in (("Kita Hoshi", "Kita Mori"), ("Kita Mori", "Kita Hoshi")):
        search = TitleSearch(Catalogue([Anime(1, *titles, members=5)]))
        assert search.find("kita", 1)[0].title == "Kita Hoshi"


def test_of_equally_popular_ones_the_catalogues_first_are_offered_first() -> None:
    # More than a sort keeps in order by chance.
    unknown = [Anime(one, f"Title {one}", members=5) for one in range(300, 0, -1)]
    offered = TitleSearch(Catalogue([*unknown, Anime(999, "Known", members=50)])).find("", 25)
    assert [match.anime_id for match in offered] == [999, *range(300, 276, -1)]


@pytest.mark.parametrize(
    ("typed", "title", "similarity"),
    [
        ("ab", "Ax", 0.5),  # one letter of two: just enough
        ("abc", "Axx", None),
        ("mon", "Pokemon", 0.88),  # three letters may stand anywhere in a word, two only at its beginning
        ("mo", "Pokemon", None),
        ("nge", "Neon Genesis Evangelion", 0.9),  # three words have initials, two have none
        ("dn", "Death Note", None),
    ],
)
def test_how_well_a_title_fits_worked_by_hand(typed: str, title: str, similarity: float | None) -> None:
    found = TitleSearch(Catalogue([Anime(1, title, members=5)])).find(typed, 1, [1])
    assert [match.similarity for match in found] == ([] if similarity is None else [similarity])


def test_a_title_of_exactly_1000_characters_is_still_one() -> None:
    search = TitleSearch(Catalogue([Anime(1, "n" * 1000), Anime(2, "n" * 1001)]))
    assert search.exact("N" * 1000) == 1
    assert search.exact("N" * 1001) is None


def test_initials_find_the_sequel_too() -> None:
    assert [match.anime_id for match in SEARCH.find("sao", 2)] == [11757, 21881]


def test_a_match_names_the_title_that_was_meant() -> None:
    assert SEARCH.find("atack on titan", 1)[0].title == "Attack on Titan"
    assert SEARCH.find("shingeki no kyojn", 1)[0].title == "Shingeki no Kyojin"


@pytest.mark.parametrize("anime", FACTS.values(), ids=lambda anime: anime.anime_id)
def test_the_whole_title_finds_it_at_once(anime: Anime) -> None:
    first = SEARCH.find(anime.title, 1)[0]
    # Of a query, 100 characters count.
    assert first.similarity == 1 or len(anime.title) > 100
    # A namesake may be more popular.
    assert first.anime_id == anime.anime_id or SEARCH.exact(anime.title) is None


@settings(deadline=None)
@given(st.sampled_from([anime for anime in FACTS.values() if len(anime.title) > 4]), st.data())
def test_any_single_slip_still_finds_it(anime: Anime, data: st.DataObject) -> None:
    title = anime.title[:100]
    at = data.draw(st.integers(0, len(title) - 2))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slip = data.draw(
        st.sampled_from(
            [title[:at] + title[at + 1 :], title[:at] + letter + title[at + 1 :], swapped(title, at)]
        )
    )
    assert anime.anime_id in [match.anime_id for match in SEARCH.find(slip)], slip


def test_a_query_of_any_length_and_script_is_answered() -> None:
    for typed in (
        "naruto " * 2000,
        "進撃の巨人",
        "Наруто",
        "🍣" * 100,
        "\x00",
        "ﷺ" * 100,
        "İ" * 100,
        "\u0301" * 50,
    ):
        assert len(SEARCH.find(typed)) <= 25


def test_in_nineteen_thousand_titles_any_slip_finds_the_one_that_was_meant() -> None:
    catalogue = made_up_catalogue(19_000)
    search = TitleSearch(catalogue)
    for anime in list(catalogue.values())[::211]:
        slip = swapped(anime.title, len(anime.title) // 2)
        assert anime.anime_id in [match.anime_id for match in search.find(slip)], slip
    every_seventh = set(list(catalogue)[::7])
    for anime_id in sorted(every_seventh)[::97]:
        found = [match.anime_id for match in search.find(catalogue[anime_id].title, 5, every_seventh)]
        assert found[0] == anime_id
        assert every_seventh.issuperset(found)


def made_up_catalogue(count: int) -> Catalogue:
    random = np.random.default_rng(3)
    syllables = np.array([one + two for one in ("", *"kstnhmrgzdbpjwy") for two in "aiueo"])

    def word() -> str:
        return "".join(random.choice(syllables, int(random.integers(1, 5))))

    titles = dict.fromkeys(
        " ".join(word() for _ in range(int(random.integers(2, 6)))) for _ in range(2 * count)
    )
    members = random.pareto(1, count) * 1000
    return Catalogue(
        Anime(at, title.capitalize(), members=int(members[at - 1]))
        for at, title in enumerate([title for title in titles if len(title) > 8][:count], 1)
    )


def test_a_whole_title_is_in_reach_however_many_popular_ones_begin_with_it() -> None:
    popular = [Anime(at, f"Love Story {at}", members=4_000_000) for at in range(1, 400)]
    search = TitleSearch(Catalogue([*popular, Anime(36113, "Love", members=300)]))
    assert 36113 in [match.anime_id for match in search.find("love")]


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
    assert SEARCH.exact("k-on") is None
    assert SEARCH.exact("gintama") is None
    assert SEARCH.exact("gintama season 2") == 9969
    assert SEARCH.exact("ＳＴＥＩＮＳ；ＧＡＴＥ") == 9253
    assert SEARCH.exact("pokémon") == 527
    assert SEARCH.exact("◯") == 31687
    assert SEARCH.exact("death note") == 1535
    assert SEARCH.exact("Demon Slayer: Kimetsu no Yaiba") == 38000
    assert SEARCH.exact("Momiji") is None
    assert SEARCH.exact("deth note") is None
    assert SEARCH.exact("") is None
    assert SEARCH.exact("🍣") is None


def test_what_stands_behind_a_long_gap_still_belongs_to_the_title() -> None:
    assert SEARCH.exact("Naruto" + " " * 2000 + "Shippuuden") != 20
    assert SEARCH.exact("Naruto" + " " * 400 + "Shippuuden") == 1735


@given(st.sampled_from(sorted(FACTS)), st.sampled_from([str.upper, str.lower, str.title, "«{}»!".format]))
def test_an_exact_title_is_never_another_anime(anime_id: int, written: Callable[[str], str]) -> None:
    assert SEARCH.exact(written(FACTS[anime_id].title)) in {anime_id, None}


def test_synonyms_find_an_anime_and_never_hide_another_title() -> None:
    search = TitleSearch(
        Catalogue(
            [
                Anime(
                    16498,
                    "Shingeki no Kyojin",
                    "Attack on Titan",
                    members=3_000_000,
                    synonyms=("進撃の巨人",),
                ),
                Anime(30, "Shin Seiki Evangelion", members=1_000_000, synonyms=("NGE", "Evangelion")),
                Anime(2759, "Evangelion Shin Movie: Jo", members=500_000, synonyms=("Evangelion",)),
                Anime(31, "Nadia", members=100),
                Anime(32, "Popular", members=4_000_000, synonyms=("Nadia",)),
            ]
        )
    )
    assert search.find("進撃の巨人")[0] == Match(16498, "進撃の巨人", 0.97)
    assert search.find("nge", 1)[0].anime_id == 30
    assert search.exact("nge") == 30
    assert search.exact("evangelion") is None
    assert search.exact("nadia") == 31
    assert search.find("nadia", 1)[0].anime_id == 31
    # However many titles an anime has, it is offered once and under its main one.
    assert [match.title for match in search.find("", 3)] == [
        "Popular",
        "Shingeki no Kyojin",
        "Shin Seiki Evangelion",
    ]


def test_an_empty_catalogue_finds_nothing() -> None:
    empty = TitleSearch(Catalogue())
    assert empty.find("anything") == []
    assert empty.find("") == []
    assert empty.exact("x") is None
