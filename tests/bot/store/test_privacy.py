"""What members and servers allow: a member's word, else the server's, else what holds for all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import Participation, Store, Switches
from hakken.recommend.filters import Filters

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def test_without_a_choice_nobody_compares_and_filters_may_be_remembered(store: Store) -> None:
    assert await store.privacy.of_member(1) == Switches(compare=False, remember_filters=True)


async def test_what_a_member_allows_is_kept_for_them_alone(store: Store) -> None:
    await store.privacy.allow_comparing(1, allowed=True, at=NOW)
    assert await store.privacy.of_member(1) == Switches(compare=True)
    await store.privacy.allow_comparing(1, allowed=False, at=NOW)
    assert await store.privacy.of_member(1) == Switches()
    await store.privacy.allow_remembering(1, allowed=False, at=NOW)
    assert await store.privacy.of_member(1) == Switches(remember_filters=False)
    assert await store.privacy.of_member(2) == Switches()


async def test_two_switches_turned_at_once_are_both_turned(store: Store) -> None:
    for user_id in range(20):
        await asyncio.gather(
            store.privacy.allow_comparing(user_id, allowed=True, at=NOW),
            store.privacy.allow_remembering(user_id, allowed=False, at=NOW),
        )
        assert await store.privacy.of_member(user_id) == Switches(compare=True, remember_filters=False)


async def test_filters_that_must_not_be_remembered_go_at_once_and_titles_stay(store: Store) -> None:
    for user_id in (1, 2):
        await store.preferences.choose_titles(user_id, "english", at=NOW)
        await store.preferences.remember(user_id, Filters(from_year=2010), at=NOW)
    await store.privacy.allow_comparing(1, allowed=True, at=NOW)
    assert (await store.preferences.of_member(1)).filters == Filters(from_year=2010)
    await store.privacy.allow_remembering(1, allowed=False, at=NOW)
    kept = [await store.preferences.of_member(user_id) for user_id in (1, 2)]
    assert [(one.titles, one.filters) for one in kept] == [
        ("english", None),
        ("english", Filters(from_year=2010)),
    ]


@pytest.mark.parametrize(
    ("server", "member", "counts"),
    [
        (None, None, True),
        ("opt-out", None, True),
        ("opt-in", None, False),
        (None, False, False),
        ("opt-out", False, False),
        ("opt-in", True, True),
    ],
)
async def test_who_takes_part_is_said_by_the_member_else_by_the_server(
    store: Store, server: Participation | None, member: bool | None, counts: bool
) -> None:
    await store.ratings.rate(1, 10, 8, source="rate", at=NOW)
    await store.participants.join(7, 1, at=NOW)
    if server:
        await store.guild_settings.choose_participation(7, server)
    if member is not None:
        await store.privacy.choose(7, 1, takes_part=member, at=NOW)
    assert await store.privacy.takes_part(7, 1) is counts
    assert await store.ratings.of_guild(7) == ({1: {10: 8}} if counts else {})


async def test_a_choice_holds_in_its_server_alone_and_can_be_changed(store: Store) -> None:
    for guild_id in (7, 8):
        await store.participants.join(guild_id, 1, at=NOW)
    await store.privacy.choose(7, 1, takes_part=False, at=LATER)
    assert [await store.privacy.takes_part(guild_id, 1) for guild_id in (7, 8)] == [False, True]
    await store.privacy.choose(7, 1, takes_part=True, at=LATER)
    assert await store.privacy.takes_part(7, 1)


async def test_who_chooses_before_using_the_bot_in_a_server_is_heard_when_they_do(store: Store) -> None:
    await store.privacy.choose(7, 1, takes_part=False, at=NOW)
    assert not await store.participants.join(7, 1, at=LATER)
    assert not await store.privacy.takes_part(7, 1)
    await store.guild_settings.choose_participation(8, "opt-in")
    assert not await store.privacy.takes_part(8, 1)
    assert await store.privacy.takes_part(9, 1)


async def test_a_servers_setting_is_one_of_two_and_a_third_changes_nothing(store: Store) -> None:
    assert (await store.guild_settings.of_guild(7)).participation == "opt-out"
    await store.guild_settings.choose_participation(7, "opt-in")
    with pytest.raises(IntegrityError):
        await store.guild_settings.choose_participation(7, "perhaps")  # type: ignore[arg-type]
    assert (await store.guild_settings.of_guild(7)).participation == "opt-in"
    assert (await store.guild_settings.of_guild(8)).participation == "opt-out"
