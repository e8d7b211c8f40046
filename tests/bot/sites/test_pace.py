"""Turns to ask a site, in a loop whose time jumps from timer to timer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sites.pace import Pace, RestError
from tests.bot.sites.ahead import run_ahead

MINUTE = 60.0
TINY = 1e-6
"""What rounding may do to a moment."""


@dataclass
class Log:
    """Who had a turn, when, and under which limit."""

    turns: list[tuple[str, float, int]] = field(default_factory=list)

    def note(self, who: str, limit: int = 0) -> None:
        self.turns.append((who, asyncio.get_running_loop().time(), limit))

    def moments(self, who: str = "") -> list[float]:
        return [moment for name, moment, _ in self.turns if name.startswith(who)]

    def names(self) -> str:
        return "".join(name[0] for name, _, _ in self.turns)


def slow_down(pace: Pace, limit: int) -> None:
    pace.heed({"X-RateLimit-Limit": str(limit)})


async def turns(pace: Pace, log: Log, who: str, number: int, *, between: float = 0.0) -> None:
    for _ in range(number):
        await pace.turn(0.0)
        log.note(who)
        await asyncio.sleep(between)


async def spare_turns(pace: Pace, log: Log, number: int) -> None:
    for _ in range(number):
        await pace.spare_turn()
        log.note("spare")


def test_turns_are_spread_evenly_and_the_first_comes_at_once() -> None:
    log = Log()

    async def ask() -> None:
        await turns(Pace(30), log, "list", 40)

    run_ahead(ask())
    assert log.moments() == pytest.approx([2 * at for at in range(40)])


def test_those_who_wait_have_their_turns_as_they_came() -> None:
    log = Log()

    async def ask() -> None:
        pace = Pace(30)
        await asyncio.gather(*(turns(pace, log, name, 1) for name in "abcde"))

    run_ahead(ask())
    assert log.names() == "abcde"


@pytest.mark.parametrize(
    ("said", "gap"), [("20", 3), ("90", 2 / 3), ("900", 2 / 3), ("0", 60 / 7), ("?", 60 / 7)]
)
def test_a_site_may_slow_it_down_but_not_speed_it_up(said: str, gap: float) -> None:
    log = Log()

    async def ask() -> None:
        pace = Pace(90)
        slow_down(pace, 7)
        pace.heed({"X-RateLimit-Limit": said})
        await turns(pace, log, "list", 5)

    run_ahead(ask())
    assert log.moments() == pytest.approx([gap * at for at in range(5)])


def test_spare_turns_come_behind_all_who_wait_and_only_until_nobody_does() -> None:
    log = Log()

    async def ask() -> None:
        pace = Pace(30)
        # A list of 22 pages, each asked for half a second after the one before was, and 20 batches of covers.
        async with asyncio.TaskGroup() as group:
            group.create_task(spare_turns(pace, log, 20))
            group.create_task(turns(pace, log, "list", 22, between=0.5))

    run_ahead(ask())
    assert log.names() == "s" + "l" * 22 + "s" * 19
    assert log.moments("list")[-1] == pytest.approx(22 * 2)


def test_whoever_comes_while_spare_turns_are_wanted_waits_for_one_at_most() -> None:
    log = Log()

    async def ask() -> None:
        pace = Pace(30)
        async with asyncio.TaskGroup() as group:
            group.create_task(spare_turns(pace, log, 20))
            await asyncio.sleep(7)  # the next is due at 8 s
            group.create_task(turns(pace, log, "list", 1))

    run_ahead(ask())
    assert log.names() == "ssssl" + "s" * 16


def test_a_rest_holds_back_everybody_and_who_would_not_wait_is_told() -> None:
    log = Log()

    async def ask() -> float:
        pace = Pace(60)
        await pace.turn(0.0)
        spare = asyncio.create_task(spare_turns(pace, log, 1))
        waiting = asyncio.create_task(pace.turn(9.0))
        await asyncio.sleep(0.5)
        pace.rest(20.0)
        pace.rest(5.0)
        start = asyncio.get_running_loop().time()
        with pytest.raises(RestError) as already_in_line:
            await waiting
        assert already_in_line.value.seconds == pytest.approx(19.5)
        with pytest.raises(RestError) as just_come:
            await pace.turn(19.0)
        assert just_come.value.seconds == pytest.approx(19.5)
        await asyncio.sleep(15.0)
        await pace.turn(9.0)
        log.note("list")
        await spare
        return start

    start = run_ahead(ask())
    assert log.names() == "ls"
    first, second = log.moments()
    assert first == pytest.approx(start + 20)
    assert second == pytest.approx(first + 1)


def test_who_gives_up_waiting_takes_no_turn() -> None:
    log = Log()

    async def ask() -> None:
        pace = Pace(30)
        await turns(pace, log, "a", 1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await pace.turn(0.0)
        await turns(pace, log, "b", 1)

    run_ahead(ask())
    assert log.moments() == pytest.approx([0, 2])


ASKERS = st.lists(st.tuples(st.booleans(), st.floats(0, 100), st.integers(1, 25)), min_size=1, max_size=5)
LIMITS = st.lists(st.tuples(st.floats(0, 40), st.integers(1, 90)), max_size=4)


@settings(max_examples=60, deadline=None)
@given(askers=ASKERS, limits=LIMITS)
def test_no_minute_has_more_turns_than_the_limit_at_its_end_allows(
    askers: list[tuple[bool, float, int]], limits: list[tuple[float, int]]
) -> None:
    taken: list[tuple[float, int]] = []
    limit = 90

    async def ask(pace: Pace, spare: bool, start: float, number: int) -> None:
        await asyncio.sleep(start)
        for _ in range(number):
            await (pace.spare_turn() if spare else pace.turn(0.0))
            taken.append((asyncio.get_running_loop().time(), limit))

    async def ask_all() -> None:
        nonlocal limit
        pace = Pace(90)
        async with asyncio.TaskGroup() as group:
            for asker in askers:
                group.create_task(ask(pace, *asker))
            for pause, said in limits:
                await asyncio.sleep(pause)
                limit = said
                slow_down(pace, said)

    run_ahead(ask_all())
    assert len(taken) == sum(number for _, _, number in askers)
    for moment, allowed in taken:
        assert sum(moment - MINUTE + TINY < other <= moment for other, _ in taken) <= allowed
