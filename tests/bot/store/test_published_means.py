"""Published means: who may read what of a server's scores, and when it changes."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from bot.store import PublishedMean, Store

GUILD, OTHER_GUILD, ANIME, OTHER_ANIME = 7, 8, 10, 20
START = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Server:
    """A server in which time goes on with everything that happens."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, START

    async def rate(self, scores: Mapping[int, int], anime_id: int = ANIME) -> None:
        for user_id, score in scores.items():
            self.now += SECOND
            await self.store.participants.join(GUILD, user_id, at=self.now)
            await self.store.ratings.rate(user_id, anime_id, score, source="rate", at=self.now)

    async def look(self, anime_id: int = ANIME) -> tuple[float, int] | None:
        self.now += SECOND
        found = await self.store.published_means.of_guild(GUILD, at=self.now, among=[anime_id])
        return (found[anime_id].mean, found[anime_id].raters) if found else None


@pytest.fixture
def server(store: Store) -> Server:
    return Server(store)


async def test_a_mean_is_published_from_five_raters_on(server: Server) -> None:
    await server.rate({1: 9, 2: 9, 3: 9, 4: 9})
    assert await server.look() is None
    await server.rate({5: 9})
    assert await server.look() == (9.0, 5)


async def test_rating_and_looking_tells_nothing(server: Server) -> None:
    await server.rate({1: 9, 2: 9, 3: 6, 4: 2, 5: 7})
    before = await server.look()
    for score in range(1, 11):
        await server.rate({5: score})  # one reader's way to find the rounding's edges
        assert await server.look() == before
        await server.rate({4: score})  # a friend helps
        assert await server.look() == before
    await server.store.ratings.unrate(5, ANIME)
    await server.rate({6: 10})
    assert await server.look() == before


async def test_it_changes_with_three_who_were_no_part_of_the_change_before(server: Server) -> None:
    await server.rate({1: 9, 2: 9, 3: 9, 4: 9, 5: 9})
    assert await server.look() == (9.0, 5)
    await server.rate({1: 1, 2: 1, 3: 1, 4: 1, 5: 1})  # all were part of the first
    assert await server.look() == (9.0, 5)
    await server.rate({6: 1, 7: 1})
    assert await server.look() == (9.0, 5)
    await server.rate({8: 1})
    assert await server.look() == (3.0, 8)
    await server.rate({1: 9, 6: 9, 7: 9, 8: 9})  # all eight were part of that change
    assert await server.look() == (3.0, 8)
    await server.rate({9: 9, 10: 9, 11: 9})
    assert await server.look() == (6.5, 11)  # (4 · 3.1 + 7 · 8.8) / 11 = 6.73
    await server.rate({2: 9, 3: 9, 4: 9})  # they were no part of the last change, unlike 1
    assert await server.look() == (8.5, 11)  # (3.1 + 10 · 8.8) / 11 = 8.28


async def test_who_comes_with_a_rating_changes_it_as_a_new_rating_does(server: Server) -> None:
    for user_id in (6, 7, 8):  # rated long ago, elsewhere
        await server.store.ratings.rate(user_id, ANIME, 2, source="rate", at=START - timedelta(days=9))
    await server.rate({1: 9, 2: 9, 3: 9, 4: 9, 5: 9})
    assert await server.look() == (9.0, 5)
    for user_id in (6, 7, 8):
        server.now += SECOND
        await server.store.participants.join(GUILD, user_id, at=server.now)
    assert await server.look() == (6.5, 8)  # (5 · 8.8 + 3 · 3.1) / 8 = 6.66


async def test_with_fewer_raters_left_nothing_is_shown(server: Server) -> None:
    await server.rate({1: 9, 2: 9, 3: 9, 4: 9, 5: 9})
    assert await server.look() == (9.0, 5)
    await server.store.privacy.choose(GUILD, 5, takes_part=False, at=server.now)
    assert await server.look() is None
    await server.store.privacy.choose(GUILD, 5, takes_part=True, at=server.now)
    assert await server.look() == (9.0, 5)
    await server.store.personal_data.forget(5)
    assert await server.look() is None


async def test_each_anime_and_each_server_has_its_own(server: Server) -> None:
    await server.rate({1: 9, 2: 9, 3: 9, 4: 9, 5: 9})
    await server.rate({1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2}, OTHER_ANIME)
    await server.store.ratings.rate(99, ANIME, 1, source="rate", at=server.now)  # of no server
    means = server.store.published_means
    assert await means.of_guild(GUILD, at=server.now) == {
        ANIME: PublishedMean(9.0, 5),
        OTHER_ANIME: PublishedMean(3.0, 6),
    }
    assert await means.of_guild(GUILD, at=server.now, among=[]) == {}
    assert await means.of_guild(OTHER_GUILD, at=server.now) == {}


async def test_two_who_look_at_once_see_the_same(server: Server) -> None:
    await server.rate(dict.fromkeys(range(1, 9), 9))
    first = Store(server.store.database)
    seen = [await one.published_means.of_guild(GUILD, at=server.now) for one in (first, server.store)]
    assert seen == [{ANIME: PublishedMean(9.0, 8)}] * 2


class Event(NamedTuple):
    """What somebody does."""

    what: str
    user_id: int
    band: int
    place: int
    """Which score of the band."""


WHAT = ("rate", "rate", "rate", "look", "look", "unrate", "opt out", "opt in")
BANDS = ((1, 2, 3, 4), (5, 6, 7), (8, 9, 10))


async def seen(store: Store, guild_id: int, events: Sequence[Event], shift: int) -> list[object]:
    """Everything that others see while this happens; member 1 gives other scores of the same bands."""
    looks: list[object] = []
    for after, event in enumerate(events):
        user_id, now = 1000 * guild_id + event.user_id, START + after * SECOND
        if event.what == "rate":
            band, place = BANDS[event.band], event.place + (shift if event.user_id == 1 else 0)
            await store.participants.join(guild_id, user_id, at=now)
            await store.ratings.rate(user_id, ANIME, band[place % len(band)], source="rate", at=now)
        elif event.what == "unrate":
            await store.ratings.unrate(user_id, ANIME)
        elif event.what == "look":
            looks.append(await store.published_means.of_guild(guild_id, at=now))
        else:
            await store.privacy.choose(guild_id, user_id, takes_part=event.what == "opt in", at=now)
    return looks


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_nobody_sees_which_score_of_its_band_somebody_gave(
    store: Store, seed: int
) -> None:
    draw = random.Random(seed)  # no secret
    events = [
        Event(draw.choice(WHAT), draw.randint(1, 14), draw.randrange(3), draw.randrange(3))
        for _ in range(200)
    ]
    first, second, third = [await seen(store, shift + 1, events, shift) for shift in range(3)]
    assert first == second == third
    assert len({str(look) for look in first}) > 2  # nothing, and two means at least


async def test_what_a_member_changed_goes_with_them(server: Server) -> None:
    await server.rate({1: 9, 2: 9, 3: 9, 4: 9, 5: 9, 6: 9})
    assert await server.look() == (9.0, 6)
    assert (await server.store.personal_data.held(1))["published_changes"] == [
        {"guild_id": GUILD, "anime_id": ANIME, "user_id": 1}
    ]
    assert (await server.store.personal_data.forget(1))["published_changes"] == 1
    gone = await server.store.personal_data.forget_guild(GUILD)
    assert (gone["published_means"], gone["published_changes"]) == (1, 5)
