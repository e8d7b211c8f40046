"""`/schedule`, and the loop that posts weekly picks."""

from bot.client import HakkenBot
from bot.cogs.schedule.cog import ScheduleCog
from bot.cogs.schedule.loop import ScheduleLoop


async def setup(bot: HakkenBot) -> None:
    """Add the cogs."""
    await bot.add_cog(ScheduleCog())
    await bot.add_cog(ScheduleLoop(bot))
