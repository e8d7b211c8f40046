"""`/compare` and `/lend` for two members who allow it, and `/server` for a server's taste."""

from __future__ import annotations

from bot.client import HakkenBot
from bot.cogs.taste.cog import TasteCog
from bot.cogs.taste.server import ServerTasteCog
from bot.ui.chart_thread import ChartRenderer


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, which share a chart renderer."""
    renderer = ChartRenderer()
    await bot.add_cog(TasteCog(renderer))
    await bot.add_cog(ServerTasteCog(renderer))
