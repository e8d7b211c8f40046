"""Measure how soon the bot answers or defers in a simulated Discord, while a hundred members ask at once.

    .venv/bin/python -m benchmarks.answers [--json]

Wall time is measured, because the simulated clock would hide a blocked event loop: from an interaction's
arrival to the first request that answers or defers it. Discord allows 3 seconds. ``--json`` prints rows of
the shared table instead.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

import discord
import numpy as np
import simcord

from benchmarks.table import Bound, Row, show
from bot import Settings
from bot.client import HakkenBot
from demo.installed import installed_in_servers
from hakken.recommend.recommender import Member

MEMBERS = 100
RATED = 100
ALLOWED_SECONDS = 3.0


async def measure() -> list[Row]:
    """Let a hundred members with a hundred ratings each ask for 25 picks, and watch the event loop's lag.

    Prints every figure and returns the rows.
    """
    rows = []
    about = f"the bot in a simulated Discord, {MEMBERS} members asking at once"
    with tempfile.TemporaryDirectory() as directory, installed_in_servers():
        url = f"sqlite+aiosqlite:///{Path(directory) / 'bench.sqlite3'}"
        settings = Settings(
            _env_file=None, database_url=url, shard_count=1, anilist_covers=False, check_covers=False
        )
        bot = HakkenBot(settings)
        async with simcord.run(bot, check_errors=False, settle_timeout=60) as env:
            random = np.random.default_rng(0)
            known = sorted(bot.recommender.catalogue.values(), key=lambda anime: -anime.members)[:2000]
            tastes = [
                {known[at].anime_id: int(random.integers(1, 11)) for at in random.choice(2000, RATED)}
                for _ in range(MEMBERS)
            ]
            waits: list[float] = []
            lag = asyncio.create_task(watch(waits))
            started = time.perf_counter()
            await asyncio.gather(*(bot.recommender.recommend(Member(taste), 25) for taste in tastes))
            total = time.perf_counter() - started
            lag.cancel()
            print(f"{MEMBERS} recommendations of 25 at once: {total * 1e3 / MEMBERS:.1f} ms each")
            rows.append(Row(about, "event loop kept waiting, at most", "ms", 1e3 * max(waits)))
            print(f"event loop kept waiting at most {max(waits) * 1e3:.0f} ms meanwhile")

            guild = env.create_guild()
            channel = guild.create_text_channel("general")
            member = guild.add_member(env.create_user("ann"))
            for anime_id, score in tastes[0].items():
                await bot.store.ratings.rate(member.id, anime_id, score, source="bench", at=env.now())
            asked: dict[str, dict[str, object]] = {
                "recommend": {"count": 25},
                "suggest": {},
                "rate": {"anime": "mal:5114", "score": 9},
                "ratings": {},
            }
            for command, options in asked.items():
                load = [asyncio.create_task(bot.recommender.recommend(Member(taste), 25)) for taste in tastes]
                first = await first_answer(member, channel, command, options)
                await asyncio.gather(*load)
                print(
                    f"/{command:10} answered or deferred after {first * 1e3:6.0f} ms "
                    f"({ALLOWED_SECONDS:.0f} s allowed)"
                )
                allowed = Bound("figure", "≤", ALLOWED_SECONDS)
                rows.append(Row(about, f"/{command} answers or defers", "s", first, wanted=allowed))
        await bot.close()
    return rows


async def watch(waits: list[float]) -> None:
    """Record how late the event loop returns from a short sleep."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0.005)
        waits.append(time.perf_counter() - started - 0.005)


async def first_answer(
    member: simcord.MemberActor, channel: simcord.ChannelHandle, command: str, options: dict[str, object]
) -> float:
    """Return the seconds from sending a command to the first call that answers or defers it."""
    answered: list[float] = []
    original = discord.InteractionResponse.defer

    async def noted(*args: object, **kwargs: object) -> object:
        answered.append(time.perf_counter())
        return await original(*args, **kwargs)  # type: ignore[arg-type]

    started = time.perf_counter()
    with patch.object(discord.InteractionResponse, "defer", noted):
        await member.slash(channel, command, **options)
    return answered[0] - started


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="the rest goes to standard error")
    options = parser.parse_args(argv)
    with redirect_stdout(sys.stderr if options.json else sys.stdout):
        rows = asyncio.run(measure())
    if options.json:
        show(rows, "json")


if __name__ == "__main__":
    main()
