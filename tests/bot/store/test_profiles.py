"""What is known of several members is what is known of each, and only of those who are to count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

import pytest
from sqlalchemy import insert

from bot.privacy import as_others_read
from bot.store import Change, DismissReason, MemberProfile, Participation, Roster, Store
from bot.store.tables import feedback, list_entries, members, ratings
from hakken.recommend.recommender import Member

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def watch(store: Store, user_id: int) -> Member:
    """Have a member rate, plan, dismiss and list anime.

    Returns:
        What is known of them then, by hand.
    """
    base = user_id * 100
    await store.ratings.rate(user_id, base + 1, 9, source="rate", at=NOW)
    await store.feedback.plan(user_id, base + 2, at=NOW)
    await store.feedback.dismiss(user_id, base + 3, "not for me", at=NOW)
    await store.feedback.dismiss(user_id, base + 4, "seen elsewhere", at=NOW)
    await store.feedback.seen(user_id, base + 5, at=NOW)
    listed = [
        Change(base + 1, None, "completed", date(2020, 4, 1)),
        Change(base + 6, None, "watching"),
        Change(base + 7, None, "planned"),
        Change(base + 8, 3, "dropped"),
    ]
    await store.imports.take(user_id, "csv", listed, at=NOW)
    return Member(
        ratings={base + 1: 9, base + 8: 3},
        seen=frozenset({base + 4, base + 5, base + 6}),
        dismissed=frozenset({base + 3, base + 4}),
        planned=frozenset({base + 2, base + 7}),
    )


async def test_of_members_all_is_known_that_they_and_their_lists_say(store: Store) -> None:
    ann, bob = await watch(store, 1), await watch(store, 2)
    await watch(store, 3)
    assert await store.profiles.of_members([2, 1, 99]) == {1: ann, 2: bob, 99: Member()}
    assert await store.profiles.of_members([]) == {}


async def test_more_members_than_a_query_takes_are_all_known(store: Store) -> None:
    last = await watch(store, 1_200)
    known = await store.profiles.of_members(range(1_201))
    assert len(known) == 1_201
    assert [one for one, member in known.items() if member != Member()] == [1_200]
    assert known[1_200] == last


async def test_of_a_server_those_are_known_who_take_part_and_are_still_there(store: Store) -> None:
    ann = await watch(store, 1)
    for user_id in (2, 3, 4):
        await watch(store, user_id)
    for user_id in (1, 2, 3, 5):
        await store.participants.join(7, user_id, at=NOW)
    await store.privacy.choose(7, 2, takes_part=False, at=NOW)
    await store.participants.checked(7, here=[1], gone=[3], at=NOW)
    there = await store.participants.taking_part(7)
    assert there == [1, 5]
    assert await store.profiles.counted(7, there) == {1: as_others_read(ann), 5: Member()}
    assert await store.participants.taking_part(9) == []


@pytest.mark.parametrize(("participation", "counts"), [("opt-out", True), ("opt-in", False)])
async def test_named_members_count_with_their_taste_only_where_they_take_part(
    store: Store, participation: Participation, *, counts: bool
) -> None:
    ann = await watch(store, 1)
    bob = await watch(store, 2)
    await watch(store, 3)
    for user_id in (1, 2):
        await store.participants.join(7, user_id, at=NOW)
    await store.privacy.choose(7, 2, takes_part=True, at=NOW)
    await store.guild_settings.choose_participation(7, participation)
    counted = await store.profiles.counted(7, [3, 2, 1])
    assert list(counted) == [3, 2, 1]
    expected = {1: ann if counts else Member(), 2: bob, 3: Member()}
    assert counted == {user_id: as_others_read(member) for user_id, member in expected.items()}


async def test_of_more_than_are_wanted_those_come_who_rated_most(store: Store) -> None:
    for user_id, n_ratings in ((600, 3), (2, 1), (3, 2), (1, 2)):
        for anime_id in range(n_ratings):
            await store.ratings.rate(user_id, 1 + anime_id, 7, source="rate", at=NOW)
    everyone = range(600, 0, -1)
    assert list(await store.profiles.counted(7, [3, 2, 1], most=3)) == [1, 2, 3]
    assert list(await store.profiles.counted(7, everyone, most=2)) == [1, 600]
    assert list(await store.profiles.counted(7, everyone, most=5)) == [1, 2, 3, 4, 600]
    assert await store.profiles.counted(7, [], most=2) == {}


async def test_of_more_than_may_count_in_a_server_those_do_who_rated_most(store: Store) -> None:
    for user_id, n_ratings in ((1, 1), (2, 3), (3, 2), (4, 9)):
        for anime_id in range(n_ratings):
            await store.ratings.rate(user_id, 1 + anime_id, 7, source="rate", at=NOW)
        if user_id != 4:
            await store.participants.join(7, user_id, at=NOW)
    assert list(await store.profiles.counted(7, [3, 2, 1], most=2)) == [2, 3]
    assert await store.profiles.counted(7, [4, 1], most=1) == {4: Member()}


async def test_a_roster_is_who_is_here_who_has_left_and_who_takes_part(store: Store) -> None:
    assert await store.participants.roster(7) == Roster({}, frozenset(), ())
    for user_id in (3, 1, 4, 2):
        await store.participants.join(7, user_id, at=NOW)
    await store.participants.join(8, 5, at=NOW)
    await store.privacy.choose(7, 2, takes_part=False, at=NOW)
    later = NOW + timedelta(hours=1)
    await store.participants.checked(7, here=[1], gone=[4], at=later)
    there = {1: later, 2: NOW, 3: NOW}
    assert await store.participants.roster(7) == Roster(there, frozenset({4}), (1, 3))
    await store.guild_settings.choose_participation(7, "opt-in")
    await store.privacy.choose(7, 3, takes_part=True, at=NOW)
    assert await store.participants.roster(7) == Roster(there, frozenset({4}), (3,))


async def test_plans_made_here_are_told_from_those_of_a_list(store: Store) -> None:
    ann = await watch(store, 1)
    assert await store.profiles.with_plans(1) == MemberProfile(ann, frozenset({102}))
    assert await store.profiles.with_plans(2) == MemberProfile(Member(), frozenset())


async def test_who_joins_is_new_once_whether_they_used_the_bot_before_or_not(store: Store) -> None:
    await watch(store, 1)
    for user_id in (1, 2):
        assert await store.participants.join(7, user_id, at=NOW)
        assert not await store.participants.join(7, user_id, at=NOW + timedelta(days=1))
        assert (await store.participants.roster(7)).here[user_id] == NOW


async def test_who_left_a_server_counts_again_when_they_use_the_bot_there(store: Store) -> None:
    ann = await watch(store, 1)
    await store.participants.join(7, 1, at=NOW)
    await store.participants.checked(7, here=[], gone=[1], at=NOW)
    assert await store.participants.roster(7) == Roster({}, frozenset({1}), ())
    assert not await store.participants.join(7, 1, at=NOW)
    assert await store.participants.roster(7) == Roster({1: NOW}, frozenset(), (1,))
    assert await store.profiles.counted(7, [1]) == {1: as_others_read(ann)}


async def test_who_was_seen_lately_is_known_to_be_here(store: Store) -> None:
    for user_id in (1, 2, 3):
        await store.participants.join(7, user_id, at=NOW)
    tomorrow = NOW + timedelta(days=1)
    await store.participants.checked(7, here=[2, 99], gone=[3], at=tomorrow)
    assert await store.participants.roster(7) == Roster({1: NOW, 2: tomorrow}, frozenset({3}), (1, 2))


async def test_each_thing_that_can_be_said_of_an_anime_counts_by_the_rules(store: Store) -> None:
    """All of what a score, a list and a word can say of one anime, together, for two members.

    A score is a rating. Seen is what its member said they saw, also elsewhere, and what their list says was
    begun, but not for that alone what has a score. Dismissed is what they said so of. Planned is what they
    said or their list says, unless it is seen.
    """
    scores = (None, 1, 10)
    statuses = ("not listed", None, "completed", "watching", "on hold", "dropped", "planned")
    words = (
        None,
        ("planned", None),
        ("seen", None),
        *(("dismissed", why) for why in get_args(DismissReason)),
    )
    all_ways = list(enumerate(product(scores, statuses, words), start=1))
    expected = {}
    async with store.database.begin() as connection:
        for user_id, ways in ((1, all_ways), (2, [(i, way) for i, (_, way) in enumerate(all_ways[::-2], 1)])):
            await connection.execute(insert(members).values(user_id=user_id, first_seen=NOW))
            ratings_, seen, dismissed, planned = dict[int, float](), set[int](), set[int](), set[int]()
            for anime_id, (score, status, word) in ways:
                about = {"user_id": user_id, "anime_id": anime_id}
                if score is not None:
                    row = {**about, "score": score, "source": "rate", "rated_at": NOW}
                    await connection.execute(insert(ratings).values(**row))
                    ratings_[anime_id] = score
                if status != "not listed":
                    row = {**about, "status": status, "source": "csv", "updated_at": NOW}
                    await connection.execute(insert(list_entries).values(**row))
                    if status != "planned" and score is None:
                        seen.add(anime_id)
                if word is not None:
                    row = {**about, "kind": word[0], "reason": word[1], "given_at": NOW}
                    await connection.execute(insert(feedback).values(**row))
                    if word[0] == "dismissed":
                        dismissed.add(anime_id)
                    if word == ("seen", None) or word[1] == "seen elsewhere":
                        seen.add(anime_id)
                if (status == "planned" or word == ("planned", None)) and anime_id not in seen:
                    planned.add(anime_id)
            expected[user_id] = Member(ratings_, frozenset(seen), frozenset(dismissed), frozenset(planned))
    assert await store.profiles.of_members([1, 2]) == expected
    assert [await store.profiles.of_member(user_id) for user_id in (1, 2, 3)] == [
        *expected.values(),
        Member(),
    ]
