"""What is kept, by kind, also when two processes write it."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from bot.store import Store

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def test_ratings_of_the_same_moment_are_listed_by_anime(store: Store) -> None:
    for anime_id in (30, 10, 20):
        await store.ratings.rate(1, anime_id, 5, source="rate", at=NOW)
    assert [one.anime_id for one in await store.ratings.listed(1)] == [10, 20, 30]
    assert await store.ratings.count(1) == 3
    assert await store.ratings.count(2) == 0


RATE_MANY_TIMES = """
import asyncio, sys
from datetime import UTC, datetime
from bot.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    for _ in range(40):
        before = await store.ratings.rate(1, 5114, int(sys.argv[2]), source="rate", at=datetime.now(UTC))
        print(before)
    await store.close()

asyncio.run(main())
"""


async def test_two_processes_rating_the_same_pair_are_told_one_first_rating(url: str, store: Store) -> None:
    told: list[str] = []
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", RATE_MANY_TIMES, url, score, stdout=asyncio.subprocess.PIPE
        )
        for score in ("3", "8")
    ]
    for process in processes:
        output, _ = await process.communicate()
        assert process.returncode == 0
        told += output.decode().split()
    assert (len(told), told.count("None")) == (80, 1)
    assert await store.ratings.count(1) == 1


async def test_answers_have_ids_that_differ_and_fit_their_column(store: Store) -> None:
    ids = {
        await store.answers.keep(1, "ratings", {}, at=NOW, expires_at=NOW + timedelta(1)) for _ in range(20)
    }
    assert len(ids) == 20
    assert {len(one) for one in ids} == {22}
