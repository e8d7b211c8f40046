"""`/schedule`, and the weekly picks themselves."""

from bot.client import HakkenBot
from bot.cogs.schedule.cog import Scheduling
from bot.cogs.schedule.loop import Posting


async def setup(bot: HakkenBot) -> None:
    """Add the cogs."""
    for cog in (Scheduling, Posting):
        await bot.add_cog(cog(bot))
