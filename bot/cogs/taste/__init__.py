"""`/compare` and `/lend` between two who allow it, and `/server` for what all of a server like."""

from __future__ import annotations

from bot.client import HakkenBot
from bot.cogs.taste.cog import TasteCog
from bot.cogs.taste.server import ServerTasteCog
from bot.ui.chart_thread import ChartRenderer


async def setup(bot: HakkenBot) -> None:
    """Add the cogs; they draw at one easel."""
    easel = ChartRenderer()
    await bot.add_cog(TasteCog(bot, easel))
    await bot.add_cog(ServerTasteCog(bot, easel))
