"""What members wish for, and what fits it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from hakken import Anime, Catalogue
from hakken.recommend.filters import Filters, Length, likes_ecchi, with_ecchi_if_wanted

BEBOP = Anime(1, "Cowboy Bebop", type="TV", episodes=26, year=1998, genres=("Action", "Sci-Fi", "Space"))
TOTORO = Anime(523, "Tonari no Totoro", type="Movie", episodes=1, year=1988, genres=("Adventure",))
UNKNOWN = Anime(9, "Nothing is known of it")


@pytest.mark.parametrize(
    ("filters", "bebop", "totoro", "unknown"),
    [
        (Filters(), True, True, True),
        (Filters(types={"TV"}), True, False, False),
        (Filters(types={"TV", "Movie"}), True, True, False),
        (Filters(types={"tv"}), False, False, False),
        (Filters(genres={"Action", "Space"}), True, False, False),
        (Filters(genres={"Action", "Adventure"}), False, False, False),
        (Filters(without_genres={"Space", "Romance"}), False, True, True),
        (Filters(from_year=1998), True, False, False),
        (Filters(to_year=1997), False, True, False),
        (Filters(from_year=1988, to_year=1998), True, True, False),
        (Filters(from_year=1989, to_year=1997), False, False, False),
        (
            Filters(types={"TV"}, genres={"Space"}, without_genres={"Romance"}, length="a season"),
            True,
            False,
            False,
        ),
    ],
)
def test_an_anime_fits_when_every_wish_is_met(
    filters: Filters, bebop: bool, totoro: bool, unknown: bool
) -> None:
    assert [filters.fit(one) for one in (BEBOP, TOTORO, UNKNOWN)] == [bebop, totoro, unknown]


@pytest.mark.parametrize(
    ("kind", "episodes", "length"),
    [
        ("Movie", 1, "an evening"),
        ("OVA", 6, "an evening"),
        ("ONA", 1, "an evening"),
        ("Movie", 3, None),
        ("TV", 7, "a season"),
        ("TV", 12, "a season"),
        ("TV", 26, "a season"),
        ("TV", 27, "long"),
        ("TV", 366, "long"),
        ("TV", None, None),
        ("TV", 0, None),
        ("Movie", None, None),
    ],
)
def test_a_length_is_what_the_episodes_come_to(
    kind: str, episodes: int | None, length: Length | None
) -> None:
    anime = Anime(2, "Of some length", type=kind, episodes=episodes)
    lengths: tuple[Length, ...] = ("an evening", "a season", "long")

    assert [one for one in lengths if Filters(length=one).fit(anime)] == ([length] if length else [])


@pytest.mark.parametrize(
    "anime",
    [Anime(3, "A", genres=("Hentai",)), Anime(4, "B", age="Rx - Hentai"), Anime(5, "C", genres=("Erotica",))],
)
def test_what_is_rated_18_needs_leave(anime: Anime) -> None:
    assert not Filters().fit(anime)
    assert not Filters(genres=set(anime.genres)).fit(anime)
    assert Filters(adult=True).fit(anime)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(
            types={"TV"},
            genres={"Action", "Space"},
            without_genres={"Romance"},
            from_year=1990,
            to_year=2000,
            length="long",
            min_raters=0,
            adventure="hidden gems",
            sequels="include",
            planned=True,
            adult=True,
        ),
    ],
)
def test_wishes_can_be_kept_as_json(filters: Filters) -> None:
    assert Filters.model_validate_json(filters.model_dump_json()) == filters


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        ({"from_year": 1899}, ["from_year", "1900"]),
        ({"to_year": 2101}, ["to_year", "2100"]),
        ({"from_year": 2001, "to_year": 2000}, ["from_year 2001 is after to_year 2000"]),
        ({"min_raters": -1}, ["min_raters", "0"]),
        ({"min_raters": 10**9 + 1}, ["min_raters", "1000000000"]),
        ({"types": [str(one) for one in range(26)]}, ["types", "25"]),
        ({"genres": ["x" * 101]}, ["genres", "100"]),
        ({"without_genres": ["x" * 101]}, ["without_genres", "100"]),
        ({"length": "an hour"}, ["length", "an evening"]),
        ({"adventure": "wild"}, ["adventure", "hidden gems"]),
        ({"sequels": "all"}, ["sequels", "include"]),
        ({"studio": "Bones"}, ["studio", "not permitted"]),
    ],
)
def test_what_no_wish_can_be_is_refused_by_name(wish: dict[str, Any], names: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        Filters.model_validate(wish)

    assert all(name in str(refused.value) for name in names)


def test_the_widest_ranges_are_taken() -> None:
    filters = Filters(
        from_year=1900, to_year=2100, min_raters=10**9, genres={"x" * 100, *map(str, range(24))}
    )

    assert len(filters.genres) == 25


def test_wishes_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Filters().planned = True  # type: ignore[misc]


@pytest.mark.parametrize(
    ("ratings", "likes"),
    [
        ({}, False),
        ({1: 10, 2: 6}, False),
        ({1: 10, 3: 10}, False),
        ({1: 7, 2: 7}, True),
        ({1: 7, 9: 9}, False),
    ],
)
def test_two_ecchi_anime_at_7_or_more_make_a_taste(ratings: dict[int, float], likes: bool) -> None:
    ecchi = [Anime(one, f"No. {one}", genres=("Comedy", "Ecchi")) for one in (1, 2)]
    catalogue = Catalogue([*ecchi, Anime(3, "Another", genres=("Comedy",))])
    assert likes_ecchi(ratings, catalogue) is likes
    assert [Filters(ecchi=False).fit(one) for one in catalogue.values()] == [False, False, True]


@pytest.mark.parametrize(
    ("filters", "ratings", "shown"),
    [
        (Filters(), {1: 9, 2: 7}, True),
        (Filters(), {1: 9, 2: 6}, False),
        (Filters(genres={"Ecchi"}), {}, True),
        (Filters(genres={"Ecchi"}, ecchi=False), {1: 9, 2: 7}, False),
    ],
)
def test_ecchi_is_for_those_who_want_it_and_never_where_it_is_forbidden(
    filters: Filters, ratings: dict[int, float], shown: bool
) -> None:
    catalogue = Catalogue([Anime(one, f"No. {one}", genres=("Comedy", "Ecchi")) for one in (1, 2)])
    decided = with_ecchi_if_wanted(filters, ratings, catalogue)
    assert decided == filters.model_copy(update={"ecchi": shown})
