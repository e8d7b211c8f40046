"""`/start`: asks a new member about a few well-known anime, and gives first recommendations."""

from bot.client import HakkenBot
from bot.cogs.start.cog import StartCog
from bot.cogs.start.questions import START_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cog, and register the items that must work after a restart."""
    bot.add_dynamic_items(*START_ITEMS)
    await bot.add_cog(StartCog())
