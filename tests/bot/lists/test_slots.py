"""Slots: few at once, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from bot.lists import ListError, Slots


def crowded() -> ListError:
    return ListError("Full.")


async def test_no_more_than_there_are_places_for_are_served_at_once_and_all_in_the_end() -> None:
    places = Slots(2, 60, crowded)
    inside: list[int] = []
    most = []

    async def come(who: int) -> None:
        async with places.place():
            inside.append(who)
            most.append(len(inside))
            await asyncio.sleep(0.001)
            inside.remove(who)

    await asyncio.gather(*(come(who) for who in range(20)))
    assert (max(most), len(most)) == (2, 20)


async def test_who_finds_no_place_in_time_is_told_so() -> None:
    places = Slots(1, 0.01, crowded)
    async with places.place():
        with pytest.raises(ListError, match="Full"):
            async with places.place():
                pytest.fail("there was a place")
    async with places.place():
        pass  # it was given back


async def test_a_place_is_given_back_by_whoever_fails_or_gives_up() -> None:
    places = Slots(1, 60, crowded)
    with pytest.raises(ZeroDivisionError):
        async with places.place():
            raise ZeroDivisionError

    async def stay() -> None:
        async with places.place():
            await asyncio.Event().wait()

    staying = asyncio.create_task(stay())
    waiting = asyncio.create_task(stay())
    await asyncio.sleep(0)  # one is inside now, the other waits
    for one in (waiting, staying):
        one.cancel()
    await asyncio.wait([staying, waiting])
    async with places.place():
        pass
