"""/surprise: one anime with a reason, another, whose buttons, and after a restart."""

from __future__ import annotations

from collections.abc import Callable

from bot.client import HakkenBot
from bot.cogs.recommend.surprise import AnotherButton
from bot.errors import MemberError
from hakken.recommend.filters import Filters
from tests.discord.conftest import World, reply, told
from tests.discord.test_recommend import TASTE, age_restrict, labels, shown


async def test_a_surprise_is_one_new_anime_with_a_reason_and_buttons(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "surprise")
    assert result.response.content.startswith("A hidden gem")
    (anime,) = shown(world, result.response)
    assert anime.anime_id not in TASTE
    description = result.response.embeds[0].description
    assert "predicted" in description
    assert ("Because you liked" in description) == ("close to what you like" in result.response.content)
    assert labels(result.response) == ["Seen it", "Plan", "Not for me", "Another"]


async def test_without_ratings_the_few_who_found_it_are_the_reason(world: World) -> None:
    result = await world.ann.slash(world.channel, "surprise")
    assert result.response.content == "A hidden gem:"
    assert "on average" in result.response.embeds[0].description


async def test_what_is_planned_and_surprises_all_the_same_says_so(world: World) -> None:
    await world.bot.store.preferences.remember(world.ann.id, Filters(planned=True), at=world.env.now())
    for anime_id in world.bot.recommender.catalogue:
        await world.bot.store.feedback.plan(world.ann.id, anime_id, at=world.env.now())
    result = await world.ann.slash(world.channel, "surprise")
    assert labels(result.response) == ["Seen it", "Planned ✓", "Not for me", "Another"]


async def test_another_is_none_of_the_last_and_stays_in_the_message(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "surprise")
    seen = [shown(world, result.response)[0]]
    for _ in range(6):
        await world.ann.click(result.response, label="Another")
        seen.append(shown(world, result.response)[0])
    assert len(set(seen)) == 7


async def test_a_surprise_takes_feedback_and_what_is_planned_does_not_return(world: World) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "surprise")
    (anime,) = shown(world, result.response)
    await world.ann.click(result.response, label="Plan")
    assert labels(result.response) == ["Seen it", "Planned ✓", "Not for me", "Another"]
    assert (await world.bot.store.feedback.of_member(world.ann.id)).planned == {anime.anime_id}
    for _ in range(12):
        await world.ann.click(result.response, label="Another")
        assert shown(world, result.response) != [anime]


async def test_only_the_asker_gets_another_also_after_a_restart(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    await world.taste(world.ann, TASTE)
    result = await world.ann.slash(world.channel, "surprise")
    before = shown(world, result.response)
    await world.env.restart_bot(new_bot())
    refused = await world.bob.click(result.response, label="Another")
    assert refused.ephemeral
    assert "belong to the member who asked" in refused.response.content
    assert shown(world, result.response) == before
    await world.ann.click(result.response, label="Another")
    assert shown(world, result.response) != before


async def test_remembered_filters_hold_for_surprises_and_are_named(world: World) -> None:
    store = world.bot.store.preferences
    await store.remember(world.ann.id, Filters(types=frozenset({"Movie"})), at=world.env.now())
    result = await world.ann.slash(world.channel, "surprise")
    assert "Your remembered filters are on. You can see or forget them" in result.response.content
    assert shown(world, result.response)[0].type == "Movie"


async def test_18_comes_as_a_surprise_only_where_it_is_allowed(world: World) -> None:
    adult = [one.anime_id for one in world.bot.recommender.catalogue.values() if one.adult]
    feedback = world.bot.store.feedback
    for anime_id in set(world.bot.recommender.catalogue) - set(adult):
        await feedback.dismiss(world.ann.id, anime_id, "no time", at=world.env.now())
    result = await world.ann.slash(world.channel, "surprise")
    assert reply(result).content.startswith("You have rated, seen, planned or turned down every anime")
    assert isinstance(told(world), MemberError)
    age_restrict(world)
    result = await world.ann.slash(world.channel, "surprise")
    assert shown(world, result.response)[0].anime_id in adult


def test_the_longest_custom_id_is_within_discords_limit() -> None:
    button = AnotherButton(2**64 - 1, [999_999_999] * 6)
    assert len(button.custom_id) <= 100
