"""Nobody can work out a score from what others read, by whichever command."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from bot.errors import MemberError
from bot.ui.paginator import OUT_OF_TIME
from tests.discord.conftest import World, reply

pytestmark = pytest.mark.simcord(settle_timeout=60)  # ten times the same commands, and pictures

HIS = {1535: 9, 16498: 6, 1575: 4, 22319: 9, 11757: 5}
"""Bob's scores. Everybody knows all of them but that of `SECRET`."""
SECRET = 1575
ACCOMPLICES = (
    {5114: 9, 4224: 10, 2167: 9, 8074: 1, 30276: 8},
    {5114: 3, 4224: 6, 2167: 8, 9253: 9, 30276: 2},
)
LISTED = (SECRET, 2904, 9253, 11061, 20, 5114, 30276)
LEAST_ALIKE = 3
"""Scores that must look alike."""


def read(message: Any) -> str:  # simcord's
    """All that a message says."""
    labels = re.findall(r"'label': '([^']*)'", str(message.components))
    pictures = [one.description for one in message.attachments]
    return str([message.content, [one.to_dict() for one in message.embeds], labels, pictures])


async def suggestions(world: World) -> str:
    results = [
        await world.ann.slash(world.channel, "suggest", count=10, novelty="rewatch", aggregation=aggregation)
        for aggregation in ("average", "least misery", "average without misery", "most pleasure", "borda")
    ]
    results.append(await world.ann.slash(world.channel, "suggest", **{"with": world.bob.user.mention}))
    return str([read(reply(result)) for result in results])


async def server_list(world: World) -> str:
    return read((await world.ann.slash(world.channel, "watchlist server show")).response)


async def his_picks(world: World) -> str:
    commands: tuple[tuple[str, dict[str, Any]], ...] = (
        ("recommend", {"count": 4}),
        ("continue", {}),
        ("surprise", {}),
        ("anime", {"title": "mal:2904"}),
        ("anime", {"title": f"mal:{SECRET}"}),
    )
    results = [await world.bob.slash(world.channel, name, **options) for name, options in commands]
    return str([read(reply(result)) for result in results])


async def server_taste(world: World) -> str:
    return read((await world.ann.slash(world.channel, "server taste")).response)


@pytest.mark.parametrize("look", [suggestions, server_list, his_picks, server_taste])
@pytest.mark.parametrize("others", [HIS, {}], ids=["with other ratings", "as the only rating"])
async def test_three_scores_look_alike_whatever_others_read(
    world: World,
    look: Callable[[World], Awaitable[str]],
    others: dict[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two accomplices, or twenty, who know all other scores compare what they read for each score it may be."""
    generator = np.random.default_rng
    monkeypatch.setattr(np.random, "default_rng", lambda: generator(7))  # the same surprise each time
    await world.raters(*ACCOMPLICES, *ACCOMPLICES)
    for anime_id in LISTED:
        await world.bot.store.server_list.add(world.ann.guild.id, anime_id, world.ann.id, at=world.env.now())
    for member in (world.ann, world.bob):
        await world.bot.store.participants.join(world.ann.guild.id, member.id, at=world.env.now())
    await world.taste(world.ann, ACCOMPLICES[0])
    alike = defaultdict[str, list[int]](list)
    for score in range(1, 11):
        await world.taste(world.bob, {**others, SECRET: score})
        alike[await look(world)].append(score)
        await world.env.advance_time(61)  # nobody asks too much
    assert all(isinstance(one.__cause__, MemberError) for one in world.env.errors)
    assert min(map(len, alike.values())) >= LEAST_ALIKE, list(alike.values())


async def test_who_lets_nobody_see_scores_any_more_turns_no_page_that_names_them(world: World) -> None:
    privacy = world.bot.store.privacy
    await world.taste(world.ann, HIS)
    await privacy.allow_showing(world.ann.id, allowed=True, at=world.env.now())
    shown = (await world.ann.slash(world.channel, "recommend", count=25)).response
    assert "Because you rated" in read(shown)
    await privacy.allow_showing(world.ann.id, allowed=False, at=world.env.now())
    before = read(shown)
    pressed = await world.ann.click(shown, label="More")
    assert read(shown) == before.replace(", 'Back', 'More'", "")
    assert [one.content for one in pressed.followups] == [OUT_OF_TIME]
