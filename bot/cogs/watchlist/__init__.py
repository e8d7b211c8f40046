"""`/watchlist` and `/preferences`: what a member told the bot of themselves, to be seen and taken back."""

from bot.client import HakkenBot
from bot.cogs.watchlist.cog import Watchlist
from bot.cogs.watchlist.preferences import Preferring
from bot.cogs.watchlist.views import WATCHLIST_ITEMS


async def setup(bot: HakkenBot) -> None:
    """Add the cogs and what they must answer after a restart."""
    bot.add_dynamic_items(*WATCHLIST_ITEMS)
    for cog in (Watchlist, Preferring):
        await bot.add_cog(cog(bot))
