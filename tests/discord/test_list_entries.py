"""What a member's list elsewhere says without a score counts: seen is not shown as new, planned is known."""

from __future__ import annotations

import pytest

from bot.store import Change, Status
from tests.discord.conftest import World
from tests.discord.test_continue_series import K_ON, K_ON_2, TITAN, TITAN_2
from tests.discord.test_recommend import shown
from tests.discord.test_suggest import ANN, BOB


async def bring(world: World, user_id: int, *changes: Change) -> None:
    assert await world.bot.store.imports.take(user_id, "csv", changes, at=world.env.now())


async def first_of(world: World, command: str, **options: object) -> int:
    result = await world.ann.slash(world.channel, command, **options)
    return shown(world, result.response)[0].anime_id


@pytest.mark.parametrize("status", ["completed", "watching", "on hold", "dropped", "planned"])
async def test_what_stands_on_the_list_is_not_recommended_as_new(world: World, status: Status) -> None:
    await world.taste(world.ann, ANN)
    first = await first_of(world, "recommend")
    await bring(world, world.ann.id, Change(first, None, status))
    result = await world.ann.slash(world.channel, "recommend", count=25)
    assert first not in {anime.anime_id for anime in shown(world, result.response)}


async def test_what_the_list_plans_is_recommended_where_plans_are_wished_for(world: World) -> None:
    await world.taste(world.ann, ANN)
    first = await first_of(world, "recommend")
    await bring(world, world.ann.id, Change(first, None, "planned"))
    assert await first_of(world, "recommend", planned=True) == first


async def test_what_the_list_plans_but_the_member_has_seen_is_not_shown_even_so(world: World) -> None:
    await world.taste(world.ann, ANN)
    first = await first_of(world, "recommend")
    await bring(world, world.ann.id, Change(first, None, "planned"))
    await world.bot.store.feedback.seen(world.ann.id, first, at=world.env.now())
    assert await first_of(world, "recommend", planned=True) != first


async def test_continue_goes_on_from_what_the_list_says_was_seen(world: World) -> None:
    await world.taste(world.ann, {TITAN: 9})
    await bring(world, world.ann.id, Change(K_ON, None, "completed"), Change(TITAN_2, None, "planned"))
    result = await world.ann.slash(world.channel, "continue")
    assert {anime.anime_id for anime in shown(world, result.response)} == {K_ON_2}


async def test_suggest_leaves_out_what_any_who_take_part_have_begun_without_rating_it(world: World) -> None:
    for member, taste in ((world.ann, ANN), (world.bob, BOB)):
        await world.taste(member, taste)
        await member.slash(world.channel, "ratings")
    result = await world.ann.slash(world.channel, "suggest")
    first, second, third = [int(embed.url.rpartition("/")[2]) for embed in result.response.embeds][:3]
    await bring(world, world.bob.id, Change(first, None, "on hold"), Change(third, None, "planned"))
    await world.bot.store.feedback.seen(world.ann.id, second, at=world.env.now())
    again = await world.ann.slash(world.channel, "suggest")
    left = [int(embed.url.rpartition("/")[2]) for embed in again.response.embeds]
    assert not {first, second} & {*left}
    assert third in left
