"""A server's settings: each choice leaves the others, and nonsense changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.store import GuildSettings, Store
from bot.store.tables import guild_settings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


async def test_a_server_that_chose_nothing_leaves_it_all_to_the_bot(store: Store) -> None:
    assert await store.guild_settings.of_guild(7) == GuildSettings()
    assert GuildSettings().participation == "opt-out"
    assert GuildSettings().adult


async def test_each_choice_leaves_the_others_and_other_servers_as_they_are(store: Store) -> None:
    servers = store.guild_settings
    await servers.choose_aggregation(7, "least misery")
    await servers.choose_floor(7, 6.5)
    await servers.choose_participation(7, "opt-in")
    await servers.allow_adult(7, allowed=False)
    await servers.choose_channel(7, 2**63 - 1)
    await servers.choose_time_zone(7, "Asia/Tokyo", {})
    await servers.choose_titles(7, "english")
    await servers.allow_ecchi(7, allowed=False)
    chosen = GuildSettings("least misery", 6.5, "opt-in", False, 2**63 - 1, "Asia/Tokyo", "english", False)
    assert await servers.of_guild(7) == chosen
    assert await servers.of_guild(8) == GuildSettings()
    await servers.choose_channel(7, None)
    assert (await servers.of_guild(7)).channel_id is None
    await servers.reset(7, {})
    assert await servers.of_guild(7) == GuildSettings()


async def test_nonsense_changes_nothing(store: Store) -> None:
    servers = store.guild_settings
    await servers.choose_floor(7, 6)
    before = await servers.of_guild(7)
    for floor in (0.9, 10.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="no rating"):
            await servers.choose_floor(7, floor)
    with pytest.raises(ValueError, match="no aggregation"):
        await servers.choose_aggregation(7, "dictatorship")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no language"):
        await servers.choose_titles(7, "klingon")  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        await servers.choose_participation(7, "perhaps")  # type: ignore[arg-type]
    assert await servers.of_guild(7) == before


@pytest.mark.parametrize("time_zone", ["Europe/Atlantis", "../../etc/passwd", "", "Europe", "x" * 64])
async def test_what_another_version_kept_counts_as_not_chosen(store: Store, time_zone: str) -> None:
    async with store.database.begin() as connection:
        await connection.execute(
            insert(guild_settings).values(
                guild_id=7,
                participation="opt-in",
                aggregation="from the future",
                titles="klingon",
                time_zone=time_zone,
            )
        )
    assert await store.guild_settings.of_guild(7) == GuildSettings(participation="opt-in")


async def test_a_time_zone_moves_the_servers_weekly_picks_with_it(store: Store) -> None:
    for guild_id in (7, 8):
        await store.schedules.set(guild_id, 70, 2, time(20), NOW)
    await store.guild_settings.choose_time_zone(7, "Asia/Tokyo", {70: LATER, 71: NOW})
    assert [one.next_at for one in await store.schedules.of_guild(7)] == [LATER]
    assert [one.next_at for one in await store.schedules.of_guild(8)] == [NOW]
    await store.guild_settings.reset(7, {70: NOW})
    assert [one.next_at for one in await store.schedules.of_guild(7)] == [NOW]


@pytest.mark.parametrize("floor", [1, 10])
async def test_the_ends_of_the_scale_are_floors(store: Store, floor: int) -> None:
    await store.guild_settings.choose_floor(7, floor)
    assert (await store.guild_settings.of_guild(7)).misery_floor == floor
