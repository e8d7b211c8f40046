"""Evenings: each step once, from where it may be taken, and nothing lost between two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Ballot, Contender, Forecast, Party, PartyResult, Store
from hakken.groups.fairness import Served

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HERE, CHANNEL, ELSEWHERE = 10, 11, 12
ANN, BOB, CEM = 1, 2, 3
DEATH_NOTE, TITAN = 1535, 16498
CONTENDERS = (Contender(DEATH_NOTE, 8.0, 14.2), Contender(TITAN, 7.5, None))


async def _begun(store: Store, *, starts_at: datetime | None = None) -> str:
    ballot = Ballot(CONTENDERS, 1)
    party_id = await store.parties.begin(
        HERE, CHANNEL, "suggestion", ANN, ballot, at=NOW, next_at=LATER, starts_at=starts_at
    )
    assert party_id is not None
    return party_id


async def _found(store: Store, party_id: str) -> Party:
    party = await store.parties.find(party_id)
    assert party is not None
    return party


async def _decided(store: Store, *, starts_at: datetime | None = None) -> Party:
    party_id = await _begun(store, starts_at=starts_at)
    await store.ledger.forecast(party_id, {ANN: Forecast({DEATH_NOTE: 7.0, TITAN: 6.0}, 9.0)})
    party = await _found(store, party_id)
    assert await store.parties.claim_winner(party, party.ballot, DEATH_NOTE, channel_id=ELSEWHERE, at=NOW)
    party = await _found(store, party_id)
    await store.parties.announced(party, at=NOW, next_at=LATER)
    return await _found(store, party_id)


async def _rating(store: Store) -> Party:
    party = await _decided(store)
    assert await store.parties.claim_rating(party.party_id, at=NOW)
    await store.parties.rating(party.party_id, 77, LATER)
    return await _found(store, party.party_id)


async def test_a_party_is_found_as_it_was_begun_by_both_its_names(store: Store) -> None:
    party_id = await _begun(store)
    party = await _found(store, party_id)
    assert (party.stage, party.host_id, party.ballot) == ("picks", ANN, Ballot(CONTENDERS, 1, None))
    assert (party.guild_id, party.channel_id, party.next_at) == (HERE, CHANNEL, LATER)
    assert await store.parties.of_suggestion("suggestion") == party
    assert await store.parties.find("nonsense") is None


async def test_a_suggestion_has_one_party(store: Store) -> None:
    first = await _begun(store)
    ballot = Ballot(CONTENDERS, 5)
    assert await store.parties.begin(HERE, CHANNEL, "suggestion", BOB, ballot, at=NOW, next_at=LATER) is None
    assert (await _found(store, first)).host_id == ANN


async def test_of_two_who_start_the_vote_one_does(store: Store) -> None:
    party_id = await _begun(store)
    assert await store.parties.claim_poll(party_id, CONTENDERS, hours=3, at=NOW)
    assert not await store.parties.claim_poll(party_id, CONTENDERS[:1], hours=1, at=NOW)
    party = await _found(store, party_id)
    assert (party.sending, party.sending_since, party.ballot.hours) == ("poll", NOW, 3)
    assert party.ballot.answers == CONTENDERS


async def test_what_is_claimed_is_due_at_once_and_what_was_sent_when_it_ends(store: Store) -> None:
    party_id = await _begun(store)
    assert await store.parties.due(NOW, 5) == []
    await store.parties.claim_poll(party_id, CONTENDERS, hours=1, at=NOW)
    assert await store.parties.due(NOW, 5) == [party_id]
    await store.parties.voting(party_id, 55, LATER)
    assert await store.parties.due(NOW, 5) == []
    assert await store.parties.next_time() == LATER
    party = await _found(store, party_id)
    assert (party.stage, party.poll_message_id, party.poll_ends_at) == ("vote", 55, LATER)
    assert (party.sending, party.sending_since) == (None, None)


async def test_a_poll_is_recorded_once_even_if_it_is_told_twice(store: Store) -> None:
    party_id = await _begun(store)
    await store.parties.claim_poll(party_id, CONTENDERS, hours=1, at=NOW)
    await store.parties.voting(party_id, 55, LATER)
    await store.parties.voting(party_id, 66, LATER)
    assert (await _found(store, party_id)).poll_message_id == 55


async def test_what_was_decided_enters_the_ledger_for_who_was_forecast(store: Store) -> None:
    party = await _decided(store)
    assert (party.stage, party.anime_id, party.channel_id) == ("decided", DEATH_NOTE, ELSEWHERE)
    await store.ledger.score(party.party_id, ANN, 10)
    assert await store.ledger.of_guild(HERE, 5) == []  # scores can still change
    await store.parties.finish(party, at=NOW)
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 9.0, 8.8)]]


async def test_a_set_time_has_an_event_claimed_with_the_announcement(store: Store) -> None:
    party = await _decided(store, starts_at=LATER)
    assert (party.stage, party.sending, party.next_at) == ("decided", "event", NOW)
    await store.parties.planned(party.party_id, 99, LATER)
    party = await _found(store, party.party_id)
    assert (party.stage, party.event_id, party.starts_at, party.next_at) == ("planned", 99, LATER, LATER)
    assert not await store.parties.claim_event(party.party_id, LATER, at=NOW)


async def test_a_lost_event_leaves_the_decision_and_opens_the_time(store: Store) -> None:
    party = await _decided(store, starts_at=LATER)
    await store.parties.planned(party.party_id, 99, LATER)
    await store.parties.unplan(party.party_id, LATER)
    party = await _found(store, party.party_id)
    assert (party.stage, party.anime_id, party.event_id, party.starts_at) == (
        "decided",
        DEATH_NOTE,
        None,
        None,
    )
    assert await store.parties.claim_event(party.party_id, LATER, at=NOW)


async def test_a_rated_evening_goes_into_the_history_once_with_the_means_of_who_rated(store: Store) -> None:
    party = await _rating(store)
    for user_id, forecast, score in ((ANN, 7.0, 9), (BOB, 6.0, 8), (CEM, 5.0, None)):
        await store.participants.join(HERE, user_id, at=NOW)
        await store.ledger.serve(
            HERE, party.party_id, DEATH_NOTE, user_id, Forecast({DEATH_NOTE: forecast}, 9.0), at=NOW
        )
        if score:
            await store.ledger.score(party.party_id, user_id, score)
    await store.parties.finish(party, at=NOW)
    await store.parties.finish(party, at=NOW)
    (watched,) = await store.watch_history.of_guild(HERE)
    assert (watched.anime_id, watched.at) == (DEATH_NOTE, NOW)
    assert watched.forecast is None  # of two, each could work out the other's
    party = await _found(store, party.party_id)
    assert (party.stage, party.next_at) == ("over", None)


async def test_what_was_given_by_who_takes_no_part_is_in_no_mean_but_the_evening_was_watched(
    store: Store,
) -> None:
    party = await _rating(store)
    await store.participants.join(HERE, ANN, at=NOW)
    await store.ledger.score(party.party_id, ANN, 9)
    assert await store.parties.result(party) == PartyResult(None, None, 1)
    await store.privacy.choose(HERE, ANN, takes_part=False, at=NOW)
    assert await store.parties.result(party) == PartyResult(None, None, 0)
    await store.parties.finish(party, at=NOW)
    (watched,) = await store.watch_history.of_guild(HERE)
    assert watched.forecast is None
    assert await store.ledger.is_served(party.party_id, ANN)


async def test_an_evening_that_nobody_rated_is_not_taken_to_be_watched(store: Store) -> None:
    party = await _rating(store)
    await store.parties.finish(party, at=NOW)
    assert await store.watch_history.of_guild(HERE) == []
    assert not await store.ledger.is_served(party.party_id, ANN)


async def test_what_is_called_off_is_never_due_and_forgotten_by_the_ledger(store: Store) -> None:
    party = await _decided(store)
    assert await store.parties.call_off(party.party_id, "rain")
    assert not await store.parties.call_off(party.party_id, "snow")
    await store.parties.postpone(party.party_id, NOW)
    assert await store.parties.due(NOW + timedelta(days=99), 5) == []
    assert (await _found(store, party.party_id)).why_over == "rain"
    assert not await store.ledger.is_served(party.party_id, ANN)


async def test_an_evening_goes_on_when_its_host_is_forgotten_and_another_takes_over(store: Store) -> None:
    party_id = await _begun(store)
    await store.personal_data.forget(ANN)
    assert (await _found(store, party_id)).host_id is None
    await store.parties.take_over(party_id, BOB, at=NOW)
    assert (await _found(store, party_id)).host_id == BOB


async def test_no_step_is_taken_from_where_it_may_not(store: Store) -> None:
    party_id = await _begun(store)
    assert not await store.parties.claim_event(party_id, LATER, at=NOW)
    assert not await store.parties.claim_rating(party_id, at=NOW)
    await store.parties.call_off(party_id, "rain")
    assert not await store.parties.claim_poll(party_id, CONTENDERS, hours=1, at=NOW)
    assert not await store.parties.claim_end(party_id, "snow", at=NOW)


async def test_nobody_is_forecast_whom_the_bot_does_not_know(store: Store) -> None:
    party_id = await _begun(store)
    forecast = Forecast({DEATH_NOTE: 7.0}, 8.0)
    await store.ledger.forecast(party_id, {ANN: forecast, BOB: forecast})
    assert await store.ledger.forecast_for(party_id) == {ANN}


async def test_those_that_have_waited_longest_are_due_first_and_no_more_than_asked_for(store: Store) -> None:
    parties, ballot = store.parties, Ballot(CONTENDERS, 1)
    assert await parties.next_time() is None
    ids = {
        hours: await parties.begin(
            HERE, CHANNEL, f"suggestion {hours}", ANN, ballot, at=NOW, next_at=NOW + timedelta(hours=hours)
        )
        for hours in (3, 1, 2, 4)
    }
    assert await parties.due(NOW + timedelta(hours=3), 9) == [ids[1], ids[2], ids[3]]
    assert await parties.due(NOW + timedelta(hours=3), 2) == [ids[1], ids[2]]
    assert await parties.next_time() == NOW + timedelta(hours=1)
    await parties.call_off(ids[1] or "", "rain")
    assert await parties.next_time() == NOW + timedelta(hours=2)
    for hours in (2, 3, 4):
        await parties.call_off(ids[hours] or "", "rain")
    assert await parties.next_time() is None


async def test_a_set_time_that_has_come_needs_no_event(store: Store) -> None:
    party = await _decided(store, starts_at=NOW)
    assert (party.stage, party.sending, party.starts_at, party.next_at) == ("decided", None, None, LATER)


async def test_an_event_that_goes_while_ratings_are_being_asked_for_changes_nothing(store: Store) -> None:
    party = await _decided(store, starts_at=LATER)
    await store.parties.planned(party.party_id, 99, LATER)
    assert await store.parties.claim_rating(party.party_id, at=NOW)
    before = await _found(store, party.party_id)
    await store.parties.unplan(party.party_id, LATER)
    await store.parties.move(party.party_id, NOW, NOW)
    assert await _found(store, party.party_id) == before


@pytest.mark.parametrize("stage", ["picks", "vote", "decided", "planned"])
async def test_it_can_come_to_nothing_until_ratings_are_asked_for(store: Store, stage: str) -> None:
    if stage in ("picks", "vote"):
        party_id = await _begun(store)
        if stage == "vote":
            await store.parties.claim_poll(party_id, CONTENDERS, hours=1, at=NOW)
            await store.parties.voting(party_id, 55, LATER)
    else:
        party_id = (await _decided(store, starts_at=LATER if stage == "planned" else None)).party_id
        await store.parties.planned(party_id, 99, LATER)
    assert (await _found(store, party_id)).stage == stage
    assert await store.parties.claim_end(party_id, "rain", at=NOW)
    assert not await store.parties.claim_end(party_id, "snow", at=NOW)
    assert (await _found(store, party_id)).why_over == "rain"


async def test_it_cannot_come_to_nothing_once_ratings_are_asked_for(store: Store) -> None:
    party = await _rating(store)
    assert not await store.parties.claim_end(party.party_id, "rain", at=NOW)


async def test_what_was_forecast_goes_when_the_evening_ends(store: Store) -> None:
    party = await _rating(store)
    assert await store.ledger.forecast_for(party.party_id) == {ANN}
    await store.parties.finish(party, at=NOW)
    assert await store.ledger.forecast_for(party.party_id) == set()


async def test_what_was_watched_and_rated_is_on_the_servers_list_no_more(store: Store) -> None:
    for anime_id in (DEATH_NOTE, TITAN):
        await store.server_list.add(HERE, anime_id, BOB, at=NOW)
    await store.server_list.add(ELSEWHERE, DEATH_NOTE, BOB, at=NOW)
    party = await _rating(store)
    await store.ledger.score(party.party_id, ANN, 9)
    await store.parties.finish(party, at=NOW)
    assert [one.anime_id for one in await store.server_list.of_guild(HERE)] == [TITAN]
    assert [one.anime_id for one in await store.server_list.of_guild(ELSEWHERE)] == [DEATH_NOTE]


async def test_what_nobody_rated_stays_on_the_servers_list(store: Store) -> None:
    await store.server_list.add(HERE, DEATH_NOTE, BOB, at=NOW)
    await store.parties.finish(await _rating(store), at=NOW)
    assert [one.anime_id for one in await store.server_list.of_guild(HERE)] == [DEATH_NOTE]


async def test_who_is_served_already_stays_as_they_are_when_the_winner_is_claimed(store: Store) -> None:
    party_id = await _begun(store)
    await store.participants.join(HERE, BOB, at=NOW)
    both = dict.fromkeys((ANN, BOB), Forecast({DEATH_NOTE: 7.0, TITAN: 6.0}, 9.0))
    await store.ledger.forecast(party_id, both)
    await store.ledger.serve(HERE, party_id, TITAN, ANN, Forecast({TITAN: 5.0}, 8.0), at=NOW)
    await store.ledger.score(party_id, ANN, 4)
    party = await _found(store, party_id)
    assert await store.parties.claim_winner(party, party.ballot, DEATH_NOTE, channel_id=ELSEWHERE, at=NOW)
    await store.parties.finish(await _found(store, party_id), at=NOW)
    assert await store.ledger.of_guild(HERE, 5) == [[Served(ANN, 8.0, 3.1), Served(BOB, 9.0, 7.0)]]
