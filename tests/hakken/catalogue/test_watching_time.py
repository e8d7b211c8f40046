"""Hours of watching, worked by hand."""

from __future__ import annotations

import pytest

from hakken import Anime
from hakken.catalogue.anime import hours


@pytest.mark.parametrize(
    ("kind", "episodes", "minutes"),
    [("TV", 12, 288), ("Movie", 1, 100), ("Movie", 2, 200), ("OVA", 5, 120), ("Music", 1, 4), (None, 1, 24)],
)
def test_episodes_take_what_one_of_their_type_mostly_takes(
    kind: str | None, episodes: int, minutes: int
) -> None:
    assert hours(Anime(1, "One", type=kind, episodes=episodes)) == pytest.approx(minutes / 60)


@pytest.mark.parametrize("episodes", [None, 0])
def test_without_episodes_nobody_knows(episodes: int | None) -> None:
    assert hours(Anime(1, "One", type="TV", episodes=episodes)) is None
