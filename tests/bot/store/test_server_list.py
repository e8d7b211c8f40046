"""A server's shared list: who wants what, who may take it off, and what becomes history."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.store import Added, ServerListEntry, Store, Vote
from bot.store.tables import server_list, watched

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
GUILD, OTHER_GUILD = 7, 8
ANN, BOB, CAT = 1, 2, 3


async def listed(store: Store, guild_id: int = GUILD) -> list[tuple[int, int]]:
    return [(one.anime_id, one.votes) for one in await store.server_list.of_guild(guild_id)]


async def history(store: Store) -> list[tuple[int, int, float | None]]:
    async with store.database.read() as connection:
        rows = await connection.execute(select(watched.c.guild_id, watched.c.anime_id, watched.c.forecast))
        return [(row.guild_id, row.anime_id, row.forecast) for row in rows]


async def test_who_adds_votes_and_adding_again_only_votes(store: Store) -> None:
    assert await store.server_list.add(GUILD, 10, ANN, at=NOW) == Added(1, theirs=True, new=True)
    assert await store.server_list.add(GUILD, 10, BOB, at=LATER) == Added(2, theirs=True, new=False)
    assert await store.server_list.add(GUILD, 10, BOB, at=LATER) == Added(2, theirs=True, new=False)
    assert await store.server_list.of_guild(GUILD) == [ServerListEntry(10, 2, NOW)]
    assert await listed(store, OTHER_GUILD) == []


async def test_the_most_wanted_comes_first_and_of_as_many_votes_what_has_waited_longest(store: Store) -> None:
    for at, anime_id in ((LATER, 10), (NOW, 20), (LATER, 30)):
        await store.server_list.add(GUILD, anime_id, ANN, at=at)
    await store.server_list.vote(GUILD, 30, BOB, at=LATER)
    assert await listed(store) == [(30, 2), (20, 1), (10, 1)]


async def test_a_vote_counts_until_it_is_taken_back(store: Store) -> None:
    await store.server_list.add(GUILD, 10, ANN, at=NOW)
    assert await store.server_list.vote(GUILD, 10, BOB, at=NOW) == Vote(2, theirs=True)
    assert await store.server_list.vote(GUILD, 10, BOB, at=NOW) == Vote(1, theirs=False)
    assert await store.server_list.vote(GUILD, 10, ANN, at=NOW) == Vote(0, theirs=False)
    assert await listed(store) == [(10, 0)]
    assert await store.server_list.vote(GUILD, 99, BOB, at=NOW) is None
    assert await store.server_list.vote(OTHER_GUILD, 10, BOB, at=NOW) is None


async def test_who_alone_wants_it_or_may_remove_all_takes_it_off(store: Store) -> None:
    await store.server_list.add(GUILD, 10, ANN, at=NOW)
    assert await store.server_list.remove(GUILD, 10, BOB) == "not allowed"
    await store.server_list.vote(GUILD, 10, BOB, at=NOW)
    assert await store.server_list.remove(GUILD, 10, ANN) == "not allowed"
    assert await listed(store) == [(10, 2)]
    assert await store.server_list.remove(GUILD, 10, None) == "done"
    assert await store.server_list.remove(GUILD, 10, None) == "not listed"
    await store.server_list.add(GUILD, 20, ANN, at=NOW)
    assert await store.server_list.remove(GUILD, 20, ANN) == "done"
    assert await listed(store) == []


async def test_what_is_added_again_begins_without_the_votes_it_had(store: Store) -> None:
    await store.server_list.add(GUILD, 10, ANN, at=NOW)
    await store.server_list.remove(GUILD, 10, ANN)
    await store.server_list.add(GUILD, 10, BOB, at=NOW)
    assert await listed(store) == [(10, 1)]


async def test_who_votes_for_it_moves_what_was_watched_into_the_history_once(store: Store) -> None:
    await store.server_list.add(GUILD, 10, ANN, at=NOW)
    await store.server_list.add(OTHER_GUILD, 10, ANN, at=NOW)
    move = store.server_list.watched
    assert await move(GUILD, 10, BOB, forecast=7.8, at=NOW) == "not allowed"
    assert await history(store) == []
    assert await move(GUILD, 10, ANN, forecast=7.8, at=NOW) == "done"
    assert await move(GUILD, 10, ANN, forecast=7.8, at=NOW) == "not listed"
    assert await history(store) == [(GUILD, 10, 7.8)]
    assert (await listed(store), await listed(store, OTHER_GUILD)) == ([], [(10, 1)])


async def test_who_may_remove_all_may_also_say_that_it_was_watched(store: Store) -> None:
    await store.server_list.add(GUILD, 10, ANN, at=NOW)
    assert await store.server_list.watched(GUILD, 10, None, forecast=None, at=NOW) == "done"
    assert await history(store) == [(GUILD, 10, None)]


async def test_a_full_list_takes_no_more_but_votes_and_other_servers_have_room(store: Store) -> None:
    async with store.database.begin() as connection:
        rows = [{"guild_id": GUILD, "anime_id": one, "added_at": NOW} for one in range(1, 500)]
        await connection.execute(server_list.insert(), rows)
    assert await store.server_list.add(GUILD, 500, ANN, at=NOW) == Added(1, theirs=True, new=True)
    assert await store.server_list.add(GUILD, 501, ANN, at=NOW) is None
    assert await store.server_list.add(GUILD, 1, ANN, at=NOW) == Added(1, theirs=True, new=False)
    assert await store.server_list.add(OTHER_GUILD, 501, ANN, at=NOW) == Added(1, theirs=True, new=True)
    assert len(await listed(store)) == 500


async def test_votes_at_the_same_moment_all_count(store: Store) -> None:
    members = range(1, 21)
    added = await asyncio.gather(*(store.server_list.add(GUILD, 10, one, at=NOW) for one in members))
    assert [one.new for one in added if one].count(True) == 1
    assert await listed(store) == [(10, 20)]


async def test_forgetting_a_member_takes_their_votes_and_leaves_the_servers_list(store: Store) -> None:
    await store.server_list.add(GUILD, 10, ANN, at=NOW)
    await store.server_list.vote(GUILD, 10, BOB, at=NOW)
    await store.personal_data.forget(ANN)
    assert await listed(store) == [(10, 1)]
    assert await store.server_list.remove(GUILD, 10, BOB) == "done"


async def test_forgetting_a_server_takes_its_list(store: Store) -> None:
    for guild_id in (GUILD, OTHER_GUILD):
        await store.server_list.add(guild_id, 10, ANN, at=NOW)
    gone = await store.personal_data.forget_guild(GUILD)
    assert (gone["server_list"], gone["server_list_votes"]) == (1, 1)
    assert (await listed(store), await listed(store, OTHER_GUILD)) == ([], [(10, 1)])
