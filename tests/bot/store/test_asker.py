"""What is read at once about who asks and where is what is kept of each, read one by one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.store import GuildSettings, Participation, Preferences, Store, Switches
from bot.store.asker import Asker
from hakken.recommend.filters import Filters

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


async def one_by_one(store: Store, user_id: int, guild_id: int) -> Asker:
    """What the stores of each of these say."""
    return Asker(
        preferences=await store.preferences.of_member(user_id),
        switches=await store.privacy.of_member(user_id),
        settings=await store.guild_settings.of_guild(guild_id),
        participant=user_id in (await store.participants.roster(guild_id)).here,
        takes_part=await store.privacy.takes_part(guild_id, user_id),
        link_news=False,
    )


async def test_of_strangers_nothing_is_known(store: Store) -> None:
    for guild_id in (None, 7):
        assert await store.askers.find(1, guild_id) == Asker(
            Preferences(),
            Switches(),
            GuildSettings(),
            participant=False,
            takes_part=True,
            link_news=False,
        )


@pytest.mark.parametrize("participation", ["opt-out", "opt-in"])
async def test_it_is_what_is_kept_of_this_member_and_this_server(
    store: Store, participation: Participation
) -> None:
    for user_id in (1, 2):
        await store.preferences.choose_titles(user_id, "english" if user_id == 1 else "romaji", at=NOW)
        await store.preferences.remember(user_id, Filters(from_year=2000 + user_id), at=NOW)
        await store.privacy.allow_comparing(user_id, allowed=user_id == 1, at=NOW)
    for guild_id in (7, 8):
        await store.guild_settings.choose_titles(guild_id, "romaji" if guild_id == 7 else "both")
        await store.guild_settings.allow_adult(guild_id, allowed=guild_id == 7)
        await store.guild_settings.choose_participation(guild_id, participation)
        await store.guild_settings.choose_time_zone(guild_id, "Asia/Tokyo", {})
    for user_id in (1, 2, 3):
        await store.participants.join(7, user_id, at=NOW)
    await store.privacy.choose(7, 2, takes_part=False, at=NOW)
    await store.participants.checked(7, here=[1, 2], gone=[3], at=NOW)
    for user_id in (1, 2, 3, 4):
        for guild_id in (7, 8):
            assert await store.askers.find(user_id, guild_id) == await one_by_one(store, user_id, guild_id)
    alone = await store.askers.find(1, None)
    assert alone.settings == GuildSettings()
    assert not alone.participant
    assert alone.preferences == Preferences("english", Filters(from_year=2001))


async def test_a_link_that_is_paused_is_news_until_its_member_is_told(store: Store) -> None:
    for user_id in (1, 2):
        await store.links.link(user_id, "anilist", "ann", at=NOW, next_sync_at=NOW, known=None)
    assert not (await store.askers.find(1, 7)).link_news
    link = next(one for one in await store.links.due(NOW, 9) if one.user_id == 1)
    await store.links.failed(link, "Your list is private.", retry_at=None)
    assert (await store.askers.find(1, 7)).link_news
    assert not (await store.askers.find(2, 7)).link_news
    await store.links.paused_news(1)
    assert not (await store.askers.find(1, None)).link_news
