"""Anime that nobody in the model has rated: what is said of them, and that ratings of them count."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakken import Catalogue, ItemKNNBaseline, Ratings
from tests.conftest import NEVER_RATED
from tests.discord.conftest import World
from tests.discord.test_recommend import TASTE

MUSIC, NEW = NEVER_RATED
BY_GENRES = "I go by its genres: nobody I know has rated it yet."


@pytest.fixture(scope="session")
def model_dir(ratings: Ratings, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows new anime by the catalogue."""
    directory = tmp_path_factory.mktemp("knowing-new-ones")
    ItemKNNBaseline().fit(ratings, catalogue=catalogue).save(directory, catalogue)
    return directory


async def test_similar_and_why_say_what_they_rest_on(world: World) -> None:
    await world.taste(world.ann, TASTE)
    similar = (await world.ann.slash(world.channel, "similar", anime=f"mal:{NEW}")).response.embeds[0]
    assert similar.description.startswith(f"{BY_GENRES}\nIf you liked **")
    why = (await world.ann.slash(world.channel, "why", anime=f"mal:{NEW}")).response.embeds[0]
    assert BY_GENRES in why.description
    for command in ("similar", "why"):
        rated = await world.ann.slash(world.channel, command, anime="mal:5114")
        assert "I go by" not in rated.response.embeds[0].description


async def test_a_rating_of_a_new_anime_counts_and_one_of_an_unknown_anime_does_not(world: World) -> None:
    await world.taste(world.ann, {**TASTE, 999_999: 9, MUSIC: 9})
    assert "your 6 ratings" in (await world.ann.slash(world.channel, "recommend")).response.content
    await world.taste(world.ann, {NEW: 9})
    assert "your 7 ratings" in (await world.ann.slash(world.channel, "recommend")).response.content
