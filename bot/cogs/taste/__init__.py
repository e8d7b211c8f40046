"""`/compare` and `/lend` between two who allow it, and `/server` for what all of a server like."""

from __future__ import annotations

from bot.client import HakkenBot
from bot.cogs.taste.cog import Friends
from bot.cogs.taste.server import Crowd
from bot.ui.chart_thread import Easel


async def setup(bot: HakkenBot) -> None:
    """Add the cogs; they draw at one easel."""
    easel = Easel()
    await bot.add_cog(Friends(bot, easel))
    await bot.add_cog(Crowd(bot, easel))
