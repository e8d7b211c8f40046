"""The ledger: how what was watched served whom, kept apart by server, gone with a member."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import Ballot, Contender, Forecast, Store
from hakken.groups.fairness import Served

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE, ELSEWHERE = 10, 20
ANN, BOB = 1, 2
DEATH_NOTE = 1535
KEPT = Forecast({DEATH_NOTE: 7.5}, 9.0)


async def _party(
    store: Store, party_id: str, scores: dict[int, int | None], *, guild_id: int = HERE, at: datetime = NOW
) -> None:
    for user_id, score in scores.items():
        await store.ledger.serve(guild_id, party_id, DEATH_NOTE, user_id, KEPT, at=at)
        if score is not None:
            await store.ledger.score(party_id, user_id, score)


async def test_who_rated_received_what_they_gave_and_who_did_not_what_was_forecast(store: Store) -> None:
    await _party(store, "one", {ANN: 4, BOB: None})
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 9.0, 3.1), Served(BOB, 9.0, 7.5)]]


async def test_an_evening_that_nobody_rated_does_not_count(store: Store) -> None:
    await _party(store, "one", {ANN: None, BOB: None})
    assert await store.ledger.of_guild(HERE, 5) == []
    assert await store.ledger.own(HERE, ANN) == []


async def test_parties_come_newest_first_and_no_more_than_asked(store: Store) -> None:
    for day, score in enumerate((1, 2, 3)):
        await _party(store, str(day), {ANN: score}, at=NOW + timedelta(days=day))
    assert [party[0].received for party in await store.ledger.of_guild(HERE, 2)] == [3.1, 3.1]  # drawn in
    assert [one.received for one in await store.ledger.own(HERE, ANN)] == [3.0, 2.0, 1.0]


async def test_servers_are_kept_apart_also_when_one_begins_anew(store: Store) -> None:
    await _party(store, "here", {ANN: 4, BOB: 5})
    await _party(store, "there", {ANN: 9}, guild_id=ELSEWHERE)
    assert await store.ledger.reset(HERE) == 1
    assert await store.ledger.of_guild(HERE, 5) == []
    assert await store.ledger.of_guild(ELSEWHERE, 5) == [[Served(ANN, 9.0, 8.8)]]


async def test_a_member_is_served_once_and_may_change_what_they_gave(store: Store) -> None:
    await _party(store, "one", {ANN: 4})
    await store.ledger.serve(HERE, "one", DEATH_NOTE, ANN, Forecast({DEATH_NOTE: 1.0}, 1.0), at=NOW)
    await store.ledger.score("one", ANN, 6)
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 9.0, 6.4)]]


async def test_who_was_not_there_is_not_in_it(store: Store) -> None:
    await _party(store, "one", {ANN: 4, BOB: None})
    await store.ledger.absent("one", BOB)
    await store.ledger.absent("one", BOB)  # a second time, nothing is left to do
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 9.0, 3.1)]]


async def test_a_score_off_the_scale_is_refused(store: Store) -> None:
    await _party(store, "one", {ANN: 4})
    with pytest.raises(IntegrityError):
        await store.ledger.score("one", ANN, 11)
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 9.0, 3.1)]]


async def test_forgetting_a_member_takes_them_out_of_the_ledger(store: Store) -> None:
    await _party(store, "one", {ANN: 4, BOB: 8})
    await store.personal_data.forget(ANN)
    assert await store.ledger.of_guild(HERE, 5) == [[Served(BOB, 9.0, 8.8)]]


async def test_of_an_evening_that_another_has_rated_a_member_sees_their_own_share_alone(store: Store) -> None:
    await _party(store, "one", {ANN: 4, BOB: None})
    await _party(store, "two", {ANN: 9}, at=NOW + timedelta(days=1))
    await _party(store, "there", {BOB: 1}, guild_id=ELSEWHERE)
    assert await store.ledger.own(HERE, BOB) == [Served(BOB, 9.0, 7.5)]
    assert await store.ledger.own(HERE, ANN) == [Served(ANN, 9.0, 9.0), Served(ANN, 9.0, 4.0)]


async def test_the_first_forecast_of_a_member_counts(store: Store) -> None:
    ballot = Ballot((Contender(DEATH_NOTE, 8.0),))
    party_id = await store.parties.begin(HERE, 11, "suggestion", ANN, ballot, at=NOW, next_at=NOW)
    assert party_id is not None
    await store.participants.join(HERE, BOB, at=NOW)
    await store.ledger.forecast(party_id, {ANN: KEPT})
    await store.ledger.forecast(party_id, dict.fromkeys((ANN, BOB), Forecast({DEATH_NOTE: 1.0}, 2.0)))
    party = await store.parties.find(party_id)
    assert party is not None
    await store.parties.claim_winner(party, party.ballot, DEATH_NOTE, channel_id=11, at=NOW)
    await store.ledger.score(party_id, ANN, 9)
    decided = await store.parties.find(party_id)
    assert decided is not None
    await store.parties.finish(decided, at=NOW)
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 9.0, 8.8), Served(BOB, 2.0, 1.0)]]
