"""Suggestions: who is in is kept, who never used the bot is not, and all goes when its time is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.store import Ballot, Contender, Store
from bot.store.tables import gathering_members, gatherings, members

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OVER = NOW + timedelta(days=1)
PICK = {"anime_id": 10, "mean": 8.4}


async def begin(store: Store, named: tuple[int, ...] = (), expires_at: datetime = OVER) -> str:
    whom = "named" if named else "server"
    return await store.suggestions.begin(
        7, 70, whom, named, {"count": 3}, [PICK], at=NOW, expires_at=expires_at
    )


async def rows(store: Store, *tables: object) -> list[int]:
    async with store.database.read() as connection:
        return [await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]  # type: ignore[arg-type]


async def test_a_suggestion_comes_back_as_it_was_begun_sent_and_picked_anew(store: Store) -> None:
    suggestion_id = await begin(store)
    found = await store.suggestions.find(suggestion_id, at=NOW)
    assert found is not None
    assert (found.guild_id, found.channel_id, found.message_id, found.whom) == (7, 70, None, "server")
    assert (found.ask, found.picks, found.begun_at, found.expires_at) == ({"count": 3}, [PICK], NOW, OVER)
    await store.suggestions.sent(suggestion_id, 700)
    await store.suggestions.repick(suggestion_id, [])
    found = await store.suggestions.find(suggestion_id, at=NOW)
    assert found is not None
    assert (found.message_id, found.picks) == (700, [])


async def test_what_is_voted_on_is_not_picked_anew(store: Store) -> None:
    suggestion_id = await begin(store)
    ballot = Ballot((Contender(10, 8.4, None),), 1)
    party_id = await store.parties.begin(7, 70, suggestion_id, 1, ballot, at=NOW, next_at=OVER)
    assert party_id is not None
    assert await store.suggestions.repick(suggestion_id, [PICK, PICK])
    assert await store.parties.claim_poll(party_id, ballot.answers, hours=1, at=NOW)
    assert not await store.suggestions.repick(suggestion_id, [])
    found = await store.suggestions.find(suggestion_id, at=NOW)
    assert found is not None
    assert found.picks == [PICK, PICK]


async def test_whoever_joins_is_in_once_and_out_again_when_they_leave(store: Store) -> None:
    suggestion_id = await begin(store)
    assert await store.suggestions.join(suggestion_id, 2, at=NOW)
    assert await store.suggestions.join(suggestion_id, 1, at=NOW + timedelta(seconds=1))
    assert not await store.suggestions.join(suggestion_id, 2, at=NOW + timedelta(seconds=2))
    assert await store.suggestions.joined(suggestion_id) == [2, 1]
    await store.suggestions.leave(suggestion_id, 2)
    await store.suggestions.leave(suggestion_id, 2)  # a second time, nothing is left to do
    assert await store.suggestions.joined(suggestion_id) == [1]


async def test_of_those_named_only_members_of_the_bot_are_kept(store: Store) -> None:
    await store.participants.join(7, 1, at=NOW)
    await store.participants.join(9, 2, at=NOW)
    suggestion_id = await begin(store, named=(1, 2, 3))
    assert await store.suggestions.named(suggestion_id) == [1, 2]
    assert await rows(store, members) == [2]


async def test_a_named_member_who_joins_and_leaves_is_no_longer_counted_on(store: Store) -> None:
    for user_id in (1, 2):
        await store.participants.join(7, user_id, at=NOW)
    suggestion_id = await begin(store, named=(1, 2))
    assert await store.suggestions.join(suggestion_id, 2, at=NOW)
    assert await store.suggestions.joined(suggestion_id) == [2]
    assert await store.suggestions.named(suggestion_id) == [1]
    await store.suggestions.leave(suggestion_id, 2)
    assert await store.suggestions.joined(suggestion_id) == []
    assert await store.suggestions.named(suggestion_id) == [1]


@pytest.mark.parametrize("suggestion_id", ["", "nothing", "x" * 22, "' OR 1=1 --"])
async def test_an_unknown_suggestion_is_none_and_nobody_joins_it(store: Store, suggestion_id: str) -> None:
    assert await store.suggestions.find(suggestion_id, at=NOW) is None
    assert not await store.suggestions.join(suggestion_id, 1, at=NOW)
    await store.suggestions.leave(suggestion_id, 1)
    assert await rows(store, gathering_members, members) == [0, 0]


async def test_when_its_time_is_over_nobody_finds_or_joins_it(store: Store) -> None:
    suggestion_id = await begin(store)
    assert await store.suggestions.find(suggestion_id, at=OVER) is None
    assert not await store.suggestions.join(suggestion_id, 1, at=OVER)


async def test_what_has_expired_is_dropped_with_who_joined_and_the_rest_stays(store: Store) -> None:
    old, new = await begin(store), await begin(store, expires_at=OVER + timedelta(days=1))
    for suggestion_id in (old, new):
        await store.suggestions.join(suggestion_id, 1, at=NOW)
    await store.suggestions.drop_expired(OVER)
    assert await rows(store, gatherings, gathering_members) == [1, 1]
    assert await store.suggestions.joined(new) == [1]


async def test_who_is_forgotten_is_in_no_suggestion(store: Store) -> None:
    suggestion_id = await begin(store)
    for user_id in (1, 2):
        await store.suggestions.join(suggestion_id, user_id, at=NOW)
    assert (await store.personal_data.forget(1))["gathering_members"] == 1
    assert await store.suggestions.joined(suggestion_id) == [2]


async def test_a_suggestion_for_whom_nobody_has_heard_of_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.suggestions.begin(7, 70, "all", (), {}, [], at=NOW, expires_at=OVER)  # type: ignore[arg-type]
    assert await rows(store, gatherings) == [0]


async def party_on(store: Store, suggestion_id: str) -> str:
    ballot = Ballot((Contender(10, 8.4, None),), 1)
    party_id = await store.parties.begin(7, 70, suggestion_id, 1, ballot, at=NOW, next_at=OVER)
    assert party_id is not None
    return party_id


async def test_what_was_voted_on_is_not_picked_anew_after_the_poll_was_sent(store: Store) -> None:
    suggestion_id = await begin(store)
    party_id = await party_on(store, suggestion_id)
    assert await store.parties.claim_poll(party_id, (Contender(10, 8.4),), hours=1, at=NOW)
    await store.parties.voting(party_id, 77, OVER)
    assert not await store.suggestions.repick(suggestion_id, [])


async def test_a_lobby_on_which_an_evening_stands_is_not_dropped_before_it_is_over(store: Store) -> None:
    running, ended, called_off, alone = [await begin(store) for _ in range(4)]
    for suggestion_id in (running, ended, called_off, alone):
        await store.suggestions.join(suggestion_id, 2, at=NOW)
    parties = {one: await party_on(store, one) for one in (running, ended, called_off)}
    await store.parties.call_off(parties[ended], "nobody went on", "over")
    await store.parties.call_off(parties[called_off], "rain")
    await store.suggestions.drop_expired(OVER + timedelta(days=9))
    assert [await store.suggestions.joined(one) for one in (running, ended, called_off, alone)] == [
        [2],
        [],
        [],
        [],
    ]
    assert await rows(store, gatherings) == [1]
    await store.parties.call_off(parties[running], "rain")
    await store.suggestions.drop_expired(OVER)
    assert await rows(store, gatherings, gathering_members) == [0, 0]


async def test_who_was_named_and_has_not_joined_cannot_leave(store: Store) -> None:
    await store.participants.join(7, 1, at=NOW)
    suggestion_id = await begin(store, named=(1,))
    await store.suggestions.leave(suggestion_id, 1)
    assert await store.suggestions.named(suggestion_id) == [1]
