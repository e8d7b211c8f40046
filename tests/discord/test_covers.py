"""Covers beside anime, as far as the catalogue knows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.ui.embeds import Display, anime_embed
from hakken import Anime, Catalogue, ItemKNNBaseline
from tests.discord.conftest import World

LONGEST = "https://cdn.myanimelist.net/images/anime/".ljust(2048, "1")


@pytest.fixture
def model_dir(model: ItemKNNBaseline, catalogue: Catalogue, tmp_path: Path) -> Path:
    """The model that all tests share, with a catalogue that knows covers."""
    covered = Catalogue(
        replace(one, image_url=LONGEST if one.anime_id % 2 else f"https://cdn.example.com/{one.anime_id}.jpg")
        for one in catalogue.values()
    )
    directory = tmp_path / "model"
    model.save(directory, covered)
    return directory


async def test_recommendations_show_their_covers(world: World) -> None:
    await world.taste(world.ann, {1535: 10, 16498: 8, 1575: 9, 22319: 3, 11757: 2, 9253: 10})
    result = await world.ann.slash(world.channel, "recommend", count=10)
    shown = {int(embed.url.rpartition("/")[2]): embed.thumbnail.url for embed in result.response.embeds}
    assert shown == {one: world.bot.recommender.catalogue[one].image_url for one in shown}
    assert LONGEST in shown.values()
    assert len(set(shown.values())) > 1


def test_a_cover_is_the_one_that_works() -> None:
    found = "https://s4.anilist.co/7.jpg"
    catalogue = Catalogue([Anime(7, "Sign"), Anime(8, "Seal", image_url=LONGEST)])
    display = Display(catalogue, covers=lambda anime: {7: found}.get(anime.anime_id))
    assert anime_embed(catalogue[7], display, "").thumbnail.url == found
    assert anime_embed(catalogue[8], display, "").thumbnail.url is None
    assert anime_embed(catalogue[8], Display(catalogue), "").thumbnail.url == LONGEST


async def test_a_rated_anime_shows_its_cover(world: World) -> None:
    result = await world.ann.slash(world.channel, "rate", anime="mal:1535", score=9)
    assert result.response.embeds[0].thumbnail.url == world.bot.recommender.catalogue[1535].image_url


def test_without_a_cover_there_is_no_empty_picture() -> None:
    assert (
        "thumbnail" not in anime_embed(Anime(7, "Sign"), Display(Catalogue()), "**★ 7** predicted").to_dict()
    )
