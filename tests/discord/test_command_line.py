"""`/recommend` and `python -m hakken recommend`: the same anime for the same list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot import Settings
from hakken.cli.asking import STARTER
from tests.discord.conftest import World, reply
from tests.discord.test_recommend import all_shown
from tests.hakken.cli.test_command_line import hakken

ISEKAI = {37430: 9, 39535: 10, 42203: 9, 37984: 8, 48761: 8}
"""Its picks depend on the floor: some are widely known, but few in the starter rated them; and on ecchi."""
TWO_ECCHI = {11617: 9, 15451: 9, 13663: 8, 8841: 8, 14749: 7}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    defaults = Settings.model_fields
    starter = {name: defaults[name].get_default() for name in ("model_dir", "min_raters")}
    return Settings(_env_file=None, **{**settings.model_dump(), **starter})


def asked_here(tmp_path: Path, scores: Mapping[int, int], *options: object) -> list[int]:
    """The ids that the command line recommends."""
    path = tmp_path / "list.csv"
    path.write_text("mal_id,score\n" + "".join(f"{anime_id},{score}\n" for anime_id, score in scores.items()))
    asked = hakken("recommend", "--list", path, "--model", STARTER, "--json", *options)
    assert asked.returncode == 0, asked.stderr
    return [one["anime_id"] for one in json.loads(asked.stdout)]


async def shown_to(world: World, scores: dict[int, int], **options: object) -> list[int]:
    """The ids that the bot recommends."""
    await world.taste(world.ann, scores)
    result = await world.ann.slash(world.channel, "recommend", only_me=True, **options)
    return [anime.anime_id for anime in await all_shown(world, reply(result))]


async def test_the_command_line_recommends_what_the_bot_does(world: World, tmp_path: Path) -> None:
    by_bot = await shown_to(world, ISEKAI)
    assert len(by_bot) == 10
    assert asked_here(tmp_path, ISEKAI) == by_bot
    assert asked_here(tmp_path, ISEKAI, "--min-raters", 50) != by_bot


async def test_it_does_so_with_options_too(world: World, tmp_path: Path) -> None:
    by_bot = await shown_to(
        world, TWO_ECCHI, adventure="hidden gems", sequels="include", min_raters=20, count=25
    )
    assert len(by_bot) == 25
    options = ("--adventure", "hidden gems", "--sequels", "--min-raters", 20, "-n", 25)
    assert asked_here(tmp_path, TWO_ECCHI, *options) == by_bot
