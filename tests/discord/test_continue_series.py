"""/continue: the next parts of what a member liked."""

from __future__ import annotations

import pytest

from bot.errors import MemberError
from tests.discord.conftest import World, reply, told
from tests.discord.test_recommend import labels, shown

TITAN, TITAN_2, TITAN_3 = 16498, 25777, 35760
K_ON, K_ON_2 = 5680, 7791


async def test_the_next_part_names_the_one_before_and_its_score(world: World) -> None:
    await world.taste(world.ann, {TITAN: 9, K_ON: 8})
    result = await world.ann.slash(world.channel, "continue")
    assert not result.ephemeral
    assert result.response.content == "Series that you haven't finished:"
    assert {anime.anime_id for anime in shown(world, result.response)} == {TITAN_2, K_ON_2}
    by_anime = dict(
        zip(
            [anime.anime_id for anime in shown(world, result.response)],
            result.response.embeds,
            strict=True,
        )
    )
    assert by_anime[TITAN_2].description.endswith("After **Shingeki no Kyojin**")
    assert by_anime[K_ON_2].description.endswith("After **K-On!**")
    assert labels(result.response) == [
        f"{number} {said}" for number in (1, 2) for said in ("Seen it", "Plan", "Not for me")
    ]


async def test_what_was_rated_on_is_followed_on(world: World) -> None:
    await world.taste(world.ann, {TITAN: 9})
    result = await world.ann.slash(world.channel, "continue", only_me=True)
    assert result.ephemeral
    asked = await world.ann.click(result.response, label="1 Seen it")
    await world.ann.select(asked.response, ["10"])
    again = await world.ann.slash(world.channel, "continue")
    assert [anime.anime_id for anime in shown(world, again.response)] == [TITAN_3]


@pytest.mark.parametrize("scores", [{}, {1535: 9}, {TITAN: 2}])
async def test_nothing_to_continue_is_said_with_the_remedy(world: World, scores: dict[int, int]) -> None:
    await world.taste(world.ann, scores)
    result = await world.ann.slash(world.channel, "continue")
    assert "I found no next part of a series that you liked. `/rate`" in reply(result).content
    assert isinstance(told(world), MemberError)
