"""What `/start` asks: a third of it recent, no later parts, no ecchi, not five of one kind."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakken import Anime, Catalogue, Ratings
from hakken.catalogue.watch_order import WatchOrder
from hakken.recommend.questions import alternating, askable, start_questions
from hakken.recommend.recent import most_telling_by_facts, recent_beginnings, recent_years

STARTER = Path(__file__).resolve().parents[3] / "data" / "starter"


def show(anime_id: int, year: int, members: int = 1000, *genres: str, **others: object) -> Anime:
    """A series whose title has no word in common with others."""
    title = f"{chr(65 + anime_id % 26) * 3}{anime_id}"
    return Anime(
        anime_id, title, type="TV", year=year, members=members, genres=genres or ("Drama",), **others
    )  # type: ignore[arg-type]


def rated(*anime_ids: int) -> Ratings:
    """Ten users who have rated all of these, with scores that differ."""
    triplets = [(user, one, 1 + (user * one) % 10) for user in range(1, 11) for one in anime_ids]
    return Ratings.from_arrays(*zip(*triplets, strict=True))


class TestYears:
    def test_they_are_five_up_to_the_newest(self) -> None:
        assert recent_years(Catalogue([show(1, 2010), show(2, 2016)])) == range(2012, 2017)

    @pytest.mark.parametrize(("announced", "newest"), [(99, 2016), (100, 2027), (0, 2016)])
    def test_what_is_announced_and_on_few_lists_is_not_the_newest(self, announced: int, newest: int) -> None:
        """A tenth of the 1,000 members that the best-known year has."""
        catalogue = Catalogue(
            [show(1, 2010, 600), show(2, 2010, 400), show(3, 2016, 100), show(4, 2027, announced)]
        )
        assert recent_years(catalogue) == range(newest - 4, newest + 1)

    def test_where_no_members_or_no_years_are_known_nothing_is_recent(self) -> None:
        for catalogue in (Catalogue(), Catalogue([show(1, 2016, 0)]), Catalogue([Anime(1, "A", members=9)])):
            assert not recent_years(catalogue)
            assert recent_beginnings(catalogue, dict.fromkeys(catalogue, 1)) == []

    def test_of_the_starter_they_end_with_the_year_of_its_facts(self, starter: Catalogue) -> None:
        assert recent_years(starter) == range(
            2022, 2027
        )  # as of August 2026; 37 anime are announced for 2027


class TestRecentBeginnings:
    def test_the_best_known_come_first_and_older_ones_not_at_all(self) -> None:
        catalogue = Catalogue([show(1, 2026, 10), show(2, 2021, 90), show(3, 2022, 30), show(4, 2025, 20)])
        assert recent_beginnings(catalogue, {1: 1, 2: 2, 3: 3, 4: 4}) == [3, 4, 1]

    def test_a_recent_anime_of_a_better_known_older_franchise_stays_out(self) -> None:
        catalogue = Catalogue([show(1, 2000, 50), show(2, 2025, 40), show(3, 2026, 30), show(4, 2024, 60)])
        assert recent_beginnings(catalogue, {1: 1, 2: 1, 3: 3, 4: 3}) == [4]

    @pytest.mark.parametrize(
        "other",
        [
            {"members": 0},
            {"genres": ()},
            {"type": None},
            {"type": "Music"},
            {"type": "OVA"},
            {"title": "Kareka Soushuuhen"},
        ],
    )
    def test_only_series_and_films_that_are_known_and_described(self, other: dict[str, object]) -> None:
        usual = {"title": "A", "type": "TV", "year": 2026, "members": 10, "genres": ("Drama",)}
        for facts, found in ((usual, [1]), (usual | {"type": "Movie"}, [1]), (usual | other, [])):
            catalogue = Catalogue([Anime(1, **facts), show(2, 2026)])  # type: ignore[arg-type]
            assert recent_beginnings(catalogue, {1: 1}) == found


class TestByFacts:
    def test_the_best_known_is_asked_about_and_then_something_else(self) -> None:
        """Five of one kind are best known; each of the others still tells more than a second one of these."""
        isekai = [show(one, 2025, 1000 - one, "Fantasy", "Isekai") for one in range(1, 6)]
        others = [show(6, 2025, 600, "Romance"), show(7, 2025, 500, "Sports"), show(8, 2025, 400, "Horror")]
        catalogue = Catalogue([*isekai, *others])
        assert most_telling_by_facts(catalogue, [*catalogue], 4) == [1, 6, 7, 8]

    def test_alike_in_kind_the_one_on_more_lists_is_asked_about(self) -> None:
        catalogue = Catalogue([show(1, 2025, 10, "Romance"), show(2, 2025, 20, "Romance")])
        assert most_telling_by_facts(catalogue, [1, 2], 1) == [2]

    def test_what_stands_for_many_comes_before_what_stands_for_itself(self) -> None:
        catalogue = Catalogue(
            [show(1, 2025, 105, "Sports"), *(show(one, 2025, 100, "Drama") for one in (2, 3, 4))]
        )
        assert most_telling_by_facts(catalogue, [1, 2, 3, 4], 2) == [2, 1]

    @pytest.mark.parametrize("n", [0, 1, 5])
    def test_no_more_than_there_are_or_are_wanted(self, n: int) -> None:
        catalogue = Catalogue([show(1, 2025), show(2, 2025)])
        assert most_telling_by_facts(catalogue, [], n) == []
        assert len(most_telling_by_facts(catalogue, [1, 2], n)) == min(n, 2)


IDS = st.lists(st.integers(1, 99), unique=True, max_size=30)


class TestAlternating:
    def test_one_in_three_is_recent_from_the_first_on(self) -> None:
        assert alternating([1, 2, 3, 4, 5], [91, 92, 93], ()) == [91, 1, 2, 92, 3, 4, 93, 5]

    def test_recent_ones_that_the_ratings_chose_count(self) -> None:
        assert alternating([1, 2, 3, 4, 5, 6], [91, 92, 93], {2, 3}) == [91, 1, 2, 3, 4, 5, 6, 92, 93]

    def test_what_is_left_of_either_comes_last(self) -> None:
        assert alternating([1], [91, 92, 93], ()) == [91, 1, 92, 93]
        assert alternating([1, 2, 3, 4], [91], ()) == [91, 1, 2, 3, 4]
        assert alternating([], [], ()) == []

    @given(IDS, IDS, st.sets(st.integers(1, 99)))
    def test_all_are_asked_once_in_their_order_and_a_third_is_recent_while_recent_ones_are_left(
        self, telling: list[int], others: list[int], newer: set[int]
    ) -> None:
        recent = [100 + one for one in others]
        asked = alternating(telling, recent, newer & {*telling})
        assert [one for one in asked if one < 100] == telling
        assert [one for one in asked if one > 100] == recent
        for count in range(1, len(asked) + 1):
            found = sum(one > 100 or one in newer for one in asked[:count])
            assert 3 * found >= count or {*recent} <= {*asked[:count]}


class TestAskable:
    def test_first_parts_that_are_neither_18_nor_ecchi(self) -> None:
        catalogue = Catalogue(
            [
                show(1, 2020, franchise=1),
                show(2, 2022, prequels=(1,), franchise=1),
                show(3, 2022, 1000, "Comedy", "Ecchi"),
                show(4, 2022, 1000, "Hentai"),
                show(5, 2022),
            ]
        )
        assert askable(catalogue).keys() == {1, 5}


class TestStart:
    def test_old_and_recent_take_turns_and_no_franchise_is_asked_about_twice(self) -> None:
        """The ratings know 1–6, which are old; the catalogue knows 11–15, too, and 15 is a remake of 1."""
        old = [show(one, 2010, 2000, f"Genre {one}", franchise=one) for one in range(1, 7)]
        recent = [show(one, 2026, 1000 - one, f"Genre {one}") for one in range(11, 15)]
        catalogue = Catalogue([*old, *recent, replace(old[0], anime_id=15, year=2026, members=9000)])
        assert askable(catalogue) == {one: one for one in catalogue} | {15: 1}
        asked = start_questions(rated(*range(1, 7)), catalogue, 9)
        assert [one > 10 for one in asked] == [True, False, False] * 3
        assert asked[::3] == (11, 12, 13)
        assert {*asked[1::3], *asked[2::3]} == {1, 2, 3, 4, 5, 6}

    def test_rated_anime_that_the_catalogue_lacks_are_not_asked_about(self) -> None:
        assert start_questions(rated(1, 2), Catalogue([show(1, 2010)])) == (1,)
        assert start_questions(rated(1, 2), Catalogue()) == ()

    @pytest.mark.parametrize("n", [0, 1, 2, 7, 40])
    def test_it_keeps_to_the_number(self, n: int) -> None:
        """Of 26 anime from 2001 to 2026, 1–20 are rated and 22–26 are recent."""
        catalogue = Catalogue(show(one, 2000 + one, 1000, f"Genre {one}") for one in range(1, 27))
        asked = start_questions(rated(*range(1, 21)), catalogue, n)
        assert len(asked) == len({*asked}) == min(n, 25)


@pytest.fixture(scope="module")
def starter() -> Catalogue:
    return Catalogue.of_model(STARTER)


@pytest.fixture(scope="module")
def of_starter(starter: Catalogue) -> list[Anime]:
    """The questions for a rating set that knows nothing of after 2018: 1,000 users, each of the 500 best-known."""
    older = (one for one in starter.values() if one.year and one.year < 2018)
    known = sorted(older, key=lambda one: -one.members)[:500]
    random = np.random.default_rng(1)
    users, columns = np.nonzero(random.random((1000, 500)) < np.linspace(0.5, 0.05, 500))
    ids = np.array([one.anime_id for one in known])[columns]
    ratings = Ratings.from_arrays(users, ids, random.integers(1, 11, len(ids)))
    return [starter[one] for one in start_questions(ratings, starter)]


class TestOfTheStartersCatalogue:
    def test_forty_and_of_any_first_ones_a_third_is_of_the_last_five_years(
        self, of_starter: list[Anime]
    ) -> None:
        assert len(of_starter) == 40
        for count in range(1, 41):
            assert 3 * sum((one.year or 0) >= 2022 for one in of_starter[:count]) >= count

    def test_no_later_part_nothing_18_no_ecchi_no_franchise_twice(
        self, of_starter: list[Anime], starter: Catalogue
    ) -> None:
        order = WatchOrder(starter)
        assert all(order.before(one.anime_id) == [] for one in of_starter)
        assert not any(one.adult or "Ecchi" in one.genres for one in of_starter)
        assert len({order.franchise(one.anime_id) for one in of_starter}) == 40

    def test_recent_ones_are_on_many_lists_and_of_many_kinds(self, of_starter: list[Anime]) -> None:
        recent = [one for one in of_starter if (one.year or 0) >= 2022]
        assert min(one.members for one in recent) > 500_000
        assert len({genre for one in recent[:7] for genre in one.genres}) >= 15
        assert sum("Isekai" in one.genres for one in recent) <= 2
        for one, other in combinations(recent[:7], 2):
            assert {*one.genres} != {*other.genres}

    def test_they_are_what_everybody_talks_of(self, of_starter: list[Anime]) -> None:
        """Shows that no list of the best known of their years leaves out."""
        titles = {one.title for one in of_starter}
        assert {"Sousou no Frieren", "Chainsaw Man", "Spy x Family", "Dandadan"} <= titles
