"""`/link`: keeps a member's list on another site in sync."""

from bot.client import HakkenBot
from bot.cogs.link.cog import LinkCog
from bot.cogs.link.loop import LinkLoop
from bot.cogs.link.stop_button import StopButton


async def setup(bot: HakkenBot) -> None:
    """Add the cogs, and register the items that must work after a restart."""
    bot.add_dynamic_items(StopButton)
    await bot.add_cog(LinkCog())
    await bot.add_cog(LinkLoop(bot))
