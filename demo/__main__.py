"""``python -m demo``: start the bot in a simulated Discord and print the address of its page."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import simcord
from simcord import ChannelHandle, Env, MemberActor, SetupError
from simcord.preview import Preview

from bot import Settings
from bot.client import HakkenBot
from bot.sites.covers import Covers
from demo.installed import installed_in_servers
from demo.placeholders import placeholders_can_be_deleted
from demo.tastes import TASTES
from hakken import Anime

TICK_SECONDS = 2.0
DAILY = ("bot.cogs.link", "bot.cogs.privacy", "bot.cogs.watchparty", "bot.cogs.schedule")
"""Cogs with scheduled background work."""


class NoCovers(Covers):
    """Shows no cover: without a network the page would show a broken picture for each."""

    def of(self, _anime: Anime) -> str | None:
        """Return None."""
        return None


async def main(port: int | None) -> None:
    """Run until the session is ended in the page or by Ctrl-C, then delete the database."""
    with (
        tempfile.TemporaryDirectory(prefix="hakken-demo-") as directory,
        installed_in_servers(),
        placeholders_can_be_deleted(),
    ):
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite+aiosqlite:///{Path(directory) / 'demo.sqlite3'}",
            shard_count=1,
            anilist_covers=False,  # the demo must work without a network
            check_covers=False,
        )
        bot = HakkenBot(settings)
        try:
            async with simcord.run(bot, check_errors=False) as env:
                bot.covers = NoCovers(bot.store.covers, bot.anilist, bot.cover_checks)
                # The simulated clock starts months ago; daily work would run for each of those days.
                for cog in DAILY:
                    await bot.unload_extension(cog)
                await catch_up(env)
                for cog in DAILY:
                    await bot.load_extension(cog)
                if bot.user is not None:
                    await bot.user.edit(username="Hakken")
                channel, members = await furnish(env, bot)
                async with env.preview(channel, viewers=members, layout="channel", port=port) as preview:
                    print(f"\nHakken is ready: open {preview.url}", flush=True)
                    print(
                        "Type / as any of the eight members: /suggest, /watchparty … Ctrl-C ends it.",
                        flush=True,
                    )
                    clock = asyncio.create_task(keep_time(env, preview))
                    try:
                        await preview.wait_closed()
                    finally:
                        clock.cancel()
        finally:
            await bot.close()


async def furnish(env: Env, bot: HakkenBot) -> tuple[ChannelHandle, list[MemberActor]]:
    """Create a server, a text and a voice channel, eight members with ratings, and a first message."""
    guild = env.create_guild("Friday Anime Club")
    channel, voice = guild.create_text_channel("what-to-watch"), guild.create_voice_channel("Watching")
    roles = {
        "aoi": guild.create_role(
            "Moderators", permissions=discord.Permissions(manage_guild=True, manage_events=True)
        ),
        **dict.fromkeys(("dmitri", "emi", "gita"), guild.create_role("Film night", mentionable=True)),
    }
    members = {}
    for name, taste in TASTES.items():
        user = env.create_user(name, global_name=name.title())
        member = members[name] = guild.add_member(user, roles=[roles[name]] if name in roles else [])
        for days, (anime_id, score) in enumerate(taste.items()):
            rated_at = env.now() - timedelta(days=3 * days)
            await bot.store.ratings.rate(member.id, anime_id, score, source="demo", at=rated_at)
        await bot.store.participants.join(guild.id, member.id, at=env.now())
        await bot.store.privacy.allow_comparing(member.id, allowed=True, at=env.now())
    for name in ("aoi", "ben", "chie"):
        await members[name].join_voice(voice)
    await members["aoi"].send(
        channel,
        "Friday again! `/suggest` finds something for all of us, `/watchparty` puts it to the vote; "
        "`/recommend` is for yourself.",
    )
    return channel, list(members.values())


async def keep_time(env: Env, preview: Preview) -> None:
    """Advance the simulated clock with the real one; by itself it stands still."""
    while True:
        await asyncio.sleep(TICK_SECONDS)
        requests = len(env.http_requests)
        # While a member's action is running, the clock waits for the next tick.
        with contextlib.suppress(SetupError, TimeoutError):
            await catch_up(env)
            if len(env.http_requests) > requests:
                await preview.refresh()


async def catch_up(env: Env) -> None:
    """Advance the simulated clock to the real time; meanwhile views time out and scheduled work runs."""
    await env.advance_time(max(0.0, (datetime.now(UTC) - env.now()).total_seconds()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, help="of the page on 127.0.0.1; any free one by default")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(parser.parse_args().port))
