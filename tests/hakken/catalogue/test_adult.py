"""What counts as for adults: the rule as the issue words it, on made-up rows, a real catalogue and sixty titles."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hakken import Anime, Catalogue

ROOT = Path(__file__).parents[3]
CHECKED = ROOT / "tests" / "fixtures" / "adult_titles.tsv"
DENIED = ROOT / "hakken" / "catalogue" / "denied.tsv"

AGES = ("G - All Ages", "PG-13 - Teens 13 or older", "R - 17+ (violence & profanity)", "R+ - Mild Nudity")
GENRES = ("Action", "Comedy", "Ecchi", "Harem", "Boys Love", "Hentai", "Erotica", "Kids")
TYPES = (None, "TV", "Movie", "OVA", "ONA", "Special", "Music", "TV Special")

rows = st.builds(
    Anime,
    st.integers(1, 10**6),
    st.just("A title"),
    type=st.sampled_from(TYPES),
    genres=st.lists(st.sampled_from(GENRES), max_size=3, unique=True).map(tuple),
    age=st.sampled_from((None, "Rx - Hentai", *AGES)),
)


def denied() -> set[int]:
    with DENIED.open(encoding="utf-8") as file:
        return {int(row["anime_id"]) for row in csv.DictReader(file, dialect="excel-tab")}


def check(catalogue: Catalogue) -> None:
    """The rule, said from what must hold of each row."""
    ages = any(one.age for one in catalogue.values())
    listed = denied()
    for anime_id, one in catalogue.items():
        if anime_id in listed or {"Hentai", "Erotica"} & {*one.genres} or (one.age or "")[:2] == "Rx":
            assert one.adult
        elif one.age or not ages:
            assert not one.adult
        elif not one.genres or {"Ecchi", "Harem", "Boys Love", "Girls Love", "Yaoi", "Yuri"} & {*one.genres}:
            assert one.adult
        else:
            assert one.adult is (one.type not in ("TV", "Movie", "TV Special", "Music"))


@given(st.lists(rows, max_size=8, unique_by=lambda one: one.anime_id))
def test_the_rule_holds_for_every_row(anime: list[Anime]) -> None:
    check(Catalogue(anime))


def test_the_rule_holds_for_every_row_of_the_starter() -> None:
    starter = Catalogue.of_model(ROOT / "data" / "starter")
    assert len(starter) > 10_000
    check(starter)


def test_sixty_titles_checked_by_hand() -> None:
    with CHECKED.open(encoding="utf-8") as file:
        checked = {
            int(row["anime_id"]): row["adult"] == "yes" for row in csv.DictReader(file, dialect="excel-tab")
        }
    assert sorted(checked.values()) == [False] * 30 + [True] * 30
    catalogue = Catalogue.read(CHECKED)
    assert {one: catalogue[one].adult for one in catalogue} == checked


def test_a_catalogue_without_any_ages_hides_nothing_for_the_lack_of_one() -> None:
    bare = Anime(1, "Nothing is known of it")
    assert not Catalogue([bare])[1].adult
    with_ages = Catalogue([bare, Anime(5, "Film", age="PG - Children")])
    assert with_ages[1].adult
    assert with_ages.anime(7).adult
    assert not Catalogue([with_ages[1]])[1].adult


def test_each_denied_anime_stands_there_once_with_its_title_and_a_reason() -> None:
    lines = DENIED.read_text(encoding="utf-8").splitlines()[1:]
    assert len(denied()) == len(lines)
    for line in lines:
        anime_id, title, why = line.split("\t")
        assert title
        assert why
        assert Anime(int(anime_id), title, age="PG-13 - Teens 13 or older").adult
