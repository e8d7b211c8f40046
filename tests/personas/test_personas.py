"""Members as one meets them: what the starter shows each of them first, with the bot's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from bot import Settings
from hakken import Anime, Catalogue, ItemKNNBaseline
from hakken.catalogue.adult import ECCHI
from hakken.recommend.filters import MIN_RATERS, Filters, with_ecchi_if_wanted
from hakken.recommend.recommender import Member, Recommender


@dataclass(frozen=True)
class Persona:
    ratings: Mapping[int, float]
    genres: frozenset[str]
    """The genres that are their own; an anime of any of these is of their own kind."""
    modern: bool = False


FRIEREN, DANDADAN, SOLO_LEVELING, APOTHECARY, DUNGEON_MESHI = 52991, 57334, 52299, 54492, 52701
PERSONAS = {
    "shounen": Persona(
        {20: 9, 21: 8, 11061: 10, 1735: 9, 38000: 9, 31964: 8, 40748: 9, 269: 8}, frozenset({"Shounen"})
    ),
    "slice of life": Persona(
        {5680: 10, 10165: 9, 66: 9, 1887: 8, 17549: 10}, frozenset({"Slice of Life", "CGDCT", "Comedy"})
    ),
    "mecha veteran": Persona(
        {30: 10, 80: 9, 1575: 10, 2001: 9, 205: 9, 33: 8}, frozenset({"Mecha", "Sci-Fi"})
    ),
    "Ghibli only": Persona({199: 10, 164: 9, 523: 9, 431: 10, 513: 8}, frozenset({"Adventure", "Fantasy"})),
    "isekai": Persona({31240: 9, 30831: 10, 29803: 8, 39535: 9, 37430: 8}, frozenset({"Isekai", "Fantasy"})),
    "kid": Persona({527: 10, 20: 10}, frozenset({"Adventure", "Fantasy", "Shounen"})),
    "modern teen": Persona(
        {FRIEREN: 10, 51009: 9, DANDADAN: 9, 52034: 8, SOLO_LEVELING: 9, APOTHECARY: 9},
        frozenset({"Action", "Fantasy", "Shounen"}),
        modern=True,
    ),
    "one 10 for Frieren": Persona({FRIEREN: 10}, frozenset({"Adventure", "Drama", "Fantasy"}), modern=True),
}


@pytest.fixture(scope="module")
def starter() -> Recommender:
    directory = Settings(_env_file=None).model_dir
    model, catalogue = ItemKNNBaseline.load(directory), Catalogue.of_model(directory)
    return Recommender(model, catalogue, min_raters=MIN_RATERS)


def first_ten(starter: Recommender, persona: Persona) -> list[Anime]:
    filters = with_ecchi_if_wanted(Filters(), persona.ratings, starter.catalogue)
    picks = starter.recommend(Member(persona.ratings), 10, filters)
    return [starter.catalogue[pick.anime_id] for pick in picks]


@pytest.mark.parametrize("name", PERSONAS)
def test_no_sequel_before_its_beginning_no_recap_and_no_ecchi_unasked(
    starter: Recommender, name: str
) -> None:
    seen = PERSONAS[name].ratings
    shown = first_ten(starter, PERSONAS[name])
    assert len(shown) == 10
    assert [
        anime.title for anime in shown if starter.order.entry(anime.anime_id, seen) != anime.anime_id
    ] == []
    assert [anime.title for anime in shown if ECCHI in anime.genres or anime.adult] == []


def _own_kind() -> list[object]:
    # Known to miss: what isekai fans love beside isekai outranks it.
    missed = pytest.mark.xfail(reason="one of three", strict=True)
    return [pytest.param(name, marks=missed) if name == "isekai" else name for name in PERSONAS]


@pytest.mark.parametrize("name", _own_kind())
def test_two_of_the_first_three_are_of_their_own_kind(starter: Recommender, name: str) -> None:
    own = [bool(PERSONAS[name].genres & set(one.genres)) for one in first_ten(starter, PERSONAS[name])[:3]]
    assert sum(own) >= 2


@pytest.mark.parametrize("name", [name for name, persona in PERSONAS.items() if persona.modern])
def test_modern_members_see_three_of_the_last_years(starter: Recommender, name: str) -> None:
    years = [anime.year or 0 for anime in first_ten(starter, PERSONAS[name])]
    assert sum(year >= 2021 for year in years) >= 3
