"""/watchlist server, as a server uses it: wanted, voted for, taken off, watched, also after a restart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import discord
import pytest
from discord import app_commands
from simcord import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.client import HakkenBot
from bot.cogs.watchlist.pages import Place, part_of
from bot.cogs.watchlist.server.embeds import HistoryEntry, history_embed, list_embed
from bot.cogs.watchlist.server.server_list import ServerListTurnButton, VoteButton, VoteMenu
from bot.errors import MemberError
from bot.privacy import drawn_in
from bot.store import ServerListEntry, Watched
from bot.store.watch_history import keep_watched
from bot.ui.embeds import Display
from hakken import Anime, Catalogue, ItemKNNBaseline
from hakken.recommend.shown_ratings import shown_mean
from tests.discord.conftest import World, reply, told
from tests.discord.test_watchlist import labels, labels_of_options, listed, many, menus, options, posted

FMA, DEATH_NOTE, TITAN = 5114, 1535, 16498
ADULT = 3303
VOTE = "Vote, or take your vote back…"


async def ask(
    world: World, member: MemberActor, command: str, anime_id: int | None = None
) -> InteractionResult:
    options = {} if anime_id is None else {"anime": f"mal:{anime_id}"}
    return await member.slash(world.channel, f"watchlist server {command}", **options)


async def wanted(world: World, *anime_ids: int, by: MemberActor | None = None) -> None:
    """The first one has waited longest."""
    for age, anime_id in enumerate(reversed(anime_ids)):
        at = world.env.now() - timedelta(minutes=age)
        await world.bot.store.server_list.add(world.ann.guild.id, anime_id, (by or world.ann).id, at=at)


async def have_watched(world: World, *before: tuple[Watched, str | None]) -> None:
    """What they watched already, each with the id of its watch party."""
    async with world.bot.store.database.begin() as connection:
        for watched, party_id in before:
            await keep_watched(connection, world.ann.guild.id, watched, party_id=party_id)


async def votes(world: World) -> dict[int, int]:
    listed = await world.bot.store.server_list.of_guild(world.ann.guild.id)
    return {one.anime_id: one.votes for one in listed}


def manager(world: World) -> MemberActor:
    role = world.ann.guild.create_role("moderator", permissions=discord.Permissions(manage_guild=True))
    return world.ann.guild.add_member(world.env.create_user("mod"), roles=[role])


async def refused(world: World, member: MemberActor, command: str, anime_id: int) -> str:
    """The sentence that a member gets instead."""
    result = await ask(world, member, command, anime_id)
    assert isinstance(told(world), MemberError)
    return reply(result).content


def said(result: InteractionResult) -> str:
    """What who used a button or menu was told, and nobody else."""
    [answer] = result.followups
    assert answer.ephemeral
    return answer.content


async def choose(member: MemberActor, message: ResponseMessage, anime_id: int) -> InteractionResult:
    return await member.select(message, [str(anime_id)], custom_id=menus(message)[VOTE])


async def test_an_empty_list_says_how_something_comes_onto_it(world: World) -> None:
    result = await ask(world, world.ann, "show")
    assert not result.ephemeral
    assert result.response.content.startswith("Nothing is on this server's list yet.")
    assert "`/watchlist server add`" in result.response.content
    assert not result.response.embeds
    assert not result.response.components


async def test_what_a_member_adds_all_see_with_its_first_vote_and_a_button_to_join(world: World) -> None:
    added = await ask(world, world.ann, "add", FMA)
    assert not added.ephemeral
    assert added.response.content == (
        "**Fullmetal Alchemist: Brotherhood** is now on this server's list. Votes: 1."
    )
    joined = await world.bob.click(added.response, label="I want it, too")
    assert said(joined) == "You voted for **Fullmetal Alchemist: Brotherhood**. Votes: 2."
    assert (
        added.response.content == "**Fullmetal Alchemist: Brotherhood** is on this server's list. Votes: 2."
    )
    taken_back = await world.bob.click(added.response, label="I want it, too")
    assert said(taken_back) == "You took back your vote for **Fullmetal Alchemist: Brotherhood**. Votes: 1."
    assert await votes(world) == {FMA: 1}


async def test_adding_what_is_there_already_votes_for_it(world: World) -> None:
    await ask(world, world.ann, "add", FMA)
    again = await ask(world, world.bob, "add", FMA)
    assert again.response.content == (
        "**Fullmetal Alchemist: Brotherhood** is already on this server's list. Votes: 2."
    )
    assert await votes(world) == {FMA: 2}


async def test_the_list_shows_most_votes_first_for_all_to_see(world: World) -> None:
    await wanted(world, FMA, DEATH_NOTE)
    await wanted(world, DEATH_NOTE, by=world.bob)
    result = await ask(world, world.ann, "show")
    assert not result.ephemeral
    assert result.response.content == "This server wants to watch 2 anime. The number shows its votes."
    assert result.response.embeds[0].description == (
        "` 2` [Death Note](https://myanimelist.net/anime/1535) · TV · 37 episodes · 2006\n"
        "` 1` [Fullmetal Alchemist: Brotherhood](https://myanimelist.net/anime/5114) · TV · 64 episodes · 2009"
    )


async def test_whoever_is_there_votes_from_the_list_and_it_shows_how_it_stands_now(world: World) -> None:
    await wanted(world, FMA, DEATH_NOTE)
    shown = (await ask(world, world.ann, "show")).response
    assert listed(shown) == [FMA, DEATH_NOTE]
    pressed = await choose(world.bob, shown, DEATH_NOTE)
    assert said(pressed) == "You voted for **Death Note**. Votes: 2."
    assert listed(shown) == [DEATH_NOTE, FMA]
    await choose(world.ann, shown, DEATH_NOTE)
    pressed = await choose(world.bob, shown, DEATH_NOTE)
    assert said(pressed) == "You took back your vote for **Death Note**. Votes: 0."
    assert await votes(world) == {FMA: 1, DEATH_NOTE: 0}


async def test_a_vote_by_command_toggles_and_only_who_votes_sees_it(world: World) -> None:
    await wanted(world, FMA)
    first = await ask(world, world.bob, "vote", FMA)
    assert first.ephemeral
    assert first.response.content == "You voted for **Fullmetal Alchemist: Brotherhood**. Votes: 2."
    second = await ask(world, world.bob, "vote", FMA)
    assert (
        second.response.content
        == "You took back your vote for **Fullmetal Alchemist: Brotherhood**. Votes: 1."
    )


@pytest.mark.parametrize("command", ["remove", "vote", "watched"])
async def test_what_is_not_on_the_list_can_only_be_added(world: World, command: str) -> None:
    await wanted(world, DEATH_NOTE)
    assert await refused(world, world.ann, command, FMA) == (
        "**Fullmetal Alchemist: Brotherhood** is not on this server's list. `/watchlist server show` shows "
        "what is."
    )
    assert await votes(world) == {DEATH_NOTE: 1}


async def test_who_alone_votes_for_it_takes_it_off(world: World) -> None:
    await wanted(world, FMA)
    assert await refused(world, world.bob, "remove", FMA) == (
        "**Fullmetal Alchemist: Brotherhood** stays on the list. Only moderators or its only "
        "voter can remove it."
    )
    done = await ask(world, world.ann, "remove", FMA)
    assert reply(done).content == "**Fullmetal Alchemist: Brotherhood** is off this server's list."
    assert await votes(world) == {}


async def test_who_manages_the_server_takes_off_what_others_want(world: World) -> None:
    await wanted(world, FMA)
    await ask(world, manager(world), "remove", FMA)
    assert await votes(world) == {}


async def test_titles_of_the_list_are_suggested_and_no_others(world: World) -> None:
    await wanted(world, FMA, ADULT)
    for typed in ("", "fullmetal"):
        offered = await world.bob.autocomplete(world.channel, "watchlist server vote", "anime", typed)
        assert [one["value"] for one in offered] == [f"mal:{FMA}"]
    assert await world.bob.autocomplete(world.channel, "watchlist server vote", "anime", "death note") == []
    everything = await world.bob.autocomplete(world.channel, "watchlist server add", "anime", "death note")
    assert f"mal:{DEATH_NOTE}" in [one["value"] for one in everything]


async def test_who_votes_for_it_says_that_it_was_watched_and_others_cannot(world: World) -> None:
    await wanted(world, FMA, DEATH_NOTE)
    sentence = await refused(world, world.bob, "watched", FMA)
    assert "stays on the list. Only moderators and members who voted for it" in sentence
    done = await ask(world, world.ann, "watched", FMA)
    assert not done.ephemeral
    assert reply(done).content.startswith(
        "**Fullmetal Alchemist: Brotherhood** is now in `/watchlist server history`"
    )
    assert "`/rate`" in reply(done).content
    assert await votes(world) == {DEATH_NOTE: 1}
    assert "is not on this server's list" in await refused(world, world.ann, "watched", FMA)
    history = await ask(world, world.bob, "history")
    assert listed(history.response) == [FMA]


TASTES = (
    {FMA: 9, DEATH_NOTE: 8, 1575: 9, 22319: 5, 11757: 4, 9253: 10},
    {FMA: 8, 1575: 7, 22319: 7, 11757: 8, 9253: 9},
    {DEATH_NOTE: 6, 1575: 10, 22319: 3, 11757: 2, 9253: 8},
)


async def take_part(world: World, *members: MemberActor) -> None:
    """Have them rate enough for a forecast of their own, and count in the server."""
    for member, taste in zip(members, TASTES, strict=False):
        await world.taste(member, taste)
        await world.bot.store.participants.join(world.ann.guild.id, member.id, at=world.env.now())


def forecast_by_hand(world: World, anime_id: int) -> float:
    model = ItemKNNBaseline.load(world.bot.settings.model_dir)
    read = [{one: drawn_in(score) for one, score in taste.items()} for taste in TASTES]
    return sum(float(model.predict(taste, [anime_id])[0]) for taste in read) / len(read)


async def test_of_as_many_votes_what_the_group_should_like_best_comes_first(world: World) -> None:
    cat = world.ann.guild.add_member(world.env.create_user("cat"))
    await take_part(world, world.ann, world.bob, cat)
    foreseen = {one: forecast_by_hand(world, one) for one in (TITAN, 30276, 20, 32281)}
    worst_first = sorted(foreseen, key=foreseen.__getitem__)
    await wanted(world, *worst_first)
    await wanted(world, worst_first[1], by=world.bob)
    shown = (await ask(world, world.ann, "show")).response
    assert listed(shown) == [worst_first[1], *(one for one in worst_first[::-1] if one != worst_first[1])]
    lines = (shown.embeds[0].description or "").splitlines()
    stars = [f"★ {shown_mean(foreseen[one])}" for one in listed(shown)]
    assert [line.rpartition(" · ")[2] for line in lines] == stars
    assert "★ what I predict you would rate it on average" in shown.content


async def test_fewer_than_three_members_with_ratings_are_not_forecast(world: World) -> None:
    cat = world.ann.guild.add_member(world.env.create_user("cat"))
    await take_part(world, world.ann, world.bob)
    await world.taste(cat, {FMA: 9})  # too few for a forecast of their own
    await world.bot.store.participants.join(world.ann.guild.id, cat.id, at=world.env.now())
    await wanted(world, TITAN)
    shown = (await ask(world, world.ann, "show")).response
    assert "★" not in (shown.embeds[0].description or "") + shown.content


async def test_who_wants_no_part_is_not_forecast_with_the_group(world: World) -> None:
    cat = world.ann.guild.add_member(world.env.create_user("cat"))
    await take_part(world, world.ann, world.bob, cat)
    await wanted(world, TITAN)
    assert "★" in (await ask(world, world.ann, "show")).response.content
    await world.bot.store.privacy.choose(world.ann.guild.id, cat.id, takes_part=False, at=world.env.now())
    shown = (await ask(world, world.ann, "show")).response
    assert "★" not in (shown.embeds[0].description or "") + shown.content


async def test_what_the_group_was_forecast_when_it_watched_stands_in_the_history(world: World) -> None:
    cat = world.ann.guild.add_member(world.env.create_user("cat"))
    members = (world.ann, world.bob, cat)
    await take_part(world, *members)
    await wanted(world, TITAN)
    foreseen = forecast_by_hand(world, TITAN)
    done = await ask(world, world.ann, "watched", TITAN)
    assert f"I predicted {shown_mean(foreseen)} for you." in done.response.content
    for member, score in zip(members, (10, 9, 8), strict=True):
        await member.slash(world.channel, "rate", anime=f"mal:{TITAN}", score=score)
    await world.raters({TITAN: 6}, {TITAN: 10})
    history = (await ask(world, world.bob, "history")).response.embeds[0].description or ""
    assert history.endswith(
        f"predicted {shown_mean(foreseen)} · you gave **8.5**"
    )  # (4 · 8.8 + 6.4) / 5 = 8.32


async def test_what_the_model_does_not_know_stands_without_a_forecast(world: World) -> None:
    cat = world.ann.guild.add_member(world.env.create_user("cat"))
    await take_part(world, world.ann, world.bob, cat)
    await wanted(world, 99999, TITAN)
    shown = (await ask(world, world.ann, "show")).response
    assert listed(shown) == [TITAN, 99999]
    assert ["★" in line for line in (shown.embeds[0].description or "").splitlines()] == [True, False]


async def test_an_empty_history_says_what_comes_into_it(world: World) -> None:
    result = await ask(world, world.ann, "history")
    assert result.response.content.startswith("This server has watched nothing together yet.")
    assert not result.response.embeds


async def test_the_history_shows_the_mean_from_five_raters_on_beside_the_forecast(world: World) -> None:
    at = world.env.now()
    await have_watched(
        world, (Watched(FMA, at, 7.84), None), (Watched(DEATH_NOTE, at - timedelta(days=1), None), "p")
    )
    raters = await world.raters({FMA: 8}, {FMA: 9}, {FMA: 7}, {FMA: 2}, {})
    before = (await ask(world, world.ann, "history")).response.embeds[0].description or ""
    await world.taste(raters[-1], {FMA: 10})
    after = (await ask(world, world.ann, "history")).response.embeds[0].description or ""
    assert [line.rpartition(" · ")[2] for line in before.splitlines()] == [
        "predicted 8",
        f"<t:{int((at - timedelta(days=1)).timestamp())}:d>",
    ]
    assert after.splitlines()[0].endswith("predicted 8 · you gave **7**")  # (3 · 8.8 + 6.4 + 3.1) / 5 = 7.18
    assert not any(str(member.id) in after for member in raters)


async def test_a_long_list_is_turned_by_who_asked_and_stays_as_it_is_for_others(world: World) -> None:
    anime = many(world, 20)
    await wanted(world, *anime)
    shown = (await ask(world, world.ann, "show")).response
    assert labels(shown) == ["Back", "More"]
    pressed = await world.bob.click(shown, label="More")
    assert "belong to the member who asked" in pressed.response.content
    assert listed(shown) == anime[:15]
    await world.ann.click(shown, label="More")
    assert listed(shown) == anime[15:]
    await choose(world.bob, shown, anime[19])
    assert shown.embeds[0].footer.text == "Page 2 of 2"
    assert listed(shown) == anime[14:19]  # what has two votes now went to the front


async def test_everything_works_after_a_restart_and_days_later(
    world: World, new_bot: Callable[[], HakkenBot]
) -> None:
    anime = many(world, 20)
    await wanted(world, *anime)
    await have_watched(world, *((Watched(one, world.env.now(), None), None) for one in anime))
    shown = (await ask(world, world.ann, "show")).response
    added = (await ask(world, world.ann, "add", FMA)).response
    history = (await ask(world, world.ann, "history")).response
    await world.env.restart_bot(new_bot())
    await world.env.advance_time(2 * 24 * 3600)
    await world.ann.click(shown, label="More")
    assert anime[19] in listed(shown)
    assert said(await choose(world.bob, shown, anime[19])).endswith("Votes: 2.")
    assert said(await world.bob.click(added, label="I want it, too")).endswith("Votes: 2.")
    await world.ann.click(history, label="More")
    assert len(listed(history)) == 5


async def test_a_vote_for_what_is_off_the_list_by_now_says_so_and_shows_what_is_left(world: World) -> None:
    added = (await ask(world, world.ann, "add", FMA)).response
    await wanted(world, DEATH_NOTE)
    shown = (await ask(world, world.ann, "show")).response
    await ask(world, world.ann, "remove", FMA)
    assert "is not on this server's list" in said(await choose(world.bob, shown, FMA))
    assert listed(shown) == [DEATH_NOTE]
    assert "is not on this server's list" in said(await world.bob.click(added, label="I want it, too"))
    assert not added.components
    assert await votes(world) == {DEATH_NOTE: 1}


@pytest.mark.parametrize("chosen", ["abc", "-1", "9" * 10, "٣", "5114; DROP TABLE server_list"])
async def test_a_crafted_choice_is_refused_and_changes_nothing(world: World, chosen: str) -> None:
    await wanted(world, FMA)
    message = await posted(world, VoteMenu(Place(world.ann.id, "list"), options(chosen)))
    pressed = await world.bob.select(message, [chosen])
    assert pressed.response.content == "That is not one of the choices. Please pick one from the list."
    assert await votes(world) == {FMA: 1}


async def test_a_page_far_beyond_the_last_is_the_last(world: World) -> None:
    await wanted(world, FMA)
    message = await posted(world, ServerListTurnButton(">", Place(world.ann.id, "list", 9999)))
    await world.ann.click(message, label="More")
    shown = await message.fetch()
    assert "Brotherhood" in (shown.embeds[0].description or "")


async def test_a_full_list_says_what_to_do(world: World) -> None:
    anime = many(world, 1)
    for one in range(900_000, 900_500):
        await world.bot.store.server_list.add(world.ann.guild.id, one, world.ann.id, at=world.env.now())
    assert await refused(world, world.ann, "add", anime[0]) == (
        "This server's list is full: it has 500 anime. First remove one with `/watchlist server remove`."
    )
    assert len(await votes(world)) == 500


async def test_what_is_rated_18_plus_is_not_named_outside_age_restricted_channels(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wanted(world, ADULT)
    alone = await ask(world, world.ann, "show")
    assert (
        alone.response.content
        == "1 anime counted as 18+ is hidden here. See it in an age-restricted channel."
    )
    await wanted(world, FMA)
    beside = await ask(world, world.ann, "show")
    assert listed(beside.response) == [FMA]
    assert "1 anime counted as 18+ is hidden here" in beside.response.content
    title = world.bot.recommender.catalogue[ADULT].title
    for command in ("add", "remove", "vote", "watched"):
        assert await refused(world, world.ann, command, ADULT) == (
            "This anime counts as 18+. Ask me about it in an age-restricted channel."
        )
    message = await posted(world, VoteButton(ADULT))
    pressed = await world.bob.click(message, label="I want it, too")
    assert title not in pressed.response.content
    assert await votes(world) == {FMA: 1, ADULT: 1}
    # simcord has no age-restricted channels, so it is the bot that is told of one.
    monkeypatch.setattr(discord.TextChannel, "is_nsfw", lambda _channel: True)
    assert {*listed((await ask(world, world.ann, "show")).response)} == {FMA, ADULT}


async def test_titles_are_those_that_the_server_chose_whoever_asks(world: World) -> None:
    await wanted(world, TITAN)
    await world.bot.store.guild_settings.choose_titles(world.ann.guild.id, "english")
    await world.ann.slash(world.channel, "preferences", titles="romaji")
    shown = (await ask(world, world.ann, "show")).response
    assert "[Attack on Titan]" in (shown.embeds[0].description or "")
    assert labels_of_options(shown) == ["Attack on Titan"]


async def test_in_direct_messages_the_servers_list_is_refused_and_ones_own_is_not(world: World) -> None:
    result = await world.ann.user.slash("watchlist server show")
    assert result.response.content == "That works only in a server."
    assert isinstance(told(world), app_commands.NoPrivateMessage)
    own = await world.ann.user.slash("watchlist mine")
    assert own.response.content.startswith("You plan nothing yet.")


LONG = "*_~`|>[" * 34


def test_a_page_of_the_longest_titles_fits_one_embed() -> None:
    catalogue = Catalogue(
        Anime(
            999_999_900 + number, LONG[:237], english=LONG[:127], type="TV Special", episodes=1787, year=2026
        )
        for number in range(40)
    )
    now, display = discord.utils.utcnow(), Display(catalogue)
    entries = [ServerListEntry(one, 999, now) for one in catalogue]
    watched = [HistoryEntry(Watched(one, now, 8.8), 8.8) for one in catalogue]
    for page in range(3):
        shown = part_of(entries, page, catalogue, adult=False)
        forecasts = dict.fromkeys(catalogue, 8.8)
        assert len(list_embed(shown, forecasts, display).description or "") <= 4096
        seen = part_of(watched, page, catalogue, adult=False)
        assert len(history_embed(seen, display).description or "") <= 4096
        assert len(shown.entries) == len(seen.entries) == (15, 15, 10)[page]
