"""Measure a list of 10,000 anime: from upload to preview, import, and undo.

    .venv/bin/python -m benchmarks.importing [--entries 10000] [--json]

Runs in a simulated Discord and measures wall time. There is no download; reading the file in a separate
process is included. ``--json`` prints rows of the shared table instead.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from contextlib import redirect_stdout
from datetime import date, timedelta
from itertools import count, cycle, islice
from pathlib import Path
from typing import TypeVar, get_args

import simcord
from simcord.results import ResponseMessage

from benchmarks.answers import watch
from benchmarks.table import Bound, Row, show
from bot import Settings
from bot.client import HakkenBot
from bot.lists import ListEntry, Status, write_myanimelist_xml
from hakken import Catalogue

T = TypeVar("T")

ALLOWED_SECONDS = 3.0
MOVED = 5
"""Every n-th score of the second list differs from the first list."""


async def measure(entries: int) -> list[Row]:
    """Import a list, then another that differs in every fifth score, and undo that.

    Prints every figure and returns the rows.
    """
    rows = []
    about = f"a list of {entries:,} anime, the bot in a simulated Discord"
    allowed = Bound("figure", "≤", ALLOWED_SECONDS)
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite+aiosqlite:///{Path(directory) / 'bench.sqlite3'}"
        settings = Settings(
            _env_file=None, database_url=url, shard_count=1, anilist_covers=False, check_covers=False
        )
        bot = HakkenBot(settings)
        async with simcord.run(bot, check_errors=False, settle_timeout=60) as env:
            guild = env.create_guild()
            channel = guild.create_text_channel("general")
            member = guild.add_member(env.create_user("ann"))
            waits: list[float] = []
            lag = asyncio.create_task(watch(waits))

            async def timed(what: str, work: Awaitable[T], wanted: Bound | None = None) -> T:
                started = time.perf_counter()
                done = await work
                rows.append(Row(about, what, "s", time.perf_counter() - started, wanted=wanted))
                print(f"{what:42} {rows[-1].hakken:6.2f} s")
                return done

            async def preview(what: str, file: tuple[str, bytes]) -> ResponseMessage:
                result = await timed(what, member.slash(channel, "import", file=file), allowed)
                shown: ResponseMessage | None = result.response
                if shown is None or not shown.embeds:
                    raise RuntimeError(f"{what}: no preview")
                return shown

            plain = write_myanimelist_xml(made_up(bot.recommender.catalogue, entries, 0), Catalogue(), "ann")
            later = write_myanimelist_xml(made_up(bot.recommender.catalogue, entries, 1), Catalogue(), "ann")
            print(f"{about}: {len(plain) / 2**20:.1f} MiB")
            first = await preview("from upload to preview", ("list.xml", plain))
            await timed("taken", member.click(first, label="Take it"))
            packed = ("list.xml.gz", gzip.compress(later))
            second = await preview("the next list, from upload to preview", packed)
            await timed("taken over", member.click(second, label="Take theirs"))
            undo = (await member.slash(channel, "undo")).response
            if undo is None:
                raise RuntimeError("nothing to undo")
            await timed("taken back", member.click(undo, label="Take it back"))
            lag.cancel()
            rows.append(Row(about, "event loop kept waiting, at most", "ms", 1e3 * max(waits)))
            print(f"event loop kept waiting at most {max(waits) * 1e3:.0f} ms meanwhile")
        await bot.close()
    return rows


def made_up(catalogue: Catalogue, entries: int, moved: int) -> list[ListEntry]:
    """Return a list with every status, of the catalogue's anime and then of unknown ids.

    Args:
        catalogue: the catalogue of known anime.
        entries: number of entries.
        moved: added to every fifth score.
    """
    known = sorted(catalogue)
    ids = islice([*known, *islice(count(known[-1] + 1), entries)], entries)
    return [
        ListEntry(
            anime_id,
            1 + (number + (moved if number % MOVED == 0 else 0)) % 10,
            status,
            date(2010, 1, 1) + timedelta(days=number % 4000),
            date(2010, 3, 1) + timedelta(days=number % 4000),
            None,
        )
        for number, (anime_id, status) in enumerate(zip(ids, cycle(get_args(Status))))
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=10_000, help="on each list")
    parser.add_argument("--json", action="store_true", help="the rest goes to standard error")
    options = parser.parse_args(argv)
    with redirect_stdout(sys.stderr if options.json else sys.stdout):
        rows = asyncio.run(measure(options.entries))
    if options.json:
        show(rows, "json")


if __name__ == "__main__":
    main()
