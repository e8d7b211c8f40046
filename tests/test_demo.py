"""The demo's members: what they rated is in the starter catalogue, and they know the shows of its newest year."""

from __future__ import annotations

import pytest

from bot import Settings
from demo.tastes import TASTES
from hakken import Catalogue


@pytest.fixture(scope="module")
def starter() -> Catalogue:
    return Catalogue.of_model(Settings(_env_file=None).model_dir)


@pytest.mark.parametrize("name", TASTES)
def test_each_member_knows_a_show_of_the_newest_year(name: str, starter: Catalogue) -> None:
    # A catalogue lists what is only announced, too: the newest year is that of what many already scored.
    scored = [anime for anime in starter.values() if anime.score and (anime.members or 0) > 100_000]
    newest = max(anime.year or 0 for anime in scored)
    assert newest in {starter[anime_id].year for anime_id in TASTES[name]}


def test_a_newcomer_has_rated_too_little_and_the_others_enough() -> None:
    assert [name for name, taste in TASTES.items() if len(taste) < 5] == ["hiro"]
